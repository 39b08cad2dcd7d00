//! What the combinators do, and when.

use super::*;

use std::panic::AssertUnwindSafe;

use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_stream::wrappers::IntervalStream;

/// A lazy source: each number takes this many milliseconds, counted from when it is asked for.
fn slow(takes: u64) -> impl Stream<Item = u32> + Unpin {
    stream::iter(1..).then(move |number| sleep(ms(takes)).map(move |()| number)).boxed()
}

/// Takes so many items, and returns each and how many milliseconds after the start it came.
async fn when<T>(items: impl Stream<Item = T>, most: usize) -> Vec<(T, u64)> {
    let start = Instant::now();
    let stamped = items.map(|item| (item, u64::try_from(start.elapsed().as_millis()).unwrap()));
    stamped.take(most).collect().await
}

/// The items come as listed, at these times: exactly on the paused clock, and not earlier anywhere.
fn comes<T, S>(items: impl Fn() -> S, expected: &[(T, u64)])
where
    T: PartialEq + std::fmt::Debug,
    S: Stream<Item = T>,
{
    everywhere(|world| {
        let seen = world.run(async { when(items(), expected.len()).await });
        assert!(seen.iter().map(|(item, _)| item).eq(expected.iter().map(|(item, _)| item)), "{seen:?}");
        for ((_, seen), (_, expected)) in seen.iter().zip(expected) {
            assert!(if world.is_paused() { seen == expected } else { seen >= expected }, "{seen} and {expected}");
        }
    });
}

#[test]
fn a_lazy_source_yields_one_item_after_another() {
    comes(|| slow(10), &[(1, 10), (2, 20), (3, 30)]);
}

#[test]
fn then_adds_its_time_to_each_item() {
    comes(|| slow(10).then(|item| sleep(ms(10)).map(move |()| item)), &[(1, 20), (2, 40), (3, 60)]);
}

#[test]
fn buffered_two_overlaps_the_work_with_the_source() {
    let items = || slow(10).map(|item| sleep(ms(10)).map(move |()| item)).buffered(2);
    comes(items, &[(1, 20), (2, 30), (3, 40)]);
}

#[test]
fn buffered_keeps_the_order_and_buffer_unordered_does_not() {
    let futures = || {
        let inputs = stream::iter([('a', 30), ('b', 10), ('c', 10)]);
        inputs.map(|(item, takes)| sleep(ms(takes)).map(move |()| item))
    };
    comes(move || futures().buffered(2), &[('a', 30), ('b', 30), ('c', 40)]);
    comes(move || futures().buffer_unordered(2), &[('b', 10), ('c', 20), ('a', 30)]);
}

#[test]
fn filter_waits_for_each_item_that_it_drops() {
    comes(|| slow(10).filter(|item| std::future::ready(item % 2 == 0)).boxed(), &[(2, 20), (4, 40)]);
}

#[test]
fn chunks_wait_until_they_are_full_and_the_last_one_is_short() {
    comes(|| slow(10).take(3).chunks(2), &[(vec![1, 2], 20), (vec![3], 30)]);
}

#[test]
fn zip_waits_for_the_slower_of_both() {
    comes(|| slow(10).zip(slow(15)), &[((1, 1), 15), ((2, 2), 30)]);
}

#[test]
fn select_yields_from_both_as_they_come() {
    let both = || stream::select(slow(20).map(|_| 'a'), slow(50).map(|_| 'b'));
    comes(both, &[('a', 20), ('a', 40), ('b', 50), ('a', 60)]);
}

#[test]
fn throttle_is_a_pause_after_each_item_and_not_a_rate() {
    comes(|| tokio_stream::StreamExt::throttle(slow(15), ms(10)).boxed(), &[(1, 15), (2, 40), (3, 65)]);
}

#[test]
fn timeout_neither_ends_the_stream_nor_cancels_the_item() {
    let items = || tokio_stream::StreamExt::timeout(slow(15), ms(10)).map(Result::ok).boxed();
    comes(items, &[(None, 10), (Some(1), 15), (None, 25), (Some(2), 30)]);
}

#[test]
fn timeout_reports_a_late_item_once_however_late_it_is() {
    let items = || tokio_stream::StreamExt::timeout(slow(45), ms(10)).map(Result::ok).boxed();
    comes(items, &[(None, 10), (Some(1), 45), (None, 55), (Some(2), 90)]);
}

