//! The checks of `wait/done_by_then`.

use std::process::ExitCode;
use std::time::Duration;

use exam::{
    Call, Exam, Failure, Judgement, Lane, LaneExt, Micros, Outcome, Reply, Run, Service, fault, listed, ms, seconds,
    seconds_apart, unless_it_panics,
};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

type Answer = Result<String, Failure>;
type Input = (Vec<Service>, Duration);
type Output = (Vec<Answer>, JoinSet<Answer>);

/// What the caller saw, in words.
#[derive(Debug, Default)]
struct Page {
    done: Vec<String>,
    later: Vec<String>,
}

/// The lane of the answer itself.
const ITSELF: &str = "done_by_then";

/// How the lanes of its caller begin.
const CALLER: &str = "the caller";

fn main() -> ExitCode {
    let exam = Exam::new(
        "wait/done_by_then",
        async |(services, limit)| solution::done_by_then(services, limit).await,
        async |(services, limit)| answer::done_by_then(services, limit).await,
    );
    check_ends(check_the_rest(check_what_is_done(exam))).verdict()
}

/// When it returns, and with which answers.
fn check_what_is_done(exam: Exam<Input, Output>) -> Exam<Input, Output> {
    exam
    .check(
        "asks all services at once",
        async |done_by_then| show(done_by_then, four(), ms(2_000)).await.0,
        |mine, possible| {
            asked_in_time(
                mine,
                possible,
                "A future does nothing until it is polled: `.await` in a loop asks the second service when the first has answered. \
                 A task begins by itself.",
            )
        },
    )
    .check(
        "returns when the time is up",
        async |done_by_then| show(done_by_then, four(), ms(600)).await.0,
        |mine, possible| {
            if returned(mine) < returned(possible) {
                let (at, limit) = seconds_apart(returned(mine), returned(possible));
                return fault(
                    format!("The limit was {limit}, and your answer returned at {at}, when not all had answered."),
                    "`join_next` waits for one task, the next that ends. Go on until the set is empty, or the time is up.",
                );
            }
            in_time(
                mine,
                possible,
                "All share one limit, and it ends the waiting for all of them. A timeout around each wait begins anew every time, so the limits add up: \
                 put one timeout around the whole loop.",
            )
        },
    )
    .check(
        "returns sooner when all have answered",
        async |done_by_then| show(done_by_then, four(), ms(2_000)).await.0,
        |mine, possible| {
            let (looked, enough) = (mine.recording.polls(ITSELF), possible.recording.polls(ITSELF));
            if looked > 10 * enough {
                return fault(
                    format!("Your answer ran {looked} times until all had answered, where {enough} times are enough."),
                    "Who sleeps and looks is busy all the time, and late all the same. Whoever awaits `join_next` is woken when a task ends.",
                );
            }
            in_time(
                mine,
                possible,
                "The last service answered, and there was nobody left to wait for. A sleep does not know that; a timeout around the wait does.",
            )
        },
    )
    .check(
        "returns what is done by then",
        async |done_by_then| show(done_by_then, four(), ms(600)).await.0,
        |mine, possible| {
            done_is_right(
                mine,
                possible,
                "At the limit a timeout drops its future, with all that this future owns: `join_all` owns the set, and an `async` block owns the list that is made in it. \
                 What is to survive lives outside and is only borrowed.",
            )
        },
    )
    .check(
        "takes a failure for an answer",
        async |done_by_then| show(done_by_then, two_broken(), ms(600)).await.0,
        |mine, possible| {
            if returned(mine) != returned(possible) {
                let (at, right) = seconds_apart(returned(mine), returned(possible));
                return fault(
                    format!("news failed at 0.30 s, and your answer returned at {at}, where {right} is right."),
                    "One failure is no reason to stop waiting for the others: whoever called you decides about that.",
                );
            }
            done_is_right(
                mine,
                possible,
                "A call that failed is over: it is done, and its failure is the answer. Who filters it out leaves the caller with a service that is neither done nor pending.",
            )
        },
    )
}

