//! The story of the event loop: `cargo run -p event-loop`, and `-- --help` for its flags.

use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use event_loop::{block_on, in_turns, naive, sleep, spawn};
use story::{Knob, Scene, Story, Told};
use timeline::LaneExt;
use tracing::info;

const PIECE: Knob = Knob::new("piece", 80, 20..=10_000, "milliseconds of work between two awaits");
const PIECES: Knob = Knob::new("pieces", 6, 3..=100, "how many pieces of work Cyd has");

fn main() -> ExitCode {
    Story::new("event-loop", env!("CARGO_MANIFEST_DIR"))
        .about("Three tasks work, on one thread and on a loop of our own, and somebody waits for tea. Then the loop sleeps, and timers wake it.")
        .knobs(&[PIECE, PIECES])
        .needs_the_real_clock("the loop of this story is our own, and sleeps on the real clock")
        .naive(|_| "Cyd awaits nothing between its pieces. Ada and Bob are ready, and held up; the tea is late.", async |scene| told(&scene, false))
        .asyncio_naive(|_| "in asyncio, too, nobody runs before Cyd has done all of its pieces.")
        .asyncio(|_| "asyncio runs the same tasks in the same order. Only the tea comes a step later.")
        .tell(|_| "at each await the loop takes the next task that is ready. The tea was ready early, and waits for its turn.", async |scene| told(&scene, true))
}

fn told(scene: &Scene, polite: bool) -> Told {
    let (piece, pieces) = (scene.milliseconds(&PIECE), scene.get(&PIECES));
    // Blocks Tokio's thread, on purpose: nothing of this story runs on Tokio's loop.
    block_on(async {
        info!("Ada, Bob and Cyd begin to work");
        let tasks = [
            spawn(work(piece, 3, true).lane("ada")),
            spawn(work(piece, 3, true).lane("bob")),
            spawn(work(piece, pieces, polite).lane("cyd")),
            spawn(tea(piece).lane("tea")),
        ];
        for task in tasks {
            task.await?;
        }
        info!("nobody works: the loop sleeps until a timer is due");
        let bells = [5, 2, 3].map(|times| spawn(bell(piece * times).lane(format!("bell {times}"))));
        for bell in bells {
            bell.await?;
        }
        Ok(())
    })
}

/// Works in pieces, each of which keeps the thread.
async fn work(piece: Duration, pieces: u64, polite: bool) {
    let works = |number| {
        thread::sleep(piece);
        info!("piece {number} of {pieces}");
    };
    if polite { in_turns(1..=pieces, works).await } else { naive::in_turns(1..=pieces, works).await }
}

/// Is ready in the middle of the second piece of work.
async fn tea(piece: Duration) {
    sleep(piece * 3 / 2).await;
    info!("is drunk");
}

async fn bell(after: Duration) {
    sleep(after).await;
    info!("rings");
}
