//! The story of a test and of five versions of the code under test: `cargo run -p testing`, and `-- --help` for its flags.

use std::process::ExitCode;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use story::{Knob, Scene, Story, Told};
use testing::{Call, Caught, Failed, examine, faulty, first_answer, naive};
use timeline::{LaneExt, Outcome, Recording};
use tokio::time::sleep;
use tracing::info;

const PATIENCE: Knob = Knob::new("patience", 700, 10..=60_000, "milliseconds that the test waits for what must happen");

type Subject = fn(Vec<Call>, Duration) -> BoxFuture<'static, Result<String, Failed>>;

/// The code under test: one version is right, and each other one has a fault.
const VERSIONS: [(&str, Subject); 5] = [
    ("right", |calls, limit| first_answer(calls, limit).boxed()),
    ("one by one", |calls, limit| faulty::one_by_one(calls, limit).boxed()),
    ("leaves calls", |calls, limit| faulty::leaves_them_running(calls, limit).boxed()),
    ("takes errors", |calls, limit| faulty::takes_an_error(calls, limit).boxed()),
    ("no limit", |calls, limit| faulty::has_no_limit(calls, limit).boxed()),
];

fn main() -> ExitCode {
    Story::new("testing", env!("CARGO_MANIFEST_DIR"))
        .about("One test meets five versions of the same function. Four of them have a fault.")
        .knobs(&[PATIENCE])
        .naive(
            |seen| match seen.ended(Outcome::Finished).len() {
                5 => "all five pass: this test catches nothing, though four versions have a fault.",
                _ => TOO_IMPATIENT,
            },
            async |scene: Scene| {
                let patience = scene.milliseconds(&PATIENCE);
                all(|version| naive::examine(version, patience, passes).boxed()).await;
                Ok(())
            },
        )
        .asyncio(look)
        .tell(look, right)
}

fn look(seen: &Recording) -> &'static str {
    if seen.ended(Outcome::Finished) == ["right"] {
        "the right version passes, and each other one is caught. With --patience 300, the right one fails, too."
    } else {
        TOO_IMPATIENT
    }
}

const TOO_IMPATIENT: &str = "the test has too little patience: it fails the right version, too.";

async fn right(scene: Scene) -> Told {
    let patience = scene.milliseconds(&PATIENCE);
    all(|version| examine(version, patience, passes).boxed()).await;
    Ok(())
}

/// Runs the test with each version, each a little later than the one before, and all at the same time.
async fn all(test: impl Fn(Subject) -> BoxFuture<'static, Result<(), Caught>>) {
    let tests = (0_u32..).zip(VERSIONS).map(|(number, (name, version))| {
        let test = test(version);
        async move {
            sleep(number * Duration::from_millis(10)).await;
            let told = async {
                let result = test.await;
                match &result {
                    Ok(()) => info!("passes"),
                    Err(caught) => info!("caught: {caught}"),
                }
                result
            };
            told.try_lane(name).await
        }
    });
    tests.collect::<FuturesUnordered<_>>().for_each(async |_result| {}).await;
}

fn passes(step: &'static str) {
    info!("passed: {step}");
}
