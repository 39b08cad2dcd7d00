//! The checks of `cancellation/nothing_lost`.

use std::future::poll_fn;
use std::io::{
    self,
    ErrorKind::{ConnectionReset, InvalidData, TimedOut, UnexpectedEof},
};
use std::process::ExitCode;
use std::slice;
use std::task::Poll;
use std::time::Duration;

use exam::{Exam, Judgement, Run, fault, seconds};
use tokio::time::sleep;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use Input::Broken;
use scenes::{CUT, GAP, HASTY, Input, LONG, LONGEST, Line, MOST, PATIENT, Patience, after, long, pieces, read};

fn main() -> ExitCode {
    let exam = Exam::new(
        "cancellation/nothing_lost",
        async |input| read(input, solution::LineReader::new, async |lines| lines.next_line().await).await,
        async |input| read(input, answer::LineReader::new, async |lines| lines.next_line().await).await,
    )
    .check_each(
        "returns one line after another",
        [|| pieces(&[b"one\ntwo\n", b"three\n"], PATIENT)],
        returns_the_lines("Two lines came in one piece here. What was read behind the end of a line is the beginning of the next: it has to be kept for the next call."),
    )
    .check_each(
        "returns every line as it is, also an empty one",
        [|| pieces(&[b"one\n\n\n  two \r\nfour\n"], PATIENT), || pieces(&[b"\xef\xbb\xbfone\n\0two\n\r\n"], PATIENT)],
        returns_the_lines(
            "An empty line is not the end: the end is where a read brings 0 bytes. And nothing but the `\\n` is to be taken off: `trim` takes spaces, `lines` takes a `\\r`, \
             and a zero byte or a byte order mark is part of its line.",
        ),
    )
    .check_each(
        "returns the last line without a line end, then `None`",
        [|| pieces(&[b"one\ntw", b"o"], PATIENT), || pieces(&[b"one\n\r"], PATIENT), || pieces(&[], PATIENT)],
        returns_the_lines("At the end of the stream, what is left in the buffer is a line too, if there is anything; and it is so once."),
    )
    .check_each(
        "loses nothing when its caller gives up in the middle of a line",
        [|| pieces(&[b"hel", b"lo\nwor", b"ld\n"], HASTY)],
        returns_the_lines(
            "What a dropped future had in its local variables is gone, and so is what `read_exact` and `read_line` had read: `read_line` takes even a `String` \
             of yours into its future, until it is done. Bytes that were read belong into the `LineReader`, before the next await.",
        ),
    )
    .check_each(
        "loses nothing, whatever the pieces",
        [|| pieces(&"größe\nЖ".as_bytes().chunks(1).collect::<Vec<_>>(), HASTY)],
        returns_the_lines("Every byte comes alone here, and every call is given up between two of them. `ö` takes two bytes: only a whole line is sure to be text."),
    )
    .check_each(
        "loses nothing at any await, also with a line in hand",
        [
            || pieces(&[b"one\ntwo\nth", b"ree\nfour\n", b"five"], Patience::Awaits),
            || pieces(&["long ".repeat(300).as_bytes(), b"line\ntwo\n"], Patience::Awaits),
        ],
        returns_the_lines(
            "Most calls are dropped at their first await here. A line that was taken out of the buffer lives in the future alone: \
             between there and the `return` there must be no await, not even `yield_now`.",
        ),
    );
    with_the_stream_itself(exam).verdict()
}

