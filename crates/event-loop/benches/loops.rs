//! Five event loops in one run: `cargo bench -p event-loop`.
//!
//! Each does the same three things: spawns tasks and joins them, sends a number there and back between two tasks, sets timers and takes them back.
//! The ratios depend on the machine and on what else it does, so they are printed, and nothing asserts them.

use std::env::args;
use std::error::Error;
use std::pin::pin;
use std::process::Command;
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use tokio::runtime::Builder;
use tokio::sync::mpsc;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const CASES: [(&str, &str, usize); 3] = [
    ("spawn", "a task, spawned and joined", 100_000),
    ("ping-pong", "a number, there and back", 100_000),
    ("timers", "a timer, set and taken back", 100_000),
];
const LOOPS: [&str; 5] = ["asyncio", "uvloop", "Tokio, current thread", "Tokio, 2 workers", "our own loop"];

/// The fastest of so many runs counts.
const RUNS: usize = 5;

fn main() -> Result<()> {
    // `cargo test --benches` runs this, too, without the flag; there a small count shows that it works.
    let is_bench = args().any(|arg| arg == "--bench");
    let uvloop =
        Command::new("python3").args(["-c", "import uvloop"]).output().is_ok_and(|output| output.status.success());
    println!("Nanoseconds each, and how many times as fast as asyncio (the fastest of {RUNS} runs)\n");
    print!("{:<24}", "");
    for (_, name, _) in CASES {
        print!("{name:>30}");
    }
    println!();
    let mut asyncio = [None; CASES.len()];
    for name in LOOPS {
        print!("{name:<24}");
        for (place, (case, _, count)) in CASES.into_iter().enumerate() {
            let count = if is_bench { count } else { 100 };
            let time = if name == "uvloop" && !uvloop { None } else { fastest(name, case, count)? };
            if name == "asyncio" {
                asyncio[place] = time;
            }
            print!("{:>30}", cell(time, asyncio[place], count));
        }
        println!();
    }
    if !uvloop {
        println!("\nuvloop was not measured: this python3 has no module uvloop (`pip install uvloop`).");
    }
    Ok(())
}

fn cell(time: Option<Duration>, asyncio: Option<Duration>, count: usize) -> String {
    let Some(time) = time else { return "-".to_owned() };
    let each = time.as_nanos() / count as u128;
    match asyncio {
        Some(asyncio) => format!("{each} ({:.1})", asyncio.as_secs_f64() / time.as_secs_f64()),
        None => each.to_string(),
    }
}

/// The time of the fastest run; nothing, if there is no Python for it.
fn fastest(name: &str, case: &str, count: usize) -> Result<Option<Duration>> {
    let mut best = None;
    for _ in 0..RUNS {
        let time = match name {
            "asyncio" | "uvloop" => match in_python(name, case, count)? {
                Some(time) => time,
                None => return Ok(None),
            },
            "our own loop" => on_our_own(case, count)?,
            "Tokio, current thread" => on_tokio(&mut Builder::new_current_thread(), case, count)?,
            _ => on_tokio(Builder::new_multi_thread().worker_threads(2), case, count)?,
        };
        best = Some(best.map_or(time, |best: Duration| best.min(time)));
    }
    Ok(best)
}

fn in_python(name: &str, case: &str, count: usize) -> Result<Option<Duration>> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/loops.py");
    let Ok(output) = Command::new("python3").args([script, name, case, &count.to_string()]).output() else {
        return Ok(None);
    };
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(Some(Duration::from_secs_f64(String::from_utf8(output.stdout)?.trim().parse()?)))
}

fn on_our_own(case: &str, count: usize) -> Result<Duration> {
    event_loop::block_on(async {
        let began = Instant::now();
        match case {
            "spawn" => {
                let tasks: Vec<_> = (0..count).map(|_| event_loop::spawn(async {})).collect();
                for task in tasks {
                    task.await?;
                }
            }
            "ping-pong" => {
                let (there, back, answers) = table();
                let task = event_loop::spawn(answers);
                play(there, back, count).await?;
                task.await?;
            }
            _ => take_back((0..count).map(|_| event_loop::sleep(Duration::from_hours(1)))),
        }
        Ok(began.elapsed())
    })
}

fn on_tokio(builder: &mut Builder, case: &str, count: usize) -> Result<Duration> {
    let case = case.to_owned();
    // In a task, as in a server's handler: the body of `block_on` is polled apart, on a thread of its own.
    let task = async move {
        let began = Instant::now();
        match case.as_str() {
            "spawn" => {
                let tasks: Vec<_> = (0..count).map(|_| tokio::spawn(async {})).collect();
                for task in tasks {
                    task.await.map_err(|error| error.to_string())?;
                }
            }
            "ping-pong" => {
                let (there, back, answers) = table();
                let task = tokio::spawn(answers);
                play(there, back, count).await.map_err(|error| error.to_string())?;
                task.await.map_err(|error| error.to_string())?;
            }
            _ => take_back((0..count).map(|_| Box::pin(tokio::time::sleep(Duration::from_hours(1))))),
        }
        Ok::<_, String>(began.elapsed())
    };
    Ok(builder.enable_time().build()?.block_on(async { tokio::spawn(task).await })??)
}

/// Both ends of the one who plays, and the one who answers.
fn table() -> (mpsc::Sender<usize>, mpsc::Receiver<usize>, impl Future<Output = ()> + Send) {
    let (there, mut asked) = mpsc::channel(1);
    let (answer, back) = mpsc::channel(1);
    let answers = async move {
        while let Some(number) = asked.recv().await {
            if answer.send(number).await.is_err() {
                return;
            }
        }
    };
    (there, back, answers)
}

async fn play(
    there: mpsc::Sender<usize>,
    mut back: mpsc::Receiver<usize>,
    count: usize,
) -> std::result::Result<(), mpsc::error::SendError<usize>> {
    for number in 0..count {
        there.send(number).await?;
        back.recv().await;
    }
    Ok(())
}

/// Polls each timer once, so that it is set, and then drops all of them.
fn take_back<F: Future + Unpin>(timers: impl Iterator<Item = F>) {
    let mut timers: Vec<_> = timers.collect();
    for timer in &mut timers {
        let _pending = pin!(timer).poll(&mut Context::from_waker(Waker::noop()));
    }
}
