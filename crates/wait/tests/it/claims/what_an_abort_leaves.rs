//! To abort is to ask: a task ends at its next await.

use super::*;

#[test]
fn a_dropped_join_set_does_not_wait_for_the_end_of_its_tasks_on_one_thread() {
    on_one_thread(|world| {
        world.run(async {
            let alive = Arc::new(());
            let tasks: JoinSet<()> = JoinSet::from_iter([(), ()].map(|()| {
                let alive = Arc::clone(&alive);
                async move {
                    pending::<()>().await;
                    drop(alive);
                }
            }));
            yield_now().await;
            drop(tasks);
            assert_eq!(Arc::strong_count(&alive), 3);
            while Arc::strong_count(&alive) > 1 {
                yield_now().await;
            }
        });
    });
}

#[test]
fn a_task_that_computes_runs_on_after_its_join_set_is_dropped_with_several_workers() {
    with_several_workers(|world| {
        world.run(async {
            let (started, starts) = oneshot::channel();
            let (ended, ends) = oneshot::channel();
            let dropped = Arc::new(AtomicBool::new(false));
            let computing = Arc::clone(&dropped);
            let tasks: JoinSet<()> = JoinSet::from_iter([async move {
                started.send(()).unwrap();
                while !computing.load(SeqCst) {
                    std::hint::spin_loop();
                }
                ended.send("it went on").unwrap();
            }]);
            starts.await.unwrap();
            drop(tasks);
            dropped.store(true, SeqCst);
            assert_eq!(ends.await, Ok("it went on"));
        });
    });
}

#[test]
fn shutdown_waits_for_the_end_of_its_tasks() {
    everywhere(|world| {
        world.run(async {
            let alive = Arc::new(());
            let mut tasks: JoinSet<()> = JoinSet::from_iter([(), ()].map(|()| {
                let alive = Arc::clone(&alive);
                async move {
                    sleep(Duration::MAX).await;
                    drop(alive);
                }
            }));
            tasks.shutdown().await;
            assert_eq!(Arc::strong_count(&alive), 1);
        });
    });
}
