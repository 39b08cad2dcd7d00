//! How often ordinary threads lose the signal of `naive::Signal`: `cargo run --release -p testing --example lost_signals`.
//!
//! One thread polls the future once, the other gives the signal, both at one instant.
//! The signal is lost if the future was not ready, and nothing has woken it when both are done.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, RwLock};
use std::task::{Context, Wake, Waker};
use std::time::{Duration, Instant};

use exam::twice_at_once;
use testing::naive::Signal;

/// How long to try.
const TRIES_FOR: Duration = Duration::from_secs(20);

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// What the two threads share in one round.
#[derive(Default)]
struct Round {
    signal: Signal,
    woken: Arc<Woken>,
}

fn main() {
    let (mut rounds, mut lost) = (0_u64, 0_u64);
    let started = Instant::now();
    while started.elapsed() < TRIES_FOR {
        let round = RwLock::new(Round::default());
        let role = AtomicU32::new(0);
        let race = || {
            let Ok(round) = round.read() else { return false };
            if role.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) {
                round.signal.give();
                return false;
            }
            let waker = Waker::from(Arc::clone(&round.woken));
            pin!(round.signal.wait()).poll(&mut Context::from_waker(&waker)).is_pending()
        };
        twice_at_once(race, |pending| {
            rounds += 1;
            if let Ok(mut round) = round.write() {
                lost += u64::from(pending.contains(&true) && !round.woken.0.load(Ordering::SeqCst));
                *round = Round::default();
            }
        });
    }
    println!("{lost} of {rounds} rounds lost the signal");
}
