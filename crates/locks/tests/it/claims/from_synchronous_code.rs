//! A Tokio lock in synchronous code.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::*;

#[test]
fn blocking_lock_inside_the_runtime_panics() {
    everywhere(|world| {
        world.run(async {
            let lock = Mutex::new(());
            let panic = catch_unwind(AssertUnwindSafe(|| drop(lock.blocking_lock()))).unwrap_err();
            let words =
                panic.downcast_ref::<String>().cloned().or(panic.downcast_ref::<&str>().map(ToString::to_string));
            assert!(words.unwrap().contains("Cannot block the current thread from within a runtime"));
        });
    });
}

#[test]
fn blocking_lock_waits_in_spawn_blocking_and_on_a_thread_of_your_own() {
    everywhere(|world| {
        world.run(async {
            let count = Arc::new(Mutex::new(0));
            let held = count.lock().await;
            let in_the_pool = spawn_blocking({
                let count = Arc::clone(&count);
                move || *count.blocking_lock() += 1
            });
            let of_my_own = thread::spawn({
                let count = Arc::clone(&count);
                move || *count.blocking_lock() += 1
            });
            drop(held);
            in_the_pool.await.unwrap();
            spawn_blocking(|| of_my_own.join().unwrap()).await.unwrap();
            assert_eq!(*count.lock().await, 2);
        });
    });
}

#[test]
fn an_atomic_and_a_watch_count_without_a_lock() {
    const TASKS: usize = 20;
    everywhere(|world| {
        world.run(async {
            let (atomic, watch) = (Arc::new(AtomicUsize::new(0)), Arc::new(watch::Sender::new(0)));
            let tasks: Vec<_> = (0..TASKS)
                .map(|_| {
                    let (atomic, watch) = (Arc::clone(&atomic), Arc::clone(&watch));
                    tokio::spawn(async move {
                        atomic.fetch_add(1, Ordering::Relaxed);
                        watch.send_modify(|count| *count += 1);
                    })
                })
                .collect();
            for task in tasks {
                task.await.unwrap();
            }
            assert_eq!((atomic.load(Ordering::Relaxed), *watch.borrow()), (TASKS, TASKS));
        });
    });
}
