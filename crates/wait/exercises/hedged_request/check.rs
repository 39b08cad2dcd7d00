//! The checks of `wait/hedged_request`.

use std::process::ExitCode;
use std::time::Duration;

use exam::{
    Call, Exam, Failure, Judgement, Lane, LaneExt, Micros, Outcome, Reply, Run, Service, fault, ms, seconds, times,
    unless_it_panics,
};
use tokio::time::sleep;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

type Input = (Service, Service, Duration);
type Output = Result<String, Vec<Failure>>;

/// How long the first may take before the second is asked.
const PATIENCE: Duration = ms(300);

fn main() -> ExitCode {
    let exam = Exam::new(
        "wait/hedged_request",
        async |(first, second, patience)| solution::hedged_request(first, second, patience).await,
        async |(first, second, patience)| answer::hedged_request(first, second, patience).await,
    );
    check_other_patience(check_ends(check_failures(check_patience(exam)))).verdict()
}

/// Who is asked when, as long as all goes well.
fn check_patience(exam: Exam<Input, Output>) -> Exam<Input, Output> {
    exam
    .check(
        "asks only the first when that one is quick",
        async |hedged_request| {
            let answer = request(hedged_request, answers("north", 200), answers("south", 250)).await;
            sleep(ms(250)).lane("the caller goes on").await;
            answer
        },
        |mine, possible| {
            let why = "A hedge is for the slow ones: who asks both every time does all work twice. The second is asked when patience has run out, and not if the first has answered by then.";
            mine.made_the_calls_of(possible, why)?;
            mine.returns_what_is_right(possible, words, why)
        },
    )
    .check_each("asks the second when patience has run out", [|| (answers("north", 900), answers("south", 250), PATIENCE)], |mine, possible| {
            asked_in_time(
                mine,
                possible,
                "A slow replica does not fail, it only lets you wait. The second try is for this case: it begins while the first is still under way.",
            )
        },
    )
    .check_each("returns as soon as one has answered", [|| (answers("north", 900), answers("south", 250), PATIENCE)], |mine, possible| {
            mine.as_quick_as(possible,
                "One good answer is enough. `join!` and `join_all` wait for both, so a hedge with them is as slow as the slowest.",
            )?;
            mine.returns_what_is_right(possible, words, "The first good answer wins, whoever gives it.")
        },
    )
    .check_each("lets the first go on beside the second", [|| (answers("north", 500), answers("south", 900), PATIENCE)], |mine, possible| {
            let why = "The first is slow, and may still be the quicker one. What a timeout owns is dropped with it, and what is only borrowed goes on.";
            if let Some(dropped) = mine.calls("north").find(|call| call.outcome == Some(Outcome::Cancelled) && call.closed < Some(possible.took())) {
                let (at, would) = (seconds(dropped.closed.unwrap_or(0)), seconds(possible.took()));
                return fault(
                    format!("Your answer gave north up at {at}, which would have answered at {would}."),
                    why,
                );
            }
            mine.made_the_calls_of(possible, why)?;
            mine.as_quick_as(possible,
                "A future that nobody polls stands still, however long ago it was begun. While the second is awaited, the first must be polled as well: await both in one place.",
            )?;
            mine.returns_what_is_right(possible, words, why)
        },
    )
}

/// Patience is what the caller has: none, or much; and answers are what they are.
fn check_other_patience(exam: Exam<Input, Output>) -> Exam<Input, Output> {
    exam.check_each("asks both at once when there is no patience", [|| (answers("north", 900), answers("south", 250), Duration::ZERO), || (fails("north", 100), answers("south", 250), Duration::ZERO)], |mine, possible| {
        let why = "A patience of zero is none: whoever wants no hedge has much of it, and not none.";
        asked_in_time(mine, possible, why)?;
        right(mine, possible, why)
    })
    .check_each(
        "has as much patience as its caller",
        [|| (answers("north", 3_300_000), answers("south", 900_000), ms(2_000_000)), || (answers("north", 3_000_000), answers("south", 3_200_000), ms(90_000)),
            || (fails("north", 400), answers("south", 3_000_000), PATIENCE), || (answers("north", 3_000_000), fails("south", 100), PATIENCE)],
        |mine, possible| {
            let why = "These replicas take nearly an hour, some after the other one has failed, and their caller has the time. How long is too long is for the caller to say.";
            asked_in_time(mine, possible, why)?;
            right(mine, possible, why)
        },
    )
    .check_each(
        "takes an answer as it is",
        [|| (says("north", 200, ""), answers("south", 250), PATIENCE), || (answers("north", 900), says("south", 250, " from the south "), PATIENCE)],
        |mine, possible| right(mine, possible, "An answer is what the replica said, with its blanks, and an empty text is a good one."),
    )
}

