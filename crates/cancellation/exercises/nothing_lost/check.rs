//! The checks of `cancellation/nothing_lost`.

use std::future::poll_fn;
use std::io;
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
use scenes::{
    CUT, GAP, HASTY, Input, KINDS, LONG, LONGEST, Line, MOST, PATIENT, Patience, after, long, pieces, read, thousand,
};

fn main() -> ExitCode {
    let exam = Exam::new(
        "cancellation/nothing_lost",
        async |input| read(input, solution::LineReader::new, async |lines| lines.next_line().await).await,
        async |input| read(input, answer::LineReader::new, async |lines| lines.next_line().await).await,
    )
    .check_each(
        "returns one line after another",
        [|| pieces(&[b"one\ntwo\n", b"three\n"], PATIENT)],
        returns_the_lines("Two lines came in one piece here. The bytes after the end of a line belong to the next line: keep them for the next call."),
    )
    .check_each(
        "returns every line unchanged, even an empty one",
        [|| pieces(&[b"one\n\n\n  two \r\nfour\n"], PATIENT), || pieces(&[b"\xef\xbb\xbfone\n\0two\n\r\n"], PATIENT)],
        returns_the_lines(
            "An empty line is not the end: at the end, a read returns 0 bytes. \
             Remove only the `\\n`: `trim` removes spaces, and `lines` removes a `\\r`. A zero byte or a byte order mark is part of its line.",
        ),
    )
    .check_each(
        "returns the last line without a line end, then `None`",
        [|| pieces(&[b"one\ntw", b"o"], PATIENT), || pieces(&[b"one\n\r"], PATIENT), || pieces(&[], PATIENT)],
        returns_the_lines("At the end of the stream, the bytes that are left in the buffer are also a line, if there are any. Return this line once."),
    )
    .check_each(
        "loses nothing when its caller gives up in the middle of a line",
        [|| pieces(&[b"hel", b"lo\nwor", b"ld\n"], HASTY)],
        returns_the_lines(
            "The local variables of a dropped future are lost, and so are the bytes that `read_exact` and `read_line` had read. \
             `read_line` keeps even your own `String` in its future until it is done. Store the bytes in the `LineReader` before the next await.",
        ),
    )
    .check_each(
        "loses nothing, whatever the pieces",
        [|| pieces(&"größe\nЖ".as_bytes().chunks(1).collect::<Vec<_>>(), HASTY)],
        returns_the_lines("Every byte comes alone here, and every call is dropped between two of them. `ö` takes two bytes, so decode only a whole line."),
    )
    .check_each(
        "loses nothing at any await, even after it took a line",
        [
            || pieces(&[b"one\ntwo\nth", b"ree\nfour\n", b"five"], Patience::Awaits),
            || pieces(&["long ".repeat(300).as_bytes(), b"line\ntwo\n"], Patience::Awaits),
        ],
        returns_the_lines(
            "Most calls are dropped at their first await here. After you take a line out of the buffer, \
             only the future holds it. So use no await before the `return`, not even `yield_now`.",
        ),
    );
    with_the_stream_itself(exam).verdict()
}

fn with_the_stream_itself(exam: Exam<Input, Vec<Line>>) -> Exam<Input, Vec<Line>> {
    exam.sleeps_while_nothing_comes(|| after(Duration::from_secs(10)))
        .check_each("returns a line as soon as it is complete, and not earlier", [|| after(Duration::from_mins(25))], |mine, possible| {
            returns_the_lines("25 minutes without a byte do not mean the end: a line may come slowly.")(mine, possible)?;
            returns_them_in_time(mine, possible)
        })
        .check_each("returns a line of any length", [|| long(PATIENT), || long(Patience::Awaits)], |mine, possible| {
            let long = mine.output.first() == possible.output.first();
            returns_the_lines(if long {
                "A short line came in the same piece as the end of a long one. Keep it for the next call."
            } else {
                "This line has 1100004 bytes. A read into a full buffer also returns 0 bytes, and that is not the end of the stream. \
                 If an await comes after you took the line, it is lost with a dropped call: also a long line needs no task to decode it."
            })(mine, possible)
        })
        .check_each(
            "returns each of a thousand lines",
            [|| thousand(PATIENT), || thousand(Patience::Awaits)],
            returns_the_lines("A piece may hold a thousand lines, and a stream has as many as come. Keep all of them, and use no await after you took one."),
        )
        .check(
            "passes on an error of the stream, and continues after it",
            async |read| {
                let mut returned = Vec::new();
                for kind in KINDS {
                    returned.push(read(Broken(kind)).await);
                }
                returned
            },
            |mine, possible| {
                let why = "An error is not the end of the stream, whatever its kind. \
                    Return it unchanged. Do not return half a line as a whole one, and do not throw it away: the rest of it may come.";
                mine.output.iter().zip(&possible.output).try_for_each(|(mine, right)| same_lines(mine, right, why))
            },
        )
        .check_each(
            "returns an error when a line is not UTF-8",
            [|| pieces(&[b"one\n\xff\xfe\nthree\nf\xc3"], PATIENT), || pieces(&[b"one\n\xff\n", b"three\n\xff"], Patience::Awaits)],
            returns_the_lines("For a line that is not UTF-8, return an error of the kind `InvalidData`, even for the last line. The next call returns the line after it."),
        )
}

