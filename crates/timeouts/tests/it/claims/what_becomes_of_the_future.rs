//! What becomes of the future.

use super::*;

#[test]
fn a_timeout_is_a_race_between_the_work_and_a_sleep_on_the_paused_clock() {
    async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            value = work => Some(value),
            () = sleep(limit) => None,
        }
    }
    on_the_paused_clock(|world| {
        for takes in [0, 49, 50, 51, 90] {
            let (ended, recording) = world.record(async {
                let ours = within(ms(50), sleep(ms(takes)).lane("ours")).await;
                (ours, timeout(ms(50), sleep(ms(takes)).lane("tokio's")).await.ok())
            });
            assert_eq!(ended.0, ended.1, "{takes} ms");
            let cancelled: &[&str] = if takes > 50 { &["ours", "tokio's"] } else { &[] };
            assert_eq!(recording.cancelled(), cancelled, "{takes} ms");
        }
    });
}

#[test]
fn a_future_that_is_ready_in_time_keeps_its_value() {
    everywhere(|world| {
        let (answer, recording) = world.record(async { timeout(ms(5_000), async { 42 }.lane("quick")).await });
        assert_eq!(answer, Ok(42));
        assert_eq!(recording.finish_order(), ["quick"]);
    });
}

#[test]
fn on_timeout_the_future_is_dropped_and_runs_no_further() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let (go, gone) = oneshot::channel::<()>();
            let work = async {
                gone.await.unwrap();
                tracing::info!("went on");
            };
            timeout(ms(5), work.lane("work")).await.unwrap_err();
            go.send(()).expect_err("the future is gone, and with it the receiver");
            sleep(ms(30)).await;
        });
        let work = recording.lane("work").unwrap();
        assert_eq!(work.outcome, Some(Outcome::Cancelled));
        assert_eq!(work.notes, []);
    });
}

#[test]
fn what_it_has_spawned_runs_on() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let (go, gone) = oneshot::channel::<()>();
            let (task, ended) = spawn_watched(async { gone.await.unwrap() }.lane("spawned"));
            timeout(ms(5), task.try_lane("work")).await.unwrap_err();
            go.send(()).unwrap();
            ended.await.unwrap_err();
        });
        assert_eq!(recording.cancelled(), ["work"]);
        assert_eq!(recording.finish_order(), ["spawned"]);
    });
}

#[test]
fn the_tasks_of_a_join_set_inside_it_are_aborted() {
    everywhere(|world| {
        world.run(async {
            let (ends, ended) = oneshot::channel::<()>();
            let work = async {
                let mut tasks = JoinSet::new();
                tasks.spawn(async move {
                    pending::<()>().await;
                    drop(ends);
                });
                tasks.join_next().await
            };
            timeout(ms(5), work).await.unwrap_err();
            // The task would hold its end of the channel for ever.
            ended.await.unwrap_err();
        });
    });
}

#[test]
fn so_does_a_closure_that_it_has_handed_to_the_blocking_pool() {
    everywhere(|world| {
        world.run(async {
            let (begun, begins) = oneshot::channel();
            let (go, gone) = blocking::channel();
            let (ends, ended) = oneshot::channel();
            let closure = move || {
                begun.send(()).unwrap();
                gone.recv().unwrap();
                ends.send("ended").unwrap();
            };
            let mut work = Box::pin(timeout(ms(10), async { spawn_blocking(closure).await }));
            assert!(futures::poll!(&mut work).is_pending());
            begins.await.unwrap();
            pass(world, ms(10)).await;
            work.await.unwrap_err();
            go.send(()).unwrap();
            assert_eq!(ended.await, Ok("ended"));
        });
    });
}

#[test]
fn the_future_lives_until_the_timeout_itself_is_dropped() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let mut waiting = Box::pin(timeout(ms(5), pending::<()>().lane("work")));
            waiting.as_mut().await.unwrap_err();
            async {}.lane("afterwards").await;
            drop(waiting);
        });
        let [work, afterwards] = ["work", "afterwards"].map(|name| recording.lane(name).unwrap());
        assert!(work.closed >= afterwards.closed);
        assert_eq!(work.outcome, Some(Outcome::Cancelled));
    });
}

#[test]
fn only_synchronous_clean_up_runs_and_the_caller_does_not_wait_for_more() {
    everywhere(|world| {
        let call = async {
            let work = async {
                let _guard = Guard;
                pending::<()>().await;
                sleep(ms(5_000)).await;
                tracing::info!("tidied up");
            };
            timeout(ms(10), work.lane("work")).await.unwrap_err();
        };
        let ((), recording) = world.record(async { call.lane("call").await });
        let notes: Vec<_> = recording.lane("work").unwrap().notes.iter().map(|note| &*note.text).collect();
        assert_eq!(notes, ["put away"]);
        world.assert_took(recording.total(), ms(10));
        assert!(recording.total() < 5_000_000);
    });
}

#[test]
fn a_borrowed_future_outlives_the_timeout_and_can_be_waited_for_again() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let (go, gone) = oneshot::channel::<()>();
            let mut work = pin!(async { gone.await.unwrap() }.lane("work"));
            timeout(ms(5), &mut work).await.unwrap_err();
            go.send(()).unwrap();
            timeout(ms(5_000), &mut work).await.unwrap();
        });
        assert_eq!(recording.finish_order(), ["work"]);
        world.assert_took(recording.total(), ms(5));
    });
}

#[test]
fn the_time_starts_at_the_call_and_not_at_the_first_poll() {
    everywhere(|world| {
        let (result, recording) = world.record(async {
            let waiting = timeout(ms(10), sleep(ms(5_000)));
            sleep(ms(20)).await;
            async { waiting.await.is_err() }.lane("waiting").await
        });
        assert!(result);
        if world.is_paused() {
            assert_eq!(recording.lane("waiting").unwrap().lasted(), Some(0));
        }
    });
}

#[test]
fn a_timeout_too_long_for_the_clock_never_fires() {
    everywhere(|world| assert_eq!(world.run(async { timeout(Duration::MAX, sleep(ms(5))).await }), Ok(())));
}

#[test]
fn elapsed_becomes_an_io_error_of_the_kind_timed_out() {
    async fn read() -> io::Result<usize> {
        timeout(ms(5), pending::<io::Result<usize>>()).await?
    }
    everywhere(|world| assert_eq!(world.run(read()).unwrap_err().kind(), io::ErrorKind::TimedOut));
}
