//! Whatever futures do to each other, the recording says what happened.
//!
//! A random tree of futures runs in lanes, and keeps its own log by other means. The two must agree.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use drawing::Look;
use futures::FutureExt;
use futures::future::{BoxFuture, join_all, pending, select_all};
use proptest::prelude::*;
use timeline::{Clock, LaneExt, Micros, Outcome, Recording, record};
use tokio::time::{Instant, sleep, timeout};

#[derive(Clone, Debug)]
enum Tree {
    /// Sleeps this many milliseconds, then ends.
    Leaf(u64, End),
    /// All at once.
    Join(Vec<Tree>),
    /// All at once until the first is ready. Then the others are dropped.
    Race(Vec<Tree>),
    /// All made at once, awaited one after another up to the first failure.
    Chain(Vec<Tree>),
    /// Dropped after this many milliseconds.
    Timeout(u64, Box<Tree>),
    /// A separate task.
    Spawn(Box<Tree>, Handle),
}

#[derive(Clone, Copy, Debug)]
enum End {
    Value,
    Error,
    Panic,
    Never,
}

#[derive(Clone, Copy, Debug)]
enum Handle {
    Awaited,
    Aborted,
    Detached,
}

/// What the future of one lane noted about itself.
#[derive(Clone, Debug, Default)]
struct Seen {
    parent: Option<usize>,
    spawned: bool,
    started: Option<Micros>,
    outcome: Option<Outcome>,
    closed: Option<Micros>,
}

