//! "One poll every ten milliseconds is enough": it polls without a wake, and notices a wake late.
//!
//! Caught by: does nothing until it is woken

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::noop();
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(waker)) {
            return output;
        }
        thread::sleep(Duration::from_millis(10));
    }
}
