//! Who waits.

use std::sync::Arc;

use exam::cancel_at_every_await;
use observability::{Lag, Waits, watch_lag};
use room::{everywhere, on_the_paused_clock};
use timeline::LaneExt;
use tokio::sync::{Mutex, oneshot};
use tokio::time::sleep;

use super::{LOOK, in_the_background, ms};

#[test]
fn the_list_shows_who_waits_for_what_oldest_first() {
    everywhere(|world| {
        world.run(async {
            let (waits, store) = (Waits::default(), Mutex::new(()));
            let (archive, answer) = oneshot::channel::<()>();
            let (ready, hold) = oneshot::channel();
            let cleanup = async {
                let _held = store.lock().await;
                ready.send(()).unwrap();
                _ = waits.list("cleanup", "the archive", answer).await;
            };
            let ann = async {
                hold.await.unwrap();
                drop(waits.list("ann", "the store", store.lock()).await);
            };
            let look = async {
                while waits.longer_than(ms(0)).len() < 2 {
                    sleep(ms(1)).await;
                }
                sleep(ms(50)).await;
                let stuck = waits.longer_than(ms(40));
                assert_eq!(stuck.iter().map(|wait| wait.who.as_str()).collect::<Vec<_>>(), ["cleanup", "ann"]);
                assert_eq!(stuck.iter().map(|wait| wait.what).collect::<Vec<_>>(), ["the archive", "the store"]);
                assert!(stuck.iter().all(|wait| wait.lasts >= ms(50)));
                drop(archive);
            };
            tokio::join!(cleanup, ann, look);
            assert_eq!(waits.longer_than(ms(0)), []);
        });
    });
}

#[test]
fn a_short_wait_is_not_told_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let waits = Waits::default();
            let wait = waits.list("ann", "a second", sleep(ms(1_000)));
            let look = async {
                sleep(ms(100)).await;
                assert_eq!(waits.longer_than(ms(100)), []);
                assert_eq!(waits.longer_than(ms(99))[0].lasts, ms(100));
            };
            tokio::join!(wait, look);
        });
    });
}

#[test]
fn a_wait_that_is_cancelled_leaves_the_list_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let make = || {
                let waits = Waits::default();
                let listed = waits.clone();
                let work = async move {
                    listed.list("ann", "the first", sleep(ms(10))).await;
                    listed.list("ann", "the second", sleep(ms(10))).await;
                };
                (waits, work)
            };
            let judged = cancel_at_every_await(make, async |waits, _at| {
                sleep(ms(1)).await;
                let left = waits.longer_than(ms(0));
                if left.is_empty() { Ok(()) } else { exam::fault(format!("{left:?}"), "") }
            });
            assert!(judged.await.map_err(|fault| fault.what).unwrap() >= 2);
        });
    });
}

#[test]
fn a_stall_shows_no_lag_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let (lag, waits, store) = (Arc::new(Lag::default()), Waits::default(), Mutex::new(()));
            let watched = Arc::clone(&lag);
            let mut monitor = in_the_background(async move { watch_lag(LOOK, &watched).await });
            let _held = store.lock().await;
            tokio::select! {
                _ = waits.list("ann", "the store", store.lock()) => unreachable!(),
                () = sleep(ms(1_005)) => {}
            }
            let looks = lag.take();
            assert_eq!((looks.count(), looks.worst()), (100, ms(0)));
            monitor.shutdown().await;
        });
    });
}

#[test]
fn the_recorder_says_which_lanes_wait_and_since_when_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let ((), recording) = world.record(async {
            let store = Mutex::new(());
            let _held = store.lock().await;
            let ann = async { drop(store.lock().await) };
            tokio::select! {
                () = ann.lane("ann") => unreachable!(),
                () = sleep(ms(700)).lane("a timer") => {}
            }
        });
        let cancelled = recording.cancelled();
        assert_eq!(cancelled, ["ann"]);
        assert_eq!(recording.lane("ann").unwrap().lasted(), Some(700_000));
    });
}
