//! The checks of `cancellation/nothing_lost`.

use std::io;
use std::pin::Pin;
use std::process::ExitCode;
use std::time::Duration;

use exam::{Call, Exam, Judgement, LaneExt, Run, fault, ms};
use tokio::io::{AsyncRead, AsyncWriteExt, duplex};
use tokio::time::{sleep, timeout};

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
    Exam::new(
        "cancellation/nothing_lost",
        async |stream| Box::new(solution::LineReader::new(stream)) as Box<dyn Lines>,
        async |stream| Box::new(answer::LineReader::new(stream)) as Box<dyn Lines>,
    )
    .check(
        "returns one line after another",
        async |make| read(make, &[b"one\ntwo\n", b"three\n"], PATIENT, 4).await,
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
        async |make| read(make, &[b"one\n\n  two \nfour\n"], PATIENT, 5).await,
        |mine, possible| {
            returns_the_lines(
                mine,
                possible,
                "An empty line is not the end: the end is where a read brings 0 bytes. And nothing but the line end is to be taken off.",
            )
        },
    )
    .check(
        "returns the last line without a line end, then `None`",
        async |make| read(make, &[b"one\ntw", b"o"], PATIENT, 4).await,
        |mine, possible| {
            returns_the_lines(mine, possible, "At the end of the stream, what is left in the buffer is a line too; and it is so once.")
        },
    )
    .check(
        "loses nothing when its caller gives up in the middle of a line",
        async |make| read(make, &[b"hel", b"lo\nwor", b"ld\n"], ms(52), 9).await,
        |mine, possible| {
            returns_the_lines(
                mine,
                possible,
                "What a dropped future had in its local variables is gone, and so is what `read_exact` and `read_line` had read. \
                 Bytes that were read belong into the `LineReader`, before the next await.",
            )
        },
    )
    .check(
        "loses nothing at any await, whatever the pieces",
        async |make| {
            let bytes: Vec<_> = "größe\nЖ".as_bytes().chunks(1).collect();
            read(make, &bytes, ms(52), 40).await
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
        "returns a line of any length",
        async |make| read(make, &["long ".repeat(20_000).as_bytes(), b"line\nshort\n"], PATIENT, 4).await,
        |mine, possible| {
            returns_the_lines(
                mine,
                possible,
                "This line has 100004 bytes. A read into a full buffer brings 0 bytes too, and that is not the end of the stream.",
            )
        },
    )
    .check(
        "passes an error of the stream on",
        async |make| {
            let stream = tokio_test::io::Builder::new().read(b"one\ntw").read_error(io::ErrorKind::ConnectionReset.into()).build();
            calls(&mut *make(Box::new(stream)).await, PATIENT, 2).await
        },
        |mine, possible| {
            returns_the_lines(mine, possible, "A broken connection is no end of the stream: half a line is not to be taken for a whole one.")
        },
    )
    .check(
        "says when a line is not UTF-8",
        async |make| read(make, &[b"one\n\xff\xfe\nthree\n"], PATIENT, 4).await,
        |mine, possible| {
            returns_the_lines(
                mine,
                possible,
                "A line that is no text is an error of the kind `InvalidData`, and the next call returns the line behind it.",
            )
        },
    )
    .verdict()
}

const PATIENT: Duration = Duration::from_secs(10);

/// What a call returns at the end of the stream.
const END: Line = Some(Ok(None));

/// How many bytes of a line or a piece fit into a sentence.
const LONG: usize = 40;

/// From one piece to the next.
const GAP: Duration = ms(70);

/// What so many calls of `next_line` return, whose caller waits so long for each, while these pieces arrive.
async fn read(make: Make, pieces: &[&[u8]], patience: Duration, most: usize) -> Vec<Line> {
    let (mut near, far) = duplex(1024);
    let sending = async {
        for piece in pieces {
            // Nobody reads any more: then nothing is to be sent.
            let _ = near.write_all(piece).try_lane(format!("sends {}", shown(piece))).await;
            sleep(GAP).await;
        }
        drop(near);
    };
    let reading = async { calls(&mut *make(Box::new(far)).await, patience, most).await };
    tokio::join!(sending, reading).1
}

async fn calls(lines: &mut dyn Lines, patience: Duration, most: usize) -> Vec<Line> {
    let mut returned = Vec::new();
    for _ in 0..most {
        let line = timeout(patience, lines.next().try_lane("next_line")).await.ok();
        returned.push(line.map(|result| result.map_err(|error| error.kind())));
        if returned.ends_with(&[END, END]) {
            break;
        }
    }
    returned
}

fn returns_the_lines(mine: &Run<Vec<Line>>, possible: &Run<Vec<Line>>, why: &str) -> Judgement {
    let (mine, right) = (words(&mine.output), words(&possible.output));
    if mine == right { Ok(()) } else { fault(format!("Your calls returned {mine}, where {right} is right."), why) }
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
    if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
}

fn shown(piece: &[u8]) -> String {
    if piece.len() > LONG {
        return format!("{} bytes", piece.len());
    }
    format!("{:?}", String::from_utf8_lossy(piece)).replace('\u{fffd}', "?")
}
