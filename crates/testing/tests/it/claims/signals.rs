//! The signal, polled by hand, and on runtimes.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Wake, Waker};

use room::everywhere;
use testing::{Signal, naive};
use tokio_test::{assert_pending, assert_ready, task};

#[test]
fn a_signal_wakes_everyone_who_waits() {
    everywhere(|world| {
        world.run(async {
            let signal = Arc::new(Signal::default());
            let waiting = [(); 3].map(|()| {
                let signal = Arc::clone(&signal);
                tokio::spawn(async move { signal.wait().await })
            });
            tokio::task::yield_now().await;
            signal.give();
            for task in waiting {
                task.await.unwrap();
            }
            signal.wait().await;
        });
    });
}

#[test]
fn a_waiting_future_is_woken_by_the_signal_and_not_before() {
    let signal = Signal::default();
    let mut waits = task::spawn(signal.wait());
    assert_pending!(waits.poll());
    assert!(!waits.is_woken());
    signal.give();
    assert!(waits.is_woken());
    assert_ready!(waits.poll());
}

#[test]
fn a_second_poll_of_the_same_task_keeps_no_second_waker() {
    let signal = Signal::default();
    let mut waits = task::spawn(signal.wait());
    assert_pending!(waits.poll());
    let kept = waits.waker_ref_count();
    assert_pending!(waits.poll());
    assert_eq!(waits.waker_ref_count(), kept);
}

#[test]
fn the_naive_signal_keeps_a_waker_for_each_poll() {
    let signal = naive::Signal::default();
    let mut waits = task::spawn(signal.wait());
    assert_pending!(waits.poll());
    let kept = waits.waker_ref_count();
    assert_pending!(waits.poll());
    assert_eq!(waits.waker_ref_count(), kept + 1);
}

#[test]
fn a_test_on_one_thread_passes_the_naive_signal() {
    let signal = naive::Signal::default();
    let mut waits = task::spawn(signal.wait());
    assert_pending!(waits.poll());
    signal.give();
    assert!(waits.is_woken());
    assert_ready!(waits.poll());
    assert_ready!(task::spawn(signal.wait()).poll());
}

/// Counts its wakes, which `is_woken` does not.
#[derive(Default)]
struct Wakes(AtomicU32);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn a_waker_of_ten_lines_counts_wakes() {
    let counted = Arc::new(Wakes::default());
    let waker = Waker::from(Arc::clone(&counted));
    let signal = Signal::default();
    let mut waits = pin!(signal.wait());
    for _ in 0..2 {
        assert!(waits.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    }
    signal.give();
    signal.give();
    assert_eq!(counted.0.load(Ordering::Relaxed), 1);
}

#[test]
fn a_future_that_moved_to_another_task_wakes_that_task() {
    let signal = Signal::default();
    let mut first = task::spawn(Box::pin(signal.wait()));
    assert_pending!(first.poll());
    let mut second = task::spawn(first.into_inner());
    assert_pending!(second.poll());
    signal.give();
    assert!(second.is_woken());
}
