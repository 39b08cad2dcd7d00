//! The checks of `gather/two_stages`.

use std::process::ExitCode;

use exam::{Exam, Failure, Judgement, Lane, Reply, Run, Service, fault, ms, seconds};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

type Results = Vec<Result<String, Failure>>;

fn main() -> ExitCode {
    Exam::new(
        "gather/two_stages",
        async |(pages, fetch, parse)| solution::two_stages(pages, fetch, parse).await,
        async |(pages, fetch, parse)| answer::two_stages(pages, fetch, parse).await,
    )
    .check(
        "fetches all pages at once",
        async |two_stages| two_stages(far_apart()).await,
        |mine, possible| {
            mine.made_the_calls_of(possible, "Each page is to be fetched once, and each text to be parsed once.")?;
            let (peak, best) = (mine.peak("fetch"), possible.peak("fetch"));
            if peak == best {
                return Ok(());
            }
            fault(
                format!("At most {peak} of {best} pages were fetched at once: {}, where {} is possible.", seconds(mine.took()), seconds(possible.took())),
                "A future does nothing until it is polled: who awaits one page to its end before the next is begun has a queue.",
            )
        },
    )
    .check(
        "parses a page as soon as it is there",
        async |two_stages| two_stages(far_apart()).await,
        |mine, possible| {
            parses_at_once(
                mine,
                possible,
                "A stage that waits for all pages is a barrier: the fastest page waits for the slowest. \
                 The same goes for a stream that hands out the pages in their order.",
            )
        },
    )
    .check(
        "parses several pages at once",
        async |two_stages| two_stages(close_together()).await,
        |mine, possible| parses_at_once(mine, possible, "One loop that parses what comes is one parser: while it is busy, pages queue before it."),
    )
    .check(
        "returns the results in the order of the pages",
        async |two_stages| two_stages(close_together()).await,
        |mine, possible| returns_what_is_right(mine, possible, "The first page is the slowest here: what is done first must not stand first."),
    )
    .check(
        "keeps a failure in its place, and the others go on",
        async |two_stages| two_stages(one_broken()).await,
        |mine, possible| {
            mine.made_the_calls_of(possible, "What was not fetched cannot be parsed; what was fetched is to be parsed, whatever becomes of the others.")?;
            returns_what_is_right(mine, possible, "A failure is a result like any other: it belongs into the list, in its place.")
        },
    )
    .check(
        "takes thirty pages at once as well",
        async |two_stages| two_stages(thirty()).await,
        |mine, possible| {
            mine.as_quick_as(possible, "With a few pages a limit does not show. Here none is wanted.")?;
            returns_what_is_right(mine, possible, "With thirty pages the result is another.")
        },
    )
    .verdict()
}

fn parses_at_once(mine: &Run<Results>, possible: &Run<Results>, why: &str) -> Judgement {
    for best in possible.calls("parse") {
        let call = mine.calls("parse").find(|call| call.name == best.name);
        let (Some(began), Some(there)) = (call.and_then(Lane::started), best.started()) else { continue };
        if began > there {
            let name = best.name.trim_start_matches("parse ");
            return fault(
                format!("`{name}` was there at {}, and was parsed from {} on.", seconds(there), seconds(began)),
                why,
            );
        }
    }
    Ok(())
}

fn returns_what_is_right(mine: &Run<Results>, possible: &Run<Results>, why: &str) -> Judgement {
    if mine.output == possible.output {
        return Ok(());
    }
    fault(format!("You returned {}, where {} is right.", words(&mine.output), words(&possible.output)), why)
}

/// Each page is parsed before the next is there: one parser is enough, a barrier shows.
fn far_apart() -> (Vec<String>, Service, Service) {
    pages([("/news", 900), ("/sport", 100), ("/weather", 500)], 150)
}

/// The pages come while others are being parsed: one parser is not enough.
fn close_together() -> (Vec<String>, Service, Service) {
    pages([("/news", 300), ("/sport", 100), ("/weather", 200)], 400)
}

/// One of the pages does not exist.
fn one_broken() -> (Vec<String>, Service, Service) {
    let (mut pages, fetch, parse) = far_apart();
    pages.insert(1, "/nowhere".to_owned());
    (pages, fetch, parse)
}

fn thirty() -> (Vec<String>, Service, Service) {
    let pages: Vec<_> = (1..=30).map(|number| format!("/page/{number}")).collect();
    let mut fetch = Service::new("fetch", Reply::err(ms(250), "knows no such page"));
    for (number, page) in (1..).zip(&pages) {
        fetch = fetch.on(page, Reply::ok(ms(300 + 10 * (7 * number % 31)), page));
    }
    (pages, fetch, Service::new("parse", Reply::ok(ms(100), "parsed")))
}

/// Each page with the time that fetching it takes; parsing takes less for a later page.
fn pages<const N: usize>(pages: [(&str, u64); N], parsing: u64) -> (Vec<String>, Service, Service) {
    let mut fetch = Service::new("fetch", Reply::err(ms(250), "knows no such page"));
    let mut parse = Service::new("parse", Reply::err(ms(10), "knows no such text"));
    for (number, (page, after)) in (0..).zip(pages) {
        let text = page.replace('/', "the ");
        fetch = fetch.on(page, Reply::ok(ms(after), &text));
        parse = parse.on(&text, Reply::ok(ms(parsing - 10 * number), format!("{text}, parsed")));
    }
    (pages.map(|(page, _)| page.to_owned()).into(), fetch, parse)
}

fn words(results: &Results) -> String {
    let word = |result: &Result<String, Failure>| match result {
        Ok(text) => format!("`{text}`"),
        Err(failure) => format!("the failure `{failure}`"),
    };
    if results.is_empty() { "nothing".to_owned() } else { results.iter().map(word).collect::<Vec<_>>().join(", ") }
}
