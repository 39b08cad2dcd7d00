//! The checks of `sync-vs-async/side_by_side`.

use std::process::ExitCode;

use exam::{Exam, Failure, Reply, Service, fault, listed, ms};

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
    .check_each("asks for all three reports at once", [morning, evening], |mine, possible| {
            mine.made_the_calls_of(possible, "Ask each service once.")?;
            mine.as_quick_as(
                possible,
                "A future does nothing until it is polled, and `.await` polls one future until it is ready. \
                 Everything after it waits. The handle of a spawned task is also a future. Wait for all three in one place.",
            )
        },
    )
    .check_each("returns each report in its place", [another_shop, namesakes], |mine, possible| {
            mine.returns_what_is_right(possible, words, "The first service is the slowest of the three, so the first report that is ready does not belong first. \
                 The names of the services do not tell their places, either. A `FuturesUnordered` or a `JoinSet` returns what finishes first. `join!` keeps the places.",
            )
        },
    )
    .check_each("polls the others after one report has come", [page_by_page], |mine, possible| {
            mine.as_quick_as(
                possible,
                "These reports come page by page. After the first one, your answer polled only one of the other \
                 two, and the other stood still. A future makes progress only while something polls it.",
            )
        },
    )
    .check_each("keeps the others when reports fail", [|| without([1]), || without([0]), || without([2]), || without([1, 2]), || without([0, 2]), || without([0, 1]), || without([0, 1, 2])], |mine, possible| {
            let cancelled = mine.recording.cancelled();
            if !cancelled.is_empty() {
                return fault(
                    format!("A report failed, and your answer gave up others: {}.", listed(&cancelled)),
                    "`try_join!` and `?` stop at the first `Err` and drop the futures that still \
                     wait. In Rust a failure is a value like any other: return it in its place.",
                );
            }
            mine.made_the_calls_of(possible, "Ask each service once, even if it fails. Its failure is the report.")?;
            mine.returns_what_is_right(possible, words, "A failure is also a result. Return each result in its place.")
        },
    )
    .check_each("keeps late and empty reports, and blanks", [year, bad_year], |mine, possible| {
            const WHY: &str = "Return each report unchanged, even if it is empty. The task asks for no limit. Your caller decides how long is too long, and can put a timeout around your future.";
            mine.made_the_calls_of(possible, WHY)?;
            mine.returns_what_is_right(possible, words, WHY)
        },
    )
    .verdict()
}

/// The slowest takes less time than any two in a row, so that two in a row are noticed.
/// The order of completion is neither the order of the arguments nor its reverse.
fn morning() -> (Service, Service, Service) {
    let service = |name, after, text| Service::new(name, Reply::ok(ms(after), text));
    (service("sales", 900, "120 sold"), service("stock", 500, "7 left"), service("visits", 700, "4000 seen"))
}

/// Here the last is the slowest, so a late start makes the end late.
fn evening() -> (Service, Service, Service) {
    let service = |name, after, text| Service::new(name, Reply::ok(ms(after), text));
    (service("sales", 700, "180 sold"), service("stock", 500, "4 left"), service("visits", 900, "6000 seen"))
}

/// These are not in the order of the alphabet, either.
fn another_shop() -> (Service, Service, Service) {
    let service = |name, after, text| Service::new(name, Reply::ok(ms(after), text));
    (service("turnover", 900, "80 sold"), service("goods", 500, "9 left"), service("people", 700, "3000 seen"))
}

/// Two of these have the same name.
fn namesakes() -> (Service, Service, Service) {
    let service = |name, after, text| Service::new(name, Reply::ok(ms(after), text));
    (service("shop", 900, "80 sold"), service("shop", 500, "9 left"), service("people", 700, "3000 seen"))
}

fn page_by_page() -> (Service, Service, Service) {
    let service = |name, after, text| Service::new(name, Reply::ok(ms(after), text).in_steps(5));
    (service("sales", 900, "120 sold"), service("stock", 500, "7 left"), service("visits", 700, "4000 seen"))
}

fn year() -> (Service, Service, Service) {
    let service = |name, after, text| Service::new(name, Reply::ok(ms(after), text));
    (service("sales", 900, ""), service("stock", 500, " 7 left \n"), service("visits", 3_000_000, "a million seen"))
}

/// One report has failed long before the last one comes.
fn bad_year() -> (Service, Service, Service) {
    let (_, stock, visits) = year();
    (Service::new("sales", Reply::err(ms(300), "is being counted")), stock, visits)
}

/// A morning on which these reports fail.
fn without<const N: usize>(broken: [usize; N]) -> (Service, Service, Service) {
    let (mut sales, mut stock, mut visits) = morning();
    for number in broken {
        let report = [&mut sales, &mut stock, &mut visits].into_iter().nth(number);
        if let Some(report) = report {
            *report = Service::new(report.name(), Reply::err(ms(400 - 100 * (number as u64 % 2)), "is being counted"));
        }
    }
    (sales, stock, visits)
}

fn words((sales, stock, visits): &Reports) -> String {
    let word = |report: &Report| match report {
        Ok(text) => format!("{text:?}"),
        Err(failure) => format!("the failure `{failure}`"),
    };
    [sales, stock, visits].map(word).join(", ")
}
