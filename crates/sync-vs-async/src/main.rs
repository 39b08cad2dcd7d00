//! The story of sync-vs-async: `cargo run -p sync-vs-async`, and `-- --help` for its flags.

use std::env;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use story::{Knob, Scene, Story, Told};
use sync_vs_async::{ask, ask_blocking, await_one_by_one, await_together, call_on_threads, call_one_by_one};
use sync_vs_async::{cost, count_primes, naive};
use timeline::{LaneExt, lane_blocking};
use tracing::info;

const REQUESTS: Knob = Knob::new("requests", 2, 2..=20, "how many services are asked");
const SLOWEST: Knob = Knob::new("slowest", 400, 200..=60_000, "milliseconds that the slowest service takes at most");
const PRIMES: Knob = Knob::new("primes", 200_000, 10..=2_000_000, "up to where primes are counted");
const COST: Knob = Knob::switch("cost", "no story: measure what a waiting thread and a waiting task cost here");

const NAMES: [&str; 6] = ["users", "orders", "stock", "prices", "reviews", "offers"];

fn main() -> ExitCode {
    cost::run_case(env::args_os().skip(1).filter_map(|word| word.into_string().ok()));
    Story::new("sync-vs-async", env!("CARGO_MANIFEST_DIR"))
        .about("The same requests four times: blocking, awaited one by one, awaited together, on threads. Then two computations.")
        .knobs(&[REQUESTS, SLOWEST, PRIMES, COST])
        .instead(&COST, measure)
        .needs_the_real_clock("a blocked thread cannot see the virtual clock")
        .naive(|_| "in both groups, `orders` starts after `users` has ended; in the first one it is ready, and held up.", wrong)
        .asyncio_naive(|_| "in asyncio, too, `orders` starts after `users` has ended.")
        .asyncio(|_| "the same five groups have the same shapes in asyncio.")
        .tell(
            |_| "two groups take the sum, and two take as long as the slowest service; the joined computations take the sum.",
            right,
        )
}

async fn right(scene: Scene) -> Told {
    let services = services(&scene);
    // There is no lane around the blocking calls. The drawing would show it as waiting, although its thread is kept.
    info!("asking {} services one by one, blocking", services.len());
    let _ = call_one_by_one(services.iter().map(Service::call));

    info!("asking again, awaiting one by one");
    let awaiting = async { await_one_by_one(services.iter().map(Service::request)).await };
    awaiting.lane("one by one").await;

    info!("asking again, awaiting together");
    let together = async { await_together(services.iter().map(Service::request)).await };
    together.lane("together").await;

    info!("asking again, blocking, each on a thread");
    let threads = || call_on_threads(services.iter().map(Service::call));
    lane_blocking("on threads", threads)()?;

    info!("counting primes, twice, awaited together");
    await_together(["first", "second"].map(|name| count(&scene, name))).await;
    Ok(())
}

async fn wrong(scene: Scene) -> Told {
    let services = services(&scene);
    info!("asking {} services together, blocking inside", services.len());
    await_together(services.iter().map(Service::blocking_request)).await;

    info!("asking again, awaiting in a loop");
    let in_a_loop = async { naive::await_together(services.iter().map(Service::request)).await };
    in_a_loop.lane("in a loop").await;
    Ok(())
}

/// A service that takes its time.
struct Service {
    name: String,
    takes: Duration,
}

impl Service {
    /// A call that blocks its thread.
    fn call(&self) -> impl FnOnce() {
        lane_blocking(&self.name, || {
            let _ = ask_blocking(&self.name, self.takes);
            info!("answered");
        })
    }

    /// A request that keeps no thread while it waits.
    fn request(&self) -> impl Future<Output = ()> {
        let request = async {
            ask(&self.name, self.takes).await;
            info!("answered");
        };
        request.lane(&self.name)
    }

    /// A request that looks async, and blocks.
    fn blocking_request(&self) -> impl Future<Output = ()> {
        let request = async {
            naive::ask(&self.name, self.takes).await;
            info!("answered");
        };
        request.lane(&self.name)
    }
}

/// The services. Each is faster than the one before, by far more than a busy machine delays it.
fn services(scene: &Scene) -> Vec<Service> {
    let mut dice = scene.dice();
    let requests = scene.get(&REQUESTS);
    let gap = scene.get(&SLOWEST) / requests;
    let mut names = NAMES.into_iter().map(str::to_owned);
    let service = |number: u64| Service {
        name: names.next().unwrap_or_else(|| format!("service {}", number + 1)),
        takes: Duration::from_millis(gap * (requests - number) - dice.pick(0, gap / 4)),
    };
    (0..requests).map(service).collect()
}

fn count(scene: &Scene, name: &str) -> impl Future<Output = ()> {
    let limit = u32::try_from(scene.get(&PRIMES)).unwrap_or(u32::MAX);
    async move { info!("{} primes below {limit}", count_primes(limit)) }.lane(name)
}

/// The answer to `--cost`.
fn measure() -> ExitCode {
    match env::current_exe() {
        Ok(program) => cost::tell(&program, Path::new("/"), u64::MAX, story::print),
        Err(error) => story::print(format_args!("not measured here: this program cannot find itself ({error})")),
    }
    ExitCode::SUCCESS
}
