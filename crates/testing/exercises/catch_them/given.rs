//! What the answer of `testing/catch_them` is given.

use std::sync::Arc;
use std::time::Duration;

use exam::LaneExt;
use futures::future::{BoxFuture, FutureExt};

/// A call: a future that your test writes. Nothing runs before something polls it.
pub type Call = BoxFuture<'static, Result<String, String>>;

/// What each call returned, in the order of the calls; nothing for one that failed or came too late.
pub type Results = Vec<Option<String>>;

/// The function under test, in one of its versions. Clones are the same version.
#[derive(Clone)]
pub struct Subject(Arc<dyn Fn(Vec<Call>, Duration) -> BoxFuture<'static, Results> + Send + Sync>);

impl Subject {
    /// Makes all calls at the same time, and returns what each returned: in the order of the calls, with `None` for each that failed,
    /// and for each that did not end within `limit`. When it returns, no call is under way any more.
    ///
    /// That is how it should be.
    #[must_use = "a future does nothing unless you await or poll it"]
    pub fn ask_all(&self, calls: Vec<Call>, limit: Duration) -> BoxFuture<'static, Results> {
        let calls = (1..).zip(calls).map(|(number, call)| call.try_lane(format!("call {number}")).boxed()).collect();
        (self.0)(calls, limit)
    }

    pub(super) fn new<F>(version: impl Fn(Vec<Call>, Duration) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Results> + Send + 'static,
    {
        Self(Arc::new(move |calls, limit| version(calls, limit).boxed()))
    }
}
