//! What a lane costs: a poll through it against a poll of the bare future, and its memory: `cargo bench -p timeline`.

use std::env::{args, current_exe, temp_dir};
use std::error::Error;
use std::fs::{File, read_to_string, remove_file};
use std::future::{Future, pending, poll_fn};
use std::hint::black_box;
use std::io::{BufReader, BufWriter, Write};
use std::pin::pin;
use std::process::{Command, id};
use std::task::{self, Context, Waker};
use std::time::{Duration, Instant};

use criterion::Criterion;
use timeline::{Clock, Lane, LaneExt, Poll, Recorder, Recording};
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
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [_, "--memory", case] => {
            println!("{}", memory(case)?.map_or_else(|| "-".to_owned(), |bytes| bytes.to_string()));
            return Ok(());
        }
        [_, "--read", path] => return read_back(path),
        _ => {}
    }
    let short = Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    let mut criterion = short.configure_from_args();
    polls(&mut criterion)?;
    criterion.final_summary();
    memory_per_lane()?;
    a_large_file()
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
    time(criterion, "woken in each poll, bare future", &off, wakes_itself);
    time(criterion, "woken in each poll, empty layer", &empty, || wakes_itself().instrument(info_span!("bench")));
    time(criterion, "woken in each poll, recorder on", &recorder_on(Clock::Real), || wakes_itself().lane("bench"));
    Ok(())
}

/// Never ready, and woken in each poll: the most that a lane has to record.
fn wakes_itself() -> impl Future<Output = ()> {
    poll_fn(|context| {
        context.waker().wake_by_ref();
        task::Poll::Pending
    })
}

fn time<F: Future>(criterion: &mut Criterion, name: &str, dispatch: &Dispatch, future: impl Fn() -> F) {
    dispatcher::with_default(dispatch, || {
        let mut future = pin!(future());
        let mut context = Context::from_waker(Waker::noop());
        criterion
            .bench_function(name, |bencher| bencher.iter(|| black_box(future.as_mut()).poll(&mut context).is_ready()));
    });
}

/// Prints how much more memory an open lane needs than the bare future.
fn memory_per_lane() -> Result<()> {
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

/// Measures one case in a separate process.
fn measure(case: &str) -> Result<Option<u64>> {
    let output = Command::new(current_exe()?).args(["--memory", case]).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse().ok())
}

/// Prints what it takes to write a recording of many short lives to a file, and to read it back.
fn a_large_file() -> Result<()> {
    let path = temp_dir().join(format!("timeline-bench-{}.json", id()));
    let lane = Lane { name: "request".to_owned(), polls: vec![Poll::default(); 4], ..Lane::default() };
    let recording = Recording { lanes: vec![lane; 900_000], ..Recording::default() };
    let since = Instant::now();
    let mut file = BufWriter::new(File::create(&path)?);
    recording.write_json(&mut file)?;
    file.flush()?;
    drop((file, recording));
    let (written, size) = (since.elapsed(), path.metadata()?.len());
    println!("a recording of {} MB: written in {:.1} s", size / 1_000_000, written.as_secs_f64());
    let output = Command::new(current_exe()?).args(["--read".as_ref(), path.as_os_str()]).output()?;
    print!("{}", String::from_utf8_lossy(&output.stdout));
    Ok(remove_file(&path)?)
}

/// Runs in a separate process, so that its peak memory is the peak of the reading.
fn read_back(path: &str) -> Result<()> {
    let since = Instant::now();
    let recording = Recording::read_json(BufReader::new(File::open(path)?))?;
    let took = since.elapsed();
    let lanes = recording.lanes.len();
    let peak = status("VmHWM:").map_or_else(|| "-".to_owned(), |bytes| (bytes / 1_000_000).to_string());
    println!("read in {:.1} s, {lanes} lanes, in at most {peak} MB of memory", took.as_secs_f64());
    Ok(())
}

/// The resident memory of this process, in bytes, after all the spawned sleepers have ended. `None` if there is no `/proc`.
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
    Ok(status("VmRSS:"))
}

/// A line of `/proc/self/status` that counts kilobytes, in bytes.
fn status(line: &str) -> Option<u64> {
    let status = read_to_string("/proc/self/status").ok()?;
    let kilobytes = status.lines().find_map(|each| each.strip_prefix(line))?;
    Some(1024 * kilobytes.trim().trim_end_matches(" kB").parse::<u64>().ok()?)
}
