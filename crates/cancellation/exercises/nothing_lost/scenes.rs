//! What the checks of `cancellation/nothing_lost` play.

use std::io::{self, ErrorKind};
use std::time::Duration;

use exam::{LaneExt, ms};
use futures::stream;
use tokio::io::{AsyncRead, AsyncWriteExt, duplex};
use tokio::time::{sleep, timeout};
use tokio_util::io::StreamReader;

use super::{kind_of, up_to_await};
use Input::Broken;

type Stream = Box<dyn AsyncRead + Unpin>;

/// The result of one call of `next_line`, or `None` if its caller gave up.
pub(super) type Line = Option<Result<Option<String>, String>>;

/// What the stream delivers, and how its reader is called.
pub(super) enum Input {
    /// Pieces, with this much time from one to the next.
    Pieces(Vec<Vec<u8>>, Duration, Patience),
    /// An error in the middle of a line.
    Broken(io::ErrorKind),
}

/// When the caller of `next_line` gives up, and calls it again.
#[derive(Clone, Copy)]
pub(super) enum Patience {
    /// After this time.
    For(Duration),
    /// At its first await. Some calls get as far as their third.
    Awaits,
}

pub(super) const PATIENT: Patience = Patience::For(Duration::from_mins(55));

/// In the middle of the time from one piece to the next.
pub(super) const HASTY: Patience = Patience::For(ms(52));

/// From one piece to the next.
pub(super) const GAP: Duration = ms(70);

pub(super) fn pieces(pieces: &[&[u8]], patience: Patience) -> Input {
    Input::Pieces(pieces.iter().map(|piece| piece.to_vec()).collect(), GAP, patience)
}

/// Pieces that come with a long time between them.
pub(super) fn after(gap: Duration) -> Input {
    Input::Pieces(vec![b"one\ntwo\nth".to_vec(), b"ree\n".to_vec()], gap, PATIENT)
}

pub(super) fn long(patience: Patience) -> Input {
    pieces(&["long ".repeat(220_000).as_bytes(), b"line\nshort\n"], patience)
}

/// Two pieces of many lines, all different.
pub(super) fn thousand(patience: Patience) -> Input {
    let lines = |from: usize| (from..from + 1_000).map(|number| format!("{number}\n")).collect::<Vec<_>>().concat();
    pieces(&[lines(0).as_bytes(), lines(1_000).as_bytes()], patience)
}

/// The kinds of the stream's errors. After an `Interrupted`, an answer may read again.
pub(super) const KINDS: [ErrorKind; 12] = [
    ErrorKind::TimedOut,
    ErrorKind::UnexpectedEof,
    ErrorKind::ConnectionReset,
    ErrorKind::InvalidData,
    ErrorKind::WouldBlock,
    ErrorKind::BrokenPipe,
    ErrorKind::ConnectionAborted,
    ErrorKind::NotConnected,
    ErrorKind::Interrupted,
    ErrorKind::WriteZero,
    ErrorKind::PermissionDenied,
    ErrorKind::Other,
];

/// What a call returns at the end of the stream.
const END: Line = Some(Ok(None));

/// The error of the stream.
pub(super) const CUT: &str = "cut";

/// The largest number of calls of a reader, besides one for each line.
pub(super) const MOST: usize = 60;

/// The largest number of lines of a stream.
pub(super) const LONGEST: usize = 8;

/// How many bytes of a line or a piece fit into a sentence.
pub(super) const LONG: usize = 40;

/// What the calls of `next_line` return while the stream delivers its pieces.
pub(super) async fn read<L>(
    input: Input,
    new: impl FnOnce(Stream) -> L,
    next_line: impl AsyncFn(&mut L) -> io::Result<Option<String>>,
) -> Vec<Line> {
    let (pieces, gap, patience) = match input {
        Input::Pieces(pieces, gap, patience) => (pieces, gap, patience),
        Broken(kind) => {
            let cut = || Err(io::Error::new(kind, CUT));
            let torn = [cut(), cut(), cut(), cut(), cut(), cut(), Ok(&b"o\nthr"[..]), cut(), Ok(b"ee\n")];
            let pieces = [Ok(&b"one\ntw"[..])].into_iter().chain(torn);
            return calls(&mut new(Box::new(StreamReader::new(stream::iter(pieces)))), next_line, PATIENT, MOST).await;
        }
    };
    let (mut near, far) = duplex(1 << 16);
    let lines = pieces.iter().flatten().filter(|byte| **byte == b'\n').count();
    let sending = async {
        for piece in &pieces {
            // The reader is dropped, so send no more.
            let _ = near.write_all(piece).try_lane(format!("sends {}", shown(piece))).await;
            sleep(gap).await;
        }
        drop(near);
    };
    // The reader is dropped after its last call, so that the stream does not wait for a reader that reads too little.
    let reading = async { calls(&mut new(Box::new(far)), next_line, patience, MOST + lines).await };
    tokio::join!(sending, reading).1
}

async fn calls<L>(
    lines: &mut L,
    next_line: impl AsyncFn(&mut L) -> io::Result<Option<String>>,
    patience: Patience,
    most: usize,
) -> Vec<Line> {
    let mut returned = Vec::new();
    while returned.len() < most && !returned.ends_with(&[END, END]) {
        let call = next_line(lines).try_lane("next_line");
        let line = match patience {
            Patience::For(time) => timeout(time, call).await.ok(),
            Patience::Awaits => up_to_await(if returned.len() % 4 == 3 { 3 } else { 1 }, call).await,
        };
        returned.push(line.map(|result| result.map_err(|error| kind_of(&error))));
    }
    returned
}

fn shown(piece: &[u8]) -> String {
    if piece.len() > LONG {
        return format!("{} bytes", piece.len());
    }
    format!("{:?}", String::from_utf8_lossy(piece)).replace('\u{fffd}', "?")
}
