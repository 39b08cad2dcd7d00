//! The test of the story, tested.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use exam::cancel_at_every_await;
use futures::FutureExt;
use futures::future::{BoxFuture, join_all, pending};
use room::{everywhere, on_the_paused_clock};
use testing::{Call, Caught, Failed, examine, faulty, first_answer, naive};
use timeline::LaneExt;
use tokio::time::{Instant, sleep};

use super::ms;

type Outcome = Result<String, Failed>;

/// A call that answers so, after so many milliseconds.
fn call(after: u64, answer: Result<&'static str, &'static str>) -> Call {
    async move {
        sleep(ms(after)).await;
        answer.map(str::to_owned).map_err(str::to_owned)
    }
    .boxed()
}

async fn found<F: Future<Output = Outcome>>(
    subject: impl Fn(Vec<Call>, Duration) -> F,
    patience: u64,
) -> Result<(), Caught> {
    examine(subject, ms(patience), |_step| {}).await
}

#[test]
fn the_test_passes_the_right_version_and_catches_each_fault() {
    everywhere(|world| {
        let found = world.run(async {
            tokio::join!(
                found(first_answer, 5_000),
                found(faulty::one_by_one, 700),
                found(faulty::leaves_them_running, 700),
                found(faulty::takes_an_error, 700),
                found(faulty::has_no_limit, 700),
            )
        });
        assert_eq!(found.0, Ok(()));
        assert_eq!(found.1, Err(Caught::Stuck("only one call is made")));
        assert_eq!(found.2, Err(Caught::LeftRunning(1)));
        assert_eq!(found.3, Err(Caught::Returned(Err(Failed::All(vec!["is down".to_owned()])))));
        assert_eq!(found.4, Err(Caught::Stuck("it has no limit")));
    });
}

#[test]
fn the_naive_test_passes_every_version_on_the_paused_clock() {
    async fn missed<F: Future<Output = Outcome>>(subject: impl Fn(Vec<Call>, Duration) -> F) -> Result<(), Caught> {
        naive::examine(subject, ms(700), |_step| {}).await
    }
    on_the_paused_clock(|world| {
        world.run(async {
            assert_eq!(missed(first_answer).await, Ok(()));
            assert_eq!(missed(faulty::one_by_one).await, Ok(()));
            assert_eq!(missed(faulty::leaves_them_running).await, Ok(()));
            assert_eq!(missed(faulty::takes_an_error).await, Ok(()));
            assert_eq!(missed(faulty::has_no_limit).await, Ok(()));
        });
    });
}

#[test]
fn the_naive_test_catches_a_version_that_does_nothing_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let mut told = Vec::new();
        world.run(async {
            let c = naive::examine(async |_calls, _limit| Ok("c".to_owned()), ms(700), |step| told.push(step)).await;
            assert_eq!(c, Err(Caught::Stuck("no answer")));
            let a = naive::examine(async |_calls, _limit| Ok("a".to_owned()), ms(700), |step| told.push(step)).await;
            assert_eq!(a, Err(Caught::Returned(Ok("a".to_owned()))));
        });
        assert_eq!(told, ["a starts before b"]);
    });
}

#[test]
fn with_too_little_patience_the_right_version_fails_the_test_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let found = world.run(found(first_answer, 300));
        assert_eq!(found, Err(Caught::Stuck("it has no limit")));
    });
}

#[test]
fn the_test_looks_at_every_answer_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let wrong = async |_calls: Vec<Call>, _limit: Duration| Ok("c".to_owned());
            assert_eq!(found(wrong, 700).await, Err(Caught::Returned(Ok("c".to_owned()))));
            let waits_for_all = async |calls: Vec<Call>, _limit: Duration| {
                let answers = join_all(calls).await;
                answers.into_iter().filter_map(Result::ok).next_back().ok_or(Failed::TooLate)
            };
            assert_eq!(found(waits_for_all, 700).await, Err(Caught::Returned(Ok("b".to_owned()))));
            // It calls every answer "a".
            let guesses = async |calls: Vec<Call>, limit: Duration| {
                first_answer(calls, limit).await.map(|_answer| "a".to_owned())
            };
            assert_eq!(found(guesses, 700).await, Err(Caught::Returned(Ok("a".to_owned()))));
            let fails = async |calls: Vec<Call>, limit: Duration| {
                first_answer(calls, limit).await.map_err(|_failed| Failed::All(Vec::new()))
            };
            assert_eq!(found(fails, 700).await, Err(Caught::Returned(Err(Failed::All(Vec::new())))));
        });
    });
}