/// What becomes of those that are not done.
fn check_the_rest(exam: Exam<Input, Output>) -> Exam<Input, Output> {
    exam
    .check(
        "hands back the rest, still running",
        async |done_by_then| show_all(done_by_then, two_broken(), ms(600)).await,
        |mine, possible| {
            mine.made_the_calls_of(possible, "The rest is what already runs: who asks again throws away the time that the first call has taken.")?;
            if let Some(ended) = calls(mine).find(|call| call.outcome == Some(Outcome::Cancelled)) {
                let at = seconds(ended.closed.unwrap_or(0));
                return fault(
                    format!("Your answer ended {} at {at}, and its caller was still waiting for it.", ended.name),
                    "The time to wait was up, not the time of the call: how long that may take is for the caller to say. \
                     A `JoinSet` that is dropped or shut down aborts its tasks: return the very set in which they run.",
                );
            }
            later_is_right(
                mine,
                possible,
                "Each call is in one of two places: its answer is among those done, or its task is in the set. `join_next` moves it from one to the other. What is in neither, nobody can wait for.",
            )
        },
    )
    .check(
        "lets its caller stop the rest",
        async |done_by_then| {
            let (page, rest) = show(done_by_then, four(), ms(600)).await;
            drop(rest);
            sleep(ms(200)).lane("the caller goes on").await;
            page
        },
        |mine, _| {
            mine.leaves_nothing_running(
                "The caller dropped the set, and the set aborted its tasks. If those only wait for other tasks, the others run on: a `JoinHandle` that is dropped detaches its task. \
                 Put the calls themselves into the set.",
            )
        },
    )
}

/// What only callers without patience see, and callers of many.
fn check_ends(exam: Exam<Input, Output>) -> Exam<Input, Output> {
    exam
    .check(
        "stops everything when its caller gives up",
        async |done_by_then| {
            let given_up = timeout(ms(150), show(done_by_then, four(), ms(600))).await;
            sleep(ms(250)).lane("the caller goes on").await;
            given_up.map_or_else(|_| Page::default(), |(page, _)| page)
        },
        |mine, _| {
            mine.leaves_nothing_running(
                "A timeout drops your future in the middle, and no line of yours runs then. From its first moment on, each task needs an owner that aborts it when it is dropped.",
            )
        },
    )
    .check(
        "does the same with hundreds of services",
        async |done_by_then| show(done_by_then, hundreds(), ms(900)).await.0,
        |mine, possible| {
            asked_in_time(mine, possible, "A limit for the calls under way is a limit that nobody asked for: who queues loses time before the first word.")?;
            in_time(mine, possible, "The limit is the same for many services.")?;
            let (done, right) = (mine.output.done.len(), possible.output.done.len());
            if done == right {
                return Ok(());
            }
            fault(
                format!("{right} of 300 services had answered by then, and your answer returned {done} answers."),
                "A task may do 128 things at a stretch; then each of Tokio's futures is `Pending` once, so that others get a turn. \
                 So `Pending` does not mean that nothing is there: `try_join_next` takes what has ended, or a loop under one timeout. \
                 And two services may give the same answer, which are two.",
            )
        },
    )
    .check(
        "passes on that a call panicked",
        async |done_by_then| unless_it_panics(show_all(done_by_then, one_panics(), ms(600))).await,
        |mine, _| {
            mine.hides_no_panic(|Page { done, later }| {
                (!later.iter().any(|words| words == PANICKED)).then(|| format!("{} as done", all(done)))
            })
        },
    )
    .check(
        "returns at once when there is no time",
        async |done_by_then| show_all(done_by_then, four(), Duration::ZERO).await,
        |mine, possible| {
            let why = "A limit of zero is no time at all: all is asked, and all is handed back.";
            in_time(mine, possible, why)?;
            later_is_right(mine, possible, why)
        },
    )
    .check(
        "takes the limit of its caller, and sets none to the rest",
        async |done_by_then| show_all(done_by_then, slow(), ms(120_000)).await,
        |mine, possible| {
            let why = "These services take minutes, and their caller has the time. How long is too long is for the caller to say.";
            done_is_right(mine, possible, why)?;
            later_is_right(mine, possible, why)
        },
    )
}

/// Calls the answer in a lane of its own, which tells when it returned.
async fn show(done_by_then: Call<Input, Output>, services: Vec<Service>, limit: Duration) -> (Page, JoinSet<Answer>) {
    let (done, rest) = done_by_then((services, limit)).lane(ITSELF).await;
    let mut done: Vec<_> = done.iter().map(words).collect();
    done.sort();
    (Page { done, later: Vec::new() }, rest)
}

/// Waits for the rest, too.
async fn show_all(done_by_then: Call<Input, Output>, services: Vec<Service>, limit: Duration) -> Page {
    let (mut page, mut rest) = show(done_by_then, services, limit).await;
    let waiting = async {
        while let Some(ended) = rest.join_next().await {
            page.later.push(came(&ended));
        }
    };
    waiting.lane("the caller waits").await;
    page.later.sort();
    page
}

