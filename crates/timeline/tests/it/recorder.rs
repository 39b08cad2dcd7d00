//! The recorder writes what happened.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Barrier};
use std::time::Duration;

use drawing::Look;
use futures::FutureExt;
use futures::future::{join, pending, ready};
use timeline::{Clock, Kind, LaneExt, Outcome, Recorder, Recording, lane_blocking, record};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Layer, SubscriberExt};

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn outcome(recording: &Recording, name: &str) -> Option<Outcome> {
    recording.lane(name).unwrap_or_else(|| panic!("no lane {name}")).outcome
}

#[test]
fn each_ending_has_its_outcome() {
    let ((), recording) = record(Clock::Virtual, async {
        ready(1).lane("finished").await;
        ready(Err::<(), _>("no")).try_lane("failed").await.unwrap_err();
        AssertUnwindSafe(async { panic!("boom") }.lane("panicked")).catch_unwind().await.unwrap_err();
        timeout(ms(10), pending::<()>().lane("cancelled")).await.unwrap_err();
        drop(ready(1).lane("never started"));
        tokio::spawn(pending::<()>().lane("open"));
        sleep(ms(5)).await;
    });
    assert_eq!(outcome(&recording, "open"), None);
    for each in Outcome::ALL {
        assert_eq!(outcome(&recording, each.words()), Some(each), "{each}");
    }
}

#[test]
fn a_sibling_of_a_panic_is_cancelled_not_panicked() {
    let ((), recording) = record(Clock::Virtual, async {
        let panicking = async {
            sleep(ms(10)).await;
            panic!("boom")
        };
        let both = join(panicking.lane("guilty"), pending::<()>().lane("innocent")).lane("both");
        AssertUnwindSafe(both).catch_unwind().await.unwrap_err();
    });
    assert_eq!(outcome(&recording, "guilty"), Some(Outcome::Panicked));
    assert_eq!(outcome(&recording, "innocent"), Some(Outcome::Cancelled));
    assert_eq!(outcome(&recording, "both"), Some(Outcome::Panicked));
}

#[test]
fn a_task_that_outlives_its_runtime_time_closes_at_the_last_time_written() {
    let ((), recording) = record(Clock::Virtual, async {
        let mut set = JoinSet::new();
        set.spawn(pending::<()>().lane("worker"));
        sleep(ms(10)).await;
        drop(set);
        sleep(ms(10)).await;
    });
    let worker = recording.lane("worker").unwrap();
    assert_eq!((worker.outcome, worker.closed), (Some(Outcome::Cancelled), Some(10_000)));
}

#[test]
fn a_closure_on_the_blocking_pool_has_a_lane_below_its_caller() {
    let ((), recording) = record(Clock::Real, async {
        let work = async {
            let noted = lane_blocking("closure", || tracing::info!(answer = 42, "computed"));
            tokio::task::spawn_blocking(noted).await.unwrap();
        };
        work.lane("caller").await;
    });
    let closure = recording.lane("closure").unwrap();
    assert_eq!((closure.kind, closure.parent, closure.poll_count()), (Kind::Blocking, Some(0), 1));
    assert_eq!(closure.notes[0].text, "computed answer=42");
    assert_eq!(recording.threads.len(), 2);
}

#[test]
fn a_note_while_a_lane_is_dropped_belongs_to_it() {
    struct Guard;
    impl Drop for Guard {
        fn drop(&mut self) {
            tracing::info!("cleaned up");
        }
    }
    let ((), recording) = record(Clock::Virtual, async {
        let guarded = async {
            let _guard = Guard;
            pending::<()>().await;
        };
        timeout(ms(10), guarded.lane("guarded")).await.unwrap_err();
    });
    assert_eq!(recording.lane("guarded").unwrap().notes[0].text, "cleaned up");
    assert!(recording.notes.is_empty());
}

#[test]
fn a_blocking_poll_holds_up_its_neighbour_on_the_real_clock() {
    let ((), recording) = record(Clock::Real, async {
        let blocking = async { std::thread::sleep(ms(30)) };
        join(sleep(ms(1)).lane("neighbour"), blocking.lane("rude")).lane("parent").await;
    });
    let held: Vec<_> = recording.held_up().collect();
    let held: Vec<_> = held.iter().map(|held| (held.lane, held.by)).collect();
    let number = |name| recording.lanes.iter().position(|lane| lane.name == name).unwrap();
    assert_eq!(held, [(number("neighbour"), Some(number("rude")))]);
}

