//! `select!`: who loses, who goes on, who goes first.

use std::future::{pending, ready};
use std::pin::pin;

use room::everywhere;
use timeline::{Clock, LaneExt, record};
use tokio::select;
use tokio::time::{interval, sleep};

use crate::{answer, failure, ms};

#[test]
fn select_drops_the_losers() {
    let (winner, recording) = record(Clock::Virtual, async {
        let winner = select! {
            answer = answer("quick", 10).try_lane("quick") => answer,
            answer = answer("slow", 20).try_lane("slow") => answer,
        };
        sleep(ms(100)).await;
        winner
    });
    assert_eq!(winner, Ok("quick"));
    assert_eq!(recording.cancelled(), ["slow"]);
    assert_eq!(recording.lane("slow").unwrap().closed, Some(10_000));
}

#[test]
fn the_losers_are_dropped_before_the_winners_arm_runs() {
    let ((), recording) = record(Clock::Virtual, async {
        select! {
            () = sleep(ms(10)) => sleep(ms(50)).await,
            () = pending().lane("loser") => unreachable!(),
        }
    });
    assert_eq!(recording.lane("loser").unwrap().closed, Some(10_000));
}

#[test]
fn a_borrowed_loser_goes_on_where_it_was() {
    let (answer, recording) = record(Clock::Virtual, async {
        let mut slow = pin!(answer("slow", 20).try_lane("slow"));
        select! {
            _ = &mut slow => unreachable!("it takes longer"),
            () = sleep(ms(15)) => {}
        }
        slow.await
    });
    assert_eq!(answer, Ok("slow"));
    assert_eq!(recording.total(), 20_000);
}

#[test]
fn a_future_made_anew_in_each_round_of_a_loop_never_gets_anywhere() {
    let ((), recording) = record(Clock::Virtual, async {
        let mut ticks = interval(ms(15));
        ticks.tick().await;
        for _round in 0..3 {
            select! {
                _ = answer("slow", 20).try_lane("slow") => unreachable!("the tick comes first"),
                _ = ticks.tick() => {}
            }
        }
    });
    assert_eq!(recording.cancelled(), ["slow", "slow", "slow"]);
}

#[test]
fn a_borrowed_loser_is_not_polled_while_the_winners_arm_runs() {
    let (_, recording) = record(Clock::Virtual, async {
        let mut slow = pin!(answer("slow", 20).try_lane("slow"));
        select! {
            _ = &mut slow => unreachable!("it takes longer"),
            () = sleep(ms(15)) => sleep(ms(50)).await,
        }
        slow.await
    });
    assert_eq!(recording.lane("slow").unwrap().closed, Some(65_000));
}

#[tokio::test(start_paused = true)]
async fn biased_takes_the_first_arm_that_is_ready() {
    for _round in 0..1_000 {
        let winner = select! {
            biased;
            () = ready(()) => "first",
            () = ready(()) => "second",
        };
        assert_eq!(winner, "first");
    }
}

#[tokio::test(start_paused = true)]
async fn without_biased_it_takes_any_arm_that_is_ready() {
    let mut first = 0;
    for _round in 0..1_000 {
        first += select! {
            () = ready(()) => 1,
            () = ready(()) => 0,
        };
    }
    // By chance alone, all thousand alike has a probability of 2 to the power of -999.
    assert!((1..1_000).contains(&first));
}

#[test]
fn under_biased_an_arm_that_is_always_ready_starves_those_after_it() {
    let ((), recording) = record(Clock::Virtual, async {
        let mut starved = pin!(ready(()).lane("starved"));
        for _round in 0..1_000 {
            select! {
                biased;
                () = ready(()) => {}
                () = &mut starved => unreachable!("the first arm is always ready"),
            }
        }
    });
    assert_eq!(recording.polls("starved"), 0);
}

#[test]
fn an_arm_whose_pattern_does_not_match_leaves_the_race_to_the_others() {
    let (winner, recording) = record(Clock::Virtual, async {
        select! {
            Some(winner) = async { ready(None).await }.lane("no match") => winner,
            () = sleep(ms(10)).lane("the other") => "the other",
        }
    });
    assert_eq!(winner, "the other");
    assert_eq!(recording.finish_order(), ["no match", "the other"]);
}

#[tokio::test]
#[should_panic(expected = "all branches are disabled")]
async fn select_panics_when_no_arm_is_left_and_there_is_no_else() {
    select! {
        Some(()) = ready(None) => {}
    }
}

#[test]
#[should_panic(expected = "assertion failed")]
fn select_all_of_nothing_panics() {
    drop(futures::future::select_all(Vec::<futures::future::Ready<()>>::new()));
}

#[test]
#[should_panic(expected = "iterator provided to select_ok was empty")]
fn select_ok_of_nothing_panics() {
    drop(futures::future::select_ok(Vec::<futures::future::Ready<Result<(), ()>>>::new()));
}

#[test]
fn select_ok_keeps_only_the_last_error() {
    everywhere(|world| {
        let lost = world.run(async {
            let futures = [failure("first", 10), failure("second", 30)].map(Box::pin);
            futures::future::select_ok(futures).await
        });
        assert_eq!(lost.map(|_| ()), Err("second"));
    });
}
