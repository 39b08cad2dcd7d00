//! The checks of `sync-vs-async/polite_loop`.
//!
//! Fairness is counted in parcels between two turns of a neighbour: on the virtual clock a loop that only gives way takes no time.

use std::process::ExitCode;
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

/// What came of a list of parcels.
#[derive(Default)]
struct Weighed {
    sum: u64,
    parcels: Vec<u32>,
    /// The turns of the neighbour meanwhile, and the most parcels for which it had to wait.
    turns: u64,
    longest: u64,
    /// The most turns without a parcel between them, and the fewest parcels between two others.
    in_a_row: u64,
    shortest: u64,
    here: bool,
}

/// Nobody waits for more.
const MOST: u64 = 200;
/// So many are weighed between two turns.
const FEWEST: u64 = 10;
/// Who gives way by another task gives two turns at a time.
const MOST_IN_A_ROW: u64 = 2;

fn main() -> ExitCode {
    let exam = Exam::new(
        "sync-vs-async/polite_loop",
        async |number| weigh(number, solution::weigh_all).await,
        async |number| weigh(number, answer::weigh_all).await,
    )
    .check_each("weighs every parcel once, in order", [|| All(1_345), || All(1), || All(0)], |mine, possible| {
        let (mine, possible) = (&mine.output, &possible.output);
        let (was, right) = (mine.parcels.len(), possible.parcels.len());
        if was != right {
            return fault(format!("Your answer weighed {was} parcels, where there are {right}."), "Each is to be weighed once.");
        }
        if mine.parcels != possible.parcels {
            return fault("Your answer weighed the parcels in another order.", "They come one after another, and so they are to be weighed.");
        }
        if mine.sum == possible.sum {
            return Ok(());
        }
        fault(format!("Your answer returned {} for {right} parcels, where {} is the sum.", mine.sum, possible.sum), "")
    })
    .check_each("stays on this thread", [|| All(1_345)], |mine, _| {
        if mine.output.here {
            return Ok(());
        }
        fault(
            "Your parcels were weighed on another thread.",
            "That is right for long computations, and the topic executor-offload is about it. Here the work is to stay, as it must where it cannot be sent.",
        )
    })
    .check_each("lets the others through", [|| All(1_345)], |mine, _| {
        if mine.output.longest < 1_345 {
            return Ok(());
        }
        fault(
            "Another task wanted to run all the time, and got no turn from your first parcel to your last.",
            "Tasks of one thread run one at a time, and each keeps the thread until one of its awaits has to wait. \
             To await what is ready at once is a plain call. So is `sleep(Duration::ZERO)`, until Tokio's budget is used up. And a task of its own is another queue before the same thread.",
        )
    })
    .check_each("takes no rest", [|| All(1_345)], |mine, possible| {
        if mine.took() <= possible.took() {
            return Ok(());
        }
        fault(
            format!("Your answer was done after {} of waiting, where none is needed.", seconds(mine.took())),
            "A sleep lets the others through, and then it waits on, even if they have nothing to do. To give way is no matter of time.",
        )
    });
    how_fair_it_is(exam).verdict()
}

fn how_fair_it_is(exam: Exam<Until, Weighed>) -> Exam<Until, Weighed> {
    exam.check_each("makes nobody wait for more than 200 parcels", [|| All(1_345)], |mine, _| {
        waits_for_few(mine, "Whoever comes just after a turn waits until the next one.")
    })
    .check_each("gives way no more often than is good for it", [|| All(1_345)], |mine, _| {
        let Weighed { turns, in_a_row, shortest, .. } = mine.output;
        let parcels = mine.output.parcels.len() as u64;
        let most = parcels.div_ceil(FEWEST);
        let what = if in_a_row > MOST_IN_A_ROW {
            format!("The others had {in_a_row} turns in a row, and no parcel was weighed between them.")
        } else if turns > most {
            let turns = times(usize::try_from(turns).unwrap_or(usize::MAX));
            format!("Your answer gave way {turns} for {parcels} parcels; {most} times are the most.")
        } else if shortest < FEWEST {
            format!("Between two turns of the others only {shortest} parcels were weighed, where {FEWEST} are the fewest.")
        } else {
            return Ok(());
        };
        fault(what, "Each time the runtime looks for timers, sockets and other tasks. Spread that over many parcels.")
    })
    .check_each("makes nobody wait longer when there are more parcels", [|| All(450_000)], |mine, _| {
        waits_for_few(mine, "How long the others wait must not depend on how much there is to do: count parcels, and not tenths of the list.")
    })
    .check_each("makes nobody wait longer when there are few parcels", [|| All(300), || All(201)], |mine, _| {
        waits_for_few(mine, "So few parcels are more than the others are to wait for all the same.")
    })
    .check_each("ends when its caller gives up", [|| Turns(5), || Turns(130)], |mine, _| {
        let late = mine.output.parcels.len();
        if late == 0 {
            return Ok(());
        }
        fault(
            format!("The caller gave up, and {late} parcels were weighed after that."),
            "A future that is dropped does nothing any more; a task goes on without its handle.",
        )
    })
}

fn waits_for_few(mine: &Run<Weighed>, why: &str) -> Judgement {
    let longest = mine.output.longest;
    if longest <= MOST {
        return Ok(());
    }
    let all = mine.output.parcels.len();
    fault(format!("Another task had to wait for {longest} of {all} parcels; {MOST} are the most."), why)
}

/// How far a list is weighed.
#[derive(Clone, Copy)]
enum Until {
    /// So many parcels, all of them.
    All(u32),
    /// Until the caller gives up, after so many turns.
    Turns(u32),
}

/// So many parcels: in no order, some of them twice, and 300 in a row that weigh nothing.
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
    // The last stretch may be as short as it comes.
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
