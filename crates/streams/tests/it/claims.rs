//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod ahead;
mod asyncio;
mod cancelling;
mod combinators;
mod errors;
mod framing;
mod lazy;
mod twin;

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use futures::{FutureExt, Stream, StreamExt, TryStreamExt, poll, stream};
use room::everywhere;
use streams::{Page, PagesByHand, naive, pages, pages_ahead, pages_in_a_loop};
use timeline::LaneExt;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

type Fetched = Result<Page<u32, u32>, String>;
type Pages = BoxStream<'static, Result<Vec<u32>, String>>;

/// A list of pages. Page 3 has the item 3. Clones are the same list.
#[derive(Clone, Debug)]
struct List {
    pages: u32,
    takes: Duration,
    fails_at: Option<u32>,
    in_lanes: bool,
    /// Which pages were asked for.
    asked: Arc<Mutex<Vec<u32>>>,
}

impl List {
    fn of(pages: u32) -> Self {
        Self { pages, takes: Duration::ZERO, fails_at: None, in_lanes: false, asked: Arc::default() }
    }

    fn taking(self, takes: Duration) -> Self {
        Self { takes, ..self }
    }

    fn failing_at(self, page: u32) -> Self {
        Self { fails_at: Some(page), ..self }
    }

    /// Each page has a lane of its own. Only for tests that record: a lane that is first opened while nothing records can hide those of another test.
    fn in_lanes(self) -> Self {
        Self { in_lanes: true, ..self }
    }

    fn asked(&self) -> Vec<u32> {
        self.asked.lock().unwrap().clone()
    }

    /// Fetches one page.
    fn fetch(&self) -> impl FnMut(u32) -> BoxFuture<'static, Fetched> + Send + use<> {
        let list = self.clone();
        move |number| {
            list.asked.lock().unwrap().push(number);
            let (takes, fails, more) = (list.takes, list.fails_at == Some(number), number < list.pages);
            let page = async move {
                if !takes.is_zero() {
                    sleep(takes).await;
                }
                if fails {
                    return Err(format!("page {number} is torn"));
                }
                Ok(Page { items: vec![number], next: more.then_some(number + 1) })
            };
            if list.in_lanes { page.try_lane(format!("page {number}")).boxed() } else { page.boxed() }
        }
    }
}

/// The ways that fetch a page when it is asked for.
const LAZY: [fn(&List) -> Pages; 3] = [
    |list| pages(1, list.fetch()).boxed(),
    |list| pages_in_a_loop(1, list.fetch()).boxed(),
    |list| PagesByHand::new(1, list.fetch()).boxed(),
];

/// All ways.
const ALL: [fn(&List) -> Pages; 4] = [LAZY[0], LAZY[1], LAZY[2], |list| pages_ahead(1, list.fetch()).boxed()];

/// Sends a message when it is dropped.
struct Guard(Option<oneshot::Sender<()>>);

impl Guard {
    fn new() -> (Self, oneshot::Receiver<()>) {
        let (sender, receiver) = oneshot::channel();
        (Self(Some(sender)), receiver)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // The other side may be gone.
        let _sent = self.0.take().map(|sender| sender.send(()));
    }
}
