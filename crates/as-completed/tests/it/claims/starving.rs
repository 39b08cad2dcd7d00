//! `buffer_unordered`: the limit, and what is not polled.

use std::num::NonZeroUsize;

use as_completed::{as_completed, as_completed_at_most, naive};
use futures::{StreamExt, stream};
use timeline::{Clock, LaneExt, Recording, record};
use tokio::time::{sleep, timeout};

use crate::{TWO, answer, ms};

/// A request in three steps of this many milliseconds, in a lane of its own, with a timeout of 40 ms.
async fn request(step: u64) -> bool {
    let steps = async {
        for _ in 0..3 {
            sleep(ms(step)).await;
        }
    };
    timeout(ms(40), steps.lane("request")).await.is_ok()
}

/// Three requests, two at a time, read by a loop whose body takes 50 ms; returns how many were answered in time.
fn slow_loop(naive: bool) -> (usize, Recording) {
    record(Clock::Virtual, async {
        let mut completed = if naive {
            naive::as_completed_at_most(TWO, [5, 8, 13], request).left_stream()
        } else {
            as_completed_at_most(TWO, [5, 8, 13], request).right_stream()
        };
        let mut answered = 0;
        while let Some((_, in_time)) = completed.next().await {
            answered += usize::from(in_time.is_ok_and(|in_time| in_time));
            sleep(ms(50)).await;
        }
        answered
    })
}

#[test]
fn at_most_the_limit_are_in_flight_and_as_many_as_that_when_there_is_enough_to_do() {
    let ((), recording) = record(Clock::Virtual, async {
        let inputs = [("a", 30), ("b", 10), ("c", 25), ("d", 17)];
        as_completed_at_most(TWO, inputs, |(name, takes)| answer(name, takes)).count().await;
    });
    assert_eq!(recording.peak_where(|_| true), 2);
    assert_eq!(recording.total(), 47_000);
}

#[test]
fn the_limit_is_kept_by_plain_buffer_unordered_too() {
    let ((), recording) = record(Clock::Virtual, async {
        let requests = stream::iter([("a", 30), ("b", 10), ("c", 25)]).map(|(name, takes)| answer(name, takes));
        requests.buffer_unordered(2).count().await;
    });
    assert_eq!(recording.peak_where(|_| true), 2);
}

#[test]
fn what_is_buffered_is_polled_only_while_the_stream_is() {
    let ((), recording) = record(Clock::Virtual, async {
        let mut requests = stream::iter([answer("quick", 10), answer("slow", 20)]).buffer_unordered(2);
        requests.next().await;
        sleep(ms(500)).await;
        requests.next().await;
    });
    assert_eq!(recording.lane("slow").unwrap().closed, Some(510_000));
}

#[test]
fn a_bare_futures_unordered_starves_in_the_same_way() {
    let ((), recording) = record(Clock::Virtual, async {
        let mut completed = as_completed([answer("quick", 10), answer("slow", 20)]);
        completed.next().await;
        sleep(ms(500)).await;
        completed.next().await;
    });
    assert_eq!(recording.lane("slow").unwrap().closed, Some(510_000));
}

#[test]
fn tasks_go_on_while_the_loop_does_something_else() {
    let ((), recording) = record(Clock::Virtual, async {
        let inputs = [("quick", 10), ("slow", 20)];
        let mut completed = as_completed_at_most(TWO, inputs, |(name, takes)| answer(name, takes));
        completed.next().await;
        sleep(ms(500)).await;
        completed.next().await;
    });
    assert_eq!(recording.lane("slow").unwrap().closed, Some(20_000));
}

#[test]
fn a_slow_loop_starves_the_naive_requests_until_their_timeouts_fire() {
    let (answered, recording) = slow_loop(false);
    assert_eq!((answered, recording.cancelled().len()), (3, 0));
    let (answered, recording) = slow_loop(true);
    assert_eq!((answered, recording.cancelled().len()), (2, 1));
}

#[test]
fn the_next_piece_starts_only_when_the_loop_asks_for_the_next_result() {
    let ((), recording) = record(Clock::Virtual, async {
        let inputs = [("a", 10), ("b", 20), ("c", 30)];
        let mut completed = as_completed_at_most(TWO, inputs, |(name, takes)| answer(name, takes));
        completed.next().await;
        sleep(ms(500)).await;
        completed.next().await;
        completed.next().await;
    });
    assert_eq!(recording.lane("c").unwrap().started(), Some(510_000));
}

#[test]
fn a_slow_loop_does_not_pile_up_results() {
    let ((), recording) = record(Clock::Virtual, async {
        let mut completed = as_completed_at_most(TWO, 1..=20, |takes| sleep(ms(takes)).lane("work"));
        completed.next().await;
        sleep(ms(1_000)).await;
        drop(completed);
    });
    assert_eq!(recording.named("work").count(), 2);
}

#[test]
fn a_limit_of_zero_would_wait_for_ever_and_cannot_be_written() {
    assert_eq!(NonZeroUsize::new(0), None);
    let (ended, _) = record(Clock::Virtual, async {
        timeout(ms(1_000), stream::iter([answer("unstarted", 10)]).buffer_unordered(0).count()).await
    });
    assert!(ended.is_err());
}
