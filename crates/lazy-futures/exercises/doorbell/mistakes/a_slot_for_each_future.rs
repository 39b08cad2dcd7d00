//! "Each future has its slot": a dropped future leaves its waker in the list.
//!
//! Caught by: keeps one waker, however often a task polls

use std::future::poll_fn;
use std::mem::take;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

#[derive(Default)]
struct Inside {
    rung: bool,
    waiting: Vec<Option<Waker>>,
}

#[derive(Default)]
pub struct Doorbell {
    inside: Arc<Mutex<Inside>>,
}

impl Doorbell {
    pub fn new() -> Self {
        Self::default()
    }
    pub fn ring(&self) {
        let mut i = self.inside.lock().unwrap();
        i.rung = true;
        let w = take(&mut i.waiting);
        drop(i);
        w.into_iter().flatten().for_each(Waker::wake);
    }
    pub fn rung(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let inside = Arc::clone(&self.inside);
        let slot = {
            let mut i = inside.lock().unwrap();
            i.waiting.push(None);
            i.waiting.len() - 1
        };
        Box::pin(poll_fn(move |context| {
            let mut i = inside.lock().unwrap();
            if i.rung {
                return Poll::Ready(());
            }
            i.waiting[slot] = Some(context.waker().clone());
            Poll::Pending
        }))
    }
}
