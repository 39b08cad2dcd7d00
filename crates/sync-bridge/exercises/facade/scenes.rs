//! What the checks of `sync-bridge/facade` play.

use std::fs;
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::{env, thread};

use timeline::lane_blocking;

use super::given::{CROWD, Door, NoPrice, Server, World, price_of};
use super::{Ended, Open, Shop};

/// This program gets it as its first argument if it is to open a façade without a runtime. The second one says whose.
pub(super) const NO_RUNTIME: &str = "no-runtime";

/// What it says when it has opened one all the same: a runtime may need no files.
pub(super) const OPENED: &str = "a façade";

/// What opening a façade comes to in this program.
pub(super) fn says_how_it_opens(open: Open) -> ExitCode {
    println!(
        "{}",
        match open(Server::new(Door::Open)) {
            Ok(_) => OPENED.to_owned(),
            Err(NoPrice::Refused(text)) => text,
            Err(other) => format!("`{other:?}`"),
        }
    );
    ExitCode::SUCCESS
}

/// What the façade says in a separate program that can open no more files, and so cannot make a runtime.
///
/// `None` on a system whose shell cannot limit the files.
pub(super) fn opens_without_files(author: &str) -> Option<String> {
    const LIMITED: &str = "ulimit -n 4 && exec \"$0\" \"$@\"";
    if !cfg!(unix) {
        return None;
    }
    let mut shell = Command::new("sh");
    shell.args(["-c", LIMITED]).arg(env::current_exe().ok()?).args([NO_RUNTIME, author]);
    let output = shell.stdin(Stdio::null()).output().ok()?;
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Some(if said.is_empty() { "a panic".to_owned() } else { said })
}

/// A thread that sleeps until its answer comes has only a few context switches.
const MOST_SWITCHES: u64 = 20;

pub(super) fn closed(shop: &dyn Shop, world: &World) -> &'static str {
    world.end(|| shop.close());
    world.stage.wait_until(|| world.is_over());
    world.left()
}

/// How many callers get the answer to their own question.
pub(super) fn crowd(shop: &dyn Shop) -> String {
    let ask = |number| {
        let thing = format!("crowd {number}");
        shop.price(&thing) == Ok(price_of(&thing))
    };
    let right = thread::scope(|threads| {
        let callers: Vec<_> = (1..=CROWD).map(|number| threads.spawn(move || ask(number))).collect();
        callers.into_iter().filter_map(|caller| caller.join().ok().filter(|right| *right)).count()
    });
    format!("{right} right answers")
}

/// Two callers wait.
pub(super) fn closed_meanwhile(shop: Arc<dyn Shop>, world: &World) -> Ended<Vec<Result<u32, NoPrice>>> {
    let callers = [Arc::clone(&shop), Arc::clone(&shop)]
        .map(|caller| thread::spawn(lane_blocking("a caller", move || caller.price("gold"))));
    world.stage.wait_until(|| world.calls.load(SeqCst) == callers.len());
    thread::spawn(lane_blocking("close", move || shop.close()));
    let ended = |caller: thread::JoinHandle<_>| {
        let ended = world.stage.wait_until(|| caller.is_finished());
        if ended { caller.join().map_err(|_| "a panic") } else { Err("a call that waits for ever") }
    };
    callers.into_iter().map(ended).collect()
}

/// Asks, and says whether the thread slept until the answer came. Where the system does not tell, it counts as asleep.
pub(super) fn asks_and_sleeps(shop: &dyn Shop) -> (Result<u32, NoPrice>, &'static str) {
    // How often this thread has fallen asleep, or had to let others run.
    let switches = || -> u64 {
        let status = fs::read_to_string("/proc/thread-self/status").unwrap_or_default();
        let counts = status.lines().filter_map(|line| line.split_once("_ctxt_switches:")?.1.trim().parse::<u64>().ok());
        counts.sum()
    };
    let before = switches();
    let answer = shop.price("rare");
    (answer, if switches() < before + MOST_SWITCHES { "one long sleep" } else { "a look again and again" })
}
