//! The checks of `gather/collect_every_result`.

use std::process::ExitCode;

use exam::{Exam, Failure, LaneExt, Reply, Service, fault, ms, seconds, unless_it_panics};
use tokio::time::{sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

type Results = Vec<Result<String, Failure>>;

fn main() -> ExitCode {
    Exam::new("gather/collect_every_result", solution::collect_every_result, answer::collect_every_result)
        .check(
            "asks all services at once",
            async |collect| collect(page()).await,
            |mine, possible| {
                mine.made_the_calls_of(possible, "Each service is to be asked once.")?;
                mine.as_quick_as(
                    possible,
                    "A future does nothing until it is polled: with `.await` in a loop, the second request starts when the first is done. \
                     Make all futures first, then wait for them together.",
                )
            },
        )
        .check(
            "returns the results in the order of the services",
            async |collect| collect(page()).await,
            |mine, possible| {
                if mine.output == possible.output {
                    return Ok(());
                }
                fault(
                    format!("You returned {}, where {} is right.", words(&mine.output), words(&possible.output)),
                    "The first service is the slowest here. What finishes first comes first out of a `FuturesUnordered` or a `JoinSet`: \
                     keep each input's number with it, or take what keeps the order for you.",
                )
            },
        )
        .check(
            "keeps every result when one service fails",
            async |collect| collect(page_without_stock()).await,
            |mine, possible| {
                if !mine.recording.cancelled().is_empty() {
                    return fault(
                        format!(
                            "stock failed, and at {} your answer gave up the others. They would have answered by {}.",
                            seconds(mine.took()),
                            seconds(possible.took())
                        ),
                        "In Rust a failure is a value like any other. What stops at the first `Err` (`try_join_all`, `?`) is for all or nothing.",
                    );
                }
                mine.made_the_calls_of(possible, "Nobody asked for a second try: what a service said once is its result.")?;
                if mine.output == possible.output {
                    return Ok(());
                }
                fault(
                    format!("You returned {}, where {} is right.", words(&mine.output), words(&possible.output)),
                    "A failure is a result too: it belongs into the list, in its place.",
                )
            },
        )
        .check(
            "asks a hundred services at once as well",
            async |collect| collect(many()).await,
            |mine, possible| {
                mine.as_quick_as(possible, "With a few services a limit does not show, nor a pause between two looks. Here neither is wanted.")?;
                if mine.output == possible.output {
                    return Ok(());
                }
                fault(
                    "The results of a hundred services are not in their order, or not all there.",
                    "A service has replicas, which have the same name. Its place in the list is what tells one from the other.",
                )
            },
        )
        .check(
            "waits for a slow service as well",
            async |collect| collect(slow_page()).await,
            |mine, possible| {
                if mine.output == possible.output {
                    return Ok(());
                }
                fault(
                    format!("One service takes two minutes, and you returned {}, where {} is right.", words(&mine.output), words(&possible.output)),
                    "How long is too long is for the caller to say, who can put a timeout around your future.",
                )
            },
        )
        .check(
            "stops everything when its caller gives up",
            async |collect| {
                let results = timeout(ms(450), collect(page())).await.unwrap_or_default();
                sleep(ms(100)).lane("the caller goes on").await;
                results
            },
            |mine, _| {
                mine.leaves_nothing_running(
                    "A timeout around your future drops it in the middle. What it holds itself ends with it; a task that was spawned goes on, \
                     and dropping its `JoinHandle` does not end it.",
                )
            },
        )
        .check(
            "passes on that a call panicked",
            async |collect| unless_it_panics(collect(page_with_a_bug())).await,
            |mine, _| mine.hides_no_panic(|results| Some(words(results))),
        )
        .verdict()
}

/// The order of completion is not the order of the services, nor its reverse.
fn page() -> Vec<Service> {
    let service = |name, after, text| Service::new(name, Reply::ok(ms(after), text));
    vec![service("users", 900, "Ada"), service("orders", 300, "3 orders"), service("prices", 600, "9.99")]
}

fn page_without_stock() -> Vec<Service> {
    let mut services = page();
    services.insert(1, Service::new("stock", Reply::err(ms(400), "is closed")));
    services
}

fn page_with_a_bug() -> Vec<Service> {
    let mut services = page();
    services.insert(1, Service::new("stock", Reply::panics(ms(400), "counts below zero")));
    services
}

fn slow_page() -> Vec<Service> {
    let mut services = page();
    services.insert(1, Service::new("archive", Reply::ok(ms(120_000), "in the cellar")));
    services
}

/// Fifty services, with two replicas each.
fn many() -> Vec<Service> {
    let service = |number: u64| {
        Service::new(
            &format!("service {}", number % 50),
            Reply::ok(ms(703 + 10 * (7 * number % 101)), number.to_string()),
        )
    };
    (1..=100).map(service).collect()
}

fn words(results: &Results) -> String {
    let word = |result: &Result<String, Failure>| {
        result.as_ref().map_or_else(|failure| format!("`{failure}`"), |text| format!("`{text}`"))
    };
    if results.is_empty() { "nothing".to_owned() } else { results.iter().map(word).collect::<Vec<_>>().join(", ") }
}
