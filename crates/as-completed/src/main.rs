//! The story of as-completed: `cargo run -p as-completed`, and `-- --help` for its flags.

use std::error::Error;
use std::io::{self, IsTerminal};
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::time::Duration;

use as_completed::{as_completed, as_completed_at_most, naive, quorum};
use futures::StreamExt;
use indicatif::{ProgressBar, ProgressStyle};
use story::{Dice, Knob, Scene, Story, Told};
use timeline::{LaneExt, Outcome};
use tokio::time::{sleep, timeout};
use tracing::info;

const NEEDED: Knob = Knob::new("needed", 2, 1..=3, "how many of three replicas must answer");
const PAGES: Knob = Knob::new("pages", 3, 1..=100, "how many pages are downloaded and printed");
const LIMIT: Knob = Knob::new("limit", 2, 1..=100, "how many downloads may be in flight");
const PRINTING: Knob = Knob::new("printing", 300, 1..=60_000, "milliseconds that the loop takes to print a page");

/// How long a download may take.
const PATIENCE: Duration = Duration::from_millis(400);

fn main() -> ExitCode {
    Story::new("as-completed", env!("CARGO_MANIFEST_DIR"))
        .about("Results as they come: shown at once, enough of them, and a loop that is slower than its downloads.")
        .knobs(&[NEEDED, PAGES, LIMIT, PRINTING])
        .naive(
            |seen| if seen.lanes.iter().any(|lane| lane.name.starts_with("page ") && lane.outcome == Some(Outcome::Failed)) {
                "the icon waits for the map, and the quorum for alpha; a page that nobody polls while another is printed times out."
            } else {
                "the icon waits for the map, and the quorum for alpha."
            },
            |scene| tell(scene, true),
        )
        .asyncio(|_| "asyncio runs its downloads by themselves while a page is printed; and no replica is cancelled when the quorum is there.")
        .tell(
            |seen| if seen.cancelled().contains(&"alpha") {
                "each picture is shown when its lane ends; alpha is cancelled when enough have answered; downloads go on while pages are printed."
            } else {
                "each picture is shown when its lane ends; downloads go on while pages are printed."
            },
            |scene| tell(scene, false),
        )
}

async fn tell(scene: Scene, naive: bool) -> Told {
    let mut dice = scene.dice();
    pictures(&mut dice, naive).try_lane("as_completed").await?;
    replicas(&scene, &mut dice, naive).try_lane("quorum").await?;
    pages(&scene, &mut dice, naive).try_lane("at_most").await?;
    Ok(())
}

/// Pictures, each shown as soon as it is there.
async fn pictures(dice: &mut Dice, naive: bool) -> Told {
    let names = ["map", "sketch", "icon"];
    let bar = progress(3)?;
    info!("asking for 3 pictures");
    let delays = [1_100, 600, 200].map(|delay| delay + dice.pick(0, 40));
    let requests = [0, 1, 2].map(|number| ask(names[number], delays[number], number == 1, bar.clone()));
    let mut shown =
        if naive { naive::as_completed(requests).left_stream() } else { as_completed(requests).right_stream() };
    while let Some((number, picture)) = shown.next().await {
        bar.inc(1);
        let (count, how) = (bar.position(), if picture.is_ok() { "shown" } else { "missing" });
        bar.suspend(|| info!("{count} of 3: {} is {how}", names[number]));
    }
    bar.finish_and_clear();
    Ok(())
}

/// As many answers as are needed from three replicas.
async fn replicas(scene: &Scene, dice: &mut Dice, naive: bool) -> Told {
    let needed = usize::try_from(scene.get(&NEEDED))?;
    info!("asking 3 replicas until {needed} have answered");
    let replicas = [("alpha", 900), ("beta", 150), ("gamma", 350)];
    let requests = replicas.map(|(name, delay)| ask(name, delay + dice.pick(0, 40), false, ProgressBar::hidden()));
    let answers = if naive { naive::quorum(needed, requests).await } else { quorum(needed, requests).await };
    match answers {
        Ok(answers) => info!("enough, from {} of 3", answers.len()),
        Err(errors) => info!("not enough, {} failed", errors.len()),
    }
    Ok(())
}

/// Pages, downloaded a few at a time and printed one by one.
async fn pages(scene: &Scene, dice: &mut Dice, naive: bool) -> Told {
    let limit = NonZeroUsize::try_from(usize::try_from(scene.get(&LIMIT))?)?;
    let bar = progress(scene.get(&PAGES))?;
    info!("downloading {} pages, {limit} at a time, and printing them", scene.get(&PAGES));
    let inputs: Vec<_> = (1..=scene.get(&PAGES)).map(|page| (page, 55 - 15 * (page % 2) + dice.pick(0, 3))).collect();
    let download = |(page, packet)| download(page, packet, bar.clone());
    let mut downloads = if naive {
        naive::as_completed_at_most(limit, inputs, download).left_stream()
    } else {
        as_completed_at_most(limit, inputs, download).right_stream()
    };
    while let Some((number, downloaded)) = downloads.next().await {
        if downloaded?.is_ok() {
            sleep(scene.milliseconds(&PRINTING)).lane("printer").await;
            bar.suspend(|| info!("page {} is printed", number + 1));
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}

/// A request that takes its time, then answers or fails.
fn ask(
    name: &'static str,
    milliseconds: u64,
    broken: bool,
    bar: ProgressBar,
) -> impl Future<Output = Result<(), &'static str>> {
    let request = async move {
        sleep(Duration::from_millis(milliseconds)).await;
        if broken {
            bar.suspend(|| info!("failed"));
            return Err("failed");
        }
        bar.suspend(|| info!("answered"));
        Ok(())
    };
    request.try_lane(name)
}

/// Five packets, one after another, within [`PATIENCE`].
fn download(page: u64, packet: u64, bar: ProgressBar) -> impl Future<Output = Result<(), &'static str>> + Send {
    let packets = async move {
        for _packet in 0..5 {
            sleep(Duration::from_millis(packet)).await;
        }
    };
    let download = async move {
        let downloaded = timeout(PATIENCE, packets).await.map_err(|_| "timed out");
        bar.suspend(|| info!("{}", downloaded.err().unwrap_or("arrived")));
        downloaded
    };
    download.try_lane(format!("page {page}"))
}

/// A progress bar on a terminal; elsewhere the story's lines are all there is.
fn progress(of: u64) -> Result<ProgressBar, Box<dyn Error>> {
    if !io::stdout().is_terminal() {
        return Ok(ProgressBar::hidden());
    }
    let style = ProgressStyle::with_template("{wide_bar:.cyan/dim} {pos} of {len}")?;
    Ok(ProgressBar::new(of).with_style(style))
}