#[derive(Clone)]
struct Log {
    zero: Instant,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Log {
    fn now(&self) -> Micros {
        u64::try_from(self.zero.elapsed().as_micros()).unwrap()
    }

    fn close(&self, number: usize, outcome: Outcome) {
        let now = self.now();
        let seen = &mut self.seen.lock().unwrap()[number];
        if seen.outcome.is_none() {
            (seen.outcome, seen.closed) = (Some(outcome), Some(now));
        }
    }
}

/// Notices that a future is dropped.
struct Dropped(Log, usize);

impl Drop for Dropped {
    fn drop(&mut self) {
        let started = self.0.seen.lock().unwrap()[self.1].started;
        self.0.close(self.1, if started.is_some() { Outcome::Cancelled } else { Outcome::NeverStarted });
    }
}

type Run = BoxFuture<'static, Result<(), ()>>;

/// Makes the future of a tree, in a lane named by its number.
fn plant(tree: Tree, log: &Log, parent: Option<usize>, spawned: bool) -> Run {
    let number = {
        let mut seen = log.seen.lock().unwrap();
        seen.push(Seen { parent, spawned, ..Seen::default() });
        seen.len() - 1
    };
    let dropped = Dropped(log.clone(), number);
    let log = log.clone();
    let watched = async move {
        let dropped = dropped;
        let now = log.now();
        log.seen.lock().unwrap()[number].started = Some(now);
        match AssertUnwindSafe(grow(tree, &log, number)).catch_unwind().await {
            Ok(result) => {
                log.close(number, if result.is_ok() { Outcome::Finished } else { Outcome::Failed });
                drop(dropped);
                result
            }
            Err(panic) => {
                log.close(number, Outcome::Panicked);
                resume_unwind(panic)
            }
        }
    };
    watched.try_lane(number.to_string()).boxed()
}

async fn grow(tree: Tree, log: &Log, number: usize) -> Result<(), ()> {
    let below =
        |trees: Vec<Tree>| trees.into_iter().map(|tree| plant(tree, log, Some(number), false)).collect::<Vec<_>>();
    match tree {
        Tree::Leaf(milliseconds, end) => {
            sleep(Duration::from_millis(milliseconds)).await;
            match end {
                End::Value => Ok(()),
                End::Error => Err(()),
                End::Panic => resume_unwind(Box::new("as planned")),
                End::Never => pending().await,
            }
        }
        Tree::Join(trees) => join_all(below(trees)).await.into_iter().collect(),
        Tree::Race(trees) => select_all(below(trees)).await.0,
        Tree::Chain(trees) => {
            for future in below(trees) {
                future.await?;
            }
            Ok(())
        }
        Tree::Timeout(milliseconds, tree) => {
            let future = plant(*tree, log, Some(number), false);
            timeout(Duration::from_millis(milliseconds), future).await.unwrap_or(Err(()))
        }
        Tree::Spawn(tree, handle) => {
            let task = tokio::spawn(plant(*tree, log, Some(number), true));
            match handle {
                Handle::Awaited => return task.await.unwrap_or(Err(())),
                Handle::Aborted => task.abort(),
                Handle::Detached => {}
            }
            Ok(())
        }
    }
}

fn trees() -> impl Strategy<Value = Tree> {
    let end = prop_oneof![4 => Just(End::Value), 2 => Just(End::Error), 1 => Just(End::Panic), 1 => Just(End::Never)];
    let leaf = (0_u64..20, end).prop_map(|(milliseconds, end)| Tree::Leaf(milliseconds, end));
    leaf.prop_recursive(4, 24, 4, |inner| {
        let several = || prop::collection::vec(inner.clone(), 1..4);
        let handle = prop_oneof![Just(Handle::Awaited), Just(Handle::Aborted), Just(Handle::Detached)];
        prop_oneof![
            several().prop_map(Tree::Join),
            several().prop_map(Tree::Race),
            several().prop_map(Tree::Chain),
            (0_u64..20, inner.clone()).prop_map(|(milliseconds, tree)| Tree::Timeout(milliseconds, Box::new(tree))),
            (inner.clone(), handle).prop_map(|(tree, handle)| Tree::Spawn(Box::new(tree), handle)),
        ]
    })
}

/// Runs a tree for at most 50 ms of virtual time.
fn run(tree: Tree) -> (Vec<Seen>, Recording) {
    record(Clock::Virtual, async {
        let log = Log { zero: Instant::now(), seen: Arc::default() };
        let root = plant(tree, &log, None, false);
        // The result does not matter: the log and the recording both contain how the root ended.
        let _ = timeout(Duration::from_millis(50), AssertUnwindSafe(root).catch_unwind()).await;
        // Aborted tasks are dropped when the runtime gets to them.
        sleep(Duration::from_millis(1)).await;
        let seen = log.seen.lock().unwrap();
        seen.clone()
    })
}

/// The most lanes open at once, counted at each start.
fn peak(seen: &[Seen]) -> usize {
    let open_at = |at: Micros| {
        let covers = |lane: &&Seen| {
            lane.started.is_some_and(|start| start <= at && at < lane.closed.unwrap_or(Micros::MAX).max(start + 1))
        };
        seen.iter().filter(covers).count()
    };
    seen.iter().filter_map(|lane| lane.started).map(open_at).max().unwrap_or(0)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_recording_says_what_happened(tree in trees()) {
        let (seen, recording) = run(tree);
        prop_assert_eq!(recording.lanes.len(), seen.len());
        for (lane, seen) in recording.lanes.iter().zip(&seen) {
            prop_assert_eq!(lane.outcome, seen.outcome, "lane {}", lane.name);
            prop_assert_eq!(lane.closed, seen.closed, "lane {}", lane.name);
            prop_assert_eq!(lane.started(), seen.started, "lane {}", lane.name);
            prop_assert_eq!(lane.parent, seen.parent, "lane {}", lane.name);
            let end = lane.closed.unwrap_or(recording.ended);
            prop_assert!(lane.polls.is_sorted_by_key(|poll| poll.at));
            prop_assert!(lane.polls.iter().all(|poll| lane.opened <= poll.at && poll.at <= poll.until && poll.until <= end));
            let moments = lane.polls.iter().flat_map(|poll| [poll.seq, poll.until_seq]);
            let moments: Vec<_> = [lane.opened_seq].into_iter().chain(moments).chain(lane.closed_seq).collect();
            prop_assert!(moments.is_sorted_by(|one, next| one < next), "lane {}: {:?}", lane.name, moments);
            for wake in &lane.wakes {
                prop_assert!(lane.opened_seq < wake.seq && lane.closed_seq.is_none_or(|end| wake.seq < end));
                let next = lane.polls.iter().find(|poll| poll.seq > wake.seq).map(|poll| poll.at);
                prop_assert_eq!(wake.until, next, "lane {}", lane.name);
            }
            if let Some(parent) = lane.parent.map(|parent| &recording.lanes[parent]) {
                prop_assert!(parent.opened <= lane.opened);
                prop_assert!(seen.spawned || end <= parent.closed.unwrap_or(recording.ended), "lane {}", lane.name);
            }
        }
        prop_assert_eq!(recording.peak_where(|_| true), peak(&seen));
    }

    #[test]
    fn every_recording_can_be_drawn_and_read_back(tree in trees()) {
        let (_, recording) = run(tree);
        prop_assert_eq!(Recording::from_json(&recording.to_json()).unwrap(), recording.clone());
        for width in [40, 80, 120] {
            let chart = drawing::chart(&[&recording], &Look { width, ..Look::default() });
            prop_assert!(chart.lines().all(|line| line.chars().count() <= width), "{}", chart);
        }
        prop_assert!(drawing::svg(&[&recording]).ends_with("</svg>\n"));
        prop_assert!(!drawing::words(&recording).is_empty());
        prop_assert_eq!(recording.to_chrome().chars().next(), Some('{'));
    }
}
