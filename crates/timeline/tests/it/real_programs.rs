//! What real programs do to a recorder: long lives, panics, filters, dead ends.

use std::cell::RefCell;
use std::future::{pending, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::thread;
use std::time::Duration;

use futures::FutureExt;
use timeline::{Clock, LaneExt, Outcome, Recorder, level, record, try_record};
use tokio::runtime::Builder;
use tokio::sync::mpsc;
use tokio::task::yield_now;
use tokio::time::sleep;
use tracing::{Instrument, Level, info_span};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;

#[test]
fn a_long_poll_late_in_a_long_life_is_seen() {
    let ((), recording) = record(Clock::Real, async {
        let life = async {
            for round in 0..3_000 {
                yield_now().await;
                if round == 2_000 {
                    thread::sleep(Duration::from_millis(30));
                }
            }
        };
        life.lane("life").await;
    });
    let life = &recording.lanes[0];
    assert!(!recording.long_polls().is_empty());
    assert!(life.polls.len() < 150, "{}", life.polls.len());
    assert_eq!(life.poll_count(), 3_001);
    assert!(life.busy() >= 30_000);
    assert!(life.polls.is_sorted_by_key(|poll| poll.seq));
    assert!(life.polls.windows(2).all(|pair| pair[0].until_seq < pair[1].seq));
}

#[test]
fn the_sample_of_a_long_life_is_even() {
    let ((), recording) = record(Clock::Virtual, async {
        let life = async {
            for _ in 0..10_000 {
                sleep(Duration::from_millis(1)).await;
            }
        };
        life.lane("life").await;
    });
    let polls = &recording.lanes[0].polls;
    assert_eq!(recording.polls("life"), 10_001);
    // No entry stands for more than an eighth of the life.
    assert!(polls.len() >= 32 && polls.iter().all(|poll| poll.until - poll.at <= 10_000_000 / 8), "{polls:?}");
}

#[test]
fn above_the_memory_bound_the_oldest_finished_lanes_are_dropped() {
    let recorder = Recorder::new("bound", Clock::Virtual).with_memory(100_000);
    let subscriber = tracing_subscriber::registry().with(recorder.clone());
    tracing::subscriber::with_default(subscriber, || {
        let open = pending::<()>().lane("open");
        for number in 0..10_000 {
            ready(number).lane(number.to_string()).now_or_never().unwrap();
        }
        let recording = recorder.recording();
        assert_eq!(recording.lanes[0].name, "open");
        assert_eq!(recording.lanes.last().unwrap().name, "9999");
        assert!(recording.lanes.len() < 1_000, "{}", recording.lanes.len());
        assert_eq!(recording.missing.finished + recording.lanes.len() as u64, 10_001);
        for number in 0..10_000 {
            tracing::info!(number, "a line of an ordinary log");
        }
        let recording = recorder.recording();
        assert_eq!(recording.missing.notes + recording.notes.len() as u64, 10_000);
        assert!((1..2_000).contains(&recording.notes.len()), "{}", recording.notes.len());
        drop(open);
    });
}

struct Boom;

impl Drop for Boom {
    fn drop(&mut self) {
        assert!(thread::panicking(), "dropped");
    }
}

/// Is ready at once, and panics when it is dropped.
struct ReadyAndBoom(#[allow(dead_code, reason = "only dropped")] Boom);

impl Future for ReadyAndBoom {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<()> {
        std::task::Poll::Ready(())
    }
}

#[test]
fn a_panic_while_a_lane_drops_its_future_ends_the_lane() {
    let ((), recording) = record(Clock::Virtual, async {
        let cancelled = async {
            let _boom = Boom;
            pending::<()>().await;
        };
        let mut cancelled = Box::pin(cancelled.lane("cancelled"));
        assert!(futures::poll!(&mut cancelled).is_pending());
        assert!(catch_unwind(AssertUnwindSafe(|| drop(cancelled))).is_err());
        let at_the_end = AssertUnwindSafe(ReadyAndBoom(Boom).lane("ready"));
        assert!(at_the_end.catch_unwind().await.is_err());
        tracing::info!("outside every lane");
        async {}.lane("later").await;
    });
    assert_eq!(recording.ended(Outcome::Panicked), ["cancelled", "ready"]);
    assert_eq!(recording.notes.len(), 1);
    assert_eq!(recording.lane("later").unwrap().parent, None);
    assert_eq!(recording.being_polled().len(), 0);
}

#[test]
fn a_lane_may_be_kept_in_a_thread_local() {
    thread_local! {
        static KEPT: RefCell<Option<Pin<Box<dyn Future<Output = ()>>>>> = const { RefCell::new(None) };
    }
    let recorder = Recorder::new("thread local", Clock::Real);
    let theirs = recorder.clone();
    let thread = thread::spawn(move || {
        // Made first, so that it is destroyed last.
        KEPT.with(|_| ());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(theirs), || {
            let mut lane: Pin<Box<dyn Future<Output = ()>>> = Box::pin(pending::<()>().lane("kept"));
            assert!(lane.as_mut().now_or_never().is_none());
            KEPT.set(Some(lane));
        });
    });
    thread.join().unwrap();
    assert_eq!(recorder.recording().ended(Outcome::Cancelled), ["kept"]);
}

#[test]
fn lanes_that_the_recording_misses_are_counted() {
    let early = async {}.lane("early");
    assert_eq!(record(Clock::Virtual, early).1.missing.early, 1);

    let recorder = Recorder::new("filtered", Clock::Real);
    let filter = Targets::new().with_target("my_app", Level::DEBUG);
    let subscriber = tracing_subscriber::registry().with(filter).with(recorder.clone());
    tracing::subscriber::with_default(subscriber, || async {}.lane("filtered").now_or_never());
    assert_eq!(recorder.recording().missing.filtered, 1);

    // Worker threads do not know the subscriber of the thread that spawned.
    let recorder = Recorder::new("workers", Clock::Real);
    let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(recorder.clone()), || {
        let task = runtime.spawn(async { async {}.lane("inner").await }.lane("outer"));
        runtime.block_on(task).unwrap();
    });
    assert_eq!((recorder.recording().lanes.len(), recorder.recording().missing.filtered), (1, 1));
}

