//! The story of sync-bridge: `cargo run -p sync-bridge`, and `-- --help` for its flags.

use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use story::{Knob, Scene, Story, Told};
use sync_bridge::prices::{Closed, Prices};
use sync_bridge::{Bridge, CallError, from_callbacks, naive};
use timeline::{LaneExt, lane_blocking};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tracing::info;

const CAPACITY: Knob = Knob::new("capacity", 1, 1..=4, "how many codes of the scanner may wait");

const CONNECT: Duration = Duration::from_millis(150);
const TEA: Duration = Duration::from_millis(300);
const CAKE: Duration = Duration::from_secs(1);
const TILL_2_OPENS: Duration = Duration::from_millis(100);
const SHOP_CLOSES: Duration = Duration::from_millis(550);
const SCAN: Duration = Duration::from_millis(350);
const PRINT: Duration = Duration::from_millis(130);
const BEAT: Duration = Duration::from_millis(40);

fn main() -> ExitCode {
    Story::new("sync-bridge", env!("CARGO_MANIFEST_DIR"))
        .about("A shop of ordinary threads asks an async client; then a scanner's thread calls back into async code.")
        .knobs(&[CAPACITY])
        .needs_the_real_clock("threads cannot see the virtual clock")
        .naive(
            |_| "each call connects anew, the shop cannot stop the cake, the report panics, and the heart stands still while the printer waits for a code.",
            wrong,
        )
        .asyncio(|_| "the tills ask one loop, in a thread of its own; the scanner waits for the loop.")
        .asyncio_naive(|_| "each call makes a loop and connects anew; and a loop inside of a loop is a RuntimeError.")
        .tell(
            |_| "the answers of both tills overlap on one thread; the cake is cancelled when the shop closes; the heart beats on.",
            right,
        )
}

async fn right(scene: Scene) -> Told {
    let mut heart = heart();
    on_a_thread("shop", shop).await??;
    print_codes(&scene).lane("printer").await;
    heart.shutdown().await;
    Ok(())
}

async fn wrong(scene: Scene) -> Told {
    let mut heart = heart();
    on_a_thread("shop", naive_shop).await?;
    let report = tokio::spawn(async { naive_report() }.lane("report"));
    if report.await.is_err() {
        info!("the report panicked");
    }
    naive_print_codes(&scene).lane("printer").await;
    heart.shutdown().await;
    Ok(())
}

/// Two tills, each on a thread of its own. Nothing in here is async.
fn shop() -> Result<(), CallError> {
    info!("opens with two tills");
    let bridge = Bridge::start().map_err(|_| CallError::Stopped)?;
    let prices = bridge.call(Prices::connect(CONNECT))?;
    info!("connected");
    let ask = |thing, takes| {
        let prices = prices.clone();
        let price = async move { prices.ask(thing, takes).await };
        say(thing, bridge.call(price.try_lane(thing)));
    };
    thread::scope(|tills| {
        tills.spawn(lane_blocking("till 1", || ask("tea", TEA)));
        tills.spawn(lane_blocking("till 2", || {
            thread::sleep(TILL_2_OPENS);
            ask("cake", CAKE);
        }));
        thread::sleep(SHOP_CLOSES);
        info!("closes");
        bridge.stop(Duration::from_secs(1));
    });
    info!("is closed");
    Ok(())
}

/// The same with a runtime for each call.
fn naive_shop() {
    info!("opens with two tills");
    let ask = |thing, takes| {
        let price = async move {
            let prices = Prices::connect(CONNECT).await;
            info!("connected");
            prices.ask(thing, takes).await
        };
        say(thing, naive::call(price.try_lane(thing)).map_err(|_| CallError::Stopped));
    };
    thread::scope(|tills| {
        tills.spawn(lane_blocking("till 1", || ask("tea", TEA)));
        tills.spawn(lane_blocking("till 2", || {
            thread::sleep(TILL_2_OPENS);
            ask("cake", CAKE);
        }));
        thread::sleep(CONNECT + SHOP_CLOSES);
        info!("closes");
    });
    info!("is closed");
}

fn say(thing: &str, price: Result<Result<usize, Closed>, CallError>) {
    match price {
        Ok(Ok(price)) => info!("{thing} costs {price}"),
        Ok(Err(error)) => info!("no price for {thing}: {error}"),
        Err(error) => info!("no price for {thing}: {error}"),
    }
}

/// A synchronous function that asks, called in async code.
fn naive_report() {
    let price = naive::call_here(async { Prices::connect(CONNECT).await.ask("tea", TEA).await });
    say("tea", Ok(price));
}

/// Prints the codes that the scanner's thread hands over.
async fn print_codes(scene: &Scene) {
    info!("waits for codes");
    let capacity = usize::try_from(scene.get(&CAPACITY)).unwrap_or(1);
    let mut codes = from_callbacks(capacity, scanner);
    while let Some(code) = codes.recv().await {
        sleep(PRINT).await;
        info!("prints {code}");
    }
}

/// The same with a channel whose `recv` blocks.
async fn naive_print_codes(scene: &Scene) {
    info!("waits for codes");
    let (sender, codes) = mpsc::sync_channel(usize::try_from(scene.get(&CAPACITY)).unwrap_or(1));
    scanner(move |code| match sender.send(code) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    });
    while let Some(code) = naive::next(&codes).await {
        sleep(PRINT).await;
        info!("prints {code}");
    }
}

/// A library that knows no async: it calls back from a thread of its own, with four codes.
fn scanner(mut callback: impl FnMut(&'static str) -> ControlFlow<()> + Send + 'static) {
    let scan = lane_blocking("scanner", move || {
        thread::sleep(SCAN);
        if ["A", "B", "C", "D"].into_iter().try_for_each(&mut callback).is_continue() {
            info!("has no more codes");
        }
    });
    thread::spawn(scan);
}

/// Runs a synchronous function on a thread of its own.
async fn on_a_thread<T: Send + 'static>(name: &'static str, work: fn() -> T) -> Result<T, oneshot::error::RecvError> {
    let (sender, receiver) = oneshot::channel();
    let work = lane_blocking(name, work);
    thread::spawn(move || sender.send(work()));
    receiver.await
}

/// Beats on the story's own runtime, for as long as nobody keeps its thread.
fn heart() -> JoinSet<()> {
    let beat = async {
        loop {
            sleep(BEAT).await;
        }
    };
    let mut owner = JoinSet::new();
    owner.spawn(beat.lane("heart"));
    owner
}
