//! Services that an exercise scripts.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::future::{Future, pending};
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use timeline::LaneExt;
use tokio::time::sleep;

/// A number of milliseconds.
#[must_use]
pub const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A service that waits and then answers what its script says. Each call is a lane of the timeline.
///
/// An answer gets its services as arguments, so that it must call them to get anything, and every call is seen.
/// A `Service` is a handle: its clones are the same service. Its futures borrow nothing, so you can spawn them.
///
/// ```
/// use exam::{Reply, Service, ms};
///
/// # timeline::record(timeline::Clock::Virtual, async {
/// let users = Service::new("users", Reply::err(ms(300), "is busy")).then(Reply::ok(ms(200), "Ada"));
/// assert_eq!(users.ask().await.unwrap_err().to_string(), "users is busy");
/// assert_eq!(users.ask().await.unwrap(), "Ada");
///
/// let fetch = Service::new("fetch", Reply::ok(ms(100), "a page")).on("/news", Reply::ok(ms(900), "the news"));
/// assert_eq!(fetch.call("/").await.unwrap(), "a page");
/// assert_eq!(fetch.call("/news").await.unwrap(), "the news");
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct Service {
    name: Arc<str>,
    /// The replies to each input, in the order of the calls. The key `None` has the replies to all other inputs.
    script: Arc<HashMap<Option<String>, Vec<Reply>>>,
    /// How often it was called so far, by the key of the script.
    calls: Arc<Mutex<HashMap<Option<String>, usize>>>,
}

/// What a service does with one call.
#[derive(Clone, Debug)]
pub struct Reply {
    /// How long it takes; with `None` it never answers.
    after: Option<Duration>,
    steps: u32,
    outcome: Result<String, Wrong>,
}

/// How a call goes wrong, and the words for it.
#[derive(Clone, Debug)]
enum Wrong {
    Fails(String),
    Panics(String),
}

impl Reply {
    /// Answers with this text after this time.
    pub fn ok(after: Duration, text: impl Into<String>) -> Self {
        Self { after: Some(after), steps: 1, outcome: Ok(text.into()) }
    }

    /// Fails after this time. The [`Failure`] has the service's name and these words, such as `is busy`.
    pub fn err(after: Duration, what: impl Into<String>) -> Self {
        Self { after: Some(after), steps: 1, outcome: Err(Wrong::Fails(what.into())) }
    }

    /// Panics after this time, with the service's name and these words, such as `is broken`. Its lane ends as panicked.
    ///
    /// Nothing is printed, and no verdict says that the answer panicked, because the script panicked and not the answer.
    ///
    /// ```
    /// use exam::{Reply, Service, ms, unless_it_panics};
    ///
    /// # timeline::record(timeline::Clock::Virtual, async {
    /// let stock = Service::new("stock", Reply::panics(ms(200), "is broken"));
    /// let ended = tokio::spawn(stock.ask()).await;
    /// assert!(ended.unwrap_err().to_string().contains("stock is broken"));
    /// assert_eq!(unless_it_panics(stock.ask()).await, None);
    /// # });
    /// ```
    pub fn panics(after: Duration, what: impl Into<String>) -> Self {
        Self { after: Some(after), steps: 1, outcome: Err(Wrong::Panics(what.into())) }
    }

    /// Never answers.
    #[must_use]
    pub fn never() -> Self {
        Self { after: None, steps: 1, outcome: Err(Wrong::Fails(String::new())) }
    }

    /// The same reply in several steps of equal length, as a call connects, sends and reads. Without a poll, the next step does not begin.
    ///
    /// ```
    /// use exam::{Reply, Service, ms};
    /// use tokio::time::{Instant, sleep, timeout};
    ///
    /// # timeline::record(timeline::Clock::Virtual, async {
    /// let report = Service::new("report", Reply::ok(ms(300), "three pages").in_steps(3));
    /// let mut call = std::pin::pin!(report.ask());
    /// assert!(timeout(ms(150), &mut call).await.is_err());
    /// sleep(ms(850)).await;
    /// let third_page = Instant::now();
    /// assert_eq!(call.await.unwrap(), "three pages");
    /// assert_eq!(third_page.elapsed(), ms(100));
    /// # });
    /// ```
    #[must_use]
    pub fn in_steps(self, steps: u32) -> Self {
        Self { steps: steps.max(1), ..self }
    }
}

/// What a service says when it fails.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Failure {}

impl Service {
    /// A service with this name that gives this reply to every call, unless [`Service::then`] or [`Service::on`] say otherwise.
    #[must_use]
    pub fn new(name: &str, reply: Reply) -> Self {
        Self { name: name.into(), script: Arc::new([(None, vec![reply])].into()), calls: Arc::default() }
    }

    /// Adds the reply to the next call whose input has no replies of its own. The last reply serves all further calls.
    #[must_use]
    pub fn then(self, reply: Reply) -> Self {
        self.with(None, reply)
    }

    /// Adds the reply to the next call with this input. The last reply serves all further calls with this input.
    #[must_use]
    pub fn on(self, input: impl Into<String>, reply: Reply) -> Self {
        self.with(Some(input.into()), reply)
    }

    /// The name given at [`Service::new`].
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Calls the service; the lane is named after it.
    ///
    /// Like every future, this one does nothing before it is first polled.
    /// Cancel safe: yes, a dropped call leaves nothing behind.
    ///
    /// # Errors
    ///
    /// The [`Failure`] of the script.
    #[track_caller]
    pub fn ask(&self) -> impl Future<Output = Result<String, Failure>> + Send + use<> {
        self.clone().reply(None).try_lane(&self.name)
    }

    /// Calls the service with an input; the lane is named after both: `fetch /news`.
    ///
    /// Otherwise like [`Service::ask`].
    ///
    /// # Errors
    ///
    /// The [`Failure`] of the script.
    #[track_caller]
    pub fn call(&self, input: &str) -> impl Future<Output = Result<String, Failure>> + Send + use<> {
        let name = format!("{} {input}", self.name);
        self.clone().reply(Some(input.to_owned())).try_lane(name)
    }

    fn with(mut self, input: Option<String>, reply: Reply) -> Self {
        Arc::make_mut(&mut self.script).entry(input).or_default().push(reply);
        self
    }

    async fn reply(self, input: Option<String>) -> Result<String, Failure> {
        let Reply { after, steps, outcome } = self.next(input);
        let Some(after) = after else { pending().await };
        for _ in 0..steps {
            sleep(after / steps).await;
        }
        outcome.map_err(|wrong| match wrong {
            Wrong::Fails(what) => Failure(format!("{} {what}", self.name)),
            // Does not call the panic hook, which collects the panics of the answer.
            Wrong::Panics(what) => resume_unwind(Box::new(format!("{} {what}", self.name))),
        })
    }

    /// The script's reply to this call. A call counts from its first poll.
    fn next(&self, input: Option<String>) -> Reply {
        let of_its_own = input.is_some() && self.script.contains_key(&input);
        let key = input.filter(|_| of_its_own);
        let replies = &self.script[&key];
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let number = calls.entry(key).or_default();
        *number += 1;
        replies[(*number).min(replies.len()) - 1].clone()
    }
}