#[test]
fn generic_code_has_a_lane_for_any_output() {
    async fn named<F: Future>(future: F) -> F::Output {
        future.any_lane("any").await
    }
    let (_, recording) =
        record(Clock::Virtual, async { (named(ready(1)).await, named(ready(Err::<(), _>("no"))).await) });
    assert_eq!(recording.ended(Outcome::Finished), ["any", "any"]);
}

#[test]
#[should_panic(expected = "`timeline::record` makes its own runtime")]
fn record_inside_a_runtime_says_what_to_do() {
    Builder::new_current_thread().build().unwrap().block_on(async { record(Clock::Virtual, async {}) });
}

#[test]
fn a_stuck_future_returns_its_recording() {
    let stuck = try_record(Clock::Virtual, async {
        sleep(Duration::from_millis(300)).lane("asks").await;
        pending::<()>().lane("waits").await;
    });
    let stuck = stuck.unwrap_err();
    assert!(!stuck.endless);
    assert_eq!(stuck.recording.finish_order(), ["asks"]);
    assert!(stuck.recording.ended < 1_000_000, "it shows no empty hour: {}", stuck.recording.ended);
    let message = stuck.to_string();
    assert!(message.contains("waits waits since 0.30 s, and nothing woke it"), "{message}");
    assert!(message.contains("take no part in the virtual clock"), "{message}");
}

#[test]
fn a_loop_that_lets_no_time_pass_is_reported() {
    let stuck = try_record(Clock::Virtual, async {
        let (sender, mut orders) = mpsc::channel::<u32>(1);
        drop(sender);
        let shop = async move {
            let mut closing_time = Box::pin(sleep(Duration::from_millis(100)));
            loop {
                tokio::select! {
                    order = orders.recv() => assert_eq!(order, None),
                    () = &mut closing_time => break,
                }
            }
        };
        tokio::spawn(shop.lane("shop")).await.unwrap();
    });
    let stuck = stuck.unwrap_err();
    assert!(stuck.spins && stuck.endless);
    assert!(stuck.to_string().starts_with("a loop goes on for ever"), "{stuck}");
}

#[test]
fn spans_become_lanes_on_request() {
    for asked in [false, true] {
        let recorder = Recorder::new("spans", Clock::Virtual);
        let recorder = if asked { recorder.with_spans() } else { recorder };
        let subscriber = tracing_subscriber::registry().with(recorder.clone());
        tracing::subscriber::with_default(subscriber, || {
            let inner = async { tracing::info!("said") }.instrument(info_span!("inner"));
            inner.instrument(info_span!("outer")).now_or_never().unwrap();
        });
        let recording = recorder.recording();
        let lanes: Vec<_> = recording.lanes.iter().map(|lane| (lane.name.as_str(), lane.outcome)).collect();
        if asked {
            let inner = recording.lane("inner").unwrap();
            assert_eq!(inner.notes[0].text, "said");
            assert!(recording.lanes.iter().all(|lane| lane.outcome == Some(Outcome::Finished)), "{lanes:?}");
            assert_eq!(lanes.len(), 2);
        } else {
            assert_eq!(lanes, []);
        }
    }
}

#[test]
fn a_level_is_a_number_over_time() {
    let ((), recording) = record(Clock::Virtual, async {
        level("queue", 0, 10);
        sleep(Duration::from_millis(5)).await;
        async { level("queue", 3, 10) }.lane("producer").await;
        level("queue", 3, 10);
        level("queue", 3, 12);
        level("connections", 7, None);
    });
    let [queue, connections] = &recording.levels[..] else { panic!("{:?}", recording.levels) };
    let values: Vec<_> = queue.values.iter().map(|value| (value.at, value.value, value.limit)).collect();
    assert_eq!(values, [(0, 0, Some(10)), (5_000, 3, Some(10)), (5_000, 3, Some(12))]);
    assert_eq!((connections.values[0].value, connections.values[0].limit), (7, None));
    let producer = &recording.lanes[0];
    assert!(producer.polls[0].seq < queue.values[1].seq && queue.values[1].seq < producer.polls[0].until_seq);
    assert_eq!((recording.highest("queue"), recording.highest("other")), (Some(3), None));
}

#[test]
fn a_level_that_changes_often_keeps_its_extremes() {
    let ((), recording) = record(Clock::Virtual, async {
        for round in 0..5_000 {
            level("queue", if round == 1_234 { 99 } else { round % 7 }, None);
            sleep(Duration::from_millis(1)).await;
        }
    });
    assert_eq!(recording.highest("queue"), Some(99));
    assert!(recording.levels[0].values.len() <= 1_024);
    assert!(recording.levels[0].values.is_sorted_by_key(|value| value.seq));
}

#[test]
fn a_recording_taken_while_lanes_run_shows_a_single_moment() {
    let recorder = Recorder::new("meanwhile", Clock::Real);
    let subscriber = tracing_subscriber::registry().with(recorder.clone());
    tracing::subscriber::with_default(subscriber, || {
        let mut lane = Box::pin(pending::<()>().lane("lane"));
        let mut poll = || assert!(lane.as_mut().now_or_never().is_none());
        poll();
        let before = recorder.recording();
        poll();
        assert_eq!((before.polls("lane"), recorder.recording().polls("lane")), (1, 2));
    });
}
