//! Two locks at once.

use super::*;

#[test]
fn two_locks_in_two_orders_wait_for_each_other_for_ever() {
    everywhere(|world| {
        world.run(async {
            let (a, b) = (Mutex::new(()), Mutex::new(()));
            let mut there = Box::pin(naive::lock_both(&a, &b));
            let mut back = Box::pin(naive::lock_both(&b, &a));
            // Each gets its first lock, and then asks for the other one.
            for _ in 0..10 {
                assert!(futures::poll!(&mut there).is_pending());
                assert!(futures::poll!(&mut back).is_pending());
                yield_now().await;
            }
            assert!(a.try_lock().is_err() && b.try_lock().is_err());
        });
    });
}

#[test]
fn two_locks_in_two_orders_and_in_two_tasks_wait_for_each_other_for_ever() {
    everywhere(|world| {
        world.run(async {
            let locks = Arc::new([Mutex::new(()), Mutex::new(())]);
            let both_hold_one = Arc::new(tokio::sync::Barrier::new(2));
            let tasks = [(0, 1), (1, 0)].map(|(first, second)| {
                let (locks, both_hold_one) = (Arc::clone(&locks), Arc::clone(&both_hold_one));
                tokio::spawn(async move {
                    let _first = locks[first].lock().await;
                    both_hold_one.wait().await;
                    let _second = locks[second].lock().await;
                })
            });
            let ended = timeout(ms(20), futures::future::select_all(tasks)).await;
            assert!(ended.is_err());
        });
    });
}

#[test]
fn lock_both_ends_for_both_ways_at_once() {
    everywhere(|world| {
        world.run(async {
            let locks = Arc::new([Mutex::new(0), Mutex::new(0)]);
            let tasks: Vec<_> = (0..50)
                .map(|turn| {
                    let locks = Arc::clone(&locks);
                    tokio::spawn(async move {
                        let (one, other) = (&locks[turn % 2], &locks[(turn + 1) % 2]);
                        let (mut one, mut other) = lock_both(one, other).await.unwrap();
                        yield_now().await;
                        *one += 1;
                        *other += 1;
                    })
                })
                .collect();
            for task in tasks {
                task.await.unwrap();
            }
            assert_eq!((*locks[0].lock().await, *locks[1].lock().await), (50, 50));
        });
    });
}

#[test]
fn lock_both_locks_in_the_same_order_whatever_the_order_of_its_arguments() {
    everywhere(|world| {
        world.run(async {
            let locks = [Mutex::new(()), Mutex::new(())];
            let [first, second] = &locks;
            let held = second.lock().await;
            for (one, other) in [(first, second), (second, first)] {
                let mut both = Box::pin(lock_both(one, other));
                assert!(futures::poll!(&mut both).is_pending());
                // It holds the first one and is in line for the second, which is held.
                assert!(first.try_lock().is_err());
                drop(both);
                assert!(first.try_lock().is_ok());
            }
            drop(held);
            let held = first.lock().await;
            for (one, other) in [(first, second), (second, first)] {
                let mut both = Box::pin(lock_both(one, other));
                assert!(futures::poll!(&mut both).is_pending());
                assert!(second.try_lock().is_ok());
            }
            drop(held);
        });
    });
}

#[test]
fn lock_both_returns_the_guards_in_the_order_of_its_arguments() {
    everywhere(|world| {
        world.run(async {
            let (a, b) = (Mutex::new("a"), Mutex::new("b"));
            let words = lock_both(&a, &b).await.map(|(one, other)| (*one, *other));
            assert_eq!(words, Some(("a", "b")));
            let words = lock_both(&b, &a).await.map(|(one, other)| (*one, *other));
            assert_eq!(words, Some(("b", "a")));
        });
    });
}

#[test]
fn lock_both_of_a_lock_and_itself_is_none_and_the_naive_one_waits_for_itself() {
    everywhere(|world| {
        world.run(async {
            let lock = Mutex::new(());
            assert!(lock_both(&lock, &lock).await.is_none());
            assert!(timeout(ms(20), naive::lock_both(&lock, &lock)).await.is_err());
        });
    });
}
