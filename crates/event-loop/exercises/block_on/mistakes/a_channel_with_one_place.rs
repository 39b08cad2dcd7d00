//! "A channel with one place holds one wake": a second wake waits for a place, in the thread that should make one.
//!
//! Caught by: notices a wake that comes during the poll

use std::pin::pin;
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Wake, Waker};

struct Signal(mpsc::SyncSender<()>);

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        _ = self.0.send(());
    }
}

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let (sender, receiver) = mpsc::sync_channel(1);
    let waker = Waker::from(Arc::new(Signal(sender)));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        receiver.recv().unwrap();
    }
}
