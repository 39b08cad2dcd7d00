//! "The context only needs some waker": this waker wakes nothing.
//!
//! Caught by: polls when another thread wakes the future

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::thread;

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::noop();
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(waker)) {
            return output;
        }
        thread::park();
    }
}
