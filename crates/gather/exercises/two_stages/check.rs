//! The checks of `gather/two_stages`.

use std::process::ExitCode;

use exam::{Exam, Failure, Judgement, Lane, Reply, Run, Service, fault, ms, seconds};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

type Results = Vec<Result<String, Failure>>;

/// Pages, the service that fetches them, and the service that parses them.
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
            mine.made_the_calls_of(possible, "Fetch each page once, and parse each text once.")?;
            let (peak, best) = (mine.peak("fetch"), possible.peak("fetch"));
            if peak == best {
                return Ok(());
            }
            fault(
                format!("At most {peak} of {best} pages were fetched at once: {}, where {} is possible.", seconds(mine.took()), seconds(possible.took())),
                "A future does nothing until it is polled. If you await one page before you start the next, the pages run one after another.",
            )
        },
    )
    .check(
        "parses a page as soon as its text is there",
        async |two_stages| two_stages(far_apart()).await,
        |mine, possible| {
            parses_at_once(
                mine,
                possible,
                "A stage that waits for all pages is a barrier: \
                 the fastest page waits for the slowest. A stream that returns the pages in their order does the same.",
            )
        },
    )
    .check(
        "parses several pages at once",
        async |two_stages| two_stages(close_together()).await,
        |mine, possible| parses_at_once(mine, possible, "If one loop parses the pages, it parses one at a time. Other pages wait until it is free."),
    )
    .check(
        "returns the results in the order of the pages",
        async |two_stages| two_stages(close_together()).await,
        |mine, possible| mine.returns_each_in_its_place(possible, word, "The first page is the slowest here, so the page that is done first does not belong first."),
    );
    when_it_goes_wrong(exam).verdict()
}

fn when_it_goes_wrong(exam: Exam<Input, Results>) -> Exam<Input, Results> {
    exam.check(
        "keeps a failure in its place, and goes on with the others",
        async |two_stages| two_stages(two_broken()).await,
        |mine, possible| {
            mine.made_the_calls_of(possible, "Do not parse a page that could not be fetched. Parse every other page once, even if others fail.")?;
            mine.returns_each_in_its_place(possible, word, "A failure of either stage is a result like any other: put it into the list, in its place.")
        },
    )
    .check_each("takes a thousand pages at once", [a_thousand], |mine, possible| {
            mine.made_the_calls_of(possible, "Fetch each page once and parse it once, whatever its text. If a page is in the list twice, take it twice.")?;
            mine.as_quick_as(possible, "With few pages you do not notice a limit. Set none.")?;
            mine.returns_each_in_its_place(
                possible,
                word,
                "One page is in the list twice, and its text has changed in between. \
                 Store results by their place in the list, and not by their address. Every seventh page is missing, and the others go on.",
            )
    })
    .check_each("keeps late and empty results, and blanks", [odd, || (Vec::new(), far_apart().1, far_apart().2), || (far_apart().0[..1].to_vec(), far_apart().1, far_apart().2)], |mine, possible| {
        const WHY: &str = "Parse each text unchanged, with its blanks, and return the parser's text unchanged. \
            Each service takes fifty minutes here, once. Your caller decides how long is too long, and can put a timeout around your future.";
        mine.made_the_calls_of(possible, WHY)?;
        mine.returns_each_in_its_place(possible, word, WHY)
    })
    .if_it_never_ends("Here the list of pages is empty. Return an empty list of results. `buffered(0)` waits for ever.")
    .passes_on_a_panic([fetching_panics, parsing_panics], |results| Some(results.iter().map(word).collect::<Vec<_>>().join(", ")))
    .stops_with_its_caller(
        [(0, close_together), (100, close_together), (150, close_together), (350, close_together), (600, close_together)],
        "A timeout drops your future at an await. Calls that your future holds end \
         with it. A spawned task goes on, even if its `JoinHandle` is dropped.",
    )
}

fn parses_at_once(mine: &Run<Results>, possible: &Run<Results>, why: &str) -> Judgement {
    for best in possible.calls("parse") {
        let call = mine.calls("parse").find(|call| call.name == best.name);
        let (Some(began), Some(there)) = (call.and_then(Lane::started), best.started()) else { continue };
        if began > there {
            let name = best.name.trim_start_matches("parse ");
            return fault(
                format!(
                    "The text of `{name}` came at {}, and its parsing started at {}.",
                    seconds(there),
                    seconds(began)
                ),
                why,
            );
        }
    }
    Ok(())
}

/// Each page can be parsed before the next one comes: one parser is enough, but a barrier is noticed.
fn far_apart() -> Input {
    pages([("/weather", 900), ("/news", 100), ("/sport", 500)], 150)
}

/// The pages come while others are parsed: one parser is not enough.
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

/// A second call would succeed.
fn parsing_panics() -> Input {
    let (mut pages, fetch, parse) = far_apart();
    pages.insert(0, "/poems".to_owned());
    let poem = "a poem";
    let parse =
        parse.on(poem, Reply::panics(ms(90), "knows no letter `ü`")).on(poem, Reply::ok(ms(90), "a poem, parsed"));
    (pages, fetch.on("/poems", Reply::ok(ms(200), poem)), parse)
}

fn fetching_panics() -> Input {
    let (mut pages, fetch, parse) = far_apart();
    pages.insert(1, "/poems".to_owned());
    (
        pages,
        fetch.on("/poems", Reply::panics(ms(200), "has no cookie")).on("/poems", Reply::ok(ms(200), "the news")),
        parse,
    )
}

fn odd() -> Input {
    let (mut pages, fetch, parse) = pages([("/archive", 3_000_000), ("/news", 100), ("/sport", 500)], 150);
    pages.extend(["/gone", "/blank", "/book"].map(str::to_owned));
    let fetch = fetch.on("/gone", Reply::err(ms(300), "is missing"));
    let fetch = fetch.on("/blank", Reply::ok(ms(200), " a line \n")).on("/book", Reply::ok(ms(200), "a book"));
    (
        pages,
        fetch,
        parse.on(" a line \n", Reply::ok(ms(100), " one ")).on("a book", Reply::ok(ms(3_000_000), "a story")),
    )
}

/// More than the limits that answers set.
/// Every seventh is missing. One has no text, two have the same text, and one is in the list twice and changes in between.
fn a_thousand() -> Input {
    let mut pages: Vec<_> = (1..=1_096).map(|number| format!("/page/{number}")).collect();
    let mut fetch = Service::new("fetch", Reply::err(ms(250), "knows no such page"));
    for (number, page) in (1..).zip(&pages).filter(|(number, _)| number % 7 > 0) {
        fetch = fetch.on(page, Reply::ok(ms(300 + 10 * (7 * number % 101)), page));
    }
    let news = "/page/news".to_owned();
    pages.extend([news.clone(), "/page/empty".to_owned(), "/page/copy".to_owned(), news.clone()]);
    let fetch = fetch
        .on(&news, Reply::ok(ms(410), "nothing new"))
        .on(&news, Reply::ok(ms(420), "sensation"))
        .on("/page/empty", Reply::ok(ms(430), ""))
        .on("/page/copy", Reply::ok(ms(440), "/page/1"));
    let parse = Service::new("parse", Reply::ok(ms(100), ""))
        .on("nothing new", Reply::ok(ms(100), "no headline"))
        .on("sensation", Reply::ok(ms(100), "a headline"));
    (pages, fetch, parse)
}

/// Each page, with the time to fetch it. A later page takes less time to parse.
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

fn word(result: &Result<String, Failure>) -> String {
    result.as_ref().map_or_else(|failure| format!("the failure `{failure}`"), |text| format!("`{text}`"))
}
