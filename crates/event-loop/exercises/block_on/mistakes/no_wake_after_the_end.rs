//! "Nobody wakes a future that is done": a timer may still have the waker, and `unwrap` panics.
//!
//! Caught by: allows a wake after its end

use std::pin::pin;
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Wake, Waker};

struct Signal(mpsc::Sender<()>);

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.0.send(()).unwrap();
    }
}

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let (sender, receiver) = mpsc::channel();
    let waker = Waker::from(Arc::new(Signal(sender)));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        receiver.recv().unwrap();
        while receiver.try_recv().is_ok() {}
    }
}
