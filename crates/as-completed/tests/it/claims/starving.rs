//! `buffer_unordered`: the limit, and what is not polled.

use std::num::NonZeroUsize;

use as_completed::{as_completed, as_completed_at_most, naive};
use futures::{StreamExt, stream};
use room::{World, everywhere, on_the_paused_clock};
use timeline::{LaneExt, Recording};
use tokio::time::{sleep, timeout};

use crate::{TWO, answer, ms};

/// A request in three steps of this many milliseconds, in a lane of its own, with a timeout of 80 ms.
async fn request(step: u64) -> bool {
    let steps = async {
        for _ in 0..3 {
            sleep(ms(step)).await;
        }
    };
    timeout(ms(80), steps.lane("request")).await.is_ok()
}

/// Three requests, two at a time, read by a loop whose body takes 100 ms; returns how many were answered in time.
fn slow_loop(world: World, naive: bool) -> (usize, Recording) {
    world.record(async {
        let mut completed = if naive {
            naive::as_completed_at_most(TWO, [1, 4, 6], request).left_stream()
        } else {
            as_completed_at_most(TWO, [1, 4, 6], request).right_stream()
        };
        let mut answered = 0;
        while let Some((_, in_time)) = completed.next().await {
            answered += usize::from(in_time.is_ok_and(|in_time| in_time));
            sleep(ms(100)).await;
        }
        answered
    })
}

/// When the body of the loop ended, and when `slow` did.
fn slow_and_body(recording: &Recording) -> (Option<u64>, Option<u64>) {
    let closed = |name| recording.lane(name).and_then(|lane| lane.closed);
    (closed("slow"), closed("body"))
}

#[test]
fn at_most_the_limit_are_in_flight_and_as_many_as_that_when_there_is_enough_to_do() {
    everywhere(|world| {
        let (count, recording) = world.record(async {
            let inputs = [("a", 30), ("b", 10), ("c", 25), ("d", 17)];
            as_completed_at_most(TWO, inputs, |(name, takes)| answer(name, takes)).count().await
        });
        assert_eq!((count, recording.peak_where(|_| true)), (4, 2));
        world.assert_took(recording.total(), ms(47));
    });
}

#[test]
fn a_limit_of_twenty_is_twenty() {
    everywhere(|world| {
        let twenty = const { NonZeroUsize::new(20).unwrap() };
        let (count, recording) =
            world.record(async { as_completed_at_most(twenty, 0..50, |_| sleep(ms(10)).lane("work")).count().await });
        assert_eq!((count, recording.peak("work")), (50, 20));
    });
}

#[test]
fn the_limit_is_kept_by_plain_buffer_unordered_too() {
    everywhere(|world| {
        let requests = stream::iter([("a", 15), ("b", 5), ("c", 10)]).map(|(name, takes)| answer(name, takes));
        let (_, recording) = world.record(requests.buffer_unordered(2).count());
        assert_eq!(recording.peak_where(|_| true), 2);
    });
}

#[test]
fn a_buffered_future_is_polled_only_while_its_stream_is_polled() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let mut requests = stream::iter([answer("quick", 5), answer("slow", 10)]).buffer_unordered(2);
            requests.next().await;
            sleep(ms(40)).lane("body").await;
            requests.next().await;
        });
        let (slow, body) = slow_and_body(&recording);
        assert!(slow >= body, "{slow:?}, {body:?}");
    });
}

#[test]
fn a_bare_futures_unordered_starves_in_the_same_way() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let mut completed = as_completed([answer("quick", 5), answer("slow", 10)]);
            completed.next().await;
            sleep(ms(40)).lane("body").await;
            completed.next().await;
        });
        let (slow, body) = slow_and_body(&recording);
        assert!(slow >= body, "{slow:?}, {body:?}");
    });
}

#[test]
fn tasks_go_on_while_the_loop_does_something_else() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let inputs = [("quick", 5), ("slow", 10)];
            let mut completed = as_completed_at_most(TWO, inputs, |(name, takes)| answer(name, takes));
            completed.next().await;
            sleep(ms(40)).lane("body").await;
            completed.next().await;
        });
        let (slow, body) = slow_and_body(&recording);
        assert!(slow < body, "{slow:?}, {body:?}");
    });
}

#[test]
fn a_slow_loop_starves_the_naive_requests_until_their_timeouts_fire() {
    everywhere(|world| {
        let (answered, recording) = slow_loop(world, true);
        assert!(answered < 3 && !recording.cancelled().is_empty(), "{answered}");
        if world.is_paused() {
            assert_eq!((answered, recording.cancelled().len()), (2, 1));
        }
    });
}

#[test]
fn tasks_are_in_time_while_the_loop_is_busy_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let (answered, recording) = slow_loop(world, false);
        assert_eq!((answered, recording.cancelled().len()), (3, 0));
    });
}

#[test]
fn the_next_piece_starts_only_when_the_loop_asks_for_the_next_result() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let inputs = [("a", 5), ("b", 10), ("c", 15)];
            let mut completed = as_completed_at_most(TWO, inputs, |(name, takes)| answer(name, takes));
            completed.next().await;
            sleep(ms(30)).lane("body").await;
            completed.next().await;
            completed.next().await;
        });
        assert!(recording.lane("c").unwrap().started() >= recording.lane("body").unwrap().closed);
    });
}

#[test]
fn a_slow_loop_does_not_pile_up_results() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let mut completed = as_completed_at_most(TWO, 1..=20, |takes| sleep(ms(takes)).lane("work"));
            completed.next().await;
            sleep(ms(40)).await;
            drop(completed);
        });
        assert_eq!(recording.named("work").count(), 2);
    });
}

#[test]
fn a_limit_of_zero_would_wait_for_ever_and_cannot_be_written() {
    assert_eq!(NonZeroUsize::new(0), None);
    everywhere(|world| {
        let unstarted = stream::iter([answer("unstarted", 1)]).buffer_unordered(0).count();
        let (ended, recording) = world.record(async { timeout(ms(20), unstarted).await });
        assert!(ended.is_err());
        assert_eq!(recording.lanes.len(), 0);
    });
}
