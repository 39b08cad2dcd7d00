//! In which order things start, finish and come back.

use std::cell::RefCell;
use std::future::ready;

use futures::future::{BoxFuture, join_all, try_join_all};
use gather::{all, all_or_nothing, every_result, naive, spawned, spawned_all_or_nothing, two_stages};
use timeline::{Clock, Recording, record};
use tokio::task::yield_now;

use super::{Answer, answer, ms};

/// Three requests; the last finishes in the middle, the first last.
fn requests() -> [BoxFuture<'static, Answer>; 3] {
    [answer(30), answer(10), answer(20)]
}

/// The results, in the order of the inputs.
const IN_ORDER: [Answer; 3] = [Ok(30), Ok(10), Ok(20)];
const VALUES: [u64; 3] = [30, 10, 20];

/// All started before any finished; the fastest finished first; the whole took as long as the slowest.
#[track_caller]
fn assert_concurrent(recording: &Recording) {
    assert!(recording.lanes.iter().all(|lane| lane.started() == Some(0)));
    assert_eq!(recording.finish_order(), ["10", "20", "30"]);
    assert_eq!((recording.peak_where(|_| true), recording.total()), (3, 30_000));
}

#[test]
fn join_keeps_the_order_of_the_inputs() {
    let (results, recording) = record(Clock::Virtual, async {
        let [first, second, third] = requests();
        tokio::join!(first, second, third)
    });
    assert_eq!(<[Answer; 3]>::from(results), IN_ORDER);
    assert_concurrent(&recording);
}

#[test]
fn try_join_keeps_the_order_of_the_inputs() {
    let (results, recording) = record(Clock::Virtual, async {
        let [first, second, third] = requests();
        tokio::try_join!(first, second, third)
    });
    assert_eq!(results, Ok(VALUES.into()));
    assert_concurrent(&recording);
}

#[test]
fn join_all_keeps_the_order_of_the_inputs() {
    let (results, recording) = record(Clock::Virtual, async { join_all(requests()).await });
    assert_eq!(results, IN_ORDER);
    assert_concurrent(&recording);
}

#[test]
fn try_join_all_keeps_the_order_of_the_inputs() {
    let (results, recording) = record(Clock::Virtual, async { try_join_all(requests()).await });
    assert_eq!(results, Ok(VALUES.into()));
    assert_concurrent(&recording);
}

#[test]
fn spawned_handles_awaited_in_turn_keep_the_order_of_the_inputs() {
    let (results, recording) = record(Clock::Virtual, async {
        let mut results = Vec::new();
        for handle in requests().map(tokio::spawn) {
            results.push(handle.await.unwrap());
        }
        results
    });
    assert_eq!(results, IN_ORDER);
    assert_concurrent(&recording);
}

#[test]
fn all_keeps_the_order_of_the_inputs() {
    let (results, recording) = record(Clock::Virtual, async { all(requests()).await });
    assert_eq!(results, IN_ORDER);
    assert_concurrent(&recording);
}

#[test]
fn every_result_keeps_the_order_of_the_inputs() {
    let (results, recording) = record(Clock::Virtual, async { every_result(requests()).await });
    assert_eq!(results, IN_ORDER);
    assert_concurrent(&recording);
}

#[test]
fn all_or_nothing_keeps_the_order_of_the_inputs() {
    let (results, recording) = record(Clock::Virtual, async { all_or_nothing(requests()).await });
    assert_eq!(results, Ok(VALUES.into()));
    assert_concurrent(&recording);
}

#[test]
fn spawned_keeps_the_order_of_the_inputs() {
    let (results, recording) = record(Clock::Virtual, async { spawned(requests()).await });
    assert_eq!(results.into_iter().map(Result::unwrap).collect::<Vec<_>>(), IN_ORDER);
    assert_concurrent(&recording);
}

#[test]
fn spawned_all_or_nothing_keeps_the_order_of_the_inputs() {
    let (results, recording) = record(Clock::Virtual, async { spawned_all_or_nothing(requests()).await });
    assert_eq!(results, Ok(VALUES.into()));
    assert_concurrent(&recording);
}

#[test]
fn two_stages_keeps_the_order_of_the_items() {
    let (results, recording) = record(Clock::Virtual, async { two_stages(VALUES, answer, async |first| first).await });
    assert_eq!(results, IN_ORDER);
    assert_concurrent(&recording);
}

#[test]
fn nothing_to_do_is_done_at_once() {
    tokio_test::block_on(async {
        assert!(all(Vec::<std::future::Ready<u8>>::new()).await.is_empty());
        assert_eq!(all_or_nothing(Vec::<std::future::Ready<Answer>>::new()).await, Ok(vec![]));
        assert!(spawned(Vec::<std::future::Ready<u8>>::new()).await.is_empty());
        assert_eq!(spawned_all_or_nothing(Vec::<std::future::Ready<Answer>>::new()).await, Ok(vec![]));
    });
}

/// What starts and ends, in order, where the first and the last suspend once and the one between them does not.
async fn starts_and_ends(log: &RefCell<Vec<&'static str>>) {
    let suspends = async |start, end| {
        log.borrow_mut().push(start);
        yield_now().await;
        log.borrow_mut().push(end);
    };
    let does_not = async || {
        log.borrow_mut().push("second starts");
        ready(()).await;
        log.borrow_mut().push("second ends");
    };
    tokio::join!(suspends("first starts", "first ends"), does_not(), suspends("third starts", "third ends"));
}

#[tokio::test]
async fn all_are_started_before_any_that_suspends_finishes() {
    let log = RefCell::default();
    starts_and_ends(&log).await;
    let log = log.into_inner();
    let position = |event| log.iter().position(|each| *each == event).unwrap();
    assert!(position("third starts") < position("first ends"));
}

#[tokio::test]
async fn one_that_does_not_suspend_finishes_before_the_next_starts() {
    let log = RefCell::default();
    starts_and_ends(&log).await;
    assert_eq!(log.into_inner()[..4], ["first starts", "second starts", "second ends", "third starts"]);
}

#[test]
fn joined_futures_start_when_they_are_awaited_and_not_when_they_are_made() {
    let ((), recording) = record(Clock::Virtual, async {
        let later = all(requests());
        tokio::time::sleep(ms(5)).await;
        later.await;
    });
    assert!(recording.lanes.iter().all(|lane| lane.started() == Some(5_000)));
}

#[test]
fn spawned_tasks_start_without_being_awaited() {
    let ((), recording) = record(Clock::Virtual, async {
        let later = requests().map(tokio::spawn);
        tokio::time::sleep(ms(5)).await;
        join_all(later).await;
    });
    assert!(recording.lanes.iter().all(|lane| lane.started() == Some(0)));
}

#[test]
fn awaiting_one_after_another_takes_the_sum_and_has_a_peak_of_one() {
    let (results, recording) = record(Clock::Virtual, async { naive::all(requests()).await });
    assert_eq!(results, IN_ORDER);
    assert_eq!((recording.peak_where(|_| true), recording.total()), (1, 60_000));
}
