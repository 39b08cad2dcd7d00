//! The error of the last write.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;

use super::*;

/// What was said.
fn warnings<F: Future>(world: World, future: F) -> Vec<String> {
    let (_, recording) = world.record(future);
    recording.notes.iter().map(|note| note.text.clone()).collect()
}

#[test]
fn a_line_in_the_buffer_is_no_error_yet_and_close_returns_it() {
    everywhere(|world| {
        world.run(async {
            let (near, far) = duplex(64);
            drop(far);
            let mut journal = Journal::new(near);
            journal.line("a line").await.unwrap();
            assert_eq!(journal.close().await.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
        });
    });
}

#[test]
fn a_closed_journal_has_written_its_lines() {
    everywhere(|world| {
        let mut text = String::new();
        let said = warnings(world, async {
            let (near, mut far) = duplex(64);
            let mut journal = Journal::new(near);
            journal.line("a line").await.unwrap();
            journal.close().await.unwrap();
            far.read_to_string(&mut text).await.unwrap();
        });
        assert_eq!((text.as_str(), said.len()), ("a line\n", 0));
    });
}

#[test]
fn a_close_that_fails_does_not_warn_as_well() {
    everywhere(|world| {
        let said = warnings(world, async {
            let (near, far) = duplex(64);
            drop(far);
            let mut journal = Journal::new(near);
            journal.line("a line").await.unwrap();
            journal.close().await.unwrap_err();
        });
        assert_eq!(said.len(), 0, "{said:?}");
    });
}

#[test]
fn a_drop_cannot_return_the_error_and_only_warns() {
    everywhere(|world| {
        let said = warnings(world, async {
            let (near, _far) = duplex(64);
            let mut journal = Journal::new(near);
            journal.line("a line").await.unwrap();
            drop(journal);
        });
        assert_eq!(said, ["a journal was not closed, 7 bytes are lost"]);
    });
}

#[test]
fn a_close_that_is_dropped_halfway_warns() {
    everywhere(|world| {
        let said = warnings(world, async {
            let (near, _far) = duplex(3);
            let mut journal = Journal::new(near);
            journal.line("a line").await.unwrap();
            timeout(ms(10), journal.close()).await.unwrap_err();
        });
        assert_eq!(said.len(), 1, "{said:?}");
    });
}

/// Takes every byte at once, and never ends its close: a file on a disk that hangs.
struct NeverCloses;

impl AsyncWrite for NeverCloses {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Pending
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Pending
    }
}

#[test]
fn a_close_that_is_dropped_while_the_writer_closes_warns_too() {
    everywhere(|world| {
        let said = warnings(world, async {
            let mut journal = Journal::new(NeverCloses);
            journal.line("a line").await.unwrap();
            timeout(ms(10), journal.close()).await.unwrap_err();
        });
        assert_eq!(said, ["a journal was not closed, 0 bytes are lost"]);
    });
}

#[test]
fn a_journal_without_a_line_is_dropped_in_silence() {
    everywhere(|world| {
        let said = warnings(world, async { drop(Journal::new(NeverCloses)) });
        assert_eq!(said.len(), 0, "{said:?}");
    });
}

#[test]
fn the_naive_journal_loses_its_lines_in_silence() {
    everywhere(|world| {
        let mut text = String::new();
        let said = warnings(world, async {
            let (near, mut far) = duplex(64);
            naive::keep_journal(near, &["a line".to_owned()]).await;
            far.read_to_string(&mut text).await.unwrap();
        });
        assert_eq!((text.as_str(), said.len()), ("", 0));
    });
}

#[test]
fn the_naive_journal_writes_what_does_not_fit_into_its_buffer_and_loses_the_rest() {
    everywhere(|world| {
        let lines: Vec<_> = (0..2_000).map(|number| format!("line {number}")).collect();
        let mut text = String::new();
        let said = warnings(world, async {
            let (near, mut far) = duplex(64);
            tokio::join!(naive::keep_journal(near, &lines), async { far.read_to_string(&mut text).await.unwrap() });
        });
        let whole = lines.join("\n");
        assert!(!text.is_empty() && text.len() < whole.len() && whole.starts_with(&text), "{} bytes", text.len());
        assert_eq!(said.len(), 0, "{said:?}");
    });
}
