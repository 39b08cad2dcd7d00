//! What spawning gives, and what it asks.

use std::rc::Rc;
use std::sync::Barrier;
use std::sync::atomic::Ordering::SeqCst;
use std::thread;

use super::*;

/// Computes in a hundred pieces, and notes in `most` how many of its kind compute at the same time.
async fn compute(now: Arc<AtomicUsize>, most: Arc<AtomicUsize>) {
    for _ in 0..100 {
        most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
        thread::yield_now();
        now.fetch_sub(1, SeqCst);
        yield_now().await;
    }
}

#[test]
fn joined_futures_compute_one_at_a_time() {
    everywhere(|world| {
        let (now, most) = <(Arc<AtomicUsize>, Arc<AtomicUsize>)>::default();
        let computers: Vec<_> = (0..8).map(|_| compute(now.clone(), most.clone())).collect();
        world.run(async { tokio::spawn(all(computers)).await.unwrap() });
        assert_eq!(most.load(SeqCst), 1);
    });
}

#[test]
fn spawned_tasks_compute_at_the_same_time_with_several_workers() {
    with_several_workers(|world| {
        // Neither passes the barrier before the other has reached it: one thread would never get there.
        let both = Arc::new(Barrier::new(2));
        let tasks = [both.clone(), both].map(|both| async move { both.wait().is_leader() });
        let leaders = world.run(spawned(tasks));
        assert_eq!(leaders.into_iter().filter(|leader| matches!(leader, Ok(true))).count(), 1);
    });
}

#[test]
fn a_joined_future_may_borrow_from_its_task() {
    everywhere(|world| {
        let handler = async {
            let names = [String::from("users"), String::from("orders")];
            let length = async |name: &String| {
                yield_now().await;
                name.len()
            };
            all(names.iter().map(length)).await
        };
        assert_eq!(world.run(async { tokio::spawn(handler).await.unwrap() }), [5, 6]);
    });
}

#[test]
fn a_joined_future_need_not_be_send_in_the_future_given_to_block_on() {
    everywhere(|world| {
        let total = Rc::new(AtomicUsize::new(0));
        let count = async |name: &'static str| {
            let total = Rc::clone(&total);
            yield_now().await;
            total.fetch_add(name.len(), Relaxed);
        };
        world.run(all(["users", "orders"].map(count)));
        assert_eq!(total.load(Relaxed), 11);
    });
}

/// Adds one by reading and writing; `meanwhile` is what happens between the two.
fn add_one(total: &AtomicUsize, meanwhile: impl FnOnce()) {
    let read = total.load(SeqCst);
    meanwhile();
    total.store(read + 1, SeqCst);
}

#[test]
fn two_tasks_lose_an_update_with_several_workers() {
    with_several_workers(|world| {
        let total = Arc::<AtomicUsize>::default();
        let both_have_read = Arc::new(Barrier::new(2));
        let tasks = [(); 2].map(|()| {
            let (total, both_have_read) = (total.clone(), both_have_read.clone());
            async move { add_one(&total, || _ = both_have_read.wait()) }
        });
        world.run(spawned(tasks));
        assert_eq!(total.load(SeqCst), 1);
    });
}

#[test]
fn an_atomic_operation_loses_no_update_with_several_workers() {
    with_several_workers(|world| {
        let total = Arc::<AtomicUsize>::default();
        let both_are_there = Arc::new(Barrier::new(2));
        let tasks = [(); 2].map(|()| {
            let (total, both_are_there) = (total.clone(), both_are_there.clone());
            async move {
                both_are_there.wait();
                total.fetch_add(1, SeqCst);
            }
        });
        world.run(spawned(tasks));
        assert_eq!(total.load(SeqCst), 2);
    });
}

#[test]
fn no_other_task_runs_between_two_awaits_on_one_thread() {
    on_one_thread(|world| {
        let total = Arc::<AtomicUsize>::default();
        let tasks = (0..100).map(|_| {
            let total = total.clone();
            async move {
                add_one(&total, thread::yield_now);
                yield_now().await;
                add_one(&total, thread::yield_now);
            }
        });
        world.run(spawned(tasks));
        assert_eq!(total.load(SeqCst), 200);
    });
}

#[test]
fn an_await_between_reading_and_writing_loses_updates_on_one_thread_too() {
    on_one_thread(|world| {
        let total = Arc::<AtomicUsize>::default();
        let tasks = (0..100).map(|_| {
            let total = total.clone();
            async move {
                let read = total.load(SeqCst);
                yield_now().await;
                total.store(read + 1, SeqCst);
            }
        });
        world.run(spawned(tasks));
        assert_eq!(total.load(SeqCst), 1);
    });
}
