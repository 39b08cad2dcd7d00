//! The checks of `gather/two_stages`.

use std::process::ExitCode;

use exam::{Exam, Failure, Judgement, Lane, LaneExt, Reply, Run, Service, fault, ms, seconds, unless_it_panics};
use tokio::time::{sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

type Results = Vec<Result<String, Failure>>;

/// Pages, what fetches them, and what parses them.
type Input = (Vec<String>, Service, Service);

fn main() -> ExitCode {
    let exam = Exam::new(
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
    );
    when_it_goes_wrong(exam).verdict()
}

fn when_it_goes_wrong(exam: Exam<Input, Results>) -> Exam<Input, Results> {
    exam.check(
        "keeps a failure in its place, and the others go on",
        async |two_stages| two_stages(two_broken()).await,
        |mine, possible| {
            mine.made_the_calls_of(possible, "What was not fetched cannot be parsed; what was fetched is to be parsed once, whatever becomes of it and of the others.")?;
            returns_what_is_right(mine, possible, "A failure is a result like any other, of the first stage as of the second: it belongs into the list, in its place.")
        },
    )
    .check(
        "takes a hundred pages at once as well",
        async |two_stages| two_stages(a_hundred()).await,
        |mine, possible| {
            mine.made_the_calls_of(possible, "Each page is to be fetched once and parsed once, whatever its text, and a page that is wanted twice is two pages.")?;
            mine.as_quick_as(possible, "With a few pages a limit does not show. Here none is wanted.")?;
            if mine.output == possible.output {
                return Ok(());
            }
            fault(
                "The results of a hundred pages are not in their order, or not all there.",
                "One page is wanted twice, and was another the second time. Its place in the list is what tells one from the other, and not its address.",
            )
        },
    )
    .check(
        "waits for a slow page as well",
        async |two_stages| two_stages(pages([("/archive", 120_000), ("/news", 100), ("/sport", 500)], 150)).await,
        |mine, possible| returns_what_is_right(mine, possible, "How long is too long is for the caller to say, who can put a timeout around your future."),
    )
    .check(
        "passes on that a call panicked",
        async |two_stages| unless_it_panics(two_stages(one_panics())).await,
        |mine, _| mine.hides_no_panic(|results| Some(words(results))),
    )
    .check(
        "stops everything when its caller gives up",
        async |two_stages| {
            let results = timeout(ms(350), two_stages(close_together())).await.unwrap_or_default();
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
fn far_apart() -> Input {
    pages([("/weather", 900), ("/news", 100), ("/sport", 500)], 150)
}

/// The pages come while others are being parsed: one parser is not enough.
fn close_together() -> Input {
    pages([("/weather", 300), ("/news", 100), ("/sport", 200)], 400)
}

/// One of the pages does not exist, and one cannot be parsed.
fn two_broken() -> Input {
    let (mut pages, fetch, parse) = far_apart();
    pages.insert(1, "/nowhere".to_owned());
    pages.insert(2, "/advert".to_owned());
    let advert = "the advert";
    (
        pages,
        fetch.on("/advert", Reply::ok(ms(200), advert)),
        parse.on(advert, Reply::err(ms(90), "finds no text in it")),
    )
}

fn one_panics() -> Input {
    let (mut pages, fetch, parse) = far_apart();
    pages.insert(1, "/poems".to_owned());
    let poem = "a poem";
    (pages, fetch.on("/poems", Reply::ok(ms(200), poem)), parse.on(poem, Reply::panics(ms(90), "knows no letter `ü`")))
}

/// One of them has no text, two have the same, and one is wanted twice and changes meanwhile.
fn a_hundred() -> Input {
    let mut pages: Vec<_> = (1..=96).map(|number| format!("/page/{number}")).collect();
    let mut fetch = Service::new("fetch", Reply::err(ms(250), "knows no such page"));
    for (number, page) in (1..).zip(&pages) {
        fetch = fetch.on(page, Reply::ok(ms(300 + 10 * (7 * number % 101)), page));
    }
    let news = "/page/news".to_owned();
    pages.extend([news.clone(), "/page/empty".to_owned(), "/page/copy".to_owned(), news.clone()]);
    let fetch = fetch
        .on(&news, Reply::ok(ms(410), "nothing new"))
        .on(&news, Reply::ok(ms(420), "sensation"))
        .on("/page/empty", Reply::ok(ms(430), ""))
        .on("/page/copy", Reply::ok(ms(440), "/page/1"));
    let parse = Service::new("parse", Reply::ok(ms(100), "parsed"))
        .on("nothing new", Reply::ok(ms(100), "no headline"))
        .on("sensation", Reply::ok(ms(100), "a headline"));
    (pages, fetch, parse)
}

/// Each page with the time that fetching it takes; parsing takes less for a later page.
fn pages<const N: usize>(pages: [(&str, u64); N], parsing: u64) -> Input {
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
