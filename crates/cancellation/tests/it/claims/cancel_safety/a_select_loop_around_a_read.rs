//! A select loop around a read.

use super::*;

/// Sends two frames, the first of them in two halves with 50 ms between.
fn two_frames() -> DuplexStream {
    let (mut near, far) = duplex(64);
    tokio::spawn(async move {
        near.write_all(b"\x05he").await?;
        sleep(ms(50)).await;
        near.write_all(b"llo\x05world").await
    });
    far
}

/// Reads all frames, and has something else to do every 20 ms.
macro_rules! read_beside_a_ticker {
    ($frames:expr) => {{
        let mut ticks = interval(ms(20));
        let mut read = Vec::new();
        loop {
            tokio::select! {
                biased;
                frame = $frames.next() => match frame? {
                    Some(frame) => read.push(frame),
                    None => break io::Result::Ok(read),
                },
                _ = ticks.tick() => {}
            }
        }
    }};
}

#[test]
fn loses_the_bytes_that_the_future_keeps() {
    everywhere(|world| {
        world.run(async {
            let mut frames = naive::Frames::new(two_frames());
            let read: io::Result<_> = async { read_beside_a_ticker!(frames) }.await;
            // The `l` of "hello" is taken for a length of 108.
            assert_eq!(read.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        });
    });
}

#[test]
fn loses_nothing_when_the_bytes_are_kept_outside() {
    everywhere(|world| {
        world.run(async {
            let mut frames = Frames::new(two_frames());
            let read: io::Result<_> = async { read_beside_a_ticker!(frames) }.await;
            assert_eq!(read.unwrap(), [b"hello", b"world"]);
        });
    });
}

#[test]
fn an_end_within_a_frame_is_an_error() {
    everywhere(|world| {
        world.run(async {
            let mut frames = Frames::new(&b"\x02hi\x05the"[..]);
            assert_eq!(frames.next().await.unwrap().as_deref(), Some(&b"hi"[..]));
            assert_eq!(frames.next().await.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
            let mut whole = Frames::new(&b"\x02hi"[..]);
            assert!(whole.next().await.unwrap().is_some());
            assert!(whole.next().await.unwrap().is_none());
        });
    });
}

#[test]
fn without_a_cancellation_the_naive_frames_lose_nothing_and_hide_no_error() {
    everywhere(|world| {
        world.run(async {
            let refused = io::Error::from(io::ErrorKind::PermissionDenied);
            let mut whole = naive::Frames::new(&b"\x02hi"[..]);
            assert_eq!(whole.next().await.unwrap().as_deref(), Some(&b"hi"[..]));
            assert!(whole.next().await.unwrap().is_none());
            let mut broken = naive::Frames::new(tokio_test::io::Builder::new().read_error(refused).build());
            assert_eq!(broken.next().await.unwrap_err().kind(), io::ErrorKind::PermissionDenied);
        });
    });
}
