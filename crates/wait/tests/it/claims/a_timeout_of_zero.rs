//! A timeout of zero, and a patience of zero.

use super::*;

#[test]
fn a_zero_timeout_takes_everything_that_has_ended() {
    everywhere(|world| {
        let done = world.run(async {
            let (mut tasks, mut done) = (ended(300).await, Vec::new());
            tasks.spawn(pending());
            timeout(Duration::ZERO, wait(&mut tasks, &mut done, AllCompleted)).await.unwrap_err();
            numbers(done)
        });
        assert_eq!(done, (0..300).collect::<Vec<_>>());
    });
}

#[test]
fn a_zero_timeout_does_not_start_a_new_task_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let ((), recording) = world.record(async {
            let (mut tasks, mut done) =
                (JoinSet::from_iter([async { Ok("at once") }.try_lane("at once")]), Done::new());
            timeout(Duration::ZERO, wait(&mut tasks, &mut done, FirstCompleted)).await.unwrap_err();
            assert_eq!((done.len(), tasks.len()), (0, 1));
        });
        assert_eq!(recording.polls("at once"), 0);
    });
}

#[test]
fn a_zero_timeout_lets_a_new_task_end_on_the_real_clock() {
    on_the_real_clock(|world| {
        // A busy machine may take away the one millisecond that it lasts, but not every time.
        let in_time = (0..20).any(|_| {
            world.run(async {
                let (mut tasks, mut done) = (JoinSet::from_iter([async { Ok("at once") }]), Done::new());
                timeout(Duration::ZERO, wait(&mut tasks, &mut done, FirstCompleted)).await.is_ok()
            })
        });
        assert!(in_time);
    });
}

/// Yields once, then answers.
async fn soon(name: &'static str) -> Answer {
    yield_now().await;
    Ok(name)
}

#[test]
fn with_no_patience_it_asks_all_at_once_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let (answer, recording) = world.record(async {
            let replicas = ["first", "second", "third"].map(|name| soon(name).try_lane(name));
            hedged(replicas, Duration::ZERO).await
        });
        assert!(answer.is_ok());
        assert_eq!(recording.peak_where(|_| true), 3);
    });
}

#[test]
fn with_no_patience_it_may_end_before_it_has_asked_all_on_the_real_clock() {
    on_the_real_clock(|world| {
        // A busy machine may take away the one millisecond between two requests, but not every time.
        let asked_one = (0..20).any(|_| {
            let (answer, recording) = world.record(async {
                let replicas = ["first", "second", "third"].map(|name| soon(name).try_lane(name));
                hedged(replicas, Duration::ZERO).await
            });
            answer == Ok("first") && recording.never_started() == ["second", "third"]
        });
        assert!(asked_one);
    });
}

#[test]
fn with_no_patience_it_still_waits_for_the_answer() {
    everywhere(|world| {
        let answer = world.run(async { hedged([pending().boxed(), answer("b", 30).boxed()], Duration::ZERO).await });
        assert_eq!(answer, Ok::<_, Vec<&str>>("b"));
    });
}
