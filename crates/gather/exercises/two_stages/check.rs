//! The checks of `gather/two_stages`.

use std::process::ExitCode;

use exam::{Exam, Failure, Judgement, Lane, Reply, Run, Service, fault, ms, seconds};

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
        |mine, possible| mine.returns_each_in_its_place(possible, word, "The first page is the slowest here: what is done first must not stand first."),
    );
    when_it_goes_wrong(exam).verdict()
}

fn when_it_goes_wrong(exam: Exam<Input, Results>) -> Exam<Input, Results> {
    exam.check(
        "keeps a failure in its place, and the others go on",
        async |two_stages| two_stages(two_broken()).await,
        |mine, possible| {
            mine.made_the_calls_of(possible, "What was not fetched cannot be parsed; what was fetched is to be parsed once, whatever becomes of it and of the others.")?;
            mine.returns_each_in_its_place(possible, word, "A failure is a result like any other, of the first stage as of the second: it belongs into the list, in its place.")
        },
    )
    .check_each("takes a thousand pages at once as well", [a_thousand], |mine, possible| {
            mine.made_the_calls_of(possible, "Each page is to be fetched once and parsed once, whatever its text, and a page that is wanted twice is two pages.")?;
            mine.as_quick_as(possible, "With a few pages a limit does not show. Here none is wanted.")?;
            mine.returns_each_in_its_place(
                possible,
                word,
                "One page is wanted twice, and was another the second time. Its place in the list is what tells one from the other, and not its address. \
                 Every seventh page is missing, and that ends nothing.",
            )
    })
    .check_each("keeps what is late, what is empty, and blanks", [odd, || (Vec::new(), far_apart().1, far_apart().2)], |mine, possible| {
        const WHY: &str = "A text is parsed as it is, with its blanks, and so is what the parser says. Each service takes fifty minutes here, once: \
            how long is too long is for the caller to say, who can put a timeout around your future.";
        mine.made_the_calls_of(possible, WHY)?;
        mine.returns_each_in_its_place(possible, word, WHY)
    })
    .if_it_never_ends("Here no page is wanted: the list is empty, and so are the results. `buffered(0)` waits for ever.")
    .passes_on_a_panic([fetching_panics, parsing_panics], |results| Some(results.iter().map(word).collect::<Vec<_>>().join(", ")))
    .stops_with_its_caller(
        [(150, close_together), (350, close_together), (600, close_together)],
        "A timeout around your future drops it in the middle. What it holds itself ends with it; a task that was spawned goes on, \
         and dropping its `JoinHandle` does not end it.",
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

/// It would be parsed if that were tried again.
fn parsing_panics() -> Input {
    let (mut pages, fetch, parse) = far_apart();
    pages.insert(1, "/poems".to_owned());
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

/// More than anybody takes at once who believes in a limit.
/// Every seventh is missing; one has no text, two have the same, and one is wanted twice and changes meanwhile.
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

fn word(result: &Result<String, Failure>) -> String {
    result.as_ref().map_or_else(|failure| format!("the failure `{failure}`"), |text| format!("`{text}`"))
}
