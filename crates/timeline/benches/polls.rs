//! What a lane costs: a poll through it against a poll of the bare future, and its memory: `cargo bench -p timeline`.

use std::env::{args, current_exe};
use std::error::Error;
use std::fs::read_to_string;
use std::future::{Future, pending};
use std::hint::black_box;
use std::pin::pin;
use std::process::Command;
use std::task::{Context, Waker};
use std::time::Duration;

use criterion::Criterion;
use timeline::{Clock, LaneExt, Recorder};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tracing::{Dispatch, Instrument, dispatcher, info_span};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// How many lanes the memory is measured with.
const LANES: u64 = 100_000;

/// A layer that wants every span and does nothing.
struct Empty;

impl<S: tracing::Subscriber> Layer<S> for Empty {}

fn main() -> Result<()> {
    let args: Vec<String> = args().collect();
    if let [_, flag, case] = args.as_slice()
        && flag == "--memory"
    {
        println!("{}", memory(case)?.map_or_else(|| "-".to_owned(), |bytes| bytes.to_string()));
        return Ok(());
    }
    let short = Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    let mut criterion = short.configure_from_args();
    polls(&mut criterion)?;
    criterion.final_summary();
    memory_per_lane()
}

fn runtime() -> Result<Runtime> {
    Ok(Builder::new_current_thread().enable_time().start_paused(true).build()?)
}

fn recorder_on(clock: Clock) -> Dispatch {
    Dispatch::new(registry().with(Recorder::new("bench", clock)))
}

fn filtered_out() -> Dispatch {
    Dispatch::new(registry().with(Recorder::new("bench", Clock::Real).with_filter(LevelFilter::OFF)))
}

/// Times one poll of a future that is never ready.
fn polls(criterion: &mut Criterion) -> Result<()> {
    let runtime = runtime()?;
    let _in_runtime = runtime.enter();
    let off = Dispatch::none();
    time(criterion, "bare future", &off, pending::<()>);
    time(criterion, "lane, no subscriber", &off, || pending::<()>().lane("bench"));
    time(criterion, "lane, filtered out", &filtered_out(), || pending::<()>().lane("bench"));
    let empty = Dispatch::new(registry().with(Empty));
    time(criterion, "tracing span, empty layer", &empty, || pending::<()>().instrument(info_span!("bench")));
    time(criterion, "lane, empty layer", &empty, || pending::<()>().lane("bench"));
    time(criterion, "lane, recorder on", &recorder_on(Clock::Real), || pending::<()>().lane("bench"));
    time(criterion, "lane, recorder on, virtual clock", &recorder_on(Clock::Virtual), || pending::<()>().lane("bench"));
    Ok(())
}

fn time<F: Future>(criterion: &mut Criterion, name: &str, dispatch: &Dispatch, future: impl Fn() -> F) {
    dispatcher::with_default(dispatch, || {
        let mut future = pin!(future());
        let mut context = Context::from_waker(Waker::noop());
        criterion
            .bench_function(name, |bencher| bencher.iter(|| black_box(future.as_mut()).poll(&mut context).is_ready()));
    });
}

/// Prints what a lane needs more than the bare future, while it is open.
fn memory_per_lane() -> Result<()> {
    let measure = |case: &str| -> Result<Option<u64>> {
        let output = Command::new(current_exe()?).args(["--memory", case]).output()?;
        Ok(String::from_utf8(output.stdout)?.trim().parse().ok())
    };
    let Some(bare) = measure("bare")? else {
        println!("memory per lane: not measured here");
        return Ok(());
    };
    for case in ["no subscriber", "filtered out", "recorder on"] {
        let lanes = measure(case)?.unwrap_or(bare);
        println!("memory per lane, {case}: {} bytes", lanes.saturating_sub(bare) / LANES);
    }
    Ok(())
}

/// The resident memory of this process, in bytes, when so many spawned sleepers have ended; `None` where there is no `/proc`.
fn memory(case: &str) -> Result<Option<u64>> {
    let dispatch = match case {
        "recorder on" => recorder_on(Clock::Real),
        "filtered out" => filtered_out(),
        _ => Dispatch::none(),
    };
    let runtime = runtime()?;
    dispatcher::with_default(&dispatch, || {
        runtime.block_on(async {
            let mut tasks = JoinSet::new();
            for number in 0..LANES {
                let sleeper = sleep(Duration::from_secs(1));
                if case == "bare" {
                    tasks.spawn(sleeper)
                } else {
                    tasks.spawn(sleeper.lane(format!("lane {number}")))
                };
            }
            tasks.join_all().await;
        });
    });
    Ok(resident())
}

fn resident() -> Option<u64> {
    let status = read_to_string("/proc/self/status").ok()?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(1024 * kilobytes.trim().trim_end_matches(" kB").parse::<u64>().ok()?)
}