fn with_the_stream_itself(exam: Exam<Input, Vec<Line>>) -> Exam<Input, Vec<Line>> {
    exam.sleeps_while_nothing_comes(|| after(Duration::from_secs(10)))
        .check_each("returns a line as soon as it is there, and not before", [|| after(Duration::from_mins(25))], |mine, possible| {
            returns_the_lines("25 minutes without a byte are no end: a connection may be quiet in the middle of a line.")(mine, possible)?;
            returns_them_in_time(mine, possible)
        })
        .check_each("returns a line of any length", [long], |mine, possible| {
            let long = mine.output.first() == possible.output.first();
            returns_the_lines(if long {
                "A short line came in the same piece as the end of a long one: it is the next one, to be kept for the next call."
            } else {
                "This line has 1100004 bytes. A read into a full buffer brings 0 bytes too, and that is not the end of the stream."
            })(mine, possible)
        })
        .check_each(
            "passes an error of the stream on, and goes on after it",
            [|| Broken(TimedOut), || Broken(UnexpectedEof), || Broken(ConnectionReset), || Broken(InvalidData)],
            returns_the_lines(
                "An error is no end of the stream, whatever its kind, and nothing to be passed over: it is to be returned as it is. \
                 Half a line is not to be taken for a whole one, and not to be thrown away. The rest of it may come.",
            ),
        )
        .check_each(
            "says when a line is not UTF-8",
            [|| pieces(&[b"one\n\xff\xfe\nthree\nf\xc3"], PATIENT)],
            returns_the_lines("A line that is no text is an error of the kind `InvalidData`, the last one like any other, and the next call returns the line behind it."),
        )
}

/// The kind of an error, and its words if they are those of the stream.
fn kind_of(error: &io::Error) -> String {
    let kind = error.kind();
    if error.to_string() == CUT { format!("{kind:?}: {CUT}") } else { format!("{kind:?}") }
}

/// What this call returns, unless it is dropped before, at the await of this number.
async fn up_to_await<T>(number: usize, call: impl Future<Output = T>) -> Option<T> {
    let mut call = Box::pin(call);
    let mut awaits = 0;
    let returned = poll_fn(|context| match call.as_mut().poll(context) {
        Poll::Ready(line) => Poll::Ready(Some(line)),
        Poll::Pending => {
            awaits += 1;
            if awaits == number { Poll::Ready(None) } else { Poll::Pending }
        }
    });
    let returned = returned.await;
    drop(call);
    if returned.is_none() {
        sleep(GAP / 2).await;
    }
    returned
}

fn returns_the_lines(why: &'static str) -> impl Fn(&Run<Vec<Line>>, &Run<Vec<Line>>) -> Judgement {
    move |mine, possible| {
        let ends_empty = mine.output.len() == MOST && mine.output.ends_with(&[Some(Ok(Some(String::new())))]);
        let why = if ends_empty {
            "Empty lines come without end: the line end is still in your buffer, and each call finds it again. Take it out together with its line."
        } else {
            why
        };
        let (mine, right) = (words(&mine.output), words(&possible.output));
        if mine == right { Ok(()) } else { fault(format!("Your calls returned {mine}, where {right} is right."), why) }
    }
}

/// A fault, if a line was returned later than it was there.
fn returns_them_in_time(mine: &Run<Vec<Line>>, possible: &Run<Vec<Line>>) -> Judgement {
    let returned = |run: &Run<Vec<Line>>| run.calls("next_line").filter_map(|call| call.closed).collect::<Vec<_>>();
    for (line, (mine, best)) in mine.output.iter().zip(returned(mine).into_iter().zip(returned(possible))) {
        if mine > best {
            let (line, mine, best) = (words(slice::from_ref(line)), seconds(mine), seconds(best));
            return fault(
                format!("Your call returned {line} at {mine}, and it was there at {best}."),
                "A piece may bring several lines. Look into the buffer first, and read only when there is no whole line in it: what you wait for may come much later.",
            );
        }
    }
    Ok(())
}

/// What the calls returned, without those that were given up.
fn words(lines: &[Line]) -> String {
    let word = |line: &Result<Option<String>, String>| match line {
        Ok(Some(line)) if line.len() > LONG => format!("a line of {} bytes", line.len()),
        Ok(Some(line)) => format!("{line:?}"),
        Ok(None) => "`None`".to_owned(),
        Err(error) => format!("the error `{error}`"),
    };
    let mut words: Vec<_> = lines.iter().flatten().map(word).collect();
    // The end is the end, however often it is asked for.
    words.dedup_by(|later, earlier| later == earlier && later == "`None`");
    if words.len() > LONGEST {
        words.truncate(LONGEST);
        words.push("and so on".to_owned());
    }
    if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
}
