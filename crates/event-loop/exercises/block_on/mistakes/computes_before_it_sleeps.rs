//! "A wake comes soon, so I look for a while before I park": each wait keeps a core busy for ten milliseconds.
//!
//! Caught by: does nothing until it is woken, on Linux

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{AcqRel, SeqCst};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::thread::Thread;
use std::time::{Duration, Instant};

struct Signal {
    is_woken: AtomicBool,
    thread: Thread,
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
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
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(10) && !signal.is_woken.load(SeqCst) {}
        while !signal.is_woken.swap(false, AcqRel) {
            thread::park();
        }
    }
}
