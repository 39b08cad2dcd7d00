//! `wait`: done, pending, and what ends it.

use super::*;

/// What the tasks returned that neither panicked nor were aborted.
fn results(done: &Done) -> Vec<Answer> {
    done.iter().filter_map(|ended| ended.as_ref().ok().copied()).collect()
}

#[test]
fn first_completed_returns_the_first_and_leaves_the_rest_running() {
    everywhere(|world| {
        world.run(async {
            let ((mut tasks, mut cues), mut done) = (cast(["quick", "middling", "slow"]), Done::new());
            join!(wait(&mut tasks, &mut done, FirstCompleted), cues.end("quick"));
            assert_eq!((results(&done), tasks.len()), (vec![Ok("quick")], 2));
            cues.end("middling").await;
            join!(wait(&mut tasks, &mut done, AllCompleted), cues.end("slow"));
            assert_eq!(results(&done), [Ok("quick"), Ok("middling"), Ok("slow")]);
        });
    });
}

#[test]
fn first_completed_also_ends_at_a_failure() {
    everywhere(|world| {
        world.run(async {
            let ((mut tasks, mut cues), mut done) = (cast(["no", "slow"]), Done::new());
            join!(wait(&mut tasks, &mut done, FirstCompleted), cues.fail("no"));
            assert_eq!(results(&done), [Err("no")]);
        });
    });
}

#[test]
fn first_exception_passes_over_results_and_ends_at_the_first_error() {
    everywhere(|world| {
        world.run(async {
            let ((mut tasks, mut cues), mut done) = (cast(["quick", "no", "slow"]), Done::new());
            let mut waiting = Box::pin(wait(&mut tasks, &mut done, FirstException));
            cues.end("quick").await;
            assert!(is_pending(waiting.as_mut()));
            join!(waiting, cues.fail("no"));
            assert_eq!((results(&done), tasks.len()), (vec![Ok("quick"), Err("no")], 1));
        });
    });
}

#[test]
fn first_exception_ends_at_the_first_panic() {
    everywhere(|world| {
        world.run(async {
            let ((mut tasks, mut cues), mut done) = (cast(["quick", "slow"]), Done::new());
            cues.end("quick").await;
            tasks.spawn(panicking());
            wait(&mut tasks, &mut done, FirstException).await;
            assert!(done[1].as_ref().unwrap_err().is_panic());
            assert_eq!(tasks.len(), 1);
        });
    });
}

#[test]
fn first_exception_does_not_end_at_an_aborted_task() {
    everywhere(|world| {
        world.run(async {
            let ((mut tasks, mut cues), mut done) = (cast(["no", "slow"]), Done::new());
            let others = alive();
            tasks.spawn(pending()).abort();
            at_most_alive(others).await;
            let mut waiting = Box::pin(wait(&mut tasks, &mut done, FirstException));
            assert!(is_pending(waiting.as_mut()));
            join!(waiting, cues.fail("no"));
            assert!(done[0].as_ref().unwrap_err().is_cancelled());
            assert_eq!(results(&done), [Err("no")]);
        });
    });
}

#[test]
fn first_exception_without_an_exception_waits_for_all() {
    everywhere(|world| {
        world.run(async {
            let ((mut tasks, mut cues), mut done) = (cast(["quick", "slow"]), Done::new());
            let mut waiting = Box::pin(wait(&mut tasks, &mut done, FirstException));
            cues.end("quick").await;
            assert!(is_pending(waiting.as_mut()));
            join!(waiting, cues.end("slow"));
            assert_eq!(results(&done), [Ok("quick"), Ok("slow")]);
        });
    });
}

#[test]
fn all_completed_ends_with_the_last_task_and_done_is_in_order_of_completion() {
    everywhere(|world| {
        world.run(async {
            let ((mut tasks, mut cues), mut done) = (cast(["slow", "no", "quick"]), Done::new());
            let mut waiting = Box::pin(wait(&mut tasks, &mut done, AllCompleted));
            cues.end("quick").await;
            assert!(is_pending(waiting.as_mut()));
            cues.fail("no").await;
            assert!(is_pending(waiting.as_mut()));
            join!(waiting, cues.end("slow"));
            assert_eq!(results(&done), [Ok("quick"), Err("no"), Ok("slow")]);
        });
    });
}

