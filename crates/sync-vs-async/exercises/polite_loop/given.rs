//! What the answer of `sync-vs-async/polite_loop` is given.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, ThreadId};

use tokio::task::yield_now;

/// Computes the weight of parcels, and remembers which; clones are the same scale.
#[derive(Clone, Debug)]
pub struct Scale {
    /// How many turns a neighbour has had, a task that always wants to run.
    pub(super) turns: Arc<AtomicU64>,
    weighed: Arc<Mutex<Vec<Parcel>>>,
}

impl Scale {
    /// The weight of a parcel, in milligrams.
    pub fn weigh(&self, parcel: u32) -> u64 {
        let weighed = Parcel { number: parcel, on: thread::current().id(), turns: self.turns.load(SeqCst) };
        self.weighed.lock().unwrap_or_else(PoisonError::into_inner).push(weighed);
        u64::from(parcel) * 7 % 1_000 * 1_000_000
    }

    pub(super) fn new() -> Self {
        let (turns, weighed) = <(Arc<AtomicU64>, _)>::default();
        let counting = Arc::clone(&turns);
        tokio::spawn(async move {
            // It ends, because the virtual clock stands still while it runs.
            for _ in 0..100_000 {
                counting.fetch_add(1, SeqCst);
                yield_now().await;
            }
        });
        Self { turns, weighed }
    }

    pub(super) fn weighed(&self) -> Vec<Parcel> {
        self.weighed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What was weighed, where, and how many turns the neighbour had had by then.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parcel {
    pub(super) number: u32,
    pub(super) on: ThreadId,
    pub(super) turns: u64,
}
