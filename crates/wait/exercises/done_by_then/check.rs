//! The checks of `wait/done_by_then`.

use std::process::ExitCode;
use std::time::Duration;

use exam::{Exam, Failure, Judgement, LaneExt, Outcome, Run, Service, fault, listed, ms, seconds, seconds_apart};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use scenes::{four, odd, one_panics, one_panics_late, one_slow, thousand, two_broken, with_late_turns};

type Answer = Result<String, Failure>;
type Output = (Vec<Answer>, JoinSet<Answer>);

/// The services, the limit in milliseconds, or `u64::MAX` for the longest one, and how long the caller waits for the rest after that.
type Input = (Vec<Service>, u64, u64);

/// Longer than any call takes.
const EVER: u64 = 5_000_000;

/// What the caller saw, in words, and in the order of the alphabet.
struct Page {
    done: Vec<String>,
    later: Vec<String>,
}

const ITSELF: &str = "done_by_then";

fn main() -> ExitCode {
    let exam = Exam::new(
        "wait/done_by_then",
        async |input| show(input, solution::done_by_then).await,
        async |input| show(input, answer::done_by_then).await,
    );
    check_ends(check_the_rest(check_what_is_done(exam))).verdict()
}

/// When it returns, and with which answers.
fn check_what_is_done(exam: Exam<Input, Page>) -> Exam<Input, Page> {
    exam.check_each("asks all services at once", [|| (four(), 2_000, 0)], |mine, possible| {
        mine.made_all_calls_at_once(
            possible,
            "",
            "A future does nothing until it is polled: `.await` in a loop asks the second service when the first has answered. \
             A task starts by itself. Ask each service once.",
        )
    })
    .check_each("returns when the time is up", [|| (four(), 600, 0)], |mine, possible| {
        if mine.closed(ITSELF) < possible.closed(ITSELF) {
            let (at, limit) = seconds_apart(mine.closed(ITSELF), possible.closed(ITSELF));
            return fault(
                format!("The limit was {limit}, and your answer returned at {at}, before all services had answered."),
                "`join_next` waits for one task: the next that ends. Call it until the set is empty, or until the limit has passed.",
            );
        }
        mine.returns_in_time(possible, ITSELF, "All calls share one limit. A timeout around each wait starts again every \
             time, so the limits add up. Put one timeout around the whole loop.",
        )
    })
    .check_each("returns sooner when all have answered", [|| (four(), 2_000, 0), || (Vec::new(), 2_000, 0)], |mine, possible| {
        let (looked, enough) = (mine.recording.polls(ITSELF), possible.recording.polls(ITSELF));
        if looked > 10 * enough {
            return fault(
                format!("Your answer was polled {looked} times until all had answered, where {enough} polls are enough."),
                "A loop that sleeps and checks uses the processor all the time, and still notices a result late. Await `join_next`: it wakes you when a task ends.",
            );
        }
        mine.returns_in_time(possible, ITSELF, "Nothing was left to wait for: the last service had answered, or there were no services. A sleep cannot notice that. A timeout around the wait can.",
        )
    })
    .check_each("returns the answers that came before the limit", [|| (four(), 600, 0)], |mine, possible| {
        right(
            mine,
            possible,
            "At the limit, a timeout drops its future and everything that this future owns. \
             `join_all` owns the set, and an `async` block owns the list that you create in it. Create what you still need outside the future, and only borrow it inside.",
        )
    })
    .check_each("counts a failure as an answer", [|| (two_broken(), 600, 0)], |mine, possible| {
        if mine.closed(ITSELF) != possible.closed(ITSELF) {
            let (at, right) = seconds_apart(mine.closed(ITSELF), possible.closed(ITSELF));
            return fault(
                format!("news failed at 0.30 s, and your answer returned at {at}, where {right} is right."),
                "One failure is no reason to stop waiting for the others. Your caller decides that.",
            );
        }
        right(
            mine,
            possible,
            "A call that failed has ended, and its failure is the answer. If you filter it out, your caller has a service that is neither done nor pending.",
        )
    })
}

/// What happens to the calls that still run at the limit.
fn check_the_rest(exam: Exam<Input, Page>) -> Exam<Input, Page> {
    exam.check_each("hands back the rest, still running", [|| (two_broken(), 600, EVER), || (one_slow(), 600, EVER)], |mine, possible| {
        mine.made_the_calls_of(possible, "The rest is the calls that already run. If you ask again, you throw away the time that the first call has taken.")?;
        if let Some(ended) = mine.calls("").find(|call| call.outcome == Some(Outcome::Cancelled)) {
            let at = seconds(ended.closed.unwrap_or(0));
            return fault(
                format!("Your answer ended {} at {at}, while its caller still waited for it.", ended.name),
                "The limit ends the wait, not the calls. Your caller decides how long a call may take. \
                 If a `JoinSet` is dropped or shut down, it aborts its tasks. So return the same set in which they run.",
            );
        }
        right(
            mine,
            possible,
            "Each call is in one of two places: its task is in the set, or its answer is in your list. `join_next` moves it from the set to the list. Your caller cannot wait for a call that is in neither.",
        )
    })
    .check_each("lets its caller stop the rest", [|| (four(), 600, 0)], |mine, _| {
        mine.leaves_nothing_running(
            "The caller dropped the set, and the set aborted its tasks. If these only wait for other tasks, the \
             others keep running: a dropped `JoinHandle` detaches its task. Put the calls themselves into the set.",
        )
    })
}

