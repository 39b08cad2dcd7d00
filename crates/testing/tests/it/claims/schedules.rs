//! All the orders in which two threads may run.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use shuttle::future::block_on;
use shuttle::scheduler::{DfsScheduler, RandomScheduler, Scheduler};
use shuttle::{Config, FailurePersistence, Runner, thread};

use super::panic_of;
use crate::{lossy, signal};

/// One thread waits, the other gives the signal.
fn wait_and_give() {
    let signal = Arc::new(signal::Signal::default());
    let giver = Arc::clone(&signal);
    let other = thread::spawn(move || giver.give());
    block_on(signal.wait());
    other.join().unwrap();
}

/// The same with the naive signal.
fn wait_and_give_naively() {
    let signal = Arc::new(lossy::Signal::default());
    let giver = Arc::clone(&signal);
    let other = thread::spawn(move || giver.give());
    block_on(signal.wait());
    other.join().unwrap();
}

/// Runs a test in all the schedules of a scheduler, and returns how many there were, and the panic that ended it.
fn schedules(scheduler: impl Scheduler + 'static, test: fn()) -> (usize, Option<String>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&runs);
    let mut config = Config::new();
    config.failure_persistence = FailurePersistence::None;
    let panic = panic_of(|| {
        Runner::new(scheduler, config).run(move || {
            counted.fetch_add(1, Ordering::Relaxed);
            test();
        });
    });
    (runs.load(Ordering::Relaxed), panic)
}

#[test]
fn shuttle_finds_the_lost_signal_among_all_schedules() {
    let (runs, panic) = schedules(DfsScheduler::new(None, false), wait_and_give_naively);
    println!("found in schedule {runs}");
    assert!(panic.unwrap().starts_with("deadlock!"));
}

#[test]
fn shuttle_finds_the_lost_signal_in_few_random_schedules() {
    for seed in 1..=10 {
        let (runs, panic) = schedules(RandomScheduler::new_from_seed(seed, 1_000), wait_and_give_naively);
        println!("seed {seed}: found in schedule {runs}");
        assert!(panic.unwrap().starts_with("deadlock!"));
    }
}

#[test]
fn shuttle_tries_every_schedule_of_the_right_signal_and_none_loses_it() {
    let (runs, panic) = schedules(DfsScheduler::new(None, false), wait_and_give);
    println!("{runs} schedules, which are all");
    assert_eq!(panic, None);
    assert!(runs > 2, "{runs}");
}

#[test]
fn shuttle_finds_the_lost_signal_in_the_same_schedule_again() {
    let seen = [(); 2].map(|()| schedules(RandomScheduler::new_from_seed(3, 1_000), wait_and_give_naively).0);
    assert_eq!(seen[0], seen[1]);
}
