//! "A waker is expensive, so I make one for the program": it unparks the thread that called first.
//!
//! Caught by: has a waker of its own on every thread

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

struct Signal {
    is_woken: AtomicBool,
    thread: Thread,
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.is_woken.store(true, SeqCst);
        self.thread.unpark();
    }
}

static SIGNAL: OnceLock<Arc<Signal>> = OnceLock::new();

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let signal =
        SIGNAL.get_or_init(|| Arc::new(Signal { is_woken: AtomicBool::new(false), thread: thread::current() }));
    let waker = Waker::from(Arc::clone(signal));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        while !signal.is_woken.swap(false, SeqCst) {
            thread::park();
        }
    }
}
