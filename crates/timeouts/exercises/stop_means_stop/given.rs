//! What the answer of `timeouts/stop_means_stop` is given.

use std::sync::Arc;
use std::time::Duration;

use exam::{LaneExt, ms};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// A press that prints one job at a time; clones are the same press.
#[derive(Clone, Debug)]
pub struct Press {
    pub(super) warm_up: Duration,
    pub(super) pages: u32,
    /// A job panics after its last page.
    pub(super) tears: bool,
    /// A job that is stopped panics.
    pub(super) jams: bool,
    pub(super) free: Arc<Semaphore>,
}

impl Press {
    /// Warms up, and begins to print; the job is a task of its own, whose handle this returns.
    pub fn start(&self, job: &str) -> impl Future<Output = JoinHandle<u32>> + Send + use<> {
        let (press, name) = (self.clone(), format!("print {job}"));
        let warm_up = sleep(self.warm_up).lane("warm up");
        #[expect(clippy::async_yields_async, reason = "the handle of a job that has begun is what one waits for")]
        async move {
            warm_up.await;
            tokio::spawn(press.print().lane(name))
        }
    }

    async fn print(self) -> u32 {
        let Ok(_mine) = self.free.acquire().await else { unreachable!("nobody closes it") };
        let mut roller = Roller { jams: self.jams };
        for _ in 0..self.pages {
            sleep(PAGE).await;
        }
        assert!(!self.tears, "the paper is torn");
        roller.jams = false;
        self.pages
    }

    /// A press that needs so many milliseconds to get warm, and whose job has so many pages.
    pub(super) fn new(warm_up: u64, pages: u32) -> Self {
        Self { warm_up: ms(warm_up), pages, tears: false, jams: false, free: Arc::new(Semaphore::new(1)) }
    }
}

/// What turns while a job is printed.
#[derive(Debug)]
struct Roller {
    /// It panics when it is stopped.
    jams: bool,
}

impl Drop for Roller {
    fn drop(&mut self) {
        assert!(!self.jams, "the paper is jammed");
    }
}

const PAGE: Duration = ms(100);
