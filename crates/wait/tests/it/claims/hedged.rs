//! Hedged requests.

use super::*;

type Request = BoxFuture<'static, Answer>;
type Outcome = Result<&'static str, Vec<&'static str>>;

/// Asks these replicas with a patience of so many milliseconds.
fn ask<const N: usize>(world: World, patience: u64, replicas: impl FnOnce() -> [Request; N]) -> (Outcome, Recording) {
    world.record(async { hedged(replicas(), ms(patience)).await })
}

/// Answers as soon as it is polled again.
fn answers(name: &'static str) -> Request {
    yield_now().map(move |()| Ok(name)).try_lane(name).boxed()
}

/// Fails as soon as it is polled again.
fn fails(name: &'static str) -> Request {
    yield_now().map(move |()| Err(name)).try_lane(name).boxed()
}

fn never_answers(name: &'static str) -> Request {
    pending().try_lane(name).boxed()
}

/// The first one fails as soon as the second one is asked, and the second one does then what it is told to.
fn one_after_the_other(first: &'static str, second: &'static str, then: Answer) -> [Request; 2] {
    let (ask, asked) = oneshot::channel();
    let (fail, failed) = oneshot::channel();
    let first_request = async move {
        asked.await.unwrap();
        fail.send(()).unwrap();
        Err(first)
    };
    let second_request = async move {
        ask.send(()).unwrap();
        failed.await.unwrap();
        then
    };
    [first_request.try_lane(first).boxed(), second_request.try_lane(second).boxed()]
}

/// A patience that does not run out in any test.
const ENDLESS: u64 = 1_000_000;

#[test]
fn after_a_quick_answer_no_other_replica_is_asked() {
    everywhere(|world| {
        let (answer, recording) = ask(world, ENDLESS, || [answers("primary"), answers("backup")]);
        assert_eq!(answer, Ok("primary"));
        assert_eq!(recording.never_started(), ["backup"]);
    });
}

#[test]
fn a_replica_that_is_asked_later_can_win_and_the_slow_one_is_dropped() {
    everywhere(|world| {
        let (answer, recording) = ask(world, 20, || [never_answers("primary"), answers("backup")]);
        assert_eq!(answer, Ok("backup"));
        assert_eq!(recording.cancelled(), ["primary"]);
        world.assert_took(recording.lane("backup").unwrap().started().unwrap(), ms(20));
    });
}

#[test]
fn the_first_replica_can_win_after_the_second_was_asked() {
    everywhere(|world| {
        let (answer, recording) = ask(world, 10, || {
            let (ask, asked) = oneshot::channel();
            let primary = async move {
                asked.await.unwrap();
                Ok("primary")
            };
            let backup = async move {
                ask.send(()).unwrap();
                pending().await
            };
            [primary.boxed(), backup.try_lane("backup").boxed()]
        });
        assert_eq!(answer, Ok("primary"));
        assert_eq!(recording.cancelled(), ["backup"]);
    });
}

#[test]
fn a_failure_asks_the_next_replica_at_once() {
    everywhere(|world| {
        let (answer, recording) = ask(world, ENDLESS, || [fails("primary"), answers("backup")]);
        assert_eq!(answer, Ok("backup"));
        world.assert_took(recording.lane("backup").unwrap().started().unwrap(), ms(0));
    });
}

#[test]
fn after_a_failure_patience_starts_again_with_the_next_replica() {
    everywhere(|world| {
        let (_, recording) = ask(world, 40, || {
            let first = sleep(ms(30)).map(|()| Err("first")).try_lane("first");
            [first.boxed(), never_answers("second"), answers("third")]
        });
        let (first, third) = (recording.lane("first").unwrap(), recording.lane("third").unwrap());
        world.assert_took(third.started().unwrap() - first.closed.unwrap(), ms(40));
    });
}

#[test]
fn when_all_fail_it_returns_every_error_in_the_order_of_failing() {
    everywhere(|world| {
        let (answer, _) = ask(world, 10, || {
            let [second, last] = one_after_the_other("second", "last", Err("last"));
            [fails("first"), second, last]
        });
        assert_eq!(answer, Err(vec!["first", "second", "last"]));
        let (answer, _) = ask(world, 10, || {
            let [last, middle] = one_after_the_other("middle", "last", Err("last"));
            [last, middle, fails("after")]
        });
        assert_eq!(answer, Err(vec!["middle", "last", "after"]));
    });
}

#[test]
fn with_no_replicas_it_fails_without_an_error() {
    everywhere(|world| assert_eq!(ask(world, 100, || []).0, Err(vec![])));
}

#[test]
fn a_panic_in_one_request_drops_the_others() {
    everywhere(|world| {
        world.run(async {
            let started = Arc::new(Semaphore::new(0));
            let requests = [endless(Arc::clone(&started)).boxed(), panicking().boxed()];
            let mut asked = pin!(hedged(requests, ms(10)));
            let panic = AssertUnwindSafe(asked.as_mut()).catch_unwind().await.unwrap_err();
            assert_eq!(message(&*panic), "boom");
            assert_eq!(Arc::strong_count(&started), 1);
        });
    });
}

#[test]
fn dropping_hedged_drops_every_request() {
    everywhere(|world| {
        world.run(async {
            let started = Arc::new(Semaphore::new(0));
            let requests = [(), ()].map(|()| endless(Arc::clone(&started)));
            select! {
                _ = hedged(requests, ms(10)) => unreachable!("nobody answers"),
                () = have_started(&started, 2) => {}
            }
            assert_eq!(Arc::strong_count(&started), 1);
        });
    });
}

#[test]
fn the_naive_hedged_lets_a_failure_win_over_an_answer() {
    let replicas = || one_after_the_other("primary", "backup", Ok("backup"));
    everywhere(|world| {
        let (answer, recording) = ask(world, 10, replicas);
        assert_eq!(answer, Ok("backup"));
        assert_eq!(recording.cancelled(), Vec::<&str>::new());

        let (answer, recording) = world.record(async { naive::hedged(replicas(), ms(10)).await });
        assert_eq!(answer, Err(vec!["primary"]));
        assert_eq!(recording.cancelled(), ["backup"]);
    });
}
