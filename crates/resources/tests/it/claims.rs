//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod asyncio;
mod dropping;
mod handed_over;
mod one_resource;
mod stack;
mod twin;

use std::future::{pending, ready};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};

use futures::FutureExt;
use futures::future::try_join;
use resources::{ExitStack, naive, with_resource, with_stack};
use room::{World, everywhere};
use timeline::Outcome;
use tokio::sync::oneshot;
use tokio::task::yield_now;
use tokio_util::task::TaskTracker;

/// An error is a word.
type Error = &'static str;

/// What happened, in order.
#[derive(Clone, Debug, Default)]
struct Log(Arc<Mutex<Vec<&'static str>>>);

impl Log {
    fn note(&self, what: &'static str) {
        self.0.lock().unwrap().push(what);
    }

    /// What has happened since the last call.
    fn take(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    /// A close that takes a few turns.
    fn close(&self, name: &'static str) -> impl Future<Output = Result<(), Error>> + Send + use<> {
        self.close_with(name, Ok(()))
    }

    fn close_with(
        &self,
        name: &'static str,
        ended: Result<(), Error>,
    ) -> impl Future<Output = Result<(), Error>> + Send + use<> {
        let log = self.clone();
        async move {
            yield_now().await;
            log.note(name);
            yield_now().await;
            ended
        }
    }

    /// A value whose drop is noted.
    fn guard(&self, name: &'static str) -> Guard {
        Guard(self.clone(), name)
    }
}

#[derive(Debug)]
struct Guard(Log, &'static str);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.note(self.1);
    }
}

/// Polls a future until it says that it is in the middle, and drops it there.
async fn dropped_in_the_middle<F: Future>(make: impl FnOnce(oneshot::Sender<()>) -> F) {
    let (begins, begun) = oneshot::channel();
    tokio::select! {
        _ = make(begins) => panic!("it ended"),
        begun = begun => begun.unwrap(),
    }
}

async fn all_done(tracker: &TaskTracker) {
    tracker.close();
    tracker.wait().await;
}

/// What was said.
fn warnings<F: Future>(world: World, future: F) -> Vec<String> {
    let (_, recording) = world.record(future);
    recording.notes.iter().map(|note| note.text.clone()).collect()
}