#[test]
fn done_gets_everything_that_has_ended_and_not_only_the_first() {
    everywhere(|world| {
        world.run(async {
            let ((mut tasks, mut cues), mut done) = (cast(["quick", "middling", "slow"]), Done::new());
            cues.end("quick").await;
            cues.end("middling").await;
            wait(&mut tasks, &mut done, FirstCompleted).await;
            assert_eq!((results(&done), tasks.len()), (vec![Ok("quick"), Ok("middling")], 1));
        });
    });
}

#[test]
fn a_timeout_ends_the_wait_and_not_the_tasks() {
    everywhere(|world| {
        world.run(async {
            let ((mut tasks, mut cues), mut done) = (cast(["quick", "slow"]), Done::new());
            cues.end("quick").await;
            timeout(ms(10), wait(&mut tasks, &mut done, AllCompleted)).await.unwrap_err();
            assert_eq!((results(&done), tasks.len()), (vec![Ok("quick")], 1));
            join!(wait(&mut tasks, &mut done, AllCompleted), cues.end("slow"));
            assert_eq!(results(&done), [Ok("quick"), Ok("slow")]);
        });
    });
}

#[test]
fn what_is_pending_can_be_waited_for_again() {
    everywhere(|world| {
        world.run(async {
            let names = ["quick", "middling", "slow"];
            let ((mut tasks, mut cues), mut done) = (cast(names), Done::new());
            for name in names {
                join!(wait(&mut tasks, &mut done, FirstCompleted), cues.end(name));
            }
            assert_eq!(results(&done), names.map(Ok));
        });
    });
}

#[test]
fn what_is_pending_can_be_aborted() {
    everywhere(|world| {
        world.run(async {
            let ((mut tasks, mut cues), mut done) = (cast(["quick", "slow"]), Done::new());
            cues.end("quick").await;
            wait(&mut tasks, &mut done, FirstCompleted).await;
            tasks.abort_all();
            wait(&mut tasks, &mut done, AllCompleted).await;
            assert_eq!(results(&done), [Ok("quick")]);
            assert!(done[1].as_ref().is_err_and(JoinError::is_cancelled));
        });
    });
}

type Shared = Arc<Mutex<(JoinSet<Answer>, Done)>>;

/// A wait for three tasks, of which one more may end whenever the wait is pending.
fn one_ends_at_each_await() -> (Shared, impl Future<Output = ()>) {
    let may_end = Arc::new(Semaphore::new(0));
    let tasks = ["first", "second", "third"].map(|name| {
        let may_end = Arc::clone(&may_end);
        async move {
            may_end.acquire().await.unwrap().forget();
            Ok(name)
        }
    });
    let both = Arc::new(Mutex::new((JoinSet::from_iter(tasks), Done::new())));
    let waiting = Arc::clone(&both);
    (both, async move {
        let (tasks, done) = &mut *waiting.lock().await;
        let mut all = pin!(wait(tasks, done, AllCompleted));
        poll_fn(|context| {
            let polled = all.as_mut().poll(context);
            may_end.add_permits(1);
            polled
        })
        .await;
    })
}

#[test]
fn a_wait_that_is_dropped_at_any_await_loses_no_result() {
    everywhere(|world| {
        let none_is_lost = async |both: Shared, at| {
            let (tasks, done) = &*both.lock().await;
            assert_eq!(done.len() + tasks.len(), 3, "dropped at {at}");
            Ok(())
        };
        let awaits = world.run(cancel_at_every_await(one_ends_at_each_await, none_is_lost)).unwrap();
        assert_eq!(awaits, 3);
    });
}

