//! What one failure does to the others.

use std::iter::from_fn;

use futures::future::{BoxFuture, try_join_all};
use gather::{all_or_nothing, every_result, naive, spawned_all_or_nothing};
use timeline::{Clock, Outcome, record};
use tokio::time::sleep;

use super::{Answer, Failure, answer, ms, refuse};

/// So many requests, of which the last fails after 1 ms, and the others answer after 10, 11, 12 ... ms.
fn last_fails_first(count: usize) -> Vec<BoxFuture<'static, Answer>> {
    let others = (10..).take(count - 1).map(answer);
    others.chain([refuse(1)]).collect()
}

/// The same futures, from an iterator that does not know how many there are.
fn of_unknown_number<T>(futures: Vec<T>) -> impl Iterator<Item = T> {
    let mut futures = futures.into_iter();
    from_fn(move || futures.next())
}

/// The error comes at 1 ms, and the others are cancelled then.
#[track_caller]
fn fails_at_once(gathering: impl Future<Output = Result<Vec<u64>, Failure>>) {
    let (result, recording) = record(Clock::Virtual, gathering);
    assert_eq!((result, recording.total()), (Err(Failure::Refused(1)), 1_000));
    assert_eq!(recording.cancelled().len(), recording.lanes.len() - 1);
}

/// The error comes when all before it have answered.
#[track_caller]
fn fails_after_all_before_it(gathering: impl Future<Output = Result<Vec<u64>, Failure>>) {
    let (result, recording) = record(Clock::Virtual, gathering);
    let others = recording.ended(Outcome::Finished);
    let slowest = 9_000 + 1_000 * others.len() as u64;
    assert_eq!((result, recording.total()), (Err(Failure::Refused(1)), slowest));
    assert_eq!(others.len(), recording.lanes.len() - 1);
}

#[test]
fn one_failure_leaves_the_others_alone() {
    let (results, recording) =
        record(Clock::Virtual, async { every_result([answer(30), refuse(10), answer(20)]).await });
    assert_eq!(results, [Ok(30), Err(Failure::Refused(10)), Ok(20)]);
    assert_eq!((recording.cancelled().len(), recording.total()), (0, 30_000));
}

#[test]
fn the_naive_every_result_cancels_the_others() {
    let requests = async { naive::every_result([answer(30), refuse(10), answer(20)]).await };
    let (results, recording) = record(Clock::Virtual, requests);
    assert_eq!(results, [Err(Failure::Refused(10))]);
    assert_eq!(recording.cancelled(), ["30", "20"]);
}

#[test]
fn try_join_drops_the_rest_at_the_first_error() {
    let requests = async { tokio::try_join!(answer(30), refuse(10), answer(20)) };
    let (result, recording) = record(Clock::Virtual, requests);
    assert_eq!(result, Err(Failure::Refused(10)));
    assert_eq!((recording.cancelled(), recording.total()), (vec!["30", "20"], 10_000));
}

#[test]
fn try_join_all_of_30_fails_at_once() {
    fails_at_once(async { try_join_all(last_fails_first(30)).await });
}

#[test]
fn try_join_all_of_31_fails_after_all_before_it() {
    fails_after_all_before_it(async { try_join_all(last_fails_first(31)).await });
}

#[test]
fn try_join_all_of_an_unknown_number_fails_after_all_before_it() {
    fails_after_all_before_it(async { try_join_all(of_unknown_number(last_fails_first(3))).await });
}

#[test]
fn try_join_all_counts_what_an_iterator_could_yield_and_not_what_it_does() {
    fails_after_all_before_it(async {
        let mut wanted = last_fails_first(3).into_iter();
        try_join_all((0..31).filter_map(|_| wanted.next())).await
    });
}

#[test]
fn of_two_errors_try_join_all_of_31_returns_the_first_in_input_order() {
    let requests = || [refuse(2)].into_iter().chain(last_fails_first(30)).collect::<Vec<_>>();
    let (late, _) = record(Clock::Virtual, async { try_join_all(requests()).await });
    let (fast, _) = record(Clock::Virtual, async { all_or_nothing(requests()).await });
    assert_eq!((late, fast), (Err(Failure::Refused(2)), Err(Failure::Refused(1))));
}

#[test]
fn all_or_nothing_fails_at_once_at_any_size() {
    for count in [3, 30, 31, 1_000] {
        fails_at_once(async { all_or_nothing(last_fails_first(count)).await });
    }
}

#[test]
fn all_or_nothing_of_an_unknown_number_fails_at_once() {
    fails_at_once(async { all_or_nothing(of_unknown_number(last_fails_first(3))).await });
}

#[test]
fn the_naive_all_or_nothing_fails_after_all_before_it() {
    fails_after_all_before_it(async { naive::all_or_nothing(last_fails_first(31)).await });
}

#[test]
fn spawned_all_or_nothing_fails_at_once_at_any_size() {
    for count in [3, 30, 31, 1_000] {
        fails_at_once(async { spawned_all_or_nothing(last_fails_first(count)).await });
    }
}

#[test]
fn try_join_all_over_spawned_handles_detaches_the_rest() {
    let (result, recording) = record(Clock::Virtual, async {
        let result = naive::spawned_all_or_nothing([answer(30), refuse(10), answer(20)]).await;
        sleep(ms(15)).await;
        result
    });
    assert_eq!((result, recording.total()), (Err(Failure::Refused(10)), 25_000));
    assert_eq!((recording.finish_order(), recording.never_ended()), (vec!["10", "20"], vec!["30"]));
}

#[test]
fn a_handle_returns_the_error_of_its_task_inside_an_ok() {
    let (results, _) = record(Clock::Virtual, async { try_join_all([answer(20), refuse(10)].map(tokio::spawn)).await });
    assert_eq!(results.unwrap(), [Ok(20), Err(Failure::Refused(10))]);
}
