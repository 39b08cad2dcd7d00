//! The checks of `tasks/supervisor`.

use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use exam::{Call, Exam, Failure, Judgement, LaneExt, Reply, Run, Service, fault, listed, ms, seconds, times};
use tokio::sync::Semaphore;
use tokio::task::{AbortHandle, JoinHandle};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
#[allow(unreachable_pub)]
mod solution;

use given::{Ended, Reason};

/// A worker that can be started again. Clones are the same worker.
#[derive(Clone, Debug)]
struct Worker {
    work: Service,
    desks: Arc<Semaphore>,
    last: Arc<Mutex<Option<AbortHandle>>>,
}

impl Worker {
    /// A worker that ends like this at its first start, its second start, and so on. The last one serves all further starts.
    fn new(replies: Vec<Reply>) -> Self {
        let mut replies = replies.into_iter();
        let work = Service::new("worker", replies.next().unwrap_or_else(Reply::never));
        Self { work: replies.fold(work, Service::then), desks: Arc::new(Semaphore::new(DESKS)), last: Arc::default() }
    }

    /// Starts it as a task, which has a desk until it ends.
    fn start(&self) -> JoinHandle<Result<(), Failure>> {
        let (work, desk) = (self.work.ask(), Arc::clone(&self.desks).try_acquire_owned());
        let task = tokio::spawn(async move {
            let _mine = desk;
            work.await.map(drop)
        });
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(task.abort_handle());
        task
    }

    fn cancel(&self) {
        if let Some(task) = &*self.last.lock().unwrap_or_else(PoisonError::into_inner) {
            task.abort();
        }
    }
}

const DESKS: usize = 100;

/// What the answer returned, in words, and whether all desks were free at that instant.
type Seen = (String, bool);

/// How the workers end, and what happens from outside after this many milliseconds.
type Scene = (Vec<Reply>, Option<(u64, Act)>);

/// What happens from outside.
type Act = fn(&Worker, &CancellationToken);

const STOP: Act = |_, stop| stop.cancel();
const CANCEL: Act = |worker, _| worker.cancel();

/// A sentence, a scene, what counts in it, and why.
type Check = (&'static str, fn() -> Scene, fn(&Run<Seen>, &Run<Seen>, &str) -> Judgement, &'static str);

const CHECKS: [Check; 9] = [
    (
        "restarts a worker that failed, until the work is done",
        || (vec![fails(), done(), Reply::never()], None),
        starts_as_often,
        "`Ok(Ok(()))` of the handle says that the work is done, and `Ok(Err(failure))` that the worker failed.",
    ),
    (
        "restarts a worker that panicked",
        || (vec![panics(), panics(), panics(), done()], None),
        starts_as_often,
        "After a panic the handle returns a `JoinError`, and also after a cancellation. `is_cancelled()` tells them apart. A panic counts as one failure, like an error.",
    ),
    (
        "makes a pause before each restart, twice as long each time",
        || (vec![fails(), panics(), fails(), done()], None),
        does_the_same,
        "A broken worker often stays broken for a while. Without a pause, a supervisor starts a thousand workers in \
         a second. With a growing pause, it recovers soon after a short failure and does no harm in a long one.",
    ),
    (
        "gives up at the fourth failure in a row, with its reason",
        || (vec![fails(), panics(), fails(), Reply::panics(ms(200), "has no disk"), done()], None),
        does_the_same,
        "A worker that always fails will not recover by itself, and your caller must learn of it. \
         Return immediately, because nothing follows a last pause. Return the last reason, which is the best clue.",
    ),
    (
        "counts from one again after a worker that ran long enough",
        || (vec![fails(), fails(), Reply::err(ms(12_000), "is tired"), panics(), fails(), done()], None),
        does_the_same,
        "The third worker ran for twelve seconds. One failure in the morning and three \
         in the evening are not four in a row. Reset the count, and also the pause.",
    ),
    (
        "resets the count from ten seconds on, after an error or a panic",
        now_and_then_well,
        does_the_same,
        "Measure how long the worker itself ran, without the pauses and without earlier workers. \
         From ten seconds on, its failure is the first of a new row: an error or a panic, the first time and the fourth. A worker may run without a limit.",
    ),
    (
        "starts no other worker when the worker is cancelled",
        || (vec![fails(), Reply::never(), done()], Some((12_000, CANCEL))),
        does_the_same,
        "Other code has cancelled the worker on purpose. Do not start it again.",
    ),
    (
        "stops the worker when told, and waits for its end",
        || (vec![fails(), fails(), Reply::never()], Some((1_500, STOP))),
        does_the_same,
        "Wait for the worker and for the stop at the same time: `tokio::select!`. \
         A dropped handle detaches its task. `abort` only asks: the task ends when the runtime gets to it, and then its handle is ready. So await the handle.",
    ),
    (
        "stops in a pause, without waiting for its end",
        || (vec![fails(), fails(), fails(), done()], Some((1_400, STOP))),
        does_the_same,
        "The stop came in the pause. Do not wait for the rest of the pause, and start no other worker.",
    ),
];

