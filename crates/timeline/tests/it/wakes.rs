//! Which lane woke which, which were ready, and which were held up.

use std::thread;
use std::time::Duration;

use futures::future::{join, pending};
use futures::stream::{self, StreamExt};
use timeline::{By, Clock, LaneExt, Recorder, Recording, record};
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use tracing::{Dispatch, dispatcher};
use tracing_subscriber::layer::SubscriberExt;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn number(recording: &Recording, name: &str) -> usize {
    recording.lanes.iter().position(|lane| lane.name == name).unwrap()
}

/// A recorder, and a subscriber with it.
fn recorder() -> (Recorder, Dispatch) {
    let recorder = Recorder::new("test", Clock::Real);
    (recorder.clone(), Dispatch::new(tracing_subscriber::registry().with(recorder)))
}

#[test]
fn the_lane_that_sends_wakes_the_lane_that_receives() {
    let ((), recording) = record(Clock::Virtual, async {
        let (sender, receiver) = oneshot::channel();
        let sends = async {
            sleep(ms(10)).await;
            sender.send(1).unwrap();
        };
        join(receiver.try_lane("receiver"), sends.lane("sender")).await.0.unwrap();
    });
    assert_eq!(recording.woken_by("receiver"), ["sender"]);
    assert_eq!(recording.woken_by("sender"), ["the runtime"]);
    let [receiver, sender] = ["receiver", "sender"].map(|name| recording.lane(name).unwrap());
    let (sent, woken) = (&sender.polls[1], &receiver.wakes[0]);
    assert!(sent.seq < woken.seq && woken.seq < sent.until_seq, "the wake happens within the poll that sends");
    let polled = receiver.polls.last().unwrap();
    assert!(woken.seq < polled.seq && polled.at == woken.at, "the wake comes before the poll, in the same instant");
    assert_eq!((woken.at, woken.until), (10_000, Some(10_000)));
}

#[test]
fn a_wake_by_a_thread_comes_from_outside() {
    let ((), recording) = record(Clock::Real, async {
        let (sender, receiver) = oneshot::channel();
        let thread = thread::spawn(move || sender.send(1).unwrap());
        receiver.try_lane("receiver").await.unwrap();
        thread.join().unwrap();
    });
    // The thread may have sent first.
    assert!(recording.lanes[0].wakes.iter().all(|wake| wake.by == By::Outside));
}

#[test]
fn code_outside_every_lane_is_not_the_runtime() {
    let ((), recording) = record(Clock::Virtual, async {
        for in_a_task in [false, true] {
            let (sender, receiver) = oneshot::channel();
            let task = tokio::spawn(receiver.try_lane("receiver"));
            sleep(ms(1)).await;
            if in_a_task {
                tokio::spawn(async { sender.send(1).unwrap() });
            } else {
                sender.send(1).unwrap();
            }
            task.await.unwrap().unwrap();
        }
    });
    assert_eq!(recording.woken_by("receiver"), ["code outside every lane"; 2]);
}

#[test]
fn a_wake_of_a_nested_lane_also_wakes_its_parent() {
    let ((), recording) = record(Clock::Virtual, async { sleep(ms(10)).lane("inner").lane("outer").await });
    let [outer, inner] = ["outer", "inner"].map(|name| recording.lane(name).unwrap());
    assert_eq!((outer.wakes[0].at, inner.wakes[0].at), (10_000, 10_000));
}

#[test]
fn requests_in_a_buffer_that_nothing_polls_are_held_up() {
    let ((), recording) = record(Clock::Virtual, async {
        let requests = stream::iter([10, 20]).map(|time| sleep(ms(time)).lane(format!("request {time}")));
        requests.buffer_unordered(2).for_each(|()| sleep(ms(100)).lane("handles")).await;
    });
    let starved = number(&recording, "request 20");
    let held: Vec<_> = recording.held_up().map(|held| (held.lane, held.by, held.from, held.until)).collect();
    assert_eq!(held, [(starved, None, 20_000, 110_000)]);
    assert_eq!(recording.longest_ready("request 20"), 90_000);
}

