//! The versions that go wrong.

use std::hint::spin_loop;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Goes wrong: it ignores wakes. It polls the future again and again, and keeps a core busy while nothing happens.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return output;
        }
        spin_loop();
    }
}

/// Goes wrong: there is no await between the pieces, so no other task runs before the last piece is done.
#[expect(clippy::unused_async, reason = "this is the fault: only its signature is async")]
pub async fn in_turns<T>(pieces: impl IntoIterator<Item = T>, mut work: impl FnMut(T)) {
    for piece in pieces {
        work(piece);
    }
}
