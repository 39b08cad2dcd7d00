//! The checks of `wait/done_by_then`.

use std::process::ExitCode;
use std::time::Duration;

use exam::{
    Exam, Failure, Judgement, LaneExt, Outcome, Reply, Run, Service, fault, listed, ms, seconds, seconds_apart,
};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

type Answer = Result<String, Failure>;
type Output = (Vec<Answer>, JoinSet<Answer>);

/// Services, how many milliseconds they have, and how many the rest has after that.
type Input = (Vec<Service>, u64, u64);

/// More time than anything takes.
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
             A task begins by itself. And each service is to be asked once.",
        )
    })
    .check_each("returns when the time is up", [|| (four(), 600, 0)], |mine, possible| {
        if mine.closed(ITSELF) < possible.closed(ITSELF) {
            let (at, limit) = seconds_apart(mine.closed(ITSELF), possible.closed(ITSELF));
            return fault(
                format!("The limit was {limit}, and your answer returned at {at}, when not all had answered."),
                "`join_next` waits for one task, the next that ends. Go on until the set is empty, or the time is up.",
            );
        }
        mine.returns_in_time(possible, ITSELF, "All share one limit, and it ends the waiting for all of them. A timeout around each wait begins anew every time, so the limits add up: \
             put one timeout around the whole loop.",
        )
    })
    .check_each("returns sooner when all have answered", [|| (four(), 2_000, 0), || (Vec::new(), 2_000, 0)], |mine, possible| {
        let (looked, enough) = (mine.recording.polls(ITSELF), possible.recording.polls(ITSELF));
        if looked > 10 * enough {
            return fault(
                format!("Your answer ran {looked} times until all had answered, where {enough} times are enough."),
                "Who sleeps and looks is busy all the time, and late all the same. Whoever awaits `join_next` is woken when a task ends.",
            );
        }
        mine.returns_in_time(possible, ITSELF, "Nobody was left to wait for: the last service had answered, or there was none to ask. A sleep does not know that; a timeout around the wait does.",
        )
    })
    .check_each("returns what is done by then", [|| (four(), 600, 0)], |mine, possible| {
        right(
            mine,
            possible,
            "At the limit a timeout drops its future, with all that this future owns: `join_all` owns the set, and an `async` block owns the list that is made in it. \
             What is to survive lives outside and is only borrowed.",
        )
    })
    .check_each("takes a failure for an answer", [|| (two_broken(), 600, 0)], |mine, possible| {
        if mine.closed(ITSELF) != possible.closed(ITSELF) {
            let (at, right) = seconds_apart(mine.closed(ITSELF), possible.closed(ITSELF));
            return fault(
                format!("news failed at 0.30 s, and your answer returned at {at}, where {right} is right."),
                "One failure is no reason to stop waiting for the others: whoever called you decides about that.",
            );
        }
        right(
            mine,
            possible,
            "A call that failed is over: it is done, and its failure is the answer. Who filters it out leaves the caller with a service that is neither done nor pending.",
        )
    })
}

/// What becomes of those that are not done.
fn check_the_rest(exam: Exam<Input, Page>) -> Exam<Input, Page> {
    exam.check_each("hands back the rest, still running", [|| (two_broken(), 600, EVER)], |mine, possible| {
        mine.made_the_calls_of(possible, "The rest is what already runs: who asks again throws away the time that the first call has taken.")?;
        if let Some(ended) = mine.calls("").find(|call| call.outcome == Some(Outcome::Cancelled)) {
            let at = seconds(ended.closed.unwrap_or(0));
            return fault(
                format!("Your answer ended {} at {at}, and its caller was still waiting for it.", ended.name),
                "The time to wait was up, not the time of the call: how long that may take is for the caller to say. \
                 A `JoinSet` that is dropped or shut down aborts its tasks: return the very set in which they run.",
            );
        }
        right(
            mine,
            possible,
            "Each call is in one of two places: its answer is among those done, or its task is in the set. `join_next` moves it from one to the other. What is in neither, nobody can wait for.",
        )
    })
    .check_each("lets its caller stop the rest", [|| (four(), 600, 0)], |mine, _| {
        mine.leaves_nothing_running(
            "The caller dropped the set, and the set aborted its tasks. If those only wait for other tasks, the others run on: a `JoinHandle` that is dropped detaches its task. \
             Put the calls themselves into the set.",
        )
    })
}

