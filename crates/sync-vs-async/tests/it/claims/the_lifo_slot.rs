//! What a blocked worker keeps although other workers are idle.

use super::*;

/// Two ends of a wait on a thread: the wait is over when the first one is dropped.
fn until_dropped() -> (blocking::Sender<()>, impl FnOnce() -> RecvError) {
    let (release, released) = blocking::channel::<()>();
    (release, move || released.recv().unwrap_err())
}

/// Waits until no worker runs any task.
fn wait_until_all_workers_are_parked(workers: usize) {
    let metrics = tokio::runtime::Handle::current().metrics();
    // The count is odd while the worker is parked.
    while (0..workers).any(|worker| metrics.worker_park_unpark_count(worker).is_multiple_of(2)) {
        thread::yield_now();
    }
}

/// Runs many tasks to their end, one after the other.
async fn run_many_other_tasks() {
    for _ in 0..1_000 {
        tokio::spawn(async {}).await.unwrap();
    }
}

#[test]
fn a_blocked_worker_keeps_the_task_that_it_woke_last_while_other_workers_are_idle() {
    with_several_workers(|world| {
        let log = Log::default();
        world.run(async {
            let (wake, wakes) = oneshot::channel::<()>();
            let (starts, started) = oneshot::channel();
            let says = log.clone();
            let woken = tokio::spawn(async move {
                starts.send(()).unwrap();
                wakes.await.unwrap();
                says.say("the woken task runs");
            });
            started.await.unwrap();
            wait_until_all_workers_are_parked(workers(world));

            let ((release, wait), (blocks, blocked)) = (until_dropped(), oneshot::channel());
            tokio::spawn(async move {
                wake.send(()).unwrap();
                blocks.send(()).unwrap();
                wait();
            });
            blocked.await.unwrap();
            run_many_other_tasks().await;
            log.say("the worker is released");
            drop(release);
            woken.await.unwrap();
        });

        assert_eq!(log.entries(), ["the worker is released", "the woken task runs"]);
    });
}

#[test]
fn a_blocked_worker_keeps_the_task_that_it_spawned_last_while_other_workers_are_idle() {
    with_several_workers(|world| {
        let log = Log::default();
        world.run(async {
            let ((release, wait), (blocks, blocked)) = (until_dropped(), oneshot::channel());
            let says = |what: &'static str| {
                let log = log.clone();
                async move { log.say(what) }
            };
            let (before, last) = (says("the task before it runs"), says("the last task runs"));
            tokio::spawn(async move {
                let tasks = (tokio::spawn(before), tokio::spawn(last));
                blocks.send(tasks).unwrap();
                wait();
            });
            let (before, last) = blocked.await.unwrap();
            before.await.unwrap();
            run_many_other_tasks().await;
            log.say("the worker is released");
            drop(release);
            last.await.unwrap();
        });

        assert_eq!(log.entries(), ["the task before it runs", "the worker is released", "the last task runs"]);
    });
}

#[test]
fn block_in_place_lets_go_of_the_task_that_it_spawned_last() {
    with_several_workers(|world| {
        world.run(async {
            let ((release, wait), (blocks, blocked)) = (until_dropped(), oneshot::channel());
            tokio::spawn(async move {
                blocks.send(tokio::spawn(async {})).unwrap();
                tokio::task::block_in_place(wait);
            });
            // While the other task blocks.
            blocked.await.unwrap().await.unwrap();
            drop(release);
        });
    });
}

#[test]
fn spawn_blocking_lets_go_of_the_task_that_was_spawned_last() {
    everywhere(|world| {
        world.run(async {
            let ((release, wait), (blocks, blocked)) = (until_dropped(), oneshot::channel());
            let blocking = tokio::spawn(async move {
                blocks.send(tokio::spawn(async {})).unwrap();
                tokio::task::spawn_blocking(wait).await.unwrap();
            });
            // While the closure blocks.
            blocked.await.unwrap().await.unwrap();
            drop(release);
            blocking.await.unwrap();
        });
    });
}
