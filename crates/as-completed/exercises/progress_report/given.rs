//! What the answer of `as-completed/progress_report` is given.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use exam::{Failure, LaneExt, Micros, Service};
use tokio::time::{Instant, sleep};

/// What came of fetching a page: its text, or that it is missing.
pub type Fetched = Result<String, Failure>;

/// A page to be fetched, packet by packet.
#[derive(Clone, Debug)]
pub struct Page(pub(super) Service);

/// Where results are shown: one line after the other, and each takes a while.
#[derive(Debug)]
pub struct Screen {
    pub(super) takes: Duration,
    pub(super) since: Instant,
    pub(super) lines: Arc<Mutex<Vec<Line>>>,
}

impl Page {
    /// The name of the page: two pages may have the same.
    #[allow(dead_code, reason = "answers may ask for it")]
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.name().trim_start_matches("page ")
    }

    /// Fetches the page: its text in the end, or that it is missing.
    ///
    /// The next packet is sent when the one before was received, so it takes longer if nobody polls it meanwhile.
    #[track_caller]
    pub fn fetch(&self) -> impl Future<Output = Fetched> + Send + use<> {
        self.0.ask()
    }
}

impl Screen {
    /// Writes a line: what came of fetching the page with this index.
    pub async fn show(&mut self, index: usize, fetched: Fetched) {
        let at = Micros::try_from(self.since.elapsed().as_micros()).unwrap_or(Micros::MAX);
        let write = async {
            // Even a sleep of no time waits for the next millisecond.
            if !self.takes.is_zero() {
                sleep(self.takes).await;
            }
        };
        write.lane(format!("show {index}")).await;
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).push(Line { at, index, fetched });
    }
}

#[derive(Clone, Debug)]
pub(super) struct Line {
    /// When the writing of it began.
    pub(super) at: Micros,
    pub(super) index: usize,
    pub(super) fetched: Fetched,
}
