//! A std guard across an await, where it compiles.

use super::*;

/// What the first task does with its guard at the await.
#[derive(Clone, Copy, PartialEq)]
enum Guard {
    Held,
    Dropped,
}

/// Two tasks of a `LocalSet`: the first locks and then awaits, the second wants the lock meanwhile. A message comes when both have ended, or their timeout.
///
/// A blocked thread is left behind, with its runtime.
fn two_local_tasks(world: World, guard: Guard) -> blocking::Receiver<()> {
    let (ends, ended) = blocking::channel();
    thread::spawn(move || {
        let runtime = world.builder().build().unwrap();
        let lock = Rc::new(std::sync::Mutex::new(()));
        let first = Rc::clone(&lock);
        let (locked, is_locked) = oneshot::channel();
        let tasks = LocalSet::new();
        tasks.spawn_local(async move {
            let held = Some(first.lock().unwrap()).filter(|_| guard == Guard::Held);
            locked.send(()).unwrap();
            yield_now().await;
            drop(held);
        });
        tasks.spawn_local(async move {
            is_locked.await.unwrap();
            drop(lock.lock().unwrap());
        });
        // A timeout does not help: nothing polls it while the thread is blocked.
        let _ended = runtime.block_on(async { timeout(ms(10), tasks).await });
        ends.send(()).unwrap();
    });
    ended
}

#[test]
fn a_std_guard_across_an_await_stops_a_local_set_for_ever_when_a_second_task_wants_the_lock() {
    everywhere(|world| {
        assert!(two_local_tasks(world, Guard::Held).recv_timeout(ms(50)).is_err());
        two_local_tasks(world, Guard::Dropped).recv_timeout(ms(10_000)).unwrap();
    });
}

#[test]
fn a_std_lock_in_a_drop_needs_no_await() {
    struct Counted(Arc<std::sync::Mutex<u32>>);

    impl Drop for Counted {
        fn drop(&mut self) {
            *self.0.lock().unwrap() += 1;
        }
    }

    everywhere(|world| {
        world.run(async {
            let count = Arc::default();
            let task = tokio::spawn({
                let counted = Counted(Arc::clone(&count));
                async move {
                    let _counted = counted;
                    pending::<()>().await;
                }
            });
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
            assert_eq!(*count.lock().unwrap(), 1);
        });
    });
}
