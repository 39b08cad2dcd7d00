//! The futurelock: a future that nobody polls holds what the one being polled waits for.

use std::pin::pin;
use std::sync::Arc;

use futures::FutureExt;
use timeline::{Clock, LaneExt, Recording, record};
use tokio::select;
use tokio::sync::{Mutex, mpsc};
use tokio::time::{sleep, timeout};
use wait::{naive, with_notice};

use crate::ms;

/// Takes the lock, and keeps it for so many milliseconds.
async fn hold(lock: Arc<Mutex<()>>, milliseconds: u64) {
    let _guard = lock.lock().await;
    sleep(ms(milliseconds)).await;
}

/// The work takes the lock for 100 ms, the notice (after 50 ms) for 10 ms; somebody else may have it for the first 60 ms.
/// The recording is taken after a second.
fn run(naive: bool, somebody_else_is_first: bool) -> Recording {
    let (_both, recording) = record(Clock::Virtual, async {
        let lock = Arc::new(Mutex::new(()));
        if somebody_else_is_first {
            tokio::spawn(hold(Arc::clone(&lock), 60).lane("somebody else"));
            tokio::task::yield_now().await;
        }
        let (work, notice) = (hold(Arc::clone(&lock), 100).lane("work"), hold(lock, 10).lane("notice"));
        let mut both = if naive {
            naive::with_notice(work, ms(50), notice).boxed()
        } else {
            with_notice(work, ms(50), notice).boxed()
        };
        let _ended = timeout(ms(1_000), &mut both).await.is_ok();
        // Handed out alive, so that the recording shows who still waits.
        [both]
    });
    recording
}

/// Each of these lanes, and the millisecond since when.
fn since<'a>(lanes: &[(&'a timeline::Lane, u64)]) -> Vec<(&'a str, u64)> {
    lanes.iter().map(|(lane, since)| (lane.name.as_str(), since / 1_000)).collect()
}

#[test]
fn a_borrowed_loser_that_holds_the_lock_is_a_futurelock() {
    let recording = run(true, false);
    // The work's own sleep was over at 100 ms, and nobody polled it.
    assert_eq!(since(&recording.unpolled()), [("work", 100)]);
    assert_eq!(since(&recording.waiting()), [("notice", 1_000)]);
}

#[test]
fn a_borrowed_loser_that_is_queued_for_the_lock_is_handed_it_and_is_a_futurelock_too() {
    let recording = run(true, true);
    assert_eq!(recording.finish_order(), ["somebody else"]);
    // The work was handed the lock at 60 ms, and nobody polled it.
    assert_eq!(since(&recording.unpolled()), [("work", 60)]);
    assert_eq!(recording.woken_by("work"), ["somebody else"]);
    assert_eq!(since(&recording.waiting()), [("notice", 1_000)]);
}

#[test]
fn both_end_when_both_are_polled() {
    let recording = run(false, false);
    assert_eq!(recording.finish_order(), ["work", "notice"]);
    assert_eq!(recording.total(), 110_000);
    let recording = run(false, true);
    assert_eq!(recording.finish_order(), ["somebody else", "work", "notice"]);
    assert_eq!(recording.total(), 170_000);
}

#[test]
#[should_panic(expected = "notice waits since")]
fn the_virtual_clock_turns_the_deadlock_into_a_diagnosis() {
    record(Clock::Virtual, async {
        let lock = Arc::new(Mutex::new(()));
        let (work, notice) = (hold(Arc::clone(&lock), 100).lane("work"), hold(lock, 10).lane("notice"));
        naive::with_notice(work, ms(50), notice).await;
    });
}

#[test]
fn a_loser_that_is_dropped_gives_its_place_back() {
    let ((), recording) = record(Clock::Virtual, async {
        let lock = Arc::new(Mutex::new(()));
        select! {
            () = hold(Arc::clone(&lock), 100).lane("work") => unreachable!("it takes longer"),
            () = sleep(ms(50)) => hold(lock, 10).lane("notice").await,
        }
    });
    assert_eq!(recording.cancelled(), ["work"]);
    assert_eq!(recording.finish_order(), ["notice"]);
}

#[test]
fn a_loser_that_is_a_task_of_its_own_goes_on() {
    let ((), recording) = record(Clock::Virtual, async {
        let lock = Arc::new(Mutex::new(()));
        let mut work = tokio::spawn(hold(Arc::clone(&lock), 100).lane("work"));
        select! {
            _ = &mut work => unreachable!("it takes longer"),
            () = sleep(ms(50)) => hold(lock, 10).lane("notice").await,
        }
    });
    assert_eq!(recording.finish_order(), ["work", "notice"]);
}

#[test]
fn it_is_not_about_locks_alone_a_full_channel_does_the_same() {
    let (_blocked, recording) = record(Clock::Virtual, async {
        let (sender, mut receiver) = mpsc::channel(1);
        sender.try_send(1).unwrap();
        let second = sender.clone();
        let mut both = async move {
            // Queued for the one place, and handed it when the first item is taken.
            let mut send = pin!(second.send(2).try_lane("send"));
            select! {
                biased;
                _ = &mut send => unreachable!("the channel is full"),
                _ = receiver.recv() => sender.send(3).try_lane("send from the arm").await.unwrap(),
            }
        }
        .boxed();
        let _ended = timeout(ms(1_000), &mut both).await.is_ok();
        [both]
    });
    assert_eq!(recording.never_ended(), ["send", "send from the arm"]);
}

#[test]
fn the_notice_is_not_given_when_the_work_is_done_in_time() {
    let (output, recording) =
        record(Clock::Virtual, async { with_notice(async { 7 }, ms(50), async {}.lane("notice")).await });
    assert_eq!(output, 7);
    assert_eq!(recording.never_started(), ["notice"]);
}