/// The order of completion is not the order of the services, nor its reverse; after 600 ms two have answered.
fn four() -> Vec<Service> {
    let service = |name, after, text| Service::new(name, Reply::ok(ms(after), text));
    vec![
        service("weather", 1_150, "sunny"),
        service("news", 300, "all is well"),
        service("prices", 900, "9.99"),
        service("ads", 500, "buy this"),
    ]
}

/// One fails in time, one later, and one takes far longer than the limit.
fn two_broken() -> Vec<Service> {
    let mut services = four();
    services[0] = Service::new("weather", Reply::ok(ms(2_700), "sunny"));
    services[1] = Service::new("news", Reply::err(ms(300), "is down"));
    services[2] = Service::new("prices", Reply::err(ms(900), "is busy"));
    services
}

fn one_panics() -> Vec<Service> {
    let mut services = four();
    services.insert(1, Service::new("stock", Reply::panics(ms(400), "counts below zero")));
    services
}

fn slow() -> Vec<Service> {
    let service = |name, after, text| Service::new(name, Reply::ok(ms(after), text));
    vec![
        service("archive", 1_800_000, "in the cellar"),
        service("news", 100_000, "all is well"),
        service("ads", 500, "buy this"),
    ]
}

/// After 900 ms 150 of them have answered: more than the 128 things that a task may do at a stretch.
/// Some have replicas, which have the same name, and some give the same answer.
fn hundreds() -> Vec<Service> {
    let service = |number: u64| {
        Service::new(
            &format!("service {}", number % 250),
            Reply::ok(ms(301 + 4 * (137 * number % 300)), format!("answer {}", number % 70)),
        )
    };
    (0..300).map(service).collect()
}

/// The calls of services, without the lanes of the answer and its caller.
fn calls(run: &Run<Page>) -> impl Iterator<Item = &Lane> {
    run.calls("").filter(|lane| lane.name != ITSELF && !lane.name.starts_with(CALLER))
}

/// When the answer returned.
fn returned(run: &Run<Page>) -> Micros {
    run.recording.lane(ITSELF).and_then(|lane| lane.closed).unwrap_or(run.took())
}

fn asked_in_time(mine: &Run<Page>, possible: &Run<Page>, why: &str) -> Judgement {
    for best in calls(possible) {
        let (name, wanted) = (&best.name, best.started());
        match calls(mine).find(|call| call.name == *name).and_then(Lane::started) {
            None => return fault(format!("{name} was never asked."), why),
            started if started <= wanted => {}
            Some(started) => {
                let wanted = seconds(wanted.unwrap_or(0));
                return fault(format!("{name} was asked at {}, where {wanted} is possible.", seconds(started)), why);
            }
        }
    }
    mine.made_the_calls_of(possible, "Each service is to be asked once.")
}

fn in_time(mine: &Run<Page>, possible: &Run<Page>, why: &str) -> Judgement {
    let (mine, best) = (returned(mine), returned(possible));
    if mine <= best {
        return Ok(());
    }
    let (mine, best) = seconds_apart(mine, best);
    fault(format!("Your answer returned at {mine}, where {best} is possible."), why)
}

fn done_is_right(mine: &Run<Page>, possible: &Run<Page>, why: &str) -> Judgement {
    let (mine, right) = (&mine.output.done, &possible.output.done);
    if mine == right {
        return Ok(());
    }
    fault(format!("As done you returned {}, where {} is right.", all(mine), all(right)), why)
}

fn later_is_right(mine: &Run<Page>, possible: &Run<Page>, why: &str) -> Judgement {
    let (mine, right) = (&mine.output.later, &possible.output.later);
    if mine == right {
        return Ok(());
    }
    fault(format!("The caller awaited the rest and got {}, where {} is right.", all(mine), all(right)), why)
}

fn words(answer: &Answer) -> String {
    match answer {
        Ok(text) => format!("`{text}`"),
        Err(failure) => format!("the failure `{failure}`"),
    }
}

const PANICKED: &str = "a task that panicked";

/// What came out of the rest.
fn came(ended: &Result<Answer, JoinError>) -> String {
    match ended {
        Ok(answer) => words(answer),
        Err(error) if error.is_panic() => PANICKED.to_owned(),
        Err(_) => "a task that was aborted".to_owned(),
    }
}

fn all(words: &[String]) -> String {
    if words.is_empty() { "nothing".to_owned() } else { listed(words) }
}
