//! "A dropped future removes its waker": its task still waits, with another future.
//!
//! Caught by: wakes each waiter, even if others were polled or dropped

use std::mem::take;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

pub struct Doorbell {
    inside: Arc<Mutex<Inside>>,
}

#[derive(Default)]
struct Inside {
    rung: bool,
    waiting: Vec<Waker>,
}

struct Waits {
    inside: Arc<Mutex<Inside>>,
    waker: Option<Waker>,
}

impl Waits {
    fn forget(&mut self, inside: &mut Inside) {
        if let Some(mine) = self.waker.take() {
            inside.waiting.retain(|known| !known.will_wake(&mine));
        }
    }
}

impl Future for Waits {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let inside = Arc::clone(&self.inside);
        let mut inside = inside.lock().unwrap();
        if inside.rung {
            return Poll::Ready(());
        }
        self.forget(&mut inside);
        inside.waiting.push(context.waker().clone());
        self.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        let inside = Arc::clone(&self.inside);
        self.forget(&mut inside.lock().unwrap());
    }
}

impl Doorbell {
    pub fn new() -> Self {
        Self { inside: Arc::default() }
    }

    pub fn ring(&self) {
        let mut inside = self.inside.lock().unwrap();
        inside.rung = true;
        let waiting = take(&mut inside.waiting);
        drop(inside);
        waiting.into_iter().for_each(Waker::wake);
    }

    pub fn rung(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(Waits { inside: Arc::clone(&self.inside), waker: None })
    }
}
