//! "One `Condvar` is enough for the program": `notify_one` may wake another thread.
//!
//! Caught by: runs on two threads at the same time

use std::pin::pin;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{AcqRel, SeqCst};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};

static WOKEN: (Mutex<()>, Condvar) = (Mutex::new(()), Condvar::new());

struct Signal(AtomicBool);

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        let _lock = WOKEN.0.lock().unwrap();
        self.0.store(true, SeqCst);
        WOKEN.1.notify_one();
    }
}

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let signal = Arc::new(Signal(AtomicBool::new(false)));
    let waker = Waker::from(Arc::clone(&signal));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        let mut lock = WOKEN.0.lock().unwrap();
        while !signal.0.swap(false, AcqRel) {
            lock = WOKEN.1.wait(lock).unwrap();
        }
    }
}
