//! "A waker has two steps, in any order": the unparked thread sees no flag and parks again, and only then the flag is set.
//! Between the two steps, each hundredth wake takes a moment, as if another thread got the processor.
//!
//! Caught by: notices each of a thousand wakes

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::AcqRel};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

/// Notes that the future was woken, and unparks the thread that polls it.
struct Signal {
    is_woken: AtomicBool,
    wakes: AtomicUsize,
    thread: Thread,
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.thread.unpark();
        if self.wakes.fetch_add(1, AcqRel) % 100 == 99 {
            thread::sleep(Duration::from_millis(2));
        }
        self.is_woken.swap(true, AcqRel);
    }
}

/// Runs a future to its end on this thread, and returns its output. The thread is parked until something wakes the future.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let signal =
        Arc::new(Signal { is_woken: AtomicBool::new(false), wakes: AtomicUsize::new(0), thread: thread::current() });
    let waker = Waker::from(Arc::clone(&signal));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        // The flag is reset at the end of the wait, so that a wake during the poll is not lost.
        while !signal.is_woken.swap(false, AcqRel) {
            thread::park();
        }
    }
}
