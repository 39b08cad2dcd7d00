//! What the answer of `capacity/enough` is given.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use exam::ms;
use timeline::LaneExt;
use tokio::time::{Instant, sleep, sleep_until};

/// What the service is to expect, and its target.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many requests come in a second, on average.
    pub per_second: u32,
    /// How long a request keeps a worker busy, on average.
    pub takes: Duration,
    /// For how many percent of its time a worker may be busy: from 1 to 100.
    pub busy: u32,
    /// How long a request may wait for a worker.
    pub longest_wait: Duration,
}

/// What became of the requests of a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many workers there were.
    pub workers: usize,
    /// Requests whose clients got an answer.
    pub answered: usize,
    /// Requests that were refused.
    pub refused: usize,
    /// Requests whose clients gave up before the answer.
    pub gone: usize,
}

/// The requests of a day.
#[derive(Debug)]
pub struct Arrivals {
    coming: std::vec::IntoIter<Script>,
    start: Instant,
    pub(super) log: Arc<Mutex<Log>>,
    /// Which of the days that are played one after another.
    day: usize,
}

impl Arrivals {
    pub(super) fn new(coming: Vec<Script>, day: usize) -> Self {
        Self { coming: coming.into_iter(), start: Instant::now(), log: Arc::default(), day }
    }

    /// The next request, when it comes; `None` when the day is over.
    pub async fn next(&mut self) -> Option<Request> {
        let Script { at, .. } = *self.coming.as_slice().first()?;
        sleep_until(self.start + ms(at)).await;
        let script = self.coming.next()?;
        let number = self.coming.len();
        let name = format!("day {}, {} ms", self.day, script.at);
        Some(Request { number, name, script, start: self.start, log: Arc::clone(&self.log) })
    }
}

/// A request of a client.
#[derive(Debug)]
pub struct Request {
    /// How many come after it.
    number: usize,
    name: String,
    script: Script,
    start: Instant,
    log: Arc<Mutex<Log>>,
}

impl Request {
    /// Whether the client has given up.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.start.elapsed() >= ms(self.script.until)
    }

    /// Does the work, and returns whether the client was still there at the end.
    pub async fn work(self) -> bool {
        let work = async {
            self.with(|log, now| {
                log.begun.push((self.number, now));
                log.now += 1;
                log.peak = log.peak.max(log.now);
            });
            sleep(ms(self.script.takes)).await;
            self.with(|log, _| log.now -= 1);
        };
        work.lane(self.name.clone()).await;
        !self.is_gone()
    }

    /// Refuses it.
    pub fn refuse(self) {
        self.with(|log, now| log.refused.push((self.number, now)));
    }

    fn with(&self, act: impl FnOnce(&mut Log, u128)) {
        act(&mut self.log.lock().unwrap_or_else(PoisonError::into_inner), self.start.elapsed().as_millis());
    }
}

/// One request of the script, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Script {
    pub(super) at: u64,
    pub(super) takes: u64,
    /// When its client gives up.
    pub(super) until: u64,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Log {
    /// When the request of this number was begun, and when refused, in milliseconds.
    pub(super) begun: Vec<(usize, u128)>,
    pub(super) refused: Vec<(usize, u128)>,
    /// How many are worked on now, and at most.
    pub(super) now: usize,
    pub(super) peak: usize,
}
