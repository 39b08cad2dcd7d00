//! The checks of `tasks/supervisor`.

use std::process::ExitCode;

use exam::{Exam, Judgement, Reply, Run, fault, listed, ms, seconds, times};
use tokio_util::sync::CancellationToken;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use scenes::{
    CANCEL, STOP, Scene, Seen, Worker, done, fails, many_failures, now_and_then_well, panics, supervised,
    supervised_on_a_busy_thread,
};

/// A sentence, a scene, what counts in it, and why.
type Check = (&'static str, fn() -> Scene, fn(&Run<Seen>, &Run<Seen>, &str) -> Judgement, &'static str);

const CHECKS: [Check; 10] = [
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
         From ten seconds on, its failure is the first of a new row: an error or a panic, the first time and the fourth. A row has no limit of time.",
    ),
    (
        "starts three hundred workers",
        many_failures,
        starts_as_often,
        "Each of these workers ran for ten seconds, so each failure is the first one of a new row. Only failures in a row count, not all failures.",
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
        || (vec![fails(), fails(), fails(), done()], Some((1_433, STOP))),
        does_the_same,
        "The stop came in the pause. Do not wait for the rest of the pause, and start no other worker.",
    ),
];

fn main() -> ExitCode {
    const LATE: &str = "The thread of the worker is busy with other work, so the worker ends some time after the abort. \
        No pause is long enough for all workers: await the handle.";
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
    exam.check(
        "waits for a worker that ends some time after the abort",
        async |supervise| supervised_on_a_busy_thread(supervise, (vec![Reply::never()], Some((1_500, STOP)))).await,
        |mine, possible| {
            mine.calls_as_quick_as(possible, "worker", LATE)?;
            returns_what_is_right(mine, possible, LATE)?;
            has_its_desk_back(mine, LATE)
        },
    )
    .stops_with_its_caller(
        [150, 450].map(|after| (after, (|| (Worker::new(vec![fails(), Reply::never()]), CancellationToken::new())) as fn() -> _)),
        "A timeout drops your future at an await, and no further line of it runs. Let an owner hold the worker, such as `AbortOnDropHandle`: it aborts the worker when it is dropped.",
    )
    .verdict()
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
    has_its_desk_back(mine, why)?;
    mine.sleeps_while_nothing_comes(possible, "Await the end of the worker, the stop, and the end of a pause: each wakes you at once. Do not check again and again.")
}

fn has_its_desk_back(mine: &Run<Seen>, why: &str) -> Judgement {
    if mine.output.1 { Ok(()) } else { fault("When your answer returned, its worker had not ended yet.", why) }
}

fn returns_what_is_right(mine: &Run<Seen>, possible: &Run<Seen>, why: &str) -> Judgement {
    if mine.output.0 == possible.output.0 {
        return Ok(());
    }
    fault(format!("You returned {}, where {} is right.", mine.output.0, possible.output.0), why)
}
