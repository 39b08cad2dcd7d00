//! The checks of `sync-vs-async/polite_loop`.
//!
//! Fairness is counted in parcels between two turns of a neighbour: on the virtual clock a loop that only gives way takes no time.

use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, ThreadId};

use exam::{Call, Exam, Judgement, Neighbour, Run, fault, seconds, times};
use tokio::task::yield_now;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

/// Computes the weight of parcels, and remembers which; clones are the same scale.
#[derive(Clone, Debug)]
pub struct Scale {
    neighbour: Arc<Neighbour>,
    weighed: Arc<Mutex<Vec<(u32, ThreadId)>>>,
}

impl Scale {
    /// The weight of a parcel, in milligrams.
    pub fn weigh(&self, parcel: u32) -> u64 {
        self.neighbour.unit_done();
        self.weighed.lock().unwrap_or_else(PoisonError::into_inner).push((parcel, thread::current().id()));
        u64::from(parcel) * 7 % 1_000 * 1_000_000
    }

    fn new() -> Self {
        Self { neighbour: Arc::new(Neighbour::spawn(100_000)), weighed: Arc::default() }
    }

    /// Which parcels were weighed so far, and whether all were on this thread.
    fn weighed(&self) -> (Vec<u32>, bool) {
        let weighed = self.weighed.lock().unwrap_or_else(PoisonError::into_inner);
        let here = weighed.iter().all(|(_, on)| *on == thread::current().id());
        (weighed.iter().map(|(parcel, _)| *parcel).collect(), here)
    }
}

/// What came of a list of parcels.
#[derive(Default)]
struct Weighed {
    sum: u64,
    parcels: Vec<u32>,
    /// The turns of the neighbour meanwhile, and the most parcels for which it had to wait.
    turns: u64,
    longest: u64,
    here: bool,
}

type WeighAll = Call<(Vec<u32>, Scale), u64>;

/// Nobody waits for more.
const MOST: u64 = 200;
/// So many are weighed between two turns, on average.
const FEWEST: u64 = 10;

fn main() -> ExitCode {
    let exam = Exam::new(
        "sync-vs-async/polite_loop",
        async |(parcels, scale)| solution::weigh_all(parcels, scale).await,
        async |(parcels, scale)| answer::weigh_all(parcels, scale).await,
    )
    .check(
        "weighs every parcel once, in order",
        async |weigh_all| weigh(weigh_all, 1_345).await,
        |mine, possible| {
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
            fault(format!("Your answer returned {}, where {} is the sum.", mine.sum, possible.sum), "")
        },
    )
    .check("returns 0 when there are no parcels", async |weigh_all| weigh(weigh_all, 0).await, |mine, _| {
        if mine.output.sum == 0 { Ok(()) } else { fault(format!("Your answer returned {}.", mine.output.sum), "The sum of nothing is 0.") }
    })
    .check("stays on this thread", async |weigh_all| weigh(weigh_all, 1_345).await, |mine, _| {
        if mine.output.here {
            return Ok(());
        }
        fault(
            "Your parcels were weighed on another thread.",
            "That is right for long computations, and the topic executor-offload is about it. Here the work is to stay, as it must where it cannot be sent.",
        )
    })
    .check(
        "lets the others through",
        async |weigh_all| weigh(weigh_all, 1_345).await,
        |mine, _| {
            if mine.output.longest < 1_345 {
                return Ok(());
            }
            fault(
                "Another task wanted to run all the time, and got no turn from your first parcel to your last.",
                "Tasks of one thread run one at a time, and each keeps the thread until one of its awaits has to wait. \
                 To await what is ready at once is a plain call, and so is `sleep(Duration::ZERO)`. And a task of its own is another queue before the same thread.",
            )
        },
    )
    .check("takes no rest", async |weigh_all| weigh(weigh_all, 1_345).await, |mine, possible| {
        if mine.took() <= possible.took() {
            return Ok(());
        }
        fault(
            format!("Your answer was done after {} of waiting, where none is needed.", seconds(mine.took())),
            "A sleep lets the others through, and then it waits on, even if they have nothing to do. To give way is no matter of time.",
        )
    })
;
    how_fair_it_is(exam).verdict()
}

fn how_fair_it_is(exam: Exam<(Vec<u32>, Scale), u64>) -> Exam<(Vec<u32>, Scale), u64> {
    exam.check(
        "makes nobody wait for more than 200 parcels",
        async |weigh_all| weigh(weigh_all, 1_345).await,
        |mine, _| {
            waits_for_few(
                mine,
                "Whoever comes just after a turn waits until the next one.",
            )
        },
    )
    .check(
        "makes nobody wait longer when there are more parcels",
        async |weigh_all| weigh(weigh_all, 90_000).await,
        |mine, _| waits_for_few(mine, "How long the others wait must not depend on how much there is to do: count parcels, and not tenths of the list."),
    )
    .check(
        "makes nobody wait longer when there are few parcels",
        async |weigh_all| weigh(weigh_all, 300).await,
        |mine, _| waits_for_few(mine, "Three hundred parcels are few, and more than the others are to wait for all the same."),
    )
    .check(
        "gives way no more often than is good for it",
        async |weigh_all| weigh(weigh_all, 1_345).await,
        |mine, _| {
            let (turns, parcels) = (mine.output.turns, mine.output.parcels.len() as u64);
            let most = parcels.div_ceil(FEWEST);
            if turns <= most {
                return Ok(());
            }
            let turns = times(usize::try_from(turns).unwrap_or(usize::MAX));
            fault(
                format!("Your answer gave way {turns} for {parcels} parcels; {most} times are the most."),
                "Each time the runtime looks for timers, sockets and other tasks. Spread that over many parcels.",
            )
        },
    )
    .check("ends when its caller gives up", async |weigh_all| give_up(weigh_all).await, |mine, _| {
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

/// So many parcels: in no order, some of them twice, and 300 in a row that weigh nothing.
fn list(parcels: u32) -> Vec<u32> {
    let number = |place| if (700..1_000).contains(&place) { 1_000 } else { place * 7_919 % 1_009 };
    (0..parcels).map(number).collect()
}

async fn weigh(weigh_all: WeighAll, parcels: u32) -> Weighed {
    let scale = Scale::new();
    let sum = weigh_all((list(parcels), scale.clone())).await;
    let (parcels, here) = scale.weighed();
    Weighed { sum, parcels, turns: scale.neighbour.turns(), longest: scale.neighbour.longest_wait(), here }
}

/// Gives up after some turns, and returns what was weighed after that.
async fn give_up(weigh_all: WeighAll) -> Weighed {
    let scale = Scale::new();
    let some_turns = async {
        for _ in 0..5 {
            yield_now().await;
        }
    };
    tokio::select! {
        biased;
        () = some_turns => {}
        _ = weigh_all((list(23_450), scale.clone())) => {}
    }
    let before = scale.weighed().0.len();
    for _ in 0..20 {
        yield_now().await;
    }
    Weighed { parcels: scale.weighed().0.split_off(before), ..Weighed::default() }
}
