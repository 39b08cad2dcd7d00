//! The checks of `cancellation/nothing_lost`.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::process::ExitCode;
use std::slice;
use std::task::Poll;
use std::time::Duration;

use exam::{Call, Exam, Judgement, LaneExt, Run, fault, ms, seconds};
use futures::stream;
use tokio::io::{AsyncRead, AsyncWriteExt, duplex};
use tokio::time::{sleep, timeout};
use tokio_util::io::StreamReader;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

type Stream = Box<dyn AsyncRead + Unpin>;

/// What came of one call of `next_line`; none, if its caller gave up.
type Line = Option<Result<Option<String>, io::ErrorKind>>;

/// A `LineReader`, the reader's or the solution's.
trait Lines {
    fn next(&mut self) -> Pin<Box<dyn Future<Output = io::Result<Option<String>>> + '_>>;
}

impl Lines for answer::LineReader<Stream> {
    fn next(&mut self) -> Pin<Box<dyn Future<Output = io::Result<Option<String>>> + '_>> {
        Box::pin(self.next_line())
    }
}

impl Lines for solution::LineReader<Stream> {
    fn next(&mut self) -> Pin<Box<dyn Future<Output = io::Result<Option<String>>> + '_>> {
        Box::pin(self.next_line())
    }
}

type Make = Call<Stream, Box<dyn Lines>>;

fn main() -> ExitCode {
    let exam = Exam::new(
        "cancellation/nothing_lost",
        async |stream| Box::new(solution::LineReader::new(stream)) as Box<dyn Lines>,
        async |stream| Box::new(answer::LineReader::new(stream)) as Box<dyn Lines>,
    )
    .check(
        "returns one line after another",
        async |make| read(make, &[b"one\ntwo\n", b"three\n"], GAP, PATIENT).await,
        |mine, possible| {
            returns_the_lines(
                mine,
                possible,
                "Two lines came in one piece here. What was read behind the end of a line is the beginning of the next: it has to be kept for the next call.",
            )
        },
    )
    .check(
        "returns every line as it is, also an empty one",
        async |make| read(make, &[b"one\n\n\n  two \r\nfour\n"], GAP, PATIENT).await,
        |mine, possible| {
            returns_the_lines(
                mine,
                possible,
                "An empty line is not the end: the end is where a read brings 0 bytes. And nothing but the `\\n` is to be taken off: `trim` takes spaces, and `lines` takes a `\\r`.",
            )
        },
    )
    .check(
        "returns the last line without a line end, then `None`",
        async |make| read(make, &[b"one\ntw", b"o"], GAP, PATIENT).await,
        |mine, possible| {
            returns_the_lines(mine, possible, "At the end of the stream, what is left in the buffer is a line too; and it is so once.")
        },
    );
    with_the_stream_itself(with_callers_that_give_up(exam)).verdict()
}

fn with_callers_that_give_up(exam: Exam<Stream, Box<dyn Lines>>) -> Exam<Stream, Box<dyn Lines>> {
    exam.check(
        "loses nothing when its caller gives up in the middle of a line",
        async |make| read(make, &[b"hel", b"lo\nwor", b"ld\n"], GAP, HASTY).await,
        |mine, possible| {
            returns_the_lines(
                mine,
                possible,
                "What a dropped future had in its local variables is gone, and so is what `read_exact` and `read_line` had read: `read_line` takes even a `String` \
                 of yours into its future, until it is done. Bytes that were read belong into the `LineReader`, before the next await.",
            )
        },
    )
    .check(
        "loses nothing, whatever the pieces",
        async |make| {
            let bytes: Vec<_> = "größe\nЖ".as_bytes().chunks(1).collect();
            read(make, &bytes, GAP, HASTY).await
        },
        |mine, possible| {
            returns_the_lines(
                mine,
                possible,
                "Every byte comes alone here, and every call is given up between two of them. `ö` takes two bytes: only a whole line is sure to be text.",
            )
        },
    )
    .check(
        "loses nothing at any await, also with a line in hand",
        async |make| read(make, &[b"one\ntwo\nth", b"ree\nfour\n", b"five"], GAP, Patience::Awaits).await,
        |mine, possible| {
            returns_the_lines(
                mine,
                possible,
                "Most calls are dropped at their first await here. A line that was taken out of the buffer lives in the future alone: \
                 between there and the `return` there must be no await, not even `yield_now`.",
            )
        },
    )
}

