//! What one failure does to the others.

use std::iter::from_fn;

use futures::future::try_join_all;
use tokio::sync::oneshot;

use super::*;

type Requests = Vec<BoxFuture<'static, Answer>>;

/// The same futures, from an iterator that does not know how many there are.
fn of_unknown_number<T>(futures: Vec<T>) -> impl Iterator<Item = T> {
    let mut futures = futures.into_iter();
    from_fn(move || futures.next())
}

/// The lanes of requests that were dropped before their end.
fn dropped(recording: &Recording) -> usize {
    recording.cancelled().len() + recording.never_started().len()
}

/// The last of so many requests fails, and the others would never answer: the error comes at once.
#[track_caller]
fn fails_at_once(count: usize, gather: impl AsyncFn(Requests) -> Result<Vec<u64>, Failure>) {
    everywhere(|world| {
        let (result, recording) = world.record(async {
            let others = (1..count).map(|_| hang());
            gather(others.chain([refuse(&CancellationToken::new())]).collect()).await
        });
        assert_eq!(result, Err(Failure::Refused));
        assert_eq!(dropped(&recording), count - 1);
    });
}

/// The last of so many requests fails, and the others answer after that: the error comes when all of them have answered.
#[track_caller]
fn fails_after_all_before_it(count: usize, gather: impl AsyncFn(Requests) -> Result<Vec<u64>, Failure>) {
    everywhere(|world| {
        let (result, recording) = world.record(async {
            let failed = CancellationToken::new();
            let others = (1..count).map(|_| answer_once(&failed));
            gather(others.chain([refuse(&failed)]).collect()).await
        });
        assert_eq!(result, Err(Failure::Refused));
        assert_eq!(recording.ended(Outcome::Finished).len(), count - 1);
    });
}

#[test]
fn one_failure_leaves_the_others_alone() {
    everywhere(|world| {
        let (results, recording) = world.record(async {
            let failed = CancellationToken::new();
            every_result([answer(30), refuse(&failed), answer_once(&failed)]).await
        });
        assert_eq!(results, [Ok(30), Err(Failure::Refused), Ok(0)]);
        assert_eq!(recording.ended(Outcome::Finished), ["30", "waits"]);
        world.assert_took(recording.total(), ms(30));
    });
}

#[test]
fn the_naive_every_result_cancels_the_others() {
    everywhere(|world| {
        let (results, recording) =
            world.record(async { naive::every_result([hang(), refuse(&CancellationToken::new()), hang()]).await });
        assert_eq!(results, [Err(Failure::Refused)]);
        assert_eq!(recording.cancelled(), ["hangs", "hangs"]);
    });
}

#[test]
fn try_join_drops_the_rest_at_the_first_error() {
    everywhere(|world| {
        let (result, recording) =
            world.record(async { tokio::try_join!(hang(), refuse(&CancellationToken::new()), hang()) });
        assert_eq!(result, Err(Failure::Refused));
        assert_eq!(recording.cancelled(), ["hangs", "hangs"]);
    });
}

#[test]
fn try_join_all_of_30_fails_at_once() {
    fails_at_once(30, async |requests| try_join_all(requests).await);
}

#[test]
fn try_join_all_of_31_fails_after_all_before_it() {
    fails_after_all_before_it(31, async |requests| try_join_all(requests).await);
}

#[test]
fn try_join_all_of_an_unknown_number_fails_after_all_before_it() {
    fails_after_all_before_it(3, async |requests| try_join_all(of_unknown_number(requests)).await);
}

#[test]
fn try_join_all_counts_what_an_iterator_could_yield_and_not_what_it_does() {
    fails_after_all_before_it(3, async |requests| {
        let mut requests = requests.into_iter();
        try_join_all((0..31).filter_map(|_| requests.next())).await
    });
}

/// Two requests that fail, the second before the first, and others that never answer.
fn two_errors(others: usize) -> Requests {
    let failed = CancellationToken::new();
    let late = answer_once(&failed).map(|_| Err(Failure::Late)).boxed();
    [late, refuse(&failed)].into_iter().chain((0..others).map(|_| hang())).collect()
}

