//! Who owns a task, who waits for it, and who forgets it.

use super::*;

const MANY: usize = 100;

/// What a task returns: the count of its clones says how many results are kept.
type Kept = Arc<()>;

#[test]
fn a_join_set_keeps_every_result_until_it_is_joined() {
    everywhere(|world| {
        world.run(async {
            let (kept, mut tasks) = (Kept::default(), JoinSet::new());
            for _ in 0..MANY {
                let result = Kept::clone(&kept);
                tasks.spawn(async move { result });
            }
            all_have_ended().await;
            assert_eq!((tasks.len(), Kept::strong_count(&kept)), (MANY, 1 + MANY));
            while tasks.join_next().await.is_some() {}
            assert_eq!((tasks.len(), Kept::strong_count(&kept)), (0, 1));
        });
    });
}

#[test]
fn a_vec_of_handles_keeps_every_result_too() {
    everywhere(|world| {
        world.run(async {
            let kept = Kept::default();
            let tasks: Vec<_> = (0..MANY).map(|_| tokio::spawn(std::future::ready(Kept::clone(&kept)))).collect();
            all_have_ended().await;
            assert_eq!(Kept::strong_count(&kept), 1 + MANY);
            drop(tasks);
            assert_eq!(Kept::strong_count(&kept), 1);
        });
    });
}

#[test]
fn a_task_tracker_keeps_no_result() {
    everywhere(|world| {
        world.run(async {
            let (kept, tracker) = (Kept::default(), TaskTracker::new());
            for _ in 0..MANY {
                drop(tracker.spawn(std::future::ready(Kept::clone(&kept))));
            }
            tracker.close();
            tracker.wait().await;
            all_have_ended().await;
            assert_eq!((tracker.len(), Kept::strong_count(&kept)), (0, 1));
        });
    });
}

#[test]
fn a_task_tracker_waits_for_a_task_that_panics_and_tells_nothing() {
    everywhere(|world| {
        world.run(async {
            let tracker = TaskTracker::new();
            drop(tracker.spawn(four_ways("panics")));
            drop(tracker.spawn(four_ways("fails")));
            tracker.close();
            tracker.wait().await;
            assert!(tracker.is_empty());
        });
    });
}

#[test]
fn a_join_set_that_joins_what_is_ready_before_each_spawn_stays_small() {
    everywhere(|world| {
        world.run(async {
            let (mut tasks, mut most) = (JoinSet::new(), 0);
            for _ in 0..MANY {
                while tasks.try_join_next().is_some() {}
                tasks.spawn(async {});
                most = most.max(tasks.len());
                all_have_ended().await;
            }
            assert_eq!(most, 1);
        });
    });
}

#[test]
fn tokio_keeps_a_task_that_waits_for_something_only_it_refers_to() {
    everywhere(|world| {
        let alive = Kept::default();
        world.run(async {
            let own = Kept::clone(&alive);
            let (starts, started) = oneshot::channel();
            drop(tokio::spawn(async move {
                let (_only_here, end) = oneshot::channel::<()>();
                starts.send(()).unwrap();
                let _ = end.await;
                drop(own);
            }));
            started.await.unwrap();
            sleep(ms(10)).await;
            assert_eq!(Kept::strong_count(&alive), 2);
        });
        // The runtime owned it, and has dropped it at its own end.
        assert_eq!(Kept::strong_count(&alive), 1);
    });
}
