//! The story of gather: `cargo run -p gather`, and `-- --help` for its flags.

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use story::{Knob, Scene, Story, Told};
use timeline::{LaneExt, Outcome};
use tokio::time::sleep;
use tracing::info;

const REQUESTS: Knob = Knob::new("requests", 4, 2..=100, "how many services are asked");
const SLOWEST: Knob = Knob::new("slowest", 1_500, 400..=60_000, "milliseconds that the slowest service takes");
const BROKEN: Knob = Knob::new("broken", 3, 0..=100, "which service fails; 0 for none").one_of("requests");

const NAMES: [&str; 6] = ["users", "orders", "stock", "prices", "reviews", "offers"];

fn main() -> ExitCode {
    Story::new("gather", env!("CARGO_MANIFEST_DIR"))
        .about("Several services asked at once: first every result is kept, then it is all or nothing.")
        .knobs(&[REQUESTS, SLOWEST, BROKEN])
        .naive(
            |seen| if seen.lanes.iter().any(|lane| lane.outcome == Some(Outcome::Failed)) {
                "in the first group, each request starts when the one before has ended; in the second, the requests run on after the failure."
            } else {
                "in the first group, each request starts when the one before has ended, so the group takes the sum of their times."
            },
            naive,
        )
        .asyncio(|seen| if seen.cancelled().is_empty() {
            "asyncio's requests of a group start together, too."
        } else {
            "asyncio's requests of a group start together, too; at the failure in the second group, the TaskGroup cancels those that still run."
        })
        .asyncio_naive(|seen| if seen.never_ended().is_empty() {
            "in the first group, each of asyncio's requests starts when the one before has ended."
        } else {
            "in the first group, each of asyncio's requests starts when the one before has ended; in the second, gather reports the failure and leaves the slower requests running."
        })
        .tell(|seen| if seen.cancelled().is_empty() {
            "the requests of a group start together."
        } else {
            "the requests of a group start together; at the failure in the second group, those that still run are cancelled."
        }, right)
}

async fn right(scene: Scene) -> Told {
    let services = services(&scene);
    info!("asking {} services, keeping every result", services.len());
    let answers = gather::every_result(services.iter().map(Service::ask)).lane("every_result").await;
    info!("in the order asked: {}", marks(&answers));

    info!("asking again, all or nothing");
    match gather::all_or_nothing(services.iter().map(Service::ask)).try_lane("all_or_nothing").await {
        Ok(answers) => info!("all {} answered", answers.len()),
        Err(error) => info!("gave up: {error}"),
    }
    report(&scene).lane("report").await;
    Ok(())
}

async fn naive(scene: Scene) -> Told {
    let services = services(&scene);
    info!("asking {} services, keeping every result", services.len());
    let one_by_one = async {
        let requests: Vec<_> = services.iter().map(Service::ask).collect();
        gather::naive::all(requests).await
    };
    let answers = one_by_one.lane("one_by_one").await;
    info!("in the order asked: {}", marks(&answers));

    info!("asking again, all or nothing");
    let requests = services.iter().map(Service::ask);
    match gather::naive::spawned_all_or_nothing(requests).try_lane("spawned").await {
        Ok(answers) => info!("all {} answered", answers.len()),
        Err(error) => info!("gave up: {error}"),
    }
    report(&scene).lane("report").await;
    Ok(())
}

/// A service that takes its time, then answers or fails.
struct Service {
    name: String,
    delay: Duration,
    broken: bool,
}

type Answer = Result<String, Box<dyn Error + Send + Sync>>;

impl Service {
    /// One request, in a lane of its own.
    fn ask(&self) -> impl Future<Output = Answer> + use<> {
        let Self { name, delay, broken } = self;
        let (answer, delay, broken) = (name.clone(), *delay, *broken);
        async move {
            sleep(delay).await;
            if broken {
                info!("failed");
                return Err(format!("{answer} failed").into());
            }
            info!("answered");
            Ok(answer)
        }
        .try_lane(name)
    }
}

/// The services, each faster than the one before: the last one asked answers first.
fn services(scene: &Scene) -> Vec<Service> {
    let mut dice = scene.dice();
    let requests = scene.get(&REQUESTS);
    let gap = scene.get(&SLOWEST) / requests;
    let mut names = NAMES.into_iter().map(str::to_owned);
    let service = |number: u64| Service {
        name: names.next().unwrap_or_else(|| format!("service {}", number + 1)),
        delay: Duration::from_millis(gap * (requests - number) - dice.pick(0, gap / 4)),
        broken: number + 1 == scene.get(&BROKEN),
    };
    (0..requests).map(service).collect()
}

async fn report(scene: &Scene) {
    info!("writing the report");
    sleep(scene.milliseconds(&SLOWEST) / 3).await;
    info!("report written");
}

fn marks(answers: &[Answer]) -> String {
    let mark = |answer: &Answer| answer.as_ref().map_or_else(ToString::to_string, Clone::clone);
    answers.iter().map(mark).collect::<Vec<_>>().join(", ")
}