#[test]
fn of_two_errors_try_join_all_of_31_returns_the_first_in_input_order() {
    everywhere(|world| {
        let (error, _) = world.record(async { try_join_all(two_errors(29)).await });
        assert_eq!(error, Err(Failure::Late));
    });
}

#[test]
fn of_two_errors_all_or_nothing_returns_the_first_in_time() {
    everywhere(|world| {
        let (error, _) = world.record(async { all_or_nothing(two_errors(29)).await });
        assert_eq!(error, Err(Failure::Refused));
    });
}

#[test]
fn of_two_errors_spawned_all_or_nothing_returns_the_first_in_time() {
    everywhere(|world| {
        // The second of two tasks can be reported first if both fail in the same instant, so there is time between them.
        let late = async {
            sleep(ms(5_000)).await;
            Err(Failure::Late)
        };
        let requests = async { spawned_all_or_nothing([late.boxed(), refuse(&CancellationToken::new())]).await };
        assert_eq!(world.record(requests).0, Err(Failure::Refused));
    });
}

#[test]
fn of_more_errors_than_a_poll_may_take_all_or_nothing_can_return_a_later_one() {
    everywhere(|world| {
        let result = world.run(async {
            // Every answer waits in its channel before the first poll, the 129th is the first error.
            let answers = (0..300).map(|number| if number < 128 { Ok(number) } else { Err(Numbered(number)) });
            let requests = answers.map(|answer| {
                let (sender, receiver) = oneshot::channel();
                sender.send(answer).unwrap();
                receiver.map(Result::unwrap)
            });
            tokio::spawn(all_or_nothing(requests.collect::<Vec<_>>())).await.unwrap()
        });
        assert_eq!(result, Err(Numbered(299)));
    });
}

#[test]
fn of_more_errors_than_a_poll_may_take_spawned_all_or_nothing_returns_the_first_in_time_on_one_thread() {
    on_one_thread(|world| {
        let result = world.run(async {
            // All tasks have ended, one after another, before the task that spawned them is polled again.
            let answers = (0..300).map(|number| if number < 128 { Ok(number) } else { Err(Numbered(number)) });
            let requests = answers.map(|answer| async { answer });
            tokio::spawn(spawned_all_or_nothing(requests.collect::<Vec<_>>())).await.unwrap()
        });
        assert_eq!(result, Err(Numbered(128)));
    });
}

#[test]
fn all_or_nothing_fails_at_once_at_any_size() {
    for count in [3, 30, 31, 1_000] {
        fails_at_once(count, async |requests| all_or_nothing(requests).await);
    }
}

#[test]
fn all_or_nothing_of_an_unknown_number_fails_at_once() {
    fails_at_once(3, async |requests| all_or_nothing(of_unknown_number(requests)).await);
}

#[test]
fn the_naive_all_or_nothing_fails_after_all_before_it() {
    fails_after_all_before_it(31, async |requests| naive::all_or_nothing(requests).await);
}

#[test]
fn spawned_all_or_nothing_fails_at_once_with_any_number_of_requests() {
    for count in [3, 30, 31, 1_000] {
        fails_at_once(count, async |requests| spawned_all_or_nothing(requests).await);
    }
}

#[test]
fn a_handle_returns_the_error_of_its_task_inside_an_ok() {
    everywhere(|world| {
        let results = world.run(async {
            let failed = CancellationToken::new();
            try_join_all([answer_once(&failed), refuse(&failed)].map(tokio::spawn)).await
        });
        assert_eq!(results.unwrap(), [Ok(0), Err(Failure::Refused)]);
    });
}

/// An error that tells where it comes from.
#[derive(Debug, PartialEq)]
struct Numbered(u64);

impl From<JoinError> for Numbered {
    fn from(error: JoinError) -> Self {
        panic!("no task panics: {error}")
    }
}