fn with_the_stream_itself(exam: Exam<Stream, Box<dyn Lines>>) -> Exam<Stream, Box<dyn Lines>> {
    exam.check(
        "returns a line as soon as it is there, and not before",
        async |make| read(make, QUIET, Duration::from_mins(2), PATIENT).await,
        |mine, possible| {
            returns_the_lines(mine, possible, "Two minutes without a byte are no end: a connection may be quiet in the middle of a line.")?;
            returns_them_in_time(mine, possible)
        },
    )
    .check(
        "returns a line of any length",
        async |make| read(make, &["long ".repeat(20_000).as_bytes(), b"line\nshort\n"], GAP, PATIENT).await,
        |mine, possible| {
            returns_the_lines(
                mine,
                possible,
                "This line has 100004 bytes. A read into a full buffer brings 0 bytes too, and that is not the end of the stream.",
            )
        },
    )
    .check(
        "passes an error of the stream on, and goes on after it",
        async |make| {
            let pieces = [Ok(&b"one\ntw"[..]), Err(io::Error::from(io::ErrorKind::TimedOut)), Ok(b"o\nthree\n")];
            calls(&mut *make(Box::new(StreamReader::new(stream::iter(pieces)))).await, PATIENT).await
        },
        |mine, possible| {
            returns_the_lines(
                mine,
                possible,
                "An error is no end of the stream: half a line is not to be taken for a whole one, and not to be thrown away. The rest of it may come.",
            )
        },
    )
    .check(
        "says when a line is not UTF-8",
        async |make| read(make, &[b"one\n\xff\xfe\nthree\nf\xc3"], GAP, PATIENT).await,
        |mine, possible| {
            returns_the_lines(
                mine,
                possible,
                "A line that is no text is an error of the kind `InvalidData`, the last one like any other, and the next call returns the line behind it.",
            )
        },
    )
    .check(
        "sleeps while nothing comes",
        async |make| read(make, QUIET, Duration::from_mins(2), PATIENT).await,
        |mine, possible| {
            mine.sleeps_while_nothing_comes(
                possible,
                "A read waits by itself, as long as it takes, and is woken when there is something: no need to look now and then.",
            )
        },
    )
}

/// When the caller of `next_line` gives up, and calls it again.
#[derive(Clone, Copy)]
enum Patience {
    /// After this time.
    For(Duration),
    /// At its first await; now and then a call gets as far as its third.
    Awaits,
}

const PATIENT: Patience = Patience::For(Duration::from_mins(10));

/// In the middle of the time from one piece to the next.
const HASTY: Patience = Patience::For(ms(52));

/// From one piece to the next.
const GAP: Duration = ms(70);

/// Pieces that come with a long time between them.
const QUIET: &[&[u8]] = &[b"one\ntwo\nth", b"ree\n"];

/// What a call returns at the end of the stream.
const END: Line = Some(Ok(None));

/// More calls are made of no reader.
const MOST: usize = 30;

/// More lines are sent by no stream.
const LONGEST: usize = 7;

/// How many bytes of a line or a piece fit into a sentence.
const LONG: usize = 40;

/// What the calls of `next_line` return, while these pieces arrive.
async fn read(make: Make, pieces: &[&[u8]], gap: Duration, patience: Patience) -> Vec<Line> {
    let (mut near, far) = duplex(1024);
    let sending = async {
        for piece in pieces {
            // Nobody reads any more: then nothing is to be sent.
            let _ = near.write_all(piece).try_lane(format!("sends {}", shown(piece))).await;
            sleep(gap).await;
        }
        drop(near);
    };
    let reading = async { calls(&mut *make(Box::new(far)).await, patience).await };
    tokio::join!(sending, reading).1
}

async fn calls(lines: &mut dyn Lines, patience: Patience) -> Vec<Line> {
    let mut returned = Vec::new();
    while returned.len() < MOST && !returned.ends_with(&[END, END]) {
        let call = lines.next().try_lane("next_line");
        let line = match patience {
            Patience::For(time) => timeout(time, call).await.ok(),
            Patience::Awaits => up_to_await(if returned.len() % 4 == 3 { 3 } else { 1 }, call).await,
        };
        returned.push(line.map(|result| result.map_err(|error| error.kind())));
    }
    returned
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

fn returns_the_lines(mine: &Run<Vec<Line>>, possible: &Run<Vec<Line>>, why: &str) -> Judgement {
    let (mine, right) = (words(&mine.output), words(&possible.output));
    if mine == right { Ok(()) } else { fault(format!("Your calls returned {mine}, where {right} is right."), why) }
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
    let word = |line: &Result<Option<String>, io::ErrorKind>| match line {
        Ok(Some(line)) if line.len() > LONG => format!("a line of {} bytes", line.len()),
        Ok(Some(line)) => format!("{line:?}"),
        Ok(None) => "`None`".to_owned(),
        Err(kind) => format!("the error `{kind:?}`"),
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

fn shown(piece: &[u8]) -> String {
    if piece.len() > LONG {
        return format!("{} bytes", piece.len());
    }
    format!("{:?}", String::from_utf8_lossy(piece)).replace('\u{fffd}', "?")
}
