//! "`wake_by_ref` is the method that people call": a waker that is given away is called with `wake`.
//!
//! Caught by: polls once after each wake

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::AcqRel;
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::thread::Thread;

struct Signal {
    is_woken: AtomicBool,
    thread: Thread,
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        let _ = self;
    }
    fn wake_by_ref(self: &Arc<Self>) {
        self.is_woken.swap(true, AcqRel);
        self.thread.unpark();
    }
}

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let signal = Arc::new(Signal { is_woken: AtomicBool::new(false), thread: thread::current() });
    let waker = Waker::from(Arc::clone(&signal));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        while !signal.is_woken.swap(false, AcqRel) {
            thread::park();
        }
    }
}
