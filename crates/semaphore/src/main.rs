//! The story of the semaphore: `cargo run -p semaphore`, and `-- --help` for its flags.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use semaphore::{PerHost, limited, naive, with_permit};
use story::{Knob, Scene, Story, Told};
use timeline::{LaneExt, hold};
use tokio::sync::Semaphore;
use tokio::time::sleep;
use tracing::info;

const PAGES: Knob = Knob::new("pages", 8, 1..=10_000, "how many pages are asked for");
const LIMIT: Knob = Knob::new("limit", 3, 1..=1_000, "how many requests there may be at once");
const PER_HOST: Knob = Knob::new("per-host", 2, 1..=1_000, "how many at once for each host, in the second group");
const SLOWEST: Knob = Knob::new("slowest", 900, 45..=60_000, "milliseconds that the slowest page takes");
const BROKEN: Knob = Knob::new("broken", 4, 0..=10_000, "which page fails; 0 for none").one_of("pages");
const MISTAKE: Knob =
    Knob::new("mistake", 1, 1..=3, "for --naive: 1 let _ = permit, 2 batches, 3 all spawned at once").for_naive();

/// How long a page takes, in parts of 45 of the slowest.
const TAKES: [u64; 8] = [16, 45, 19, 10, 13, 37, 43, 22];
/// A host, the page there, and how long it takes, in parts of 45 as well.
const HOSTS: [(&str, &str, u64); 5] = [
    ("archive", "archive 1", 28),
    ("archive", "archive 2", 31),
    ("archive", "archive 3", 34),
    ("cdn", "cdn 1", 10),
    ("cdn", "cdn 2", 13),
];

fn main() -> ExitCode {
    Story::new("semaphore", env!("CARGO_MANIFEST_DIR"))
        .about("Many pages, a few at a time: first one limit for all requests, then a limit for each host.")
        .knobs(&[PAGES, LIMIT, PER_HOST, SLOWEST, BROKEN, MISTAKE])
        .naive(
            |seen| match seen.title.chars().last() {
                Some('1') => "nothing limits the pages: all of them are open at once. In the second group, one limit serves both hosts.",
                Some('2') => "a batch starts only when the slowest page of the batch before is done. In the second group, one limit serves both hosts.",
                _ => "every page is a task from the start, and waits in memory for its turn. In the second group, one limit serves both hosts.",
            },
            naive,
        )
        .asyncio_naive(|seen| match seen.lanes.first().map(|lane| lane.name.as_str()) {
                Some("unlimited") => "each request has a semaphore of its own, which limits nothing. In the second group, one limit serves both hosts.",
                Some("batches") => "a batch starts only when the slowest page of the batch before is done. In the second group, one limit serves both hosts.",
                _ => "every page is a task from the start, and waits in memory for its turn. In the second group, one limit serves both hosts.",
            })
        .asyncio(|_| "all pages are tasks from the start, and wait in memory for their turn.")
        .tell(|_| "when one page ends or fails, a waiting page begins at once; the slow archive does not hold up the cdn.", right)
}

async fn right(scene: Scene) -> Told {
    let pages = pages(&scene);
    info!("{} pages, at most {} at once", pages.len(), scene.get(&LIMIT));
    report(&limited(permits(&scene), pages, Page::ask).try_lane("limited").await?);

    info!("two hosts, at most {} at once each", scene.get(&PER_HOST));
    let hosts = PerHost::new(count(&scene, &PER_HOST));
    let ask = async |page: Page| {
        let _permit = hosts.acquire(page.of).await;
        page.ask().await
    };
    let requests = async { join_all(host_pages(&scene, scene.get(&PER_HOST)).map(ask)).await };
    report(&requests.lane("per_host").await);
    Ok(())
}

async fn naive(scene: Scene) -> Told {
    let pages = pages(&scene);
    info!("{} pages, at most {} at once", pages.len(), scene.get(&LIMIT));
    let answers = match scene.get(&MISTAKE) {
        1 => naive::unlimited(permits(&scene), pages, Page::ask).try_lane("unlimited").await?,
        2 => naive::batches(permits(&scene), pages, Page::ask).try_lane("batches").await?,
        _ => naive::spawned_at_once(permits(&scene), pages, Page::ask).try_lane("at_once").await?,
    };
    report(&answers);

    info!("two hosts, at most {} at once together", scene.get(&LIMIT));
    let semaphore = permits(&scene);
    let ask = async |page: Page| with_permit(&semaphore, page.ask()).await.map_err(|closed| closed.to_string())?;
    let requests = async { join_all(host_pages(&scene, scene.get(&LIMIT)).map(ask)).await };
    report(&requests.lane("one_limit").await);
    Ok(())
}

struct Page {
    name: String,
    /// What is counted: all pages, or those of a host.
    of: &'static str,
    /// How many of them there may be at once.
    limit: u64,
    takes: Duration,
    broken: bool,
}

type Answer = Result<(), String>;

impl Page {
    /// One request, in a lane of its own.
    fn ask(self) -> impl Future<Output = Answer> + Send {
        let Self { name, of, limit, takes, broken } = self;
        let lane = name.clone();
        let request = async move {
            let _open = hold(format!("{of} open"), limit);
            sleep(takes).await;
            if broken {
                info!("failed");
                return Err(format!("{name} failed"));
            }
            info!("answered");
            Ok(())
        };
        request.try_lane(lane)
    }
}

fn pages(scene: &Scene) -> Vec<Page> {
    let mut dice = scene.dice();
    let page = |(number, parts): (u64, u64)| Page {
        name: format!("page {number}"),
        of: "pages",
        limit: scene.get(&LIMIT),
        takes: Duration::from_millis(scene.get(&SLOWEST) * parts / 45 + dice.pick(0, 9)),
        broken: number == scene.get(&BROKEN),
    };
    (1..=scene.get(&PAGES)).zip(TAKES.into_iter().cycle()).map(page).collect()
}

fn host_pages(scene: &Scene, limit: u64) -> [Page; 5] {
    HOSTS.map(|(of, name, parts)| {
        let takes = Duration::from_millis(scene.get(&SLOWEST) * parts / 45);
        Page { name: name.to_owned(), of, limit, takes, broken: false }
    })
}

fn report(answers: &[Answer]) {
    let failed = answers.iter().filter(|answer| answer.is_err()).count();
    info!("{} answered, {failed} failed", answers.len() - failed);
}

fn permits(scene: &Scene) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(count(scene, &LIMIT)))
}

fn count(scene: &Scene, knob: &Knob) -> usize {
    usize::try_from(scene.get(knob)).unwrap_or(usize::MAX)
}
