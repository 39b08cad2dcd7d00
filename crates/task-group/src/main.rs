//! The story of a task group: `cargo run -p task-group`, and `-- --help` for its flags.

use std::process::ExitCode;
use std::time::Duration;

use story::{Knob, Scene, Story, Told};
use task_group::{Child, Errors, Group, naive, task_group};
use timeline::{LaneExt, Outcome};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use tracing::info;

const PAGES: Knob = Knob::new("pages", 2, 1..=20, "how many pages the crawler finds");
const DOWN: Knob = Knob::new("down", 500, 100..=60_000, "milliseconds until the server of the release goes down");

fn main() -> ExitCode {
    Story::new("task-group", env!("CARGO_MANIFEST_DIR"))
        .about("Two groups of tasks: a crawler whose pages spawn more work, and a release whose server goes down.")
        .knobs(&[PAGES, DOWN])
        .naive(
            |seen| if seen.lanes.iter().any(|lane| lane.outcome == Some(Outcome::Failed)) {
                "the crawl ends before its picture; the release tells one error only, and its build runs on below the report."
            } else {
                "the crawl ends before its picture, which nothing waits for."
            },
            wrong,
        )
        .asyncio(|seen| look(seen.cancelled().is_empty()))
        .tell(|seen| look(seen.cancelled().is_empty()), right)
}

fn look(all_goes_well: bool) -> &'static str {
    if all_goes_well {
        "each group ends when all of its lanes have ended."
    } else {
        "the crawl ends with its picture; at the failures in the release, announce and build are cancelled, and the report runs alone."
    }
}

/// An error of this story is a sentence.
type Result<T> = std::result::Result<T, String>;

async fn right(scene: Scene) -> Told {
    let props = Props::new(&scene);
    told(task_group(async |group| props.crawl(group).await).try_lane("crawl").await);
    told(task_group(async |group| props.release(group).await).try_lane("release").await);
    report().lane("report").await;
    Ok(())
}

async fn wrong(scene: Scene) -> Told {
    let props = Props::new(&scene);
    told(naive::task_group(async |group| props.crawl(group).await).try_lane("crawl").await);
    told(naive::task_group(async |group| props.release(group).await).try_lane("release").await);
    report().lane("report").await;
    Ok(())
}

fn told(ended: std::result::Result<&str, Errors<String>>) {
    match ended {
        Ok(done) => info!("{done}"),
        Err(errors) => info!("gave up, {errors}"),
    }
}

/// How much there is to do, and how long it takes.
struct Props {
    pages: u64,
    down: Duration,
    page_takes: Duration,
    picture_takes: Duration,
    build_takes: Duration,
}

impl Props {
    fn new(scene: &Scene) -> Self {
        let mut dice = scene.dice();
        Self {
            pages: scene.get(&PAGES),
            down: scene.milliseconds(&DOWN),
            // Whole milliseconds for a half and for three quarters.
            page_takes: Duration::from_millis(2 * dice.pick(100, 120)),
            picture_takes: Duration::from_millis(dice.pick(300, 340)),
            build_takes: Duration::from_millis(4 * dice.pick(225, 245)),
        }
    }

    /// Fetches every page of the index.
    async fn crawl(&self, group: Group<String>) -> Result<&'static str> {
        let index = async {
            sleep(self.page_takes / 2).await;
            info!("{} pages", self.pages);
            let page = |number| group.spawn(self.page(number, group.clone()).try_lane(format!("page {number}")));
            let pages: Vec<Child<_, _>> = (1..=self.pages).map(page).collect();
            for page in pages {
                page.value().await;
            }
            info!("every page is here");
            Ok("crawled")
        };
        index.try_lane("index").await
    }

    /// The last page has a picture, which is fetched by a child of the same group.
    fn page(&self, number: u64, group: Group<String>) -> impl Future<Output = Result<()>> + use<> {
        let (takes, picture_takes, last) = (self.page_takes, self.picture_takes, number == self.pages);
        async move {
            sleep(takes).await;
            if last {
                info!("has a picture");
                group.spawn(picture(picture_takes).try_lane("picture"));
            }
            Ok(())
        }
    }

    /// Sends a release to two servers while it builds a third part. The announcement waits for the build.
    async fn release(&self, group: Group<String>) -> Result<&'static str> {
        let (down, after) = (CancellationToken::new(), self.down);
        let server = down.clone();
        let _outage = AbortOnDropHandle::new(tokio::spawn(async move {
            sleep(after).await;
            down.cancel();
        }));
        for name in ["upload", "mirror"] {
            group.spawn(send(name, server.clone(), self.build_takes).try_lane(name));
        }
        let build = group.spawn(build(self.build_takes).try_lane("build"));
        let announce = async {
            info!("waiting for the build");
            build.value().await;
            info!("announced");
            Ok("released")
        };
        announce.try_lane("announce").await
    }
}

async fn picture(takes: Duration) -> Result<()> {
    sleep(takes).await;
    info!("a picture");
    Ok(())
}

/// Fails when the server goes down.
async fn send(name: &str, server: CancellationToken, takes: Duration) -> Result<()> {
    info!("sending");
    match timeout(takes * 3 / 4, server.cancelled()).await {
        Ok(()) => {
            info!("failed");
            Err(format!("{name} failed"))
        }
        Err(_elapsed) => {
            info!("sent");
            Ok(())
        }
    }
}

async fn build(takes: Duration) -> Result<()> {
    info!("building");
    sleep(takes).await;
    info!("built");
    Ok(())
}

async fn report() {
    info!("writing the report");
    sleep(Duration::from_millis(600)).await;
    info!("report written");
}
