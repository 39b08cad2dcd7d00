//! Measures the cost of one waiting thread and one waiting task on this machine: `cargo run -p sync-vs-async -- --cost`.
//!
//! Each case runs in a new process, so that no case reuses memory that another case has taken.
//! On Linux, the memory comes from `/proc`. Elsewhere only the time is measured.
//! "In the kernel" means the page tables of the process and the kernel's own thread stacks. Linux counts these stacks for the whole machine.

mod room;

use std::fmt::{self, Display};
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use std::{fs, thread};

use tokio::runtime::Builder;

pub use room::{Room, room_for_tasks, room_for_threads};

/// The argument that makes this program run one case of the measurement. The case's name and a number follow it.
pub const CASE_FLAG: &str = "--cost-case";

const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };
const SCRIPT: &str = include_str!("../cost.py");
const HOUR: Duration = Duration::from_hours(1);

/// The case to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// A thread of the standard library, asleep.
    Thread,
    /// A Tokio task, asleep.
    Task,
    /// A thread of Python's `threading`, asleep.
    PythonThread,
    /// An asyncio task, asleep.
    PythonTask,
}

/// The cost of all threads or tasks of a case together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// How many waited. These are fewer than wanted if the operating system gave no more.
    pub count: u64,
    /// The memory, or `None` where it is not measured.
    pub memory: Option<Memory>,
    /// The time from the first start until all of them waited.
    pub took: Duration,
}

/// Bytes of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Addresses that the process may use. Most of them it never uses.
    pub reserved: u64,
    /// The bytes that are in the machine's memory.
    pub resident: u64,
    /// The bytes that the kernel uses for the process.
    pub kernel: u64,
}

impl Case {
    /// Every case, in the order of the table.
    pub const ALL: [Self; 4] = [Self::Thread, Self::PythonThread, Self::Task, Self::PythonTask];

    /// How many the table measures if there is room for them.
    #[must_use]
    pub fn wanted(self) -> u64 {
        if self.is_thread() { 10_000 } else { 100_000 }
    }

    fn is_thread(self) -> bool {
        matches!(self, Self::Thread | Self::PythonThread)
    }

    fn in_python(self) -> bool {
        matches!(self, Self::PythonThread | Self::PythonTask)
    }

    fn name(self) -> &'static str {
        if self.is_thread() { "thread" } else { "task" }
    }
}

/// Measures every case and prints the table, row by row. Then it prints what limited the numbers, and how to read them.
///
/// `program` must be a program that calls [`run_case`] before anything else, like this one.
/// `at_most` limits the number in each case, and so do the limits of `machine`: see [`within_room`].
/// If a case cannot be measured, its row says so.
pub fn tell(program: &Path, machine: &Path, at_most: u64, mut say: impl FnMut(String)) {
    for words in [["", "reserved", "resident", "in the", "to start"], ["how many", "each", "each", "kernel", "each"]] {
        let [count, figures @ ..] = words;
        say(figures.iter().fold(format!("{:<13}{count:>8}", ""), |line, figure| format!("{line}{figure:>11}")));
    }
    let mut notes = vec![String::new()];
    for case in Case::ALL {
        let (count, bound) = within_room(case, case.wanted().min(at_most), machine);
        notes.extend(bound.filter(|bound| !notes.contains(bound)));
        match measure(program, case, count) {
            Ok(cost) => {
                say(format!("{:<13}{cost}", case.to_string()));
                notes.extend(too_few(case, count, cost.count));
            }
            Err(error) => say(format!("{:<13} not measured here: {error}", case.to_string())),
        }
    }
    if cfg!(target_os = "linux") {
        notes.push("Reserved: addresses that may be used, most of them never.".to_owned());
        notes.push("Resident: memory in use.".to_owned());
        notes.push("In the kernel: page tables and the kernel's own stack for each thread.".to_owned());
    } else {
        notes.push("Memory is not measured here: the figures come from Linux's /proc.".to_owned());
    }
    notes.into_iter().for_each(say);
}

