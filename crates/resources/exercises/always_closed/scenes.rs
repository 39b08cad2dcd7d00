//! What the checks of `resources/always_closed` play.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use exam::{Call, Failure, LaneExt, Reply, Service, ms};
use futures::FutureExt;
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;

use super::given::Resource;

pub(super) type Job = (TaskTracker, Resource, Resource, Service);
type AlwaysClosed = Call<Job, Result<String, Failure>>;

pub(super) const PATIENT: Duration = Duration::from_hours(1);
pub(super) const CLOSES: [&str; 2] = ["close cache", "close database"];
pub(super) const TRACKER: &str = "the tracker waits";

/// How the resources and the work reply.
pub(super) struct Replies {
    pub(super) opens_first: Reply,
    pub(super) opens: Reply,
    pub(super) work: Reply,
    pub(super) closes: [Reply; 2],
}

impl Replies {
    /// Open at 0.4 s, worked at 0.9 s, closed at 1.2 s and 1.5 s.
    pub(super) fn good() -> Self {
        let close = || Reply::ok(ms(300), "bye");
        let opens = || Reply::ok(ms(200), "open");
        Self { opens_first: opens(), opens: opens(), work: Reply::ok(ms(500), "42 rows"), closes: [close(), close()] }
    }

    pub(super) fn closes_late() -> Self {
        Self { closes: ["bye", "bye"].map(|text| Reply::ok(ms(780_000), text)), ..Self::good() }
    }

    pub(super) fn closes_fail() -> Self {
        Self { closes: [Reply::err(ms(300), "hangs up"), Reply::err(ms(300), "has data left")], ..Self::good() }
    }
}

/// Runs the job. If its patience is over, waits for the tracker. Then the program goes on for a while.
pub(super) async fn job(call: AlwaysClosed, replies: Replies, patience: Duration) -> String {
    let tracker = TaskTracker::new();
    // The rest of the program also has a task.
    let program = tracker.spawn(sleep(ms(3_300_000)));
    let [close_cache, close_database] = replies.closes;
    let resource = |open: Service, name, close| Resource { open, close: Service::new(name, close) };
    let database = Service::new("open database", replies.opens_first);
    let database = resource(database, CLOSES[1], close_database);
    let cache = resource(Service::new("open cache", replies.opens), CLOSES[0], close_cache);
    let answer = AssertUnwindSafe(call((tracker.clone(), database, cache, Service::new("work", replies.work))));
    let answer = answer.catch_unwind().map(words);
    let ended = timeout(patience, answer.lane("always_closed")).await;
    let closed = if tracker.is_closed() { ", and the tracker is closed" } else { "" };
    program.abort();
    if ended.is_err() {
        tracker.close();
        tracker.wait().lane(TRACKER).await;
    }
    sleep(ms(1_000)).lane("the program goes on").await;
    ended.unwrap_or_else(|_elapsed| "nothing in time".to_owned()) + closed
}

/// What the answer returned, or the text of its panic.
fn words(ended: Result<Result<String, Failure>, Box<dyn Any + Send>>) -> String {
    match ended {
        Ok(Ok(text)) => format!("{text:?}"),
        Ok(Err(failure)) => format!("the failure `{failure}`"),
        Err(panic) => {
            let text = panic.downcast_ref().map_or("another panic", String::as_str);
            format!("nothing, but panicked: `{text}`")
        }
    }
}
