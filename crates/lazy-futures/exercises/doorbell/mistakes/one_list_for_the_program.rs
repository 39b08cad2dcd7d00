//! "There is one bell": all waiters are in one list for the whole program, and each ring wakes all of them.
//!
//! Caught by: is one bell among many

use std::future::poll_fn;
use std::mem::take;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Poll, Waker};

pub struct Doorbell {}

struct Inside {
    rung: bool,
    waiting: Vec<Waker>,
}

static INSIDE: Mutex<Inside> = Mutex::new(Inside { rung: false, waiting: Vec::new() });

impl Doorbell {
    pub fn new() -> Self {
        *INSIDE.lock().unwrap() = Inside { rung: false, waiting: Vec::new() };
        Self {}
    }

    pub fn ring(&self) {
        let mut inside = INSIDE.lock().unwrap();
        inside.rung = true;
        let waiting = take(&mut inside.waiting);
        drop(inside);
        waiting.into_iter().for_each(Waker::wake);
    }

    pub fn rung(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(poll_fn(|context| {
            let mut inside = INSIDE.lock().unwrap();
            if inside.rung {
                return Poll::Ready(());
            }
            if !inside.waiting.iter().any(|known| known.will_wake(context.waker())) {
                inside.waiting.push(context.waker().clone());
            }
            Poll::Pending
        }))
    }
}