/// A caller that gives up, many services, a panic, and unusual limits and answers.
fn check_ends(exam: Exam<Input, Page>) -> Exam<Input, Page> {
    exam.stops_with_its_caller(
        [(0, || (four(), 600, EVER)), (150, || (four(), 600, EVER)), (550, || (four(), 600, EVER))],
        "A timeout drops your future at an await, and no further line of it runs. From the start, each task needs an owner that aborts the task when the owner is dropped.",
    )
    .check_each("does the same with a thousand services", [|| (thousand(), 900, 0)], |mine, possible| {
        mine.made_all_calls_at_once(possible, "", "The task does not ask for a limit of concurrent calls. A call that waits in a queue loses time before it starts.")?;
        mine.returns_in_time(possible, ITSELF, "The limit is the same for many services.")?;
        right(
            mine,
            possible,
            "Tokio lets a task complete 128 operations in one poll. Then each of Tokio's futures returns `Pending` \
             once, so that other tasks can run. So `Pending` does not mean that there is no result. \
             Use `try_join_next`, or a loop under one timeout. Some services fail, and some give the same answer: each counts.",
        )
    })
    .passes_on_a_panic([|| (one_panics(), 600, 0)], |page| Some(format!("{} as done", all(&page.done))))
    .check_each("returns immediately when the limit is zero", [|| (four(), 0, EVER), || (one_panics_late(), 0, EVER)], |mine, possible| {
        let why = "A limit of zero means no time at all: ask all services, and return all calls in the set. What panics there later, your caller finds there.";
        mine.returns_in_time(possible, ITSELF, why)?;
        right(mine, possible, why)
    })
    .check("loses no answer that comes exactly at the limit", async |done_by_then| with_late_turns(done_by_then((four(), 500, EVER))).await, |mine, possible| {
        let sorted = |run: &Run<Page>| {
            let mut all = [&run.output.done[..], &run.output.later].concat();
            all.sort();
            all
        };
        let [mine, right] = [mine, possible].map(sorted);
        let why = "An answer came at the instant of the limit. It may count as done, or it may stay in the set. If you take it out of the set, put it into the list.";
        if mine == right { Ok(()) } else { fault(format!("Your caller got {} in all, where {} is right.", all(&mine), all(&right)), why) }
    })
    .check_each("uses its caller's limit, and keeps each answer unchanged", [|| (odd(), 2_400_000, EVER)], |mine, possible| {
        let why = "These services take up to an hour, and their caller has the time, even after two others have failed. \
            Your caller decides how long is too long. Return each answer unchanged, with its blanks, even if it is empty.";
        right(mine, possible, why)
    })
    .check_each("accepts any limit", [|| (four(), 1, EVER), || (four(), u64::MAX, 0), || (odd(), u64::MAX, 0)], |mine, possible| {
        let why = "The limit may be 1 ms, or `Duration::MAX`. `Instant::now() + Duration::MAX` panics. A `timeout` accepts any limit.";
        mine.returns_in_time(possible, ITSELF, why)?;
        right(mine, possible, why)
    })
}

/// Calls the answer in a lane of its own, which records when it returned.
async fn show(input: Input, done_by_then: impl AsyncFnOnce(Vec<Service>, Duration) -> Output) -> Page {
    let (services, limit, patience) = input;
    let limit = if limit == u64::MAX { Duration::MAX } else { ms(limit) };
    let (done, mut rest) = done_by_then(services, limit).lane(ITSELF).await;
    let mut page = Page { done: done.iter().map(words).collect(), later: Vec::new() };
    page.done.sort();
    let waiting = async {
        while let Some(ended) = rest.join_next().await {
            page.later.push(came(&ended));
        }
    };
    let _enough = timeout(ms(patience), waiting.lane("the caller waits")).await;
    page.later.sort();
    drop(rest);
    sleep(ms(100)).lane("the caller goes on").await;
    page
}

/// Compares the answers before the limit, and those that came out of the set later.
fn right(mine: &Run<Page>, possible: &Run<Page>, why: &str) -> Judgement {
    let (mine, right) = (&mine.output, &possible.output);
    for (place, mine, right) in [("as done", &mine.done, &right.done), ("out of the rest", &mine.later, &right.later)] {
        if mine != right {
            return fault(format!("Your caller got {} {place}, where {} is right.", all(mine), all(right)), why);
        }
    }
    Ok(())
}

fn words(answer: &Answer) -> String {
    answer.as_ref().map_or_else(|failure| format!("the failure `{failure}`"), |text| format!("`{text}`"))
}

/// What came out of the rest.
fn came(ended: &Result<Answer, JoinError>) -> String {
    match ended {
        Ok(answer) => words(answer),
        Err(error) if error.is_panic() => "a task that panicked".to_owned(),
        Err(_) => "a task that was aborted".to_owned(),
    }
}

fn all(words: &[String]) -> String {
    match words {
        [] => "nothing".to_owned(),
        words if words.len() > 100 => format!("{} answers", words.len()),
        words => listed(words),
    }
}
