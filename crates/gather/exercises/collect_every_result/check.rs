//! The checks of `gather/collect_every_result`.

use std::process::ExitCode;

use exam::{Exam, Failure, Reply, Service, fault, ms, seconds};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

fn main() -> ExitCode {
    Exam::new("gather/collect_every_result", solution::collect_every_result, answer::collect_every_result)
        .check_each("asks all services at once", [page], |mine, possible| {
                mine.made_the_calls_of(possible, "Ask each service once.")?;
                mine.as_quick_as(
                    possible,
                    "If you await each request before you start the next one, the second starts when the first is done. \
                     Start all of them first, then wait for them together.",
                )
            })
        .check_each("returns the results in the order of the services", [page], |mine, possible| {
            mine.returns_each_in_its_place(
                possible,
                word,
                "The first service is the slowest here. A `FuturesUnordered` or a `JoinSet` returns what finishes first. \
                 Return each input's number with its result, or use a function that keeps the order.",
            )?;
            mine.leaves_nothing_running("All services have answered, and this task still runs. End it, or do not start it.")
        })
        .check_each("keeps every result when one service fails", [page_without_stock], |mine, possible| {
            if !mine.recording.cancelled().is_empty() {
                return fault(
                    format!(
                        "stock failed, and at {} your answer gave up the others. They would have answered by {}.",
                        seconds(mine.took()),
                        seconds(possible.took())
                    ),
                    "In Rust a failure is a value like any other. `try_join_all` and `?` stop at the first `Err`.",
                );
            }
            mine.made_the_calls_of(possible, "The task does not ask for a second try. Return the first result of each service.")?;
            mine.returns_each_in_its_place(possible, word, "A failure is also a result: put it into the list, in its place.")?;
            mine.leaves_nothing_running("All services have answered, and this task still runs. End it, or do not start it.")
        })
        .check_each("asks a thousand services at once", [many], |mine, possible| {
            mine.as_quick_as(possible, "With few services you do not notice a limit, or a pause between two checks. Set no limit, and make no pause.")?;
            mine.returns_each_in_its_place(
                possible,
                word,
                "Every third service fails here, and the others go on. \
                 Replicas have the same name, so store results by their place in the list.",
            )
        })
        .check_each("keeps late and empty results, and blanks", [odd_page, Vec::new], |mine, possible| {
            mine.returns_each_in_its_place(
                possible,
                word,
                "Return each result unchanged, even if another one is equal. One takes fifty minutes here, and others have \
                 failed before. Your caller decides how long is too long, and can put a timeout around your future.",
            )
        })
        .if_it_never_ends("Here the list of services is empty. Return an empty list of results. `buffered(0)` waits for ever.")
        .stops_with_its_caller(
            [(0, page), (450, page), (750, page_from_behind)],
            "A timeout drops your future at an await. Calls that your future holds end \
             with it. A spawned task goes on, even if its `JoinHandle` is dropped.",
        )
        .passes_on_a_panic([|| page_with_a_bug(0), || page_with_a_bug(1), || page_with_a_bug(4)], |results| Some(results.iter().map(word).collect::<Vec<_>>().join(", ")))
        .verdict()
}

/// The order of completion is neither the order of the services nor its reverse.
fn page() -> Vec<Service> {
    let service = |name, after, text| Service::new(name, Reply::ok(ms(after), text));
    vec![service("users", 900, "Ada"), service("orders", 300, "3 orders"), service("prices", 600, "9.99")]
}

fn page_without_stock() -> Vec<Service> {
    let mut services = page();
    services.insert(1, Service::new("stock", Reply::err(ms(400), "is closed")));
    services
}

/// After 750 ms the first two have answered.
fn page_from_behind() -> Vec<Service> {
    page().into_iter().rev().collect()
}

/// A service at this place panics. It would answer a second call. Another service has failed before.
fn page_with_a_bug(place: usize) -> Vec<Service> {
    let mut services = page();
    services.push(Service::new("notes", Reply::err(ms(100), "are lost")));
    let stock = Service::new("stock", Reply::panics(ms(400), "counts below zero"));
    services.insert(place, stock.then(Reply::ok(ms(100), "7 left")));
    services
}

fn odd_page() -> Vec<Service> {
    let service = |name, after, text| Service::new(name, Reply::ok(ms(after), text));
    let closed = Service::new("stock", Reply::err(ms(400), "is closed"));
    [
        page(),
        vec![closed.clone(), closed],
        vec![
            service("archive", 3_000_000, "in the cellar"),
            service("notes", 500, ""),
            service("motto", 200, " on and on "),
            service("motto", 250, " on and on "),
        ],
    ]
    .concat()
}

/// More than the limits that answers set: two replicas of each service, and every third call fails.
fn many() -> Vec<Service> {
    let service = |number: u64| {
        let after = ms(703 + 10 * (7 * number % 101));
        let reply = if number.is_multiple_of(3) {
            Reply::err(after, "is closed")
        } else {
            Reply::ok(after, number.to_string())
        };
        Service::new(&format!("service {}", number % 550), reply)
    };
    (1..=1_100).map(service).collect()
}

fn word(result: &Result<String, Failure>) -> String {
    result.as_ref().map_or_else(|failure| format!("`{failure}`"), |text| format!("`{text}`"))
}
