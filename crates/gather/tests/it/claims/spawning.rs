//! What spawning gives, and what it asks.

use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use gather::{all, spawned};
use tokio::runtime::{Builder, Runtime};
use tokio::task::yield_now;

fn two_threads() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).build().unwrap()
}

/// Computes in a hundred pieces, and notes in `most` how many of its kind compute at the same time.
async fn compute(now: Arc<AtomicUsize>, most: Arc<AtomicUsize>) {
    for _ in 0..100 {
        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        thread::yield_now();
        now.fetch_sub(1, Ordering::SeqCst);
        yield_now().await;
    }
}

#[test]
fn joined_futures_compute_one_at_a_time_on_a_multi_thread_runtime_too() {
    let (now, most) = <(Arc<AtomicUsize>, Arc<AtomicUsize>)>::default();
    let computers: Vec<_> = (0..8).map(|_| compute(now.clone(), most.clone())).collect();
    two_threads().block_on(async { tokio::spawn(all(computers)).await.unwrap() });
    assert_eq!(most.load(Ordering::SeqCst), 1);
}

#[test]
fn spawned_tasks_compute_at_the_same_time() {
    // Neither passes the barrier before the other has reached it: one thread would never get there.
    let both = Arc::new(Barrier::new(2));
    let tasks = [both.clone(), both].map(|both| async move { both.wait().is_leader() });
    let leaders = two_threads().block_on(spawned(tasks));
    assert_eq!(leaders.into_iter().filter(|leader| matches!(leader, Ok(true))).count(), 1);
}

#[tokio::test]
async fn a_joined_future_may_borrow_and_need_not_be_send() {
    let names = [String::from("users"), String::from("orders")];
    let total = Rc::new(AtomicUsize::new(0));
    let count = async |name: &String| {
        let total = Rc::clone(&total);
        yield_now().await;
        total.fetch_add(name.len(), Ordering::Relaxed);
    };
    all(names.iter().map(count)).await;
    assert_eq!(total.load(Ordering::Relaxed), 11);
}

/// Adds one by reading and writing; `meanwhile` is what happens between the two.
fn add_one(total: &AtomicUsize, meanwhile: impl FnOnce()) {
    let read = total.load(Ordering::SeqCst);
    meanwhile();
    total.store(read + 1, Ordering::SeqCst);
}

#[test]
fn tasks_on_several_threads_lose_an_update() {
    let total = Arc::<AtomicUsize>::default();
    let both_have_read = Arc::new(Barrier::new(2));
    let tasks = [(); 2].map(|()| {
        let (total, both_have_read) = (total.clone(), both_have_read.clone());
        async move { add_one(&total, || _ = both_have_read.wait()) }
    });
    two_threads().block_on(spawned(tasks));
    assert_eq!(total.load(Ordering::SeqCst), 1);
}

#[test]
fn one_atomic_operation_loses_nothing_on_two_threads() {
    let total = Arc::<AtomicUsize>::default();
    let both_are_there = Arc::new(Barrier::new(2));
    let tasks = [(); 2].map(|()| {
        let (total, both_are_there) = (total.clone(), both_are_there.clone());
        async move {
            both_are_there.wait();
            total.fetch_add(1, Ordering::SeqCst);
        }
    });
    two_threads().block_on(spawned(tasks));
    assert_eq!(total.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn on_one_thread_nothing_comes_between_two_awaits() {
    let total = Arc::<AtomicUsize>::default();
    let tasks = (0..100).map(|_| {
        let total = total.clone();
        async move {
            add_one(&total, thread::yield_now);
            yield_now().await;
            add_one(&total, thread::yield_now);
        }
    });
    spawned(tasks).await;
    assert_eq!(total.load(Ordering::SeqCst), 200);
}

#[tokio::test]
async fn an_await_between_reading_and_writing_loses_updates_on_one_thread_too() {
    let total = Arc::<AtomicUsize>::default();
    let tasks = (0..100).map(|_| {
        let total = total.clone();
        async move {
            let read = total.load(Ordering::SeqCst);
            yield_now().await;
            total.store(read + 1, Ordering::SeqCst);
        }
    });
    spawned(tasks).await;
    assert_eq!(total.load(Ordering::SeqCst), 1);
}
