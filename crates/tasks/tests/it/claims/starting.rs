//! When a spawned task starts, and where.

use super::*;

#[test]
fn an_await_that_is_ready_at_once_does_not_start_a_spawned_task_on_one_thread() {
    on_one_thread(|world| {
        world.run(async {
            let (starts, started) = blocking::channel();
            let task = tokio::spawn(async move { starts.send(()).unwrap() });
            async {}.await;
            assert!(started.try_recv().is_err());
            yield_now().await;
            assert_eq!(started.try_recv(), Ok(()));
            task.await.unwrap();
        });
    });
}

#[test]
fn a_spawned_task_may_end_while_its_spawner_runs_with_several_workers() {
    with_several_workers(|world| {
        world.run(async {
            let task = tokio::spawn(async {});
            // No await in between: this thread is busy, and a worker runs the task.
            while !task.is_finished() {
                std::thread::yield_now();
            }
        });
    });
}

#[test]
fn a_task_that_a_task_spawns_last_waits_for_its_spawner_with_several_workers() {
    with_several_workers(|world| {
        world.run(async {
            let (release, released) = blocking::channel::<()>();
            let (spawns, spawned) = oneshot::channel();
            let first = tokio::spawn(async move {
                let (starts, started) = blocking::channel();
                let last = tokio::spawn(async move { starts.send(()).unwrap() });
                spawns.send(()).unwrap();
                // No await in between. Meanwhile the other workers run a thousand other tasks.
                assert!(released.recv().is_err());
                assert!(started.try_recv().is_err());
                (last, started)
            });
            spawned.await.unwrap();
            for _ in 0..1_000 {
                tokio::spawn(async {}).await.unwrap();
            }
            drop(release);
            let (last, started) = first.await.unwrap();
            last.await.unwrap();
            assert_eq!(started.try_recv(), Ok(()));
        });
    });
}

#[test]
fn in_the_story_world_comes_after_the_await_that_is_ready() {
    for recording in ["story", "naive", "twin"].map(|name| crate::story::room().recorded(name)) {
        let notes: Vec<_> = recording.lanes.iter().flat_map(|lane| &lane.notes).collect();
        let seq = |text: &str| notes.iter().find(|note| note.text == text).unwrap().seq;
        assert!(seq("hello") < seq("that await was ready at once"));
        assert!(seq("that await was ready at once") < seq("world"));
    }
}