/// The kind of an error, and its message if it comes from the stream.
fn kind_of(error: &io::Error) -> String {
    let kind = error.kind();
    if error.to_string() == CUT { format!("{kind:?}: {CUT}") } else { format!("{kind:?}") }
}

/// What this call returns, unless it is dropped at the await of this number.
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
    move |mine, possible| same_lines(&mine.output, &possible.output, why)
}

fn same_lines(mine: &[Line], right: &[Line], why: &str) -> Judgement {
    let empty = || Some(Ok(Some(String::new())));
    let ends_empty = mine.len() >= MOST && mine.ends_with(&[empty(), empty(), empty()]);
    let why = if ends_empty {
        "Your calls return empty lines for ever: the line end is still in your buffer, and each call finds it again. Take it out together with its line."
    } else {
        why
    };
    let [mine, right] = [mine, right].map(returned);
    if mine == right {
        return Ok(());
    }
    let same = mine.iter().zip(&right).take_while(|(mine, right)| mine == right).count();
    let (skip, your) =
        if same < LONGEST { (0, "Your".to_owned()) } else { (same, format!("After {same} right results, your")) };
    let [mine, right] = [mine, right].map(|lines| words(&lines[skip..]));
    fault(format!("{your} calls returned {mine}, where {right} is right."), why)
}

/// A fault, if a line was returned after it was complete.
fn returns_them_in_time(mine: &Run<Vec<Line>>, possible: &Run<Vec<Line>>) -> Judgement {
    let closed = |run: &Run<Vec<Line>>| run.calls("next_line").filter_map(|call| call.closed).collect::<Vec<_>>();
    for (line, (mine, best)) in mine.output.iter().zip(closed(mine).into_iter().zip(closed(possible))) {
        if mine > best {
            let (line, mine, best) = (words(&returned(slice::from_ref(line))), seconds(mine), seconds(best));
            return fault(
                format!("Your call returned {line} at {mine}, and it was complete at {best}."),
                "A piece may contain several lines. Check the buffer first, and read only when it has no whole line: the next piece may come much later.",
            );
        }
    }
    Ok(())
}

/// What the calls returned, without the dropped ones, and without the errors after which an answer may read again.
fn returned(lines: &[Line]) -> Vec<String> {
    let word = |line: &Result<Option<String>, String>| match line {
        Ok(Some(line)) if line.len() > LONG => format!("a line of {} bytes", line.len()),
        Ok(Some(line)) => format!("{line:?}"),
        Ok(None) => "`None`".to_owned(),
        Err(error) => format!("the error `{error}`"),
    };
    let told =
        lines.iter().flatten().filter(|line| !line.as_ref().is_err_and(|error| error.starts_with("Interrupted")));
    let mut words: Vec<_> = told.map(word).collect();
    // The end stays the end, however often the reader is called.
    words.dedup_by(|later, earlier| later == earlier && later == "`None`");
    words
}

fn words(lines: &[String]) -> String {
    match lines {
        [] => "nothing".to_owned(),
        lines if lines.len() > LONGEST => format!("{}, and so on", lines[..LONGEST].join(", ")),
        lines => lines.join(", "),
    }
}
