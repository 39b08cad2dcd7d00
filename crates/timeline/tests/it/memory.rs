//! What a lane takes in memory, measured in separate processes.

use std::env::{current_exe, var};
use std::fs::read_to_string;
use std::process::Command;
use std::time::Duration;

use timeline::{Clock, LaneExt, Recorder};
use tokio::runtime::Builder;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tracing_subscriber::layer::SubscriberExt;

const LANES: u64 = 50_000;

/// Set in a process that measures.
const CASE: &str = "TIMELINE_MEMORY";

/// glibc gives each thread its own memory, and the harness runs each test in a thread.
const ONE_ARENA: (&str, &str) = ("MALLOC_ARENA_MAX", "1");

#[test]
fn a_lane_that_waits_once_takes_at_most_620_bytes() {
    if let Ok(case) = var(CASE) {
        return println!("{CASE} {}", memory(case == "lanes"));
    }
    let measure = |case| {
        let name = "memory::a_lane_that_waits_once_takes_at_most_620_bytes";
        let mut command = Command::new(current_exe().unwrap());
        let output = command.args(["--exact", name, "--nocapture"]).envs([(CASE, case), ONE_ARENA]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let bytes = text.lines().find_map(|line| line.split_once(CASE)?.1.trim().parse::<u64>().ok());
        bytes.unwrap_or_else(|| panic!("{case}: {text}"))
    };
    let each = (measure("lanes") - measure("bare futures")) / LANES;
    // In a release build, where the bench measures, it is a little less.
    assert!((300..=620).contains(&each), "{each} bytes");
}

/// The memory of this process, in bytes, after its tasks have slept, in lanes or not.
fn memory(lanes: bool) -> u64 {
    let subscriber = tracing_subscriber::registry().with(Recorder::new("memory", Clock::Virtual));
    let _recorded = tracing::subscriber::set_default(subscriber);
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let mut tasks = JoinSet::new();
        for number in 0..LANES {
            let sleeper = sleep(Duration::from_secs(1));
            if lanes {
                tasks.spawn(sleeper.lane(format!("lane {number}")))
            } else {
                tasks.spawn(sleeper)
            };
        }
        tasks.join_all().await;
    });
    let status = read_to_string("/proc/self/status").unwrap();
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    1_024 * kilobytes.trim().trim_end_matches(" kB").parse::<u64>().unwrap()
}