/// How many of the wanted number this machine has room for, and a sentence if that is less. For `machine`, see [`room_for_threads`].
#[must_use]
pub fn within_room(case: Case, wanted: u64, machine: &Path) -> (u64, Option<String>) {
    let (name, few) = (case.name(), 1_000);
    let room = if case.is_thread() { room_for_threads(machine) } else { room_for_tasks(machine) };
    match room {
        Some(Room { most, limit }) if most < wanted => {
            let less = format!("{} {name}s instead of {}", Count(most), Count(wanted));
            (most, Some(format!("{less}, to stay well within {limit}.")))
        }
        None if case.is_thread() && few < wanted => {
            let less = format!("{} {name}s instead of {}", Count(few), Count(wanted));
            (few, Some(format!("{less}: the limits of this system cannot be read.")))
        }
        _ => (wanted, None),
    }
}

/// A sentence if the operating system gave fewer than a measurement asked for.
#[must_use]
pub fn too_few(case: Case, asked: u64, given: u64) -> Option<String> {
    (given < asked).then(|| format!("{case}: the operating system gave no more than {}.", Count(given)))
}

/// Measures one case in a separate process, and waits for that process.
///
/// # Errors
///
/// If the program (or python3) does not start, fails, or prints something else than a measurement.
pub fn measure(program: &Path, case: Case, count: u64) -> io::Result<Cost> {
    let mut command = if case.in_python() { Command::new(PYTHON) } else { Command::new(program) };
    if case.in_python() {
        command.args(["-c", SCRIPT]);
    } else {
        command.arg(CASE_FLAG);
    }
    command.args([case.name(), &count.to_string()]).stdin(Stdio::null());
    // Otherwise glibc makes more heaps for the threads. Each reserves another 64 MiB, which hides what a stack reserves.
    command.env("MALLOC_ARENA_MAX", "1");
    let output = command.output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            io::Error::new(error.kind(), format!("there is no {}", command.get_program().display()))
        }
        _ => error,
    })?;
    let line = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    let complaint = complaint.lines().last().unwrap_or("no measurement came back");
    parse(&line)
        .filter(|_| output.status.success())
        .ok_or_else(|| io::Error::other(format!("{complaint} ({})", output.status)))
}

/// If the arguments name a case of the measurement, runs it and ends the process. Otherwise returns.
///
/// `arguments` are the program's arguments, without its name.
pub fn run_case(arguments: impl IntoIterator<Item = String>) {
    let mut arguments = arguments.into_iter();
    if arguments.next().as_deref() != Some(CASE_FLAG) {
        return;
    }
    let (case, count) = (arguments.next(), arguments.next().and_then(|count| count.parse().ok()));
    let cost = match (case.as_deref(), count) {
        (Some("thread"), Some(count)) => Ok(threads(count)),
        (Some("task"), Some(count)) => tasks(count),
        _ => Err(io::Error::other(format!("{CASE_FLAG} needs thread or task, and a number"))),
    };
    let code = match cost {
        Ok(cost) => {
            println!("{}", line(&cost));
            0
        }
        Err(error) => {
            eprintln!("{error}");
            1
        }
    };
    // The operating system ends the threads and tasks that still sleep.
    std::process::exit(code);
}

fn threads(wanted: u64) -> Cost {
    let (waits, all_wait) = mpsc::channel();
    let (before, began) = (Memory::now(), Instant::now());
    let wait = |waits: mpsc::Sender<()>| {
        move || {
            let _ = waits.send(());
            thread::sleep(HOUR);
        }
    };
    let started = (0..wanted).take_while(|_| thread::Builder::new().spawn(wait(waits.clone())).is_ok()).count();
    let count = all_wait.iter().take(started).count();
    Cost { count: count as u64, memory: Memory::since(before), took: began.elapsed() }
}

