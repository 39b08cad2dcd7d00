//! What ends with a handle or a set, and when: an abort is a request, and a task ends at its next await that has to wait.

use super::*;

#[test]
fn dropping_a_join_handle_detaches_the_task() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let others = alive();
            drop(tokio::spawn(answer("detached", 10).try_lane("detached")));
            while alive() > others {
                sleep(ms(1)).await;
            }
        });
        assert_eq!(recording.finish_order(), ["detached"]);
    });
}

#[test]
fn dropping_a_join_set_aborts_its_tasks() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let (others, started) = (alive(), Arc::new(Semaphore::new(0)));
            let tasks = ["first", "second"].map(|name| endless(Arc::clone(&started)).try_lane(name));
            let tasks = JoinSet::from_iter(tasks);
            have_started(&started, 2).await;
            drop(tasks);
            at_most_alive(others).await;
        });
        assert_eq!(recording.cancelled(), ["first", "second"]);
    });
}

#[test]
fn a_dropped_join_set_does_not_wait_for_the_end_of_its_tasks_on_one_thread() {
    on_one_thread(|world| {
        world.run(async {
            let started = Arc::new(Semaphore::new(0));
            let tasks = JoinSet::from_iter([(), ()].map(|()| endless(Arc::clone(&started))));
            have_started(&started, 2).await;
            drop(tasks);
            assert_eq!(alive(), 2);
            at_most_alive(0).await;
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
fn an_aborted_task_goes_on_after_an_await_that_is_ready() {
    everywhere(|world| {
        world.run(async {
            let (hands, own) = oneshot::channel::<AbortHandle>();
            let (went_on, goes_on) = oneshot::channel();
            let mut tasks = JoinSet::new();
            let handle = tasks.spawn(async move {
                own.await.unwrap().abort();
                ready(()).await;
                went_on.send("after an await that is ready").unwrap();
                pending::<()>().await;
            });
            hands.send(handle).unwrap();
            assert_eq!(goes_on.await, Ok("after an await that is ready"));
            assert!(tasks.join_next().await.unwrap().unwrap_err().is_cancelled());
        });
    });
}

#[test]
fn shutdown_aborts_what_is_pending_and_waits_until_it_has_ended() {
    everywhere(|world| {
        world.run(async {
            let started = Arc::new(Semaphore::new(0));
            let mut tasks = JoinSet::from_iter([(), ()].map(|()| endless(Arc::clone(&started))));
            have_started(&started, 2).await;
            assert_eq!(Arc::strong_count(&started), 3);
            tasks.shutdown().await;
            assert_eq!(Arc::strong_count(&started), 1);
        });
    });
}