#[test]
fn zip_with_an_interval_is_a_rate() {
    // The interval begins when the stream is polled.
    let ticks = || stream::once(async { IntervalStream::new(interval(ms(10))) }).flatten();
    comes(|| slow(15).zip(ticks().map(drop)).map(|(item, ())| item).boxed(), &[(1, 15), (2, 30), (3, 45)]);
    comes(|| slow(2).zip(ticks().map(drop)).map(|(item, ())| item).boxed(), &[(1, 2), (2, 10), (3, 20)]);
}

#[test]
fn an_interval_that_has_missed_ticks_hands_them_out_at_once_unless_it_delays_them() {
    let ticks = |missed| {
        let ticks = async move {
            let mut ticks = interval(ms(10));
            ticks.set_missed_tick_behavior(missed);
            IntervalStream::new(ticks).map(drop)
        };
        stream::once(ticks).flatten()
    };
    // One slow item, and then all others at once.
    let numbers = || stream::iter(1..).then(|number| sleep(ms(if number == 1 { 35 } else { 0 })).map(move |()| number));
    let at_the_rate = |missed| numbers().zip(ticks(missed)).map(|(number, ())| number).boxed();
    comes(|| at_the_rate(MissedTickBehavior::Burst), &[(1, 35), (2, 35), (3, 35), (4, 35), (5, 40), (6, 50)]);
    comes(|| at_the_rate(MissedTickBehavior::Delay), &[(1, 35), (2, 35), (3, 45), (4, 55), (5, 65)]);
}

#[test]
fn timeout_with_try_next_ends_a_loop_at_the_first_late_item() {
    everywhere(|world| {
        let mut seen = Vec::new();
        let ended = world.run(async {
            let in_time = slow(0).take(2).chain(slow(5_000));
            let mut items = pin!(tokio_stream::StreamExt::timeout(in_time, ms(20)));
            while let Some(item) = items.try_next().await? {
                seen.push(item);
            }
            Ok::<_, tokio_stream::Elapsed>(())
        });
        ended.unwrap_err();
        assert_eq!(seen, [1, 2]);
    });
}

#[test]
fn take_ends_with_its_last_item_and_asks_for_no_more() {
    everywhere(|world| {
        let list = List::of(4);
        let pages: Vec<_> = world.run(async { pages(1, list.fetch()).take(2).try_collect().await }).unwrap();
        assert_eq!((pages, list.asked()), (vec![vec![1], vec![2]], vec![1, 2]));
    });
}

#[test]
fn take_while_eats_the_item_that_ends_it() {
    everywhere(|world| {
        world.run(async {
            let mut numbers = stream::iter(1..);
            let small: Vec<_> = numbers.by_ref().take_while(|number| std::future::ready(*number < 3)).collect().await;
            assert_eq!(small, [1, 2]);
            assert_eq!(numbers.next().await, Some(4));
        });
    });
}

#[test]
fn next_if_of_a_peekable_stream_leaves_the_item_that_ends_it() {
    everywhere(|world| {
        world.run(async {
            let mut numbers = pin!(stream::iter(1..).peekable());
            let mut small = Vec::new();
            while let Some(number) = numbers.as_mut().next_if(|number| *number < 3).await {
                small.push(number);
            }
            assert_eq!(small, [1, 2]);
            assert_eq!(numbers.next().await, Some(3));
        });
    });
}

#[test]
fn an_unfold_that_is_polled_after_its_end_panics() {
    everywhere(|world| {
        world.run(async {
            let mut numbers = stream::unfold(1, async |number| (number < 3).then_some((number, number + 1))).boxed();
            assert_eq!(numbers.by_ref().collect::<Vec<_>>().await, [1, 2]);
            AssertUnwindSafe(numbers.next()).catch_unwind().await.unwrap_err();
        });
    });
}

#[test]
fn a_fused_unfold_and_a_try_unfold_stay_at_their_end() {
    everywhere(|world| {
        world.run(async {
            let numbers = stream::unfold(1, async |number| (number < 3).then_some((number, number + 1)));
            let mut numbers = pin!(numbers.fuse());
            assert_eq!(numbers.by_ref().collect::<Vec<_>>().await, [1, 2]);
            assert_eq!(numbers.next().await, None);
            for way in LAZY {
                let mut pages = way(&List::of(1));
                assert_eq!(pages.next().await, Some(Ok(vec![1])));
                assert_eq!(pages.next().await, None);
                assert_eq!(pages.next().await, None);
            }
        });
    });
}
