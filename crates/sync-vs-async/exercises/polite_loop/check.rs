//! The checks of `sync-vs-async/polite_loop`.
//!
//! Fairness is counted in parcels between two turns of a neighbour, because on the virtual clock a loop that only yields takes no time.

use std::hash::{BuildHasher, RandomState};
use std::process::ExitCode;
use std::sync::LazyLock;
use std::sync::atomic::Ordering::SeqCst;
use std::thread;

use exam::{Exam, Judgement, Run, fault, seconds, times};
use tokio::task::yield_now;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
#[allow(unreachable_pub)]
mod solution;

use Until::{All, Turns};
use given::Scale;

/// What happened with a list of parcels.
#[derive(Default)]
struct Weighed {
    sum: u64,
    parcels: Vec<u32>,
    /// The turns of the neighbour in that time, and the most parcels for which it had to wait.
    turns: u64,
    longest: u64,
    /// The most turns without a parcel between them, and the fewest parcels between two others.
    in_a_row: u64,
    shortest: u64,
    here: bool,
}

/// No task may wait for more parcels.
const MOST: u64 = 200;
/// At least this many are weighed between two turns.
const FEWEST: u64 = 10;
/// A list that is long, and still quick to check.
const MANY: u32 = 12_345;
/// An answer that yields through another task gives two turns at a time.
const MOST_IN_A_ROW: u64 = 2;

/// The lengths of some more lists, other ones in each run, so that no answer can know them.
static ANY: LazyLock<[u32; 6]> = LazyLock::new(|| {
    let any = |range: std::ops::Range<u32>| {
        let random = RandomState::new().hash_one(range.start) % u64::from(range.end - range.start);
        range.start + u32::try_from(random).unwrap_or_default()
    };
    [11..100, 101..200, 202..300, 301..1_000, 1_001..12_000, 450_000..540_000].map(any)
});

fn main() -> ExitCode {
    let exam = Exam::new(
        "sync-vs-async/polite_loop",
        async |number| weigh(number, solution::weigh_all).await,
        async |number| weigh(number, answer::weigh_all).await,
    )
    .check_each("weighs every parcel once, in order", [|| All(1_345), || All(1), || All(0), || All(MANY), || All(ANY[4]), || All(1_345)], |mine, possible| {
        let (mine, possible) = (&mine.output, &possible.output);
        let (was, right) = (mine.parcels.len(), possible.parcels.len());
        if was != right {
            return fault(format!("Your answer weighed {was} parcels, where there are {right}."), "Weigh each parcel once. If the same list comes again, weigh it again.");
        }
        if mine.parcels != possible.parcels {
            return fault("Your answer weighed the parcels in another order.", "Weigh them in the order of the list.");
        }
        if mine.sum == possible.sum {
            return Ok(());
        }
        fault(format!("Your answer returned {} for {right} parcels, where {} is the sum.", mine.sum, possible.sum), "")
    })
    .check_each("stays on this thread", [|| All(1_345), || All(MANY)], |mine, _| {
        if mine.output.here {
            return Ok(());
        }
        fault(
            "Your parcels were weighed on another thread.",
            "That is right for long computations, and the topic executor-offload is about it. In this exercise the work must stay on this thread, as if it could not be sent.",
        )
    })
    .check_each("lets other tasks run", [|| All(1_345)], |mine, _| {
        if mine.output.longest < 1_345 {
            return Ok(());
        }
        fault(
            "Another task was ready all the time, and got no turn between your first parcel and your last.",
            "Tasks of one thread run one at a time. A task keeps the thread until one of its awaits is not ready. \
             An `.await` of a ready future is like a plain call. So is `sleep(Duration::ZERO)`, until Tokio's budget is used up. If you spawn a task, it runs on the same thread.",
        )
    })
    .check_each("does not sleep", [|| All(1_345), || All(MANY)], |mine, possible| {
        if mine.took() <= possible.took() {
            return Ok(());
        }
        fault(
            format!("Your answer waited for {}, where no wait is needed.", seconds(mine.took())),
            "A sleep lets other tasks run, but it goes on even if they have nothing to do. To yield, you need no time.",
        )
    });
    how_fair_it_is(exam).verdict()
}