/// What only callers without patience see, and callers of many.
fn check_ends(exam: Exam<Input, Page>) -> Exam<Input, Page> {
    exam.stops_with_its_caller(
        [(150, || (four(), 600, EVER)), (550, || (four(), 600, EVER))],
        "A timeout drops your future in the middle, and no line of yours runs then. From its first moment on, each task needs an owner that aborts it when it is dropped.",
    )
    .check_each("does the same with a thousand services", [|| (thousand(), 900, 0)], |mine, possible| {
        mine.made_all_calls_at_once(possible, "", "A limit for the calls under way is a limit that nobody asked for: who queues loses time before the first word.")?;
        mine.returns_in_time(possible, ITSELF, "The limit is the same for many services.")?;
        right(
            mine,
            possible,
            "A task may do 128 things at a stretch; then each of Tokio's futures is `Pending` once, so that others get a turn. \
             So `Pending` does not mean that nothing is there: `try_join_next` takes what has ended, or a loop under one timeout. \
             Some services fail, and some give the same answer: each counts.",
        )
    })
    .passes_on_a_panic([|| (one_panics(), 600, 0)], |page| Some(format!("{} as done", all(&page.done))))
    .check_each("returns at once when there is no time", [|| (four(), 0, EVER)], |mine, possible| {
        let why = "A limit of zero is no time at all: all is asked, and all is handed back.";
        mine.returns_in_time(possible, ITSELF, why)?;
        right(mine, possible, why)
    })
    .check_each("takes the limit of its caller, and each answer as it is", [|| (odd(), 2_400_000, EVER)], |mine, possible| {
        let why = "These services take up to an hour, and their caller has the time, also when two others have failed. How long is too long is for the caller to say. \
            And an answer is what the service said, with its blanks, and also an empty text.";
        right(mine, possible, why)
    })
}

/// Calls the answer in a lane of its own, which tells when it returned.
async fn show(input: Input, done_by_then: impl AsyncFnOnce(Vec<Service>, Duration) -> Output) -> Page {
    let (services, limit, patience) = input;
    let (done, mut rest) = done_by_then(services, ms(limit)).lane(ITSELF).await;
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

/// The order of completion is not the order of the services, nor its reverse; after 600 ms two have answered.
fn four() -> Vec<Service> {
    [("weather", 1_150, "sunny"), ("news", 300, "all is well"), ("prices", 900, "9.99"), ("ads", 500, "buy this")]
        .map(service)
        .to_vec()
}

fn service((name, after, text): (&str, u64, &str)) -> Service {
    Service::new(name, Reply::ok(ms(after), text))
}

/// One fails in time, one later, and one takes far longer than the limit.
fn two_broken() -> Vec<Service> {
    let [news, prices] = [("news", 300, "is down"), ("prices", 900, "is busy")]
        .map(|(name, after, what)| Service::new(name, Reply::err(ms(after), what)));
    vec![service(("weather", 2_700, "sunny")), news, prices, service(("ads", 500, "buy this"))]
}

/// It would answer if it were asked again; another one has failed before.
fn one_panics() -> Vec<Service> {
    let stock = Service::new("stock", Reply::panics(ms(400), "counts below zero"));
    [two_broken(), vec![stock.then(Reply::ok(ms(100), "3"))]].concat()
}

fn odd() -> Vec<Service> {
    let broken = ["prices", "weather"].map(|name| Service::new(name, Reply::err(ms(300), "is down")));
    let others = [
        ("archive", 3_300_000, "in the cellar"),
        ("news", 2_000_000, "all is well"),
        ("ads", 500, ""),
        ("motto", 700, " on and on "),
    ];
    broken.into_iter().chain(others.map(service)).collect()
}

/// More than anybody asks at once who believes in a limit; after 900 ms half of them have answered, which are more than the 128 things that a task may do at a stretch.
/// Some have replicas, which have the same name; some give the same answer, and every third fails.
fn thousand() -> Vec<Service> {
    let service = |number: u64| {
        let (after, text) = (ms(301 + 4 * (137 * number % 300)), format!("says {}", number % 70));
        let reply = if number.is_multiple_of(3) { Reply::err(after, text) } else { Reply::ok(after, text) };
        Service::new(&format!("service {}", number % 900), reply)
    };
    (0..1_100).map(service).collect()
}

/// What is done is right, and what came after that as well.
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