#[test]
fn the_test_tells_each_step_that_is_passed_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let steps = Mutex::new(Vec::new());
        world.run(examine(first_answer, ms(700), |step| steps.lock().unwrap().push(step))).unwrap();
        let all = ["both at once", "an error is no answer", "has a limit"];
        assert_eq!(steps.into_inner().unwrap(), all);
    });
}

#[test]
fn the_first_answer_wins_and_nobody_waits_for_the_others() {
    everywhere(|world| {
        let calls = vec![call(2_000_000, Ok("slow")), call(20, Ok("quick"))];
        let (answer, recording) = world.record(async { first_answer(calls, ms(3_000_000)).try_lane("test").await });
        assert_eq!(answer, Ok("quick".to_owned()));
        world.assert_took(recording.total(), ms(20));
    });
}

#[test]
fn if_all_calls_fail_all_errors_come_back_as_they_came() {
    everywhere(|world| {
        let answer = world.run(first_answer(vec![call(40, Err("late")), call(10, Err("early"))], ms(3_000_000)));
        assert_eq!(answer, Err(Failed::All(vec!["early".to_owned(), "late".to_owned()])));
        assert_eq!(world.run(first_answer(Vec::new(), ms(10))), Err(Failed::All(Vec::new())));
    });
}

#[test]
fn on_the_paused_clock_a_test_may_ask_for_the_exact_time() {
    on_the_paused_clock(|world| {
        world.run(async {
            let started = Instant::now();
            let answer = first_answer(vec![pending().boxed()], ms(400)).await;
            assert_eq!((answer, started.elapsed()), (Err(Failed::TooLate), ms(400)));
        });
    });
}

/// Calls that share this Arc until they end or are dropped.
fn counted<F: Future<Output = Outcome>>(subject: impl Fn(Vec<Call>, Duration) -> F) -> (Arc<()>, F) {
    let here = Arc::new(());
    let calls = [(10, Err("down")), (20, Ok("a")), (30, Ok("b"))].map(|(after, answer)| {
        let (here, call) = (Arc::clone(&here), call(after, answer));
        let call: BoxFuture<'static, _> = async move {
            let answer = call.await;
            drop(here);
            answer
        }
        .boxed();
        call
    });
    (here, subject(calls.into(), ms(1_000)))
}

async fn judge(here: Arc<()>, at: usize) -> exam::Judgement {
    match Arc::strong_count(&here) - 1 {
        0 => Ok(()),
        calls => exam::fault(format!("Cancelled at await {at}, {calls} calls are left."), "A task runs on."),
    }
}

#[test]
fn cancelled_at_any_await_the_right_version_leaves_no_call() {
    everywhere(|world| {
        world.run(async {
            assert!(cancel_at_every_await(|| counted(first_answer), judge).await.unwrap() >= 2);
        });
    });
}

#[test]
fn cancel_at_every_await_finds_the_version_that_leaves_its_calls() {
    everywhere(|world| {
        world.run(async {
            let fault = cancel_at_every_await(|| counted(faulty::leaves_them_running), judge).await.unwrap_err();
            assert_eq!(fault.what, "Cancelled at await 1, 3 calls are left.");
        });
    });
}

#[test]
fn a_test_of_the_order_of_starts_passes_the_serial_version() {
    async fn order<F: Future<Output = Outcome>>(subject: impl Fn(Vec<Call>, Duration) -> F) -> Vec<&'static str> {
        let started = Arc::new(Mutex::new(Vec::new()));
        let calls = ["a", "b"].map(|name| {
            let started = Arc::clone(&started);
            async move {
                started.lock().unwrap().push(name);
                tokio::task::yield_now().await;
                Err(name.to_owned())
            }
            .boxed()
        });
        subject(calls.into(), ms(1_000_000)).await.unwrap_err();
        Arc::into_inner(started).unwrap().into_inner().unwrap()
    }
    everywhere(|world| {
        assert_eq!(world.run(order(faulty::one_by_one)), ["a", "b"]);
        assert_eq!(world.run(order(first_answer)), ["a", "b"]);
    });
}

#[test]
fn what_was_found_is_told_in_words() {
    let told = |caught: Caught| caught.to_string();
    assert_eq!(told(Caught::Stuck("no answer")), "stuck, no answer");
    assert_eq!(told(Caught::LeftRunning(1)), "a call is still under way");
    assert_eq!(told(Caught::LeftRunning(2)), "2 calls are still under way");
    assert_eq!(told(Caught::Returned(Ok("b".to_owned()))), "it returned b");
    assert_eq!(told(Caught::Returned(Err(Failed::TooLate))), "it failed: no answer within the limit");
    let both = Failed::All(vec!["down".to_owned(), "busy".to_owned()]);
    assert_eq!(told(Caught::Returned(Err(both))), "it failed: all calls failed: down, busy");
}