#[test]
#[should_panic(expected = "waiter waits since 0.00 s, and nothing woke it")]
fn a_deadlock_is_diagnosed() {
    record(Clock::Virtual, async { pending::<()>().lane("waiter").await });
}

#[test]
#[should_panic(expected = "`.try_lane`")]
fn a_lane_that_could_not_see_a_failure_is_refused() {
    drop(ready(Err::<(), _>("no")).lane("hidden"));
}

#[test]
fn lanes_on_several_worker_threads_are_recorded() {
    let recorder = Recorder::new("workers", Clock::Real);
    let subscriber = tracing_subscriber::registry().with(recorder.clone());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    tracing::subscriber::with_default(subscriber, || {
        // Each waits for the other inside its poll, so they are polled on two threads at once.
        let meeting = Arc::new(Barrier::new(2));
        let meet = |meeting: Arc<Barrier>| async move {
            meeting.wait();
        };
        let tasks = [runtime.spawn(meet(meeting.clone()).lane("one")), runtime.spawn(meet(meeting).lane("two"))];
        for task in tasks {
            runtime.block_on(task).unwrap();
        }
    });
    let recording = recorder.recording();
    let thread = |name| recording.lane(name).unwrap().polls[0].thread;
    assert_ne!(thread("one"), thread("two"));
    assert_eq!((recording.threads.len(), recording.peak_where(|_| true)), (2, 2));
    assert!(recording.multi_thread);
}

#[test]
fn a_lane_keeps_some_of_its_polls_and_counts_them_all() {
    let ((), recording) = record(Clock::Virtual, async {
        let restless = async {
            for _ in 0..999 {
                tokio::task::yield_now().await;
            }
        };
        restless.lane("restless").await;
    });
    assert!(recording.lanes[0].polls.len() <= 128 && recording.lanes[0].wakes.len() <= 128);
    assert_eq!(recording.polls("restless"), 1_000);
    assert_eq!(recording.lanes[0].wakes.iter().map(|wake| wake.count).sum::<u64>(), 999);
}

#[test]
fn a_hundred_thousand_spawned_lanes_are_recorded_and_drawn() {
    let ((), recording) = record(Clock::Virtual, async {
        let mut tasks = JoinSet::new();
        for number in 0..100_000 {
            tasks.spawn(sleep(ms(1 + number % 50)).lane(format!("task {number}")));
        }
        tasks.join_all().await;
    });
    assert_eq!((recording.lanes.len(), recording.peak_where(|_| true)), (100_000, 100_000));
    assert!(drawing::chart(&[&recording], &Look::default()).lines().count() < 60);
    assert!(drawing::svg(&[&recording]).len() < 100_000);
}

#[test]
fn a_recording_taken_in_the_middle_of_a_poll_shows_it() {
    let recorder = Recorder::new("middle", Clock::Real);
    let subscriber = tracing_subscriber::registry().with(recorder.clone());
    let middle = tracing::subscriber::with_default(subscriber, || {
        async { recorder.recording() }.lane("looking").now_or_never().unwrap()
    });
    assert_eq!((middle.polls("looking"), middle.never_ended()), (1, vec!["looking"]));
}

#[test]
fn a_recorder_behind_a_filter_records_nothing_even_if_another_layer_wants_the_spans() {
    struct Curious;
    impl<S: tracing::Subscriber> Layer<S> for Curious {}
    let recorder = Recorder::new("filtered", Clock::Real);
    let filtered = recorder.clone().with_filter(LevelFilter::OFF);
    let subscriber = tracing_subscriber::registry().with(Curious).with(filtered);
    tracing::subscriber::with_default(subscriber, || async { tracing::info!("noted") }.lane("unseen").now_or_never());
    let recording = recorder.recording();
    assert_eq!((recording.lanes.len(), recording.notes.len(), recording.missing.filtered), (0, 0, 1));
}