fn how_fair_it_is(exam: Exam<Until, Weighed>) -> Exam<Until, Weighed> {
    exam.check_each("lets no task wait for more than 200 parcels", [|| All(1_345)], |mine, _| {
        waits_for_few(mine, "A task that becomes ready just after a yield waits until the next one.")
    })
    .check_each("yields no more often than after ten parcels", [|| All(1_345), || All(300), || All(100), || All(MANY), || All(ANY[0]), || All(ANY[1])], |mine, _| {
        let Weighed { turns, in_a_row, shortest, .. } = mine.output;
        let parcels = mine.output.parcels.len() as u64;
        let most = parcels.div_ceil(FEWEST);
        let what = if in_a_row > MOST_IN_A_ROW {
            format!("The others had {in_a_row} turns in a row, and no parcel was weighed between them.")
        } else if turns > most {
            let turns = times(usize::try_from(turns).unwrap_or(usize::MAX));
            format!("Your answer yielded {turns} for {parcels} parcels, where at most {most} times are right.")
        } else if shortest < FEWEST {
            format!("Between two turns of the others only {shortest} parcels were weighed, where at least {FEWEST} are right.")
        } else {
            return Ok(());
        };
        fault(what, "At each yield the runtime checks timers, sockets and other tasks. Spread that cost over many parcels.")
    })
    .check_each("lets no task wait longer when there are more parcels", [|| All(ANY[5]), || All(MANY), || All(ANY[4])], |mine, _| {
        waits_for_few(mine, "How long other tasks wait must not depend on the length of the list. Yield after a fixed number of parcels, not after a tenth of the list.")
    })
    .check_each("lets no task wait longer when there are few parcels", [|| All(300), || All(201), || All(ANY[2]), || All(ANY[3])], |mine, _| {
        waits_for_few(mine, "This list is short, but it still has more than 200 parcels.")
    })
    .check_each("ends when its caller gives up", [|| Turns(5), || Turns(130)], |mine, _| {
        let late = mine.output.parcels.len();
        if late == 0 {
            return Ok(());
        }
        fault(
            format!("The caller gave up, and {late} parcels were weighed after that."),
            "A dropped future does nothing more. A task goes on without its handle.",
        )
    })
}

fn waits_for_few(mine: &Run<Weighed>, why: &str) -> Judgement {
    let longest = mine.output.longest;
    if longest <= MOST {
        return Ok(());
    }
    let all = mine.output.parcels.len();
    fault(format!("Another task had to wait for {longest} of {all} parcels, where at most {MOST} are right."), why)
}

/// How much of a list is weighed.
#[derive(Clone, Copy)]
enum Until {
    /// All of this many parcels.
    All(u32),
    /// Until the caller gives up, after this many turns.
    Turns(u32),
}

/// This many parcels: in no order, some of them twice, and 300 in a row without weight.
fn list(parcels: u32) -> Vec<u32> {
    let number = |place| if (700..1_000).contains(&place) { 1_000 } else { place * 7_919 % 1_009 };
    (0..parcels).map(number).collect()
}

async fn weigh(until: Until, weigh_all: impl AsyncFnOnce(Vec<u32>, Scale) -> u64) -> Weighed {
    let parcels = match until {
        All(parcels) => parcels,
        Turns(turns) => return give_up(turns, weigh_all).await,
    };
    let scale = Scale::new(u64::from(parcels) + 1_000);
    let sum = weigh_all(list(parcels), scale.clone()).await;
    let weighed = scale.weighed();
    let stretches: Vec<_> = weighed.chunk_by(|one, next| one.turns == next.turns).collect();
    let longest = stretches.iter().map(|stretch| stretch.len() as u64).max();
    // The last stretch may have any length.
    let shortest = stretches.iter().rev().skip(1).map(|stretch| stretch.len() as u64).min();
    let in_a_row = stretches.array_windows().map(|[one, next]| next[0].turns - one[0].turns).max();
    Weighed {
        sum,
        parcels: weighed.iter().map(|parcel| parcel.number).collect(),
        turns: scale.turns.load(SeqCst),
        longest: longest.unwrap_or(0),
        in_a_row: in_a_row.unwrap_or(0),
        shortest: shortest.unwrap_or(FEWEST),
        here: weighed.iter().all(|parcel| parcel.on == thread::current().id()),
    }
}

/// Gives up after some turns, and returns what was weighed after that.
async fn give_up(turns: u32, weigh_all: impl AsyncFnOnce(Vec<u32>, Scale) -> u64) -> Weighed {
    let scale = Scale::new(10_000);
    let some_turns = async {
        for _ in 0..turns {
            yield_now().await;
        }
        scale.weighed().len()
    };
    // Counted before the drop, in which an answer may do something, too.
    let before = tokio::select! {
        biased;
        before = some_turns => before,
        _ = weigh_all(list(23_450), scale.clone()) => scale.weighed().len(),
    };
    for _ in 0..20 {
        yield_now().await;
    }
    let late = scale.weighed().split_off(before);
    Weighed { parcels: late.iter().map(|parcel| parcel.number).collect(), ..Weighed::default() }
}