#[test]
fn a_woken_lane_that_nothing_polls_is_distinguished_from_one_that_nothing_woke() {
    let ((), recording) = record(Clock::Virtual, async {
        let mut sleeper = Box::pin(sleep(ms(20)).lane("sleeper"));
        let _ = futures::poll!(&mut sleeper);
        let _ = timeout(ms(50), pending::<()>().lane("given up")).await;
        tokio::spawn(pending::<()>().lane("waiter"));
        sleep(ms(50)).await;
        std::mem::forget(sleeper);
    });
    let since = |lanes: Vec<(&timeline::Lane, u64)>| -> Vec<_> {
        lanes.into_iter().map(|(lane, since)| (lane.name.clone(), since)).collect()
    };
    assert_eq!(since(recording.unpolled()), [("sleeper".to_owned(), 20_000)]);
    assert_eq!(since(recording.waiting()), [("waiter".to_owned(), 50_000)]);
    assert_eq!(
        recording.diagnosis(),
        ["sleeper was woken at 0.02 s, and nothing polls it", "waiter waits since 0.05 s, and nothing woke it"]
    );
}

#[test]
fn a_lane_that_is_being_polled_does_not_wait() {
    let (recorder, dispatch) = recorder();
    let looks = recorder.clone();
    dispatcher::with_default(&dispatch, || {
        Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            tokio::spawn(pending::<()>().lane("idle"));
            tokio::task::yield_now().await;
            let looking = async move {
                tokio::task::yield_now().await;
                let recording = looks.recording();
                let names = |lanes: Vec<(&timeline::Lane, u64)>| -> Vec<_> {
                    lanes.into_iter().map(|(lane, _)| lane.name.clone()).collect()
                };
                assert_eq!(names(recording.waiting()), ["idle"]);
                assert_eq!(names(recording.being_polled()), ["looking"]);
            };
            looking.lane("looking").await;
        });
    });
}

#[test]
fn a_task_stuck_behind_the_task_that_woke_it_is_held_up_by_it() {
    let (recorder, dispatch) = recorder();
    dispatcher::with_default(&dispatch, || {
        let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let (sender, receiver) = oneshot::channel();
        let task = runtime.spawn(receiver.try_lane("woken"));
        // One worker: the receiver waits before the sender runs.
        let sends = async {
            tokio::task::yield_now().await;
            sender.send(1).unwrap();
            thread::sleep(ms(30));
        };
        runtime.block_on(runtime.spawn(sends.lane("blocks"))).unwrap();
        runtime.block_on(task).unwrap().unwrap();
    });
    let recording = recorder.recording();
    let held: Vec<_> = recording.held_up().map(|held| (held.lane, held.by)).collect();
    assert_eq!(held, [(number(&recording, "woken"), Some(number(&recording, "blocks")))]);
}

#[test]
fn a_long_poll_on_another_thread_holds_up_no_lane_here() {
    let (recorder, dispatch) = recorder();
    let (begun, begins) = std::sync::mpsc::channel();
    let blocker = thread::spawn({
        let dispatch = dispatch.clone();
        move || {
            dispatcher::with_default(&dispatch, || {
                let blocks = async {
                    begun.send(()).unwrap();
                    thread::sleep(ms(60));
                };
                Builder::new_current_thread().build().unwrap().block_on(blocks.lane("elsewhere"));
            });
        }
    });
    begins.recv().unwrap();
    dispatcher::with_default(&dispatch, || {
        let beats = async {
            for _ in 0..5 {
                sleep(ms(5)).await;
            }
        };
        Builder::new_current_thread().enable_all().build().unwrap().block_on(beats.lane("heart"));
    });
    blocker.join().unwrap();
    let recording = recorder.recording();
    let elsewhere = Some(number(&recording, "elsewhere"));
    let held: Vec<_> = recording.held_up().collect();
    assert!(held.iter().all(|held| held.by != elsewhere), "{held:?}");
}

#[test]
fn the_waker_stays_the_same_while_the_callers_waker_does() {
    let (_recorder, dispatch) = recorder();
    dispatcher::with_default(&dispatch, || {
        let mut seen = Vec::new();
        let future = std::future::poll_fn(|context| {
            seen.push(context.waker().clone());
            std::task::Poll::<()>::Pending
        });
        let mut lane = Box::pin(future.lane("lane"));
        let above = futures::task::noop_waker();
        for _ in 0..2 {
            assert!(lane.as_mut().poll(&mut std::task::Context::from_waker(&above)).is_pending());
        }
        drop(lane);
        assert!(seen[0].will_wake(&seen[1]) && !seen[0].will_wake(&above));
    });
}

#[test]
fn without_a_recorder_a_lane_passes_on_the_callers_waker() {
    let above = futures::task::noop_waker();
    let mut same = false;
    let future = std::future::poll_fn(|context| {
        same = context.waker().will_wake(&above);
        std::task::Poll::<()>::Pending
    });
    let mut lane = Box::pin(future.lane("lane"));
    assert!(lane.as_mut().poll(&mut std::task::Context::from_waker(&above)).is_pending());
    drop(lane);
    assert!(same);
}
