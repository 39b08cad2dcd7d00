//! What a sleeper costs, one of 1,000 to 1,000,000 that all wake at the same instant: `cargo bench -p gather`.
//!
//! On the current-thread runtime and the virtual clock, so that the time is all work and no sleep; asyncio beside, likewise.
//! Each case runs in a fresh process: memory that one has freed would flatter the next.

use std::env::{args, current_exe};
use std::error::Error;
use std::fmt::{self, Display};
use std::fs::read_to_string;
use std::hint::black_box;
use std::iter::repeat_with;
use std::process::Command;
use std::time::{Duration, Instant};

use futures::StreamExt;
use futures::future::join_all;
use futures::stream::FuturesUnordered;
use tokio::runtime::Builder;
use tokio::task::JoinSet;
use tokio::task::coop::unconstrained;
use tokio::time::sleep;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const SIZES: [(usize, &str); 4] =
    [(1_000, "1,000"), (10_000, "10,000"), (100_000, "100,000"), (1_000_000, "1,000,000")];
/// Where variants stop that keep all sleepers in one task: a million would take minutes.
const MOST_IN_ONE_TASK: usize = 100_000;
/// The fastest of so many runs counts.
const RUNS: usize = 3;
/// A run that took this long is not repeated.
const LONG: Duration = Duration::from_secs(1);

const SPAWNED: [&str; 2] = ["spawn", "JoinSet"];
const IN_ONE_TASK: [&str; 3] = ["join_all", "FuturesUnordered", "unconstrained(join_all)"];
const ASYNCIO: [&str; 2] = ["asyncio.gather", "asyncio.TaskGroup"];
const PYTHON: &str = "python3";

/// What so many sleepers cost together.
#[derive(Clone, Copy)]
struct Cost {
    time: Duration,
    /// Resident memory while all of them sleep, less what the process had before; `None` where it cannot be measured.
    memory: Option<u64>,
}

fn main() -> Result<()> {
    let args: Vec<String> = args().skip(1).collect();
    if let [case, variant, count] = args.as_slice()
        && case == "--case"
    {
        println!("{}", measure(variant, count.parse()?)?);
        return Ok(());
    }
    // `cargo test --benches` runs this, too, without the flag; there the smallest size shows that it works.
    let sizes = if args.iter().any(|arg| arg == "--bench") { &SIZES[..] } else { &SIZES[..1] };
    println!("Time and memory per sleeper, all waking at the same instant (one thread, virtual clock)\n");
    print!("{:<24}", "");
    for (_, count) in sizes {
        print!("{count:>20}");
    }
    println!();
    for variant in SPAWNED.into_iter().chain(IN_ONE_TASK).chain(ASYNCIO) {
        print!("{variant:<24}");
        for &(count, _) in sizes {
            print!("{:>20}", cell(variant, count)?);
        }
        println!();
    }
    Ok(())
}

fn cell(variant: &str, count: usize) -> Result<String> {
    if IN_ONE_TASK.contains(&variant) && count > MOST_IN_ONE_TASK {
        return Ok("-".to_owned());
    }
    let python = ASYNCIO.contains(&variant);
    if python && Command::new(PYTHON).arg("--version").output().is_err() {
        return Ok("no python3".to_owned());
    }
    let mut best: Option<Cost> = None;
    for _ in 0..RUNS {
        let mut command = if python {
            let mut command = Command::new(PYTHON);
            command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/scale.py"));
            command
        } else {
            let mut command = Command::new(current_exe()?);
            command.arg("--case");
            command
        };
        let cost = Cost::parse(&String::from_utf8(command.args([variant, &count.to_string()]).output()?.stdout)?)?;
        best = best.filter(|best| best.time < cost.time).or(Some(cost));
        if cost.time > LONG {
            break;
        }
    }
    Ok(best.map_or_else(String::new, |cost| cost.per_sleeper(count)))
}

/// Runs one case in this process.
fn measure(variant: &str, count: usize) -> Result<Cost> {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build()?;
    let before = resident();
    let start = Instant::now();
    let while_asleep = runtime.block_on(async {
        // Its timer is due when all the others sleep, and before any of them wakes.
        let looker = tokio::spawn(async {
            sleep(Duration::from_secs(1)).await;
            resident()
        });
        let sleepers = repeat_with(|| sleep(Duration::from_secs(2))).take(count);
        match variant {
            "spawn" => {
                let handles: Vec<_> = sleepers.map(tokio::spawn).collect();
                for handle in handles {
                    handle.await?;
                }
            }
            "JoinSet" => drop(sleepers.collect::<JoinSet<_>>().join_all().await),
            "join_all" => drop(black_box(join_all(sleepers).await)),
            "unconstrained(join_all)" => drop(black_box(unconstrained(join_all(sleepers)).await)),
            "FuturesUnordered" => drop(black_box(sleepers.collect::<FuturesUnordered<_>>().count().await)),
            other => return Err(format!("no variant is called {other}").into()),
        }
        Ok::<_, Box<dyn Error>>(looker.await?)
    })?;
    let memory = while_asleep.zip(before).map(|(during, before)| during.saturating_sub(before));
    Ok(Cost { time: start.elapsed(), memory })
}

/// The resident memory of this process in bytes; `None` where there is no `/proc`.
fn resident() -> Option<u64> {
    let status = read_to_string("/proc/self/status").ok()?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(1024 * kilobytes.trim().trim_end_matches(" kB").parse::<u64>().ok()?)
}

impl Cost {
    fn parse(text: &str) -> Result<Self> {
        let (time, memory) = text.trim().split_once(' ').ok_or_else(|| format!("not a cost: {text:?}"))?;
        Ok(Self { time: Duration::from_nanos(time.parse()?), memory: memory.parse().ok() })
    }

    fn per_sleeper(self, count: usize) -> String {
        let nanoseconds = self.time.as_nanos() / count as u128;
        let (whole, tenth) = (nanoseconds / 1_000, nanoseconds % 1_000 / 100);
        let memory = self.memory.map_or_else(|| "not measured".to_owned(), |all| format!("{} B", all / count as u64));
        format!("{whole}.{tenth} µs {memory:>7}")
    }
}

impl Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let memory = self.memory.map_or_else(|| "-".to_owned(), |bytes| bytes.to_string());
        write!(f, "{} {memory}", self.time.as_nanos())
    }
}