fn tasks(wanted: u64) -> io::Result<Cost> {
    // One thread, as in asyncio.
    let runtime = Builder::new_current_thread().enable_time().build()?;
    let cost = runtime.block_on(async {
        let (before, began) = (Memory::now(), Instant::now());
        for _ in 0..wanted {
            tokio::spawn(tokio::time::sleep(HOUR));
        }
        // This runtime polls tasks in the order of their spawns. So when the last one has run, all of them wait.
        let last = tokio::spawn(async {});
        let _ = last.await;
        Cost { count: wanted, memory: Memory::since(before), took: began.elapsed() }
    });
    runtime.shutdown_background();
    Ok(cost)
}

fn line(cost: &Cost) -> String {
    let took = cost.took.as_nanos();
    match cost.memory {
        Some(Memory { reserved, resident, kernel }) => format!("{} {reserved} {resident} {kernel} {took}", cost.count),
        None => format!("{} - - - {took}", cost.count),
    }
}

fn parse(line: &str) -> Option<Cost> {
    let fields: Vec<_> = line.split_whitespace().collect();
    let [count, reserved, resident, kernel, took] = fields[..] else { return None };
    let memory = match (reserved.parse(), resident.parse(), kernel.parse()) {
        (Ok(reserved), Ok(resident), Ok(kernel)) => Some(Memory { reserved, resident, kernel }),
        _ => None,
    };
    Some(Cost { count: count.parse().ok()?, memory, took: Duration::from_nanos(took.parse().ok()?) })
}

impl Memory {
    /// The memory of this process now, or `None` if there is no `/proc`.
    fn now() -> Option<Self> {
        let text = fs::read_to_string("/proc/self/status").ok()? + &fs::read_to_string("/proc/meminfo").ok()?;
        let bytes = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
            Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
        };
        let kernel = bytes("VmPTE")? + bytes("KernelStack")?;
        Some(Self { reserved: bytes("VmSize")?, resident: bytes("VmRSS")?, kernel })
    }

    fn since(before: Option<Self>) -> Option<Self> {
        let (before, now) = (before?, Self::now()?);
        Some(Self {
            reserved: now.reserved.saturating_sub(before.reserved),
            resident: now.resident.saturating_sub(before.resident),
            kernel: now.kernel.saturating_sub(before.kernel),
        })
    }
}

impl Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Thread => "Rust thread",
            Self::Task => "Tokio task",
            Self::PythonThread => "Python thread",
            Self::PythonTask => "asyncio task",
        })
    }
}

/// The row of the table: each figure is divided by the number of threads or tasks.
impl Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each = self.count.max(1);
        write!(f, "{:>8}", Count(self.count).to_string())?;
        match self.memory {
            Some(Memory { reserved, resident, kernel }) => {
                [reserved, resident, kernel]
                    .iter()
                    .try_for_each(|all| write!(f, "{:>11}", Bytes(all / each).to_string()))?;
            }
            None => write!(f, "{:>33}", "not measured here")?,
        }
        write!(
            f,
            "{:>6}.{} µs",
            self.took.as_micros() / u128::from(each),
            self.took.as_nanos() / u128::from(each) / 100 % 10
        )
    }
}

/// `1234567` as `1,234,567`.
struct Count(u64);

impl Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (place, digit) in digits.chars().enumerate() {
            let comma = place > 0 && (digits.len() - place).is_multiple_of(3);
            write!(f, "{}{digit}", if comma { "," } else { "" })?;
        }
        Ok(())
    }
}

/// `2150` as `2.1 KiB`.
struct Bytes(u64);

impl Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = |unit: u64| (self.0 / unit, self.0 % unit * 10 / unit);
        match self.0 {
            0..1_024 => write!(f, "{} B", self.0),
            1_024..1_048_576 => {
                let (whole, tenth) = tenths(1_024);
                write!(f, "{whole}.{tenth} KiB")
            }
            _ => {
                let (whole, tenth) = tenths(1_048_576);
                write!(f, "{whole}.{tenth} MiB")
            }
        }
    }
}
