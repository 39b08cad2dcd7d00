//! `wait`: done, pending, and what ends it.

use std::future::{pending, poll_fn};
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use exam::cancel_at_every_await;
use futures::FutureExt;
use room::everywhere;
use timeline::{Clock, LaneExt, Recording, record};
use tokio::sync::{Mutex, Semaphore};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep, timeout};
use wait::ReturnWhen::{AllCompleted, FirstCompleted, FirstException};
use wait::{Ended, naive, wait};

use super::{alive, at_most_alive};
use crate::{Answer, answer, failure, ms, panicking};

type Done = Vec<Ended<&'static str, &'static str>>;

/// Three tasks: `quick` takes 10 ms, `middling` 20 ms, `slow` 30 ms.
fn three() -> JoinSet<Answer> {
    [("quick", 10), ("middling", 20), ("slow", 30)]
        .map(|(name, takes)| answer(name, takes).try_lane(name))
        .into_iter()
        .collect()
}

/// What the tasks returned that neither panicked nor were aborted.
fn results(done: &Done) -> Vec<Answer> {
    done.iter().filter_map(|ended| ended.as_ref().ok().copied()).collect()
}

#[test]
fn first_completed_returns_the_first_and_leaves_the_rest_running() {
    let ((), recording) = record(Clock::Virtual, async {
        let (mut tasks, mut done) = (three(), Done::new());
        wait(&mut tasks, &mut done, FirstCompleted).await;
        assert_eq!(results(&done), [Ok("quick")]);
        assert_eq!(tasks.len(), 2);
        sleep(ms(100)).await;
    });
    assert_eq!(recording.finish_order(), ["quick", "middling", "slow"]);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_the_first_completed_too() {
    let mut tasks = JoinSet::from_iter([failure("no", 10)]);
    tasks.spawn(answer("yes", 20));
    let mut done = Done::new();
    wait(&mut tasks, &mut done, FirstCompleted).await;
    assert_eq!(results(&done), [Err("no")]);
}

#[tokio::test(start_paused = true)]
async fn first_exception_passes_over_results_and_ends_at_the_first_error() {
    let mut tasks = three();
    tasks.spawn(failure("no", 25));
    let mut done = Done::new();
    wait(&mut tasks, &mut done, FirstException).await;
    assert_eq!(results(&done), [Ok("quick"), Ok("middling"), Err("no")]);
    assert_eq!(tasks.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn first_exception_ends_at_the_first_panic() {
    let (mut tasks, mut done) = (three(), Done::new());
    tasks.spawn(panicking(15));
    wait(&mut tasks, &mut done, FirstException).await;
    assert!(done[1].as_ref().unwrap_err().is_panic());
    assert_eq!(tasks.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn first_exception_does_not_end_at_an_aborted_task() {
    let (mut tasks, mut done) = (three(), Done::new());
    tasks.spawn(answer("aborted", 40)).abort();
    tasks.spawn(failure("no", 15));
    wait(&mut tasks, &mut done, FirstException).await;
    assert!(done[0].as_ref().unwrap_err().is_cancelled());
    assert_eq!(results(&done), [Ok("quick"), Err("no")]);
}

#[tokio::test(start_paused = true)]
async fn first_exception_without_an_exception_waits_for_all() {
    let (mut tasks, mut done) = (three(), Done::new());
    wait(&mut tasks, &mut done, FirstException).await;
    assert_eq!(results(&done), [Ok("quick"), Ok("middling"), Ok("slow")]);
}

#[tokio::test(start_paused = true)]
async fn all_completed_takes_as_long_as_the_slowest_and_done_is_in_order_of_completion() {
    let started = Instant::now();
    let mut tasks = JoinSet::from_iter([answer("slow", 30), answer("quick", 10)]);
    let mut done = Done::new();
    wait(&mut tasks, &mut done, AllCompleted).await;
    assert_eq!(results(&done), [Ok("quick"), Ok("slow")]);
    assert_eq!(started.elapsed(), ms(30));
}

#[tokio::test(start_paused = true)]
async fn all_that_has_ended_by_then_is_done_not_only_the_first() {
    let (mut tasks, mut done) = (three(), Done::new());
    sleep(ms(25)).await;
    wait(&mut tasks, &mut done, FirstCompleted).await;
    assert_eq!(results(&done), [Ok("quick"), Ok("middling")]);
}

#[test]
fn a_timeout_ends_the_wait_and_not_the_tasks() {
    let ((), recording) = record(Clock::Virtual, async {
        let (mut tasks, mut done) = (three(), Done::new());
        timeout(ms(25), wait(&mut tasks, &mut done, AllCompleted)).await.unwrap_err();
        assert_eq!(results(&done), [Ok("quick"), Ok("middling")]);
        assert_eq!(tasks.len(), 1);
        sleep(ms(100)).await;
    });
    assert_eq!(recording.finish_order(), ["quick", "middling", "slow"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_pending_can_be_waited_for_again() {
    let (mut tasks, mut done) = (three(), Done::new());
    while !tasks.is_empty() {
        wait(&mut tasks, &mut done, FirstCompleted).await;
    }
    assert_eq!(results(&done), [Ok("quick"), Ok("middling"), Ok("slow")]);
}

#[test]
fn what_is_pending_can_be_aborted() {
    let ((), recording) = record(Clock::Virtual, async {
        let (mut tasks, mut done) = (three(), Done::new());
        wait(&mut tasks, &mut done, FirstCompleted).await;
        tasks.abort_all();
        wait(&mut tasks, &mut done, AllCompleted).await;
        assert!(done[1..].iter().all(|ended| ended.as_ref().is_err_and(JoinError::is_cancelled)));
    });
    assert_eq!(recording.cancelled(), ["middling", "slow"]);
    assert_eq!(recording.total(), 10_000);
}

#[test]
fn shutdown_aborts_what_is_pending_and_waits_until_it_has_ended() {
    let ((), recording) = record(Clock::Virtual, async {
        let (mut tasks, mut done) = (three(), Done::new());
        wait(&mut tasks, &mut done, FirstCompleted).await;
        tasks.shutdown().await;
    });
    assert_eq!(recording.cancelled(), ["middling", "slow"]);
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

#[tokio::test(start_paused = true)]
async fn with_no_tasks_it_returns_at_once() {
    for until in [FirstCompleted, FirstException, AllCompleted] {
        let (mut tasks, mut done) = (JoinSet::<Answer>::new(), Done::new());
        timeout(Duration::ZERO, wait(&mut tasks, &mut done, until)).await.unwrap();
        assert!(done.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_one_of_the_results_and_the_others_go_on() {
    let (mut tasks, mut done) = (three(), Done::new());
    tasks.spawn(panicking(15));
    wait(&mut tasks, &mut done, AllCompleted).await;
    assert!(done[1].as_ref().unwrap_err().is_panic());
    assert_eq!(results(&done), [Ok("quick"), Ok("middling"), Ok("slow")]);
}

#[tokio::test(start_paused = true)]
async fn a_panicked_task_is_known_by_its_id() {
    let mut tasks = JoinSet::new();
    let id = tasks.spawn(panicking(10)).id();
    let mut done = Done::new();
    wait(&mut tasks, &mut done, AllCompleted).await;
    assert_eq!(done[0].as_ref().unwrap_err().id(), id);
}

#[tokio::test(start_paused = true)]
async fn when_all_fail_every_error_is_among_the_results() {
    let mut tasks = JoinSet::from_iter([failure("first", 10), failure("second", 20)]);
    let mut done = Done::new();
    wait(&mut tasks, &mut done, AllCompleted).await;
    assert_eq!(results(&done), [Err("first"), Err("second")]);
}

#[test]
fn dropping_a_join_handle_detaches_the_task() {
    let ((), recording) = record(Clock::Virtual, async {
        drop(tokio::spawn(answer("detached", 10).try_lane("detached")));
        sleep(ms(100)).await;
    });
    assert_eq!(recording.finish_order(), ["detached"]);
}

#[test]
fn dropping_a_join_set_aborts_its_tasks() {
    let ((), recording) = record(Clock::Virtual, async {
        let tasks = three();
        sleep(ms(15)).await;
        drop(tasks);
        sleep(ms(100)).await;
    });
    assert_eq!(recording.finish_order(), ["quick"]);
    assert_eq!(recording.cancelled(), ["middling", "slow"]);
}

#[test]
fn the_naive_wait_loses_results_and_tasks_to_a_timeout() {
    fn run(naive: bool) -> (usize, Recording) {
        record(Clock::Virtual, async {
            let (mut tasks, mut done) = (three(), Done::new());
            let _enough = if naive {
                timeout(ms(25), naive::wait(&mut tasks, &mut done, AllCompleted)).await.is_ok()
            } else {
                timeout(ms(25), wait(&mut tasks, &mut done, AllCompleted)).await.is_ok()
            };
            sleep(ms(100)).await;
            done.len()
        })
    }
    let (done, recording) = run(false);
    assert_eq!((done, recording.cancelled()), (2, vec![]));
    let (done, recording) = run(true);
    assert_eq!((done, recording.cancelled()), (0, vec!["slow"]));
}

#[test]
fn join_all_panics_when_one_task_did_and_loses_the_other_results() {
    everywhere(|world| {
        let (lost, recording) = world.record(async {
            let others = alive();
            let mut tasks = JoinSet::from_iter([async { Ok("quick") }.try_lane("quick")]);
            at_most_alive(others).await;
            tasks.spawn(panicking(0));
            tasks.spawn(pending().try_lane("slow"));
            let lost = AssertUnwindSafe(tasks.join_all()).catch_unwind().await.is_err();
            at_most_alive(others).await;
            lost
        });
        assert!(lost);
        assert_eq!((recording.finish_order(), recording.cancelled()), (vec!["quick"], vec!["slow"]));
    });
}

#[test]
fn join_all_in_a_timeout_loses_the_same() {
    let (lost, recording) = record(Clock::Virtual, async {
        let lost = timeout(ms(25), three().join_all()).await.is_err();
        sleep(ms(100)).await;
        lost
    });
    assert!(lost);
    assert_eq!(recording.cancelled(), ["slow"]);
}
