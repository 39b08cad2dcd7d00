//! The checks of `sync-vs-async/side_by_side`.

use std::process::ExitCode;

use exam::{Exam, Failure, Judgement, Reply, Run, Service, fault, listed, ms};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

type Report = Result<String, Failure>;
type Reports = (Report, Report, Report);

fn main() -> ExitCode {
    Exam::new(
        "sync-vs-async/side_by_side",
        async |(sales, stock, visits)| solution::side_by_side(sales, stock, visits).await,
        async |(sales, stock, visits)| answer::side_by_side(sales, stock, visits).await,
    )
    .check(
        "asks for all three reports at once",
        async |side_by_side| side_by_side(morning()).await,
        |mine, possible| {
            mine.made_the_calls_of(possible, "Each service is to be asked once.")?;
            mine.as_quick_as(
                possible,
                "A future does nothing until it is polled, and `.await` polls one future until it is ready: whatever comes behind it waits. \
                 The handle of a spawned task is a future like any other. Wait for all three in one place.",
            )
        },
    )
    .check(
        "returns each report in its place",
        async |side_by_side| side_by_side(another_shop()).await,
        |mine, possible| {
            returns_what_is_right(
                mine,
                possible,
                "The first service is the slowest of the three, so what is ready first must not stand first, and what these are called is not what they are. \
                 A `FuturesUnordered` or a `JoinSet` hands out what finishes first; `join!` keeps the places.",
            )
        },
    )
    .check(
        "goes on with all when one is there",
        async |side_by_side| side_by_side(page_by_page()).await,
        |mine, possible| {
            mine.as_quick_as(
                possible,
                "These reports come page by page. When the first one was there, your answer polled only one of the other two, and the other stood still: \
                 a future goes on only while somebody polls it.",
            )
        },
    )
    .check(
        "keeps the other two when one report fails",
        async |side_by_side| side_by_side(without_stock()).await,
        |mine, possible| {
            let cancelled = mine.recording.cancelled();
            if !cancelled.is_empty() {
                return fault(
                    format!("stock failed, and your answer gave up the others: {}.", listed(&cancelled)),
                    "What stops at the first `Err` (`try_join!`, `?`) drops the futures that are still waiting. \
                     In Rust a failure is a value like any other: it can stand in its place.",
                );
            }
            mine.made_the_calls_of(possible, "Each service is to be asked once, also one that fails: its failure is the report.")?;
            returns_what_is_right(mine, possible, "A failure is a result too: it belongs in its place, and the others in theirs.")
        },
    )
    .check(
        "keeps every failure when all three fail",
        async |side_by_side| side_by_side(a_bad_morning()).await,
        |mine, possible| returns_what_is_right(mine, possible, "Any of the three can fail, and none of the failures ends the others."),
    )
    .check(
        "waits for a report that takes two minutes",
        async |side_by_side| side_by_side(year()).await,
        |mine, possible| {
            const WHY: &str = "Nobody asked for a limit: how long is too long is for the caller to say, who can put a timeout around your future.";
            mine.made_the_calls_of(possible, WHY)?;
            returns_what_is_right(mine, possible, WHY)
        },
    )
    .verdict()
}

fn returns_what_is_right(mine: &Run<Reports>, possible: &Run<Reports>, why: &str) -> Judgement {
    if mine.output == possible.output {
        return Ok(());
    }
    fault(format!("You returned ({}), where ({}) is right.", words(&mine.output), words(&possible.output)), why)
}

/// The slowest is quicker than any two of them in a row, so that no two can be queued unseen;
/// and the order of completion is not the order of the arguments, nor its reverse.
fn morning() -> (Service, Service, Service) {
    let service = |name, after, text| Service::new(name, Reply::ok(ms(after), text));
    (service("sales", 900, "120 sold"), service("stock", 500, "7 left"), service("visits", 700, "4000 seen"))
}

/// Nor are these in the order of the alphabet.
fn another_shop() -> (Service, Service, Service) {
    let service = |name, after, text| Service::new(name, Reply::ok(ms(after), text));
    (service("turnover", 900, "80 sold"), service("goods", 500, "9 left"), service("people", 700, "3000 seen"))
}

fn page_by_page() -> (Service, Service, Service) {
    let service = |name, after, text| Service::new(name, Reply::ok(ms(after), text).in_steps(5));
    (service("sales", 900, "120 sold"), service("stock", 500, "7 left"), service("visits", 700, "4000 seen"))
}

fn year() -> (Service, Service, Service) {
    let (sales, stock, _) = morning();
    (sales, stock, Service::new("visits", Reply::ok(ms(120_000), "a million seen")))
}

fn without_stock() -> (Service, Service, Service) {
    let (sales, _, visits) = morning();
    (sales, Service::new("stock", Reply::err(ms(300), "is being counted")), visits)
}

fn a_bad_morning() -> (Service, Service, Service) {
    let service = |name, after| Service::new(name, Reply::err(ms(after), "is closed"));
    (service("sales", 400), service("stock", 200), service("visits", 300))
}

fn words((sales, stock, visits): &Reports) -> String {
    let word = |report: &Report| match report {
        Ok(text) => format!("`{text}`"),
        Err(failure) => format!("the failure `{failure}`"),
    };
    [sales, stock, visits].map(word).join(", ")
}
