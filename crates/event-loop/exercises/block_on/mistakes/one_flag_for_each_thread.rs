//! "A thread runs one future at a time": an inner call takes the wake of the outer one.
//!
//! Caught by: works inside another call of itself

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
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

thread_local! {
    static SIGNAL: Arc<Signal> = Arc::new(Signal { is_woken: AtomicBool::new(false), thread: thread::current() });
}

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let signal = SIGNAL.with(Arc::clone);
    let waker = Waker::from(Arc::clone(&signal));
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