fn main() -> ExitCode {
    let mut exam = Exam::new(
        "tasks/supervisor",
        async |(worker, stop): (Worker, _)| solution::supervise(|| worker.start(), stop).await,
        async |(worker, stop): (Worker, _)| answer::supervise(|| worker.start(), stop).await,
    );
    for (sentence, scene, judge, why) in CHECKS {
        exam = exam
            .check(
                sentence,
                async move |supervise| supervised(supervise, scene()).await,
                move |mine, possible| judge(mine, possible, why),
            )
            .if_it_never_ends(why);
    }
    exam.stops_with_its_caller(
        [150, 450].map(|after| (after, (|| (Worker::new(vec![fails(), Reply::never()]), CancellationToken::new())) as fn() -> _)),
        "A timeout drops your future at an await, and no further line of it runs. Let an owner hold the worker, such as `AbortOnDropHandle`: it aborts the worker when it is dropped.",
    )
    .verdict()
}

fn done() -> Reply {
    Reply::ok(ms(200), "done")
}

fn fails() -> Reply {
    Reply::err(ms(300), "is busy")
}

fn panics() -> Reply {
    Reply::panics(ms(100), "counts below zero")
}

/// One runs a little too short, and one exactly long enough. Then one that would be the fourth failure runs long enough. The last reason differs from the ones before.
fn now_and_then_well() -> Scene {
    let [short, enough, long] = [9_900, 10_000, 12_000].map(|after| Reply::err(ms(after), "is tired"));
    let panics_late = Reply::panics(ms(3_000_000), "counts below zero");
    let no_disk = Reply::err(ms(300), "has no disk");
    (vec![fails(), short, enough, panics_late, fails(), fails(), long, fails(), fails(), no_disk], None)
}

/// Supervises a worker, checks the desks at the instant at which the answer returns, and waits for a while.
async fn supervised(supervise: Call<(Worker, CancellationToken), Ended>, (replies, act): Scene) -> Seen {
    let (worker, stop) = (Worker::new(replies), CancellationToken::new());
    if let Some((after, act)) = act {
        let (worker, stop) = (worker.clone(), stop.clone());
        let somebody = async move {
            sleep(ms(after)).await;
            act(&worker, &stop);
        };
        tokio::spawn(somebody.lane("somebody"));
    }
    let ended = supervise((worker.clone(), stop)).lane("supervise").await;
    let free = worker.desks.available_permits() == DESKS;
    sleep(ms(200)).lane("the caller goes on").await;
    (words(ended), free)
}

fn words(ended: Ended) -> String {
    match ended {
        Ended::GaveUp(Reason::Failed(failure)) => format!("`GaveUp` because the {failure}"),
        Ended::GaveUp(Reason::Panicked(error)) => {
            let panic = error.try_into_panic().ok().and_then(|panic| panic.downcast::<String>().ok());
            panic.map_or("`GaveUp` after a panic".to_owned(), |text| format!("`GaveUp` because the {text}"))
        }
        other => format!("`{other:?}`"),
    }
}

fn starts_as_often(mine: &Run<Seen>, possible: &Run<Seen>, why: &str) -> Judgement {
    mine.made_the_calls_of(possible, why)?;
    returns_what_is_right(mine, possible, why)
}

fn does_the_same(mine: &Run<Seen>, possible: &Run<Seen>, why: &str) -> Judgement {
    // Also those that were aborted before their first turn.
    let starts = |run: &Run<Seen>| -> Vec<_> {
        run.recording.lanes.iter().filter(|lane| lane.name == "worker").map(|lane| seconds(lane.opened)).collect()
    };
    if starts(mine) != starts(possible) {
        let (mine, possible, times) = (listed(&starts(mine)), listed(&starts(possible)), times(starts(mine).len()));
        return fault(format!("Your answer started a worker {times}: at {mine}, where {possible} is right."), why);
    }
    mine.calls_as_quick_as(possible, "worker", why)?;
    returns_what_is_right(mine, possible, why)?;
    if mine.output.1 { Ok(()) } else { fault("When your answer returned, the worker still had its desk.", why) }
}

fn returns_what_is_right(mine: &Run<Seen>, possible: &Run<Seen>, why: &str) -> Judgement {
    if mine.output.0 == possible.output.0 {
        return Ok(());
    }
    fault(format!("You returned {}, where {} is right.", mine.output.0, possible.output.0), why)
}
