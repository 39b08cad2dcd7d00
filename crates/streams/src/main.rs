//! The story of streams: `cargo run -p streams`, and `-- --help` for its flags.

use std::pin::pin;
use std::process::ExitCode;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::{FutureExt, Stream, TryStreamExt};
use story::{Knob, Scene, Story, Told};
use streams::{Page, naive, pages, pages_ahead};
use timeline::LaneExt;
use tokio::time::sleep;
use tracing::info;

const READING: Knob = Knob::new("reading", 170, 0..=60_000, "milliseconds that the loop takes to read a page");
const WANTED: Knob = Knob::new("wanted", 3, 1..=5, "the page that the invoice is on");

fn main() -> ExitCode {
    Story::new("streams", env!("CARGO_MANIFEST_DIR"))
        .about("A search in a list of five pages: a page at a time over one connection, with the next pages fetched ahead, and with a pause in between.")
        .knobs(&[READING, WANTED])
        .naive(|_| "all five pages are fetched before the first is read, and in ahead all five are fetched, whether or not anybody reads them. There is no kept: nothing is left to fetch after a pause.", wrong)
        .asyncio(|_| "the lines are the same, but in another order: in one by one, asyncio closes the connection after `found`, and Tokio before it.")
        .tell(|seen| look(!seen.cancelled().is_empty()), right)
}

fn look(leaves_early: bool) -> &'static str {
    if leaves_early {
        return "in one by one each page starts when the one before it was read; in ahead pages overlap with reading, and the page that is under way at the end is cancelled.";
    }
    "in one by one each page starts when the one before it was read; in ahead pages overlap with reading, and none is under way at the end."
}

/// An error of this story is a sentence.
type Fetched = Result<Page<u64, u64>, String>;

async fn right(scene: Scene) -> Told {
    let archive = Archive::new(&scene);
    archive.search(pages(1, archive.connect())).try_lane("one by one").await?;
    archive.search(pages_ahead(1, archive.fetch("ahead"))).try_lane("ahead").await?;
    archive.two_looks(pages(1, archive.connect())).try_lane("kept").await?;
    Ok(())
}

async fn wrong(scene: Scene) -> Told {
    let archive = Archive::new(&scene);
    archive.search(naive::pages(1, archive.connect())).try_lane("one by one").await?;
    archive.search(naive::pages_ahead(1, archive.fetch("ahead"))).try_lane("ahead").await?;
    Ok(())
}

/// A list of five pages with two invoices each.
struct Archive {
    wanted: u64,
    page_takes: Duration,
    reading: Duration,
    noting: Duration,
}

impl Archive {
    fn new(scene: &Scene) -> Self {
        Self {
            wanted: scene.get(&WANTED) * 2,
            page_takes: Duration::from_millis(scene.dice().pick(140, 160)),
            reading: scene.milliseconds(&READING),
            noting: Duration::from_millis(300),
        }
    }

    /// Fetches one page, in a lane of this name and the page's number.
    fn fetch(&self, name: &'static str) -> impl FnMut(u64) -> BoxFuture<'static, Fetched> + Send + use<> {
        let takes = self.page_takes;
        move |number| {
            let page = async move {
                sleep(takes).await;
                Ok(Page { items: vec![number * 2 - 1, number * 2], next: (number < 5).then_some(number + 1) })
            };
            page.try_lane(format!("{name} {number}")).boxed()
        }
    }

    /// Fetches over a connection, which closes when the closure is dropped.
    fn connect(&self) -> impl FnMut(u64) -> BoxFuture<'static, Fetched> + use<> {
        let (mut fetch, connection) = (self.fetch("page"), Connection);
        move |number| {
            let Connection = &connection;
            fetch(number)
        }
    }

    /// Looks for an invoice, and notes what it found.
    async fn search(&self, pages: impl Stream<Item = Result<Vec<u64>, String>>) -> Result<(), String> {
        let found = self.find(pages).await?;
        info!("{found}");
        sleep(self.noting).await;
        info!("noted");
        Ok(())
    }

    /// Reads page by page until it finds the invoice. The stream is dropped when this function returns.
    async fn find(&self, pages: impl Stream<Item = Result<Vec<u64>, String>>) -> Result<&'static str, String> {
        let mut pages = pin!(pages);
        while let Some(page) = pages.try_next().await? {
            sleep(self.reading).await;
            info!("read {page:?}");
            if page.contains(&self.wanted) {
                return Ok("found");
            }
        }
        Ok("not found")
    }

    /// Reads a page, does something else, and reads the next page of the same stream.
    async fn two_looks(&self, pages: impl Stream<Item = Result<Vec<u64>, String>>) -> Result<(), String> {
        let mut pages = pin!(pages);
        info!("read {:?}", pages.try_next().await?.unwrap_or_default());
        sleep(self.noting).await;
        info!("did something else");
        info!("read {:?}", pages.try_next().await?.unwrap_or_default());
        Ok(())
    }
}

struct Connection;

impl Drop for Connection {
    fn drop(&mut self) {
        info!("connection closed");
    }
}
