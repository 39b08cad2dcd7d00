//! What the answer of `retry/try_again` is given.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use exam::{Reply, Service, ms};

/// How often to ask, and how long.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many attempts there are at most; at least 1.
    pub attempts: u32,
    /// The longest pause after the first attempt. It doubles after each further attempt.
    pub first_pause: Duration,
    /// The longest pause does not grow beyond this.
    pub longest_pause: Duration,
    /// The time for all attempts and pauses together.
    pub deadline: Duration,
}

/// Why the service has no price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is busy, and may answer in a moment. The number is for its log.
    Busy(u32),
    /// It is busy, and asks you not to come back before this time is over.
    BusyFor(Duration),
    /// There is no such article.
    Unknown,
}

/// How it ended without a price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GaveUp {
    /// How many attempts were made.
    pub attempts: u32,
    /// The last error that an attempt returned, if one did.
    pub last: Option<Refused>,
}

/// A service that knows a price; clones are the same service.
#[derive(Clone, Debug)]
pub struct Prices(Service);

impl Prices {
    /// # Errors
    ///
    /// What the service says when it refuses to tell the price.
    pub fn ask(&self) -> impl Future<Output = Result<String, Refused>> + Send + use<> {
        let call = self.0.ask();
        async move {
            call.await.map_err(|failure| {
                let text = failure.to_string();
                match text.rsplit_once(' ').map(|(_, last)| last.parse()) {
                    Some(Ok(number)) if text.contains("for") => Refused::BusyFor(ms(number)),
                    Some(Ok(number)) => Refused::Busy(u32::try_from(number).unwrap_or(u32::MAX)),
                    _ => Refused::Unknown,
                }
            })
        }
    }

    /// A service that replies so, one call after another; the last reply serves all further calls.
    pub(super) fn replies(replies: impl IntoIterator<Item = Reply>) -> Self {
        let mut replies = replies.into_iter();
        let first = Service::new("price", replies.next().unwrap_or_else(Reply::never));
        Self(replies.fold(first, Service::then))
    }
}

/// Dice that fall as they like; in this exercise they are loaded.
#[derive(Clone, Debug, Default)]
pub struct Dice(Arc<AtomicU32>);

impl Dice {
    /// Any duration up to the longest.
    #[must_use]
    pub fn up_to(&self, longest: Duration) -> Duration {
        const TENTHS: [u32; 5] = [7, 3, 9, 1, 5];
        longest / 10 * TENTHS[self.0.fetch_add(1, Relaxed) as usize % TENTHS.len()]
    }
}