/// A failure is no answer, and comes early or late, alone or with another.
fn check_failures(exam: Exam<Input, Output>) -> Exam<Input, Output> {
    exam
    .check_each("goes on with the second when the first fails", [|| (fails("north", 400), answers("south", 650), PATIENCE)], |mine, possible| right(mine, possible, "The first to end is not the first to answer: failing is quick. After a failure, wait for the other one, as long as it takes."))
    .check_each("goes on with the first when the second fails", [|| (answers("north", 800), fails("south", 100), PATIENCE)], |mine, possible| right(mine, possible, "The second try failed, and the first is still under way: it may answer. Treat both alike."))
    .check_each("asks the second at once when the first fails early", [|| (fails("north", 100), answers("south", 700), PATIENCE)], |mine, possible| {
            let why = "Patience says when to ask the second, not how long that one may take. After a failure there is nobody left to be patient with: ask the second at once.";
            asked_in_time(mine, possible, why)?;
            right(mine, possible, why)
        },
    )
    .check_each("returns both failures in the order in which they came", [|| (fails("north", 700), fails("south", 200), PATIENCE)], |mine, possible| right(mine, possible, "South was asked later and failed sooner. Whoever looks for the cause wants to know of both, and which was first: keep each failure when it comes."))
    .check_each("returns both failures when the first came early", [|| (fails("north", 100), fails("south", 200), PATIENCE)], |mine, possible| right(mine, possible, "A failure before patience has run out is a failure like any other: keep it, in case the second fails as well."))
    .check_each("returns both failures when they are the same", [|| (fails("price", 500), fails("price", 400), PATIENCE), || (fails("price", 100), fails("price", 400), PATIENCE)], |mine, possible| right(mine, possible, "Two replicas have failed, and that they say the same does not make one of them."),
    )
}

/// What is left behind.
fn check_ends(exam: Exam<Input, Output>) -> Exam<Input, Output> {
    exam.check_each("cancels the loser", [|| (answers("north", 900), answers("south", 250), PATIENCE), || (answers("north", 500), answers("south", 900), PATIENCE)], |mine, _| {
        mine.leaves_nothing_running(
            "Dropping a `JoinHandle` does not stop its task: it detaches it, and a replica goes on working for nobody. \
             Calls that your own future holds end with it, and the tasks of a `JoinSet` end with the set.",
        )
    })
    .check_each("leaves nothing running after a quick answer", [|| (answers("north", 200), answers("south", 250), PATIENCE)], |mine, _| {
            mine.leaves_nothing_running("Whatever waits for patience to run out, a task or a timer, has to end with the request.")
        },
    )
    .check(
        "passes on that a call panicked, or does without it",
        async |hedged_request| {
            let north = Service::new("north", Reply::panics(ms(500), "is out of memory")).then(Reply::ok(ms(50), "from a second call"));
            unless_it_panics(request(hedged_request, north, answers("south", 400))).await
        },
        |mine, _| match mine.calls("north").count() {
            0 | 1 => mine.hides_no_panic(|output| output.is_err().then(|| words(output))),
            count => fault(format!("`north` panicked, and your answer asked it {}.", times(count)), "Each replica is to be asked once at most."),
        },
    )
    .stops_with_its_caller(
        [(150, slow), (400, slow), (650, || (fails("north", 100), answers("south", 700), PATIENCE)), (650, || (fails("north", 500), answers("south", 700), PATIENCE))],
        "A timeout drops your future in the middle, and no line of yours runs then: what you abort by hand after an answer is not aborted. \
         From its first moment on, each call needs an owner that ends it when it is dropped.",
    )
}

fn slow() -> Input {
    (answers("north", 900), answers("south", 700), PATIENCE)
}

async fn request(hedged_request: Call<Input, Output>, first: Service, second: Service) -> Output {
    hedged_request((first, second, PATIENCE)).await
}

fn answers(name: &str, after: u64) -> Service {
    says(name, after, &format!("from {name}"))
}

fn says(name: &str, after: u64, text: &str) -> Service {
    Service::new(name, Reply::ok(ms(after), text))
}

/// Fails; if it is asked again, which it should not be, it answers, so that this is soon over.
fn fails(name: &str, after: u64) -> Service {
    Service::new(name, Reply::err(ms(after), "is down")).then(Reply::ok(ms(50), "from a second call"))
}

/// The calls, the output and the time.
fn right(mine: &Run<Output>, possible: &Run<Output>, why: &str) -> Judgement {
    mine.made_the_calls_of(
        possible,
        "Each replica is to be asked once at most: one that is down does not get up by being asked again.",
    )?;
    mine.returns_what_is_right(possible, words, why)?;
    mine.as_quick_as(possible, why)
}

fn asked_in_time(mine: &Run<Output>, possible: &Run<Output>, why: &str) -> Judgement {
    let asked = |run: &Run<Output>| run.calls("south").next().and_then(Lane::started);
    let (mine, wanted): (_, Micros) = (asked(mine), asked(possible).unwrap_or(0));
    let wanted_at = seconds(wanted);
    match mine {
        None => fault(format!("Your answer never asked south, which was to be asked at {wanted_at}."), why),
        Some(at) if at == wanted => Ok(()),
        Some(at) => fault(format!("Your answer asked south at {}, where {wanted_at} is right.", seconds(at)), why),
    }
}

fn words(output: &Output) -> String {
    match output {
        Ok(answer) => format!("the answer `{answer}`"),
        Err(failures) => match failures.as_slice() {
            [] => "an error without a failure".to_owned(),
            [failure] => format!("the failure `{failure}`"),
            [failure, last] => format!("the failures `{failure}` and `{last}`"),
            more => format!("{} failures", more.len()),
        },
    }
}
