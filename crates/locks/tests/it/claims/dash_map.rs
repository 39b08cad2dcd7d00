//! `DashMap`: a lock that does not look like one.

use dashmap::DashMap;

use super::*;

#[test]
fn a_dash_map_guard_crosses_an_await_in_a_spawned_task_and_keeps_the_others_out() {
    everywhere(|world| {
        world.run(async {
            let pages = Arc::new([("home", 0)].into_iter().collect::<DashMap<_, _>>());
            let (locked, is_locked) = oneshot::channel();
            let (go, gone) = oneshot::channel::<()>();
            // Neither rustc nor clippy says a word here.
            let task = tokio::spawn({
                let pages = Arc::clone(&pages);
                async move {
                    let mut count = pages.get_mut("home").unwrap();
                    locked.send(()).unwrap();
                    gone.await.unwrap();
                    *count += 1;
                }
            });
            is_locked.await.unwrap();
            // `get` would block the thread here: on one thread for ever.
            assert!(pages.try_get("home").is_locked());
            go.send(()).unwrap();
            task.await.unwrap();
            assert_eq!(*pages.get("home").unwrap(), 1);
        });
    });
}

#[test]
fn a_dash_map_guard_also_keeps_out_who_wants_another_key_of_the_same_shard() {
    everywhere(|world| {
        world.run(async {
            // The fewest shards that there can be.
            let numbers = DashMap::with_shard_amount(2);
            (0..100).for_each(|number| _ = numbers.insert(number, ()));
            let _held = numbers.get_mut(&0).unwrap();
            let locked = (1..100).filter(|number| numbers.try_get(number).is_locked()).count();
            assert!(locked > 0 && locked < 99, "{locked} of 99");
        });
    });
}

#[test]
fn a_copy_out_of_a_dash_map_ends_the_guard_before_the_await() {
    everywhere(|world| {
        world.run(async {
            let pages = Arc::new([("home", 7)].into_iter().collect::<DashMap<_, _>>());
            let count = pages.get("home").map(|count| *count);
            yield_now().await;
            assert!(!pages.try_get_mut("home").is_locked());
            assert_eq!(count, Some(7));
        });
    });
}
