//! What a drain waits for, and for how long.

use std::future::pending;

use graceful_shutdown::{Work, naive};
use room::{everywhere, on_the_paused_clock};
use timeline::{LaneExt, Outcome};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout};

use super::{FOR_EVER, ms};

#[test]
fn work_under_way_finishes_within_the_grace_and_the_drain_ends_with_it() {
    everywhere(|world| {
        let (aborted, recording) = world.record(async {
            let work = Work::new();
            work.spawn(sleep(ms(40)).lane("slow"));
            work.spawn(sleep(ms(20)).lane("quick"));
            work.drain(ms(0), FOR_EVER).lane("drain").await
        });
        assert_eq!(aborted, 0);
        assert_eq!(recording.finish_order(), ["quick", "slow", "drain"]);
        world.assert_took(recording.total(), ms(40));
    });
}

#[test]
fn what_exceeds_the_grace_is_aborted_and_counted() {
    everywhere(|world| {
        let (aborted, recording) = world.record(async {
            let work = Work::new();
            work.spawn(async {}.lane("quick")).await.unwrap();
            let (first, second) =
                (work.spawn(pending::<()>().lane("first")), work.spawn(pending::<()>().lane("second")));
            tokio::task::yield_now().await;
            sleep(ms(5)).await;
            let aborted = work.drain(ms(0), ms(30)).lane("drain").await;
            assert_eq!((first.await.unwrap(), second.await.unwrap()), (None, None));
            aborted
        });
        assert_eq!(aborted, 2);
        assert_eq!(recording.ended(Outcome::Cancelled), ["first", "second"]);
        // The drain waits for the end of what it aborts.
        let drain = recording.lane("drain").unwrap().closed_seq;
        assert!(["first", "second"].iter().all(|lane| recording.lane(lane).unwrap().closed_seq < drain));
    });
}

#[test]
fn the_grace_is_for_all_together_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let work = Work::new();
            for step in 1..=5 {
                work.spawn(sleep(ms(step * 40)));
            }
            let start = Instant::now();
            assert_eq!(work.drain(ms(10), ms(100)).await, 3);
            assert_eq!(start.elapsed(), ms(110));
        });
    });
}

#[test]
fn what_a_request_leaves_behind_is_awaited() {
    everywhere(|world| {
        let (aborted, recording) = world.record(async {
            let work = Work::new();
            let later = work.clone();
            work.spawn(async move { _ = later.spawn(sleep(ms(30)).lane("mail")) });
            work.drain(ms(0), FOR_EVER).lane("drain").await
        });
        assert_eq!(aborted, 0);
        let [mail, drain] = ["mail", "drain"].map(|lane| recording.lane(lane).unwrap().closed_seq);
        assert!(mail < drain);
    });
}

#[test]
fn the_naive_drain_does_not_wait_for_what_a_request_leaves_behind() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let work = naive::Work::new();
            work.spawn(pending::<()>().lane("mail"));
            tokio::task::yield_now().await;
            sleep(ms(5)).await;
            assert_eq!(work.drain(ms(0), ms(0)).await, 0);
        });
        assert_eq!(recording.never_ended(), ["mail"]);
    });
}

#[test]
fn a_server_is_not_ready_as_soon_as_the_drain_begins_and_stops_after_the_notice() {
    everywhere(|world| {
        world.run(async {
            let work = Work::new();
            assert!(work.is_ready());
            let mut drain = Box::pin(work.drain(ms(40), ms(0)));
            assert!(futures::poll!(&mut drain).is_pending());
            assert!(!work.is_ready() && !work.stopping().is_cancelled());
            let start = Instant::now();
            tokio::join!(drain, async {
                work.stopping().cancelled().await;
                world.assert_took(start.elapsed().as_micros().try_into().unwrap(), ms(40));
            });
        });
    });
}

#[test]
fn a_task_that_listens_to_stopping_ends_without_waiting_for_the_grace() {
    everywhere(|world| {
        let aborted = world.run(async {
            let work = Work::new();
            let stopping = work.stopping().clone();
            work.spawn(async move { stopping.cancelled().await });
            work.drain(ms(0), FOR_EVER).await
        });
        assert_eq!(aborted, 0);
    });
}

#[test]
fn a_task_that_begins_after_the_grace_is_aborted_before_its_first_poll() {
    everywhere(|world| {
        world.run(async {
            let work = Work::new();
            work.spawn(pending::<()>());
            assert_eq!(work.drain(ms(0), ms(5)).await, 1);
            assert_eq!(work.spawn(async { unreachable!("it is polled") }).await.unwrap(), None::<()>);
        });
    });
}

#[test]
fn a_dropped_drain_leaves_the_work_in_its_step_and_can_be_called_again() {
    everywhere(|world| {
        world.run(async {
            let work = Work::new();
            let (release, released) = oneshot::channel();
            let task = work.spawn(released);
            assert!(timeout(ms(5), work.drain(ms(0), FOR_EVER)).await.is_err());
            assert!(!work.is_ready() && work.stopping().is_cancelled() && !task.is_finished());
            release.send(()).unwrap();
            assert_eq!(work.drain(ms(0), FOR_EVER).await, 0);
            assert_eq!(task.await.unwrap(), Some(Ok(())));
        });
    });
}

#[test]
fn a_task_that_panics_does_not_hold_up_the_drain() {
    everywhere(|world| {
        world.run(async {
            let work = Work::new();
            let task = work.spawn(async { std::panic::resume_unwind(Box::new("no")) });
            assert_eq!(work.drain(ms(0), FOR_EVER).await, 0);
            assert!(task.await.map(|_: Option<()>| ()).unwrap_err().is_panic());
        });
    });
}

#[test]
fn a_task_that_blocks_its_thread_delays_the_end_of_the_drain_with_several_workers() {
    room::with_several_workers(|world| {
        world.run(async {
            let work = Work::new();
            let (release, released) = std::sync::mpsc::channel::<()>();
            let (begins, begun) = oneshot::channel();
            work.spawn(async move {
                begins.send(()).unwrap();
                released.recv().unwrap(); // Blocks on purpose.
            });
            begun.await.unwrap();
            // A worker drives the drain, and this future, which has a thread of its own, sees that it waits on.
            let mut drain = tokio::spawn({
                let work = work.clone();
                async move { work.drain(ms(0), ms(1)).await }
            });
            assert!(timeout(ms(30), &mut drain).await.is_err());
            release.send(()).unwrap();
            drain.await.unwrap();
        });
    });
}

#[test]
fn a_drain_that_is_called_again_repeats_no_step_that_is_over_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let work = Work::new();
            work.spawn(pending::<()>());
            // The notice is over, and the grace is not.
            assert!(timeout(ms(50), work.drain(ms(10), ms(100))).await.is_err());
            let start = Instant::now();
            assert_eq!(work.drain(ms(10), ms(100)).await, 1);
            assert_eq!(start.elapsed(), ms(100));
            // Both are over.
            assert_eq!(work.drain(ms(10), ms(100)).await, 1);
            assert_eq!(start.elapsed(), ms(100));
        });
    });
}
