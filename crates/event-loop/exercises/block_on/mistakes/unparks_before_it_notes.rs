//! "A wake is two steps, in any order": the thread is unparked, sees no flag and parks again, and then the flag is set.
//!
//! Caught by: hears each of a thousand wakes

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::AcqRel};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// Says that the future was woken, and unparks the thread that polls it.
struct Signal {
    is_woken: AtomicBool,
    thread: Thread,
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.thread.unpark();
        self.is_woken.swap(true, AcqRel);
    }
}

/// Runs a future to its end on this thread, which is parked while nothing wakes the future. Returns what the future returns.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let signal = Arc::new(Signal { is_woken: AtomicBool::new(false), thread: thread::current() });
    let waker = Waker::from(Arc::clone(&signal));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        // The flag is taken at the end of the wait: a wake that came during the poll is not forgotten.
        while !signal.is_woken.swap(false, AcqRel) {
            thread::park();
        }
    }
}