#[test]
fn with_no_tasks_it_returns_at_once() {
    everywhere(|world| {
        for until in [FirstCompleted, FirstException, AllCompleted] {
            let (mut tasks, mut done) = (JoinSet::<Answer>::new(), Done::new());
            let ended = world.run(async { wait(&mut tasks, &mut done, until).now_or_never() });
            assert_eq!((ended, done.len()), (Some(()), 0));
        }
    });
}

#[test]
fn a_panic_is_one_of_the_results_and_the_others_go_on() {
    everywhere(|world| {
        world.run(async {
            let ((mut tasks, mut cues), mut done) = (cast(["slow"]), Done::new());
            tasks.spawn(panicking());
            wait(&mut tasks, &mut done, FirstCompleted).await;
            assert!(done[0].as_ref().unwrap_err().is_panic());
            join!(wait(&mut tasks, &mut done, AllCompleted), cues.end("slow"));
            assert_eq!(results(&done), [Ok("slow")]);
        });
    });
}

#[test]
fn the_id_tells_which_task_panicked() {
    everywhere(|world| {
        world.run(async {
            let ((mut tasks, mut cues), mut done) = (cast(["quick"]), Done::new());
            let id = tasks.spawn(panicking()).id();
            join!(wait(&mut tasks, &mut done, AllCompleted), cues.end("quick"));
            assert_eq!(done.iter().find_map(|ended| ended.as_ref().err()).unwrap().id(), id);
        });
    });
}

#[test]
fn when_all_fail_every_error_is_among_the_results() {
    everywhere(|world| {
        world.run(async {
            let ((mut tasks, mut cues), mut done) = (cast(["first", "second"]), Done::new());
            cues.fail("first").await;
            join!(wait(&mut tasks, &mut done, AllCompleted), cues.fail("second"));
            assert_eq!(results(&done), [Err("first"), Err("second")]);
        });
    });
}

/// Waits until a timeout. Returns how many results are there, how many tasks are left, and which tasks were aborted.
fn in_time(world: World, is_naive: bool) -> (usize, usize, Vec<String>) {
    let ((done, left), recording) = world.record(async {
        let (others, (mut tasks, mut cues), mut done) = (alive(), cast(["quick", "slow"]), Done::new());
        cues.end("quick").await;
        if is_naive {
            timeout(ms(10), naive::wait(&mut tasks, &mut done, AllCompleted)).await.unwrap_err();
            at_most_alive(others).await;
        } else {
            timeout(ms(10), wait(&mut tasks, &mut done, AllCompleted)).await.unwrap_err();
        }
        let left = tasks.len();
        tasks.detach_all();
        (done.len(), left)
    });
    (done, left, recording.cancelled().into_iter().map(str::to_owned).collect())
}

#[test]
fn the_naive_wait_loses_results_and_tasks_to_a_timeout() {
    everywhere(|world| {
        assert_eq!(in_time(world, false), (1, 1, vec![]));
        assert_eq!(in_time(world, true), (0, 0, vec!["slow".to_owned()]));
    });
}

#[test]
fn join_all_in_a_timeout_loses_the_same() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let (others, (tasks, mut cues)) = (alive(), cast(["quick", "slow"]));
            cues.end("quick").await;
            assert!(timeout(ms(10), tasks.join_all()).await.is_err());
            at_most_alive(others).await;
        });
        assert_eq!(recording.finish_order(), ["quick"]);
        assert_eq!(recording.cancelled(), ["slow"]);
    });
}

#[test]
fn join_all_panics_when_one_task_did_and_loses_the_other_results() {
    everywhere(|world| {
        let (panic, recording) = world.record(async {
            let (others, (mut tasks, mut cues)) = (alive(), cast(["quick", "slow"]));
            cues.end("quick").await;
            tasks.spawn(panicking());
            let panic = AssertUnwindSafe(tasks.join_all()).catch_unwind().await.unwrap_err();
            at_most_alive(others).await;
            panic
        });
        assert_eq!(message(&*panic), "boom");
        assert_eq!(recording.finish_order(), ["quick"]);
    });
}
