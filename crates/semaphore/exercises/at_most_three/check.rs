//! The checks of `semaphore/at_most_three`.

use std::collections::BTreeSet;
use std::process::ExitCode;

use exam::{
    Exam, Failure, Judgement, Lane, LaneExt, Micros, Reply, Run, Service, fault, listed, ms, seconds, unless_it_panics,
};
use tokio::time::{sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

type Results = Vec<Result<String, Failure>>;

/// Pages, and what fetches them.
type Wanted = (Vec<String>, Service);

fn main() -> ExitCode {
    let exam = Exam::new(
        "semaphore/at_most_three",
        async |(pages, fetch)| solution::at_most_three(pages, fetch).await,
        async |(pages, fetch)| answer::at_most_three(pages, fetch).await,
    )
    .check("never fetches more than three pages at once", async |at_most_three| at_most_three(pages()).await, never_more_than_three)
    .check("fetches three pages at once", async |at_most_three| at_most_three(pages()).await, |mine, possible| match mine.peak("fetch") {
        3 => Ok(()),
        peak => fault(
            format!("At most {peak} of three pages at once: {}, where {} is possible.", seconds(mine.took()), seconds(possible.took())),
            "A limit of three is not a queue: an `.await` in a loop, or a lock, lets one at a time through.",
        ),
    })
    .check(
        "fetches the next page as soon as one is there",
        async |at_most_three| at_most_three(pages()).await,
        |mine, possible| {
            leaves_no_place_empty(
                mine,
                possible,
                "A place stands empty. Batches of three wait for the slowest of each batch; three lists that were dealt out before do not help one another; \
                 and `buffered(3)` keeps a place for a result that is done until those before it are done.",
            )
        },
    )
    .check(
        "returns the results in the order of the pages",
        async |at_most_three| at_most_three(pages()).await,
        |mine, possible| returns_what_is_right(mine, possible, "What is fast comes early out of a `buffer_unordered` or a `JoinSet`: send its number along."),
    )
    .check(
        "fetches the pages in their order",
        async |at_most_three| at_most_three(many()).await,
        in_their_order,
    )
    .check("goes on when pages fail", async |at_most_three| at_most_three(broken()).await, |mine, possible| {
        const WHY: &str = "A failure is a result like any other, and it makes room for the next page like any other: \
            a permit that is dropped comes back on every way out of its block, and one that is given back by hand only on the way that somebody thought of.";
        mine.made_the_calls_of(possible, WHY)?;
        mine.as_quick_as(possible, WHY)?;
        returns_what_is_right(mine, possible, WHY)
    })
    .if_it_never_ends("It waits for a permit that nobody will give back. One that is dropped comes back on every way out of its block; one that is given back by hand only on the way that somebody thought of, and a failure took another.")
    .check(
        "has nothing to do without pages, and little with two",
        async |at_most_three| {
            let none = at_most_three((Vec::new(), service())).await;
            let two = at_most_three((names(["home", "news"]), service())).await;
            [none, two].concat()
        },
        |mine, possible| {
            mine.as_quick_as(possible, "Three is a limit, and not a number to wait for.")?;
            returns_what_is_right(mine, possible, "Three is a limit, and not a number to wait for.")
        },
    )
    .if_it_never_ends("It waits for permits that nobody will give back: a page needs one, however many are free.")
    .check(
        "takes a page that is wanted twice for two pages",
        async |at_most_three| at_most_three(twice()).await,
        |mine, possible| {
            const WHY: &str = "A list may name a page twice, and the second time it may say something else. \
                What knows results by their name keeps one for both: the place in the list is what tells them apart.";
            mine.made_the_calls_of(possible, WHY)?;
            returns_what_is_right(mine, possible, WHY)
        },
    );
    with_a_slow_server(when_a_caller_gives_up(exam)).verdict()
}

fn when_a_caller_gives_up(exam: Exam<Wanted, Results>) -> Exam<Wanted, Results> {
    exam
    .check(
        "has all three places again after its caller gave up",
        async |at_most_three| {
            let _given_up = timeout(ms(450), at_most_three(pages())).await;
            at_most_three(pages()).await
        },
        |mine, possible| {
            const WHY: &str = "The first call was dropped in the middle, with three requests under way. \
                Permits are for one call here; and where they outlive it, what is given back by hand at the end is lost when there is no end.";
            mine.as_quick_as(possible, WHY)?;
            returns_what_is_right(mine, possible, WHY)
        },
    )
    .if_it_never_ends("It waits for a permit that nobody will give back. The first call was dropped in the middle: what is given back by hand at the end is lost when there is no end.")
    .check(
        "passes on that a call panicked",
        async |at_most_three| {
            let fetch = service().on("bad", Reply::panics(ms(113), "has no such page"));
            unless_it_panics(at_most_three((names(["home", "bad", "news", "shop"]), fetch))).await
        },
        |mine, _| mine.hides_no_panic(|results| Some(listed(&results.iter().map(word).collect::<Vec<_>>()))),
    )
    .check(
        "stops everything when its caller gives up",
        async |at_most_three| {
            let results = timeout(ms(450), at_most_three(pages())).await.unwrap_or_default();
            sleep(ms(100)).lane("the caller goes on").await;
            results
        },
        |mine, _| {
            mine.leaves_nothing_running(
                "A timeout drops your future in the middle. Tasks that were spawned go on without it, unless a value owns them that aborts them when it is dropped: \
                 a `JoinSet` does, a `JoinHandle` does not.",
            )
        },
    )
}

fn with_a_slow_server(exam: Exam<Wanted, Results>) -> Exam<Wanted, Results> {
    exam.check(
        "sleeps while nothing comes",
        async |at_most_three| at_most_three(pages()).await,
        |mine, possible| mine.sleeps_while_nothing_comes(possible, "Who looks every millisecond whether there is a permit keeps a processor awake, and gets it by luck. \
         `acquire` wakes who has waited longest when there is one, and nobody else."),
    )
    .check(
        "keeps three under way when pages take minutes and the list is long",
        async |at_most_three| at_most_three(slow()).await,
        |mine, possible| {
            at_most_three_at_once(
                mine,
                "A server is slow when it has much to do, and what loses patience sends more requests exactly then. \
                 A permit is waited for as long as it takes, and kept as long as the request is under way.",
            )?;
            leaves_no_place_empty(
                mine,
                possible,
                "While the first page takes its minutes, many others are done. A buffer that keeps the order has room for so many results, \
                 and begins nothing when it is full, however many places are free.",
            )?;
            mine.made_the_calls_of(possible, "A page that takes minutes is still under way, and asked for once.")?;
            returns_what_is_right(mine, possible, "Nobody asked for a limit of time: what is late is a result all the same.")
        },
    )
}

fn never_more_than_three(mine: &Run<Results>, possible: &Run<Results>) -> Judgement {
    at_most_three_at_once(
        mine,
        "The permit must live as long as the request. `let _ = semaphore.acquire().await` drops it at once, for `_` is no variable; \
         a semaphore that is made inside of the request has permits for that request alone.",
    )?;
    mine.made_the_calls_of(possible, "Every page is to be fetched once.")
}

fn at_most_three_at_once(mine: &Run<Results>, why: &str) -> Judgement {
    match mine.peak("fetch") {
        0..=3 => Ok(()),
        peak => fault(format!("{peak} pages were fetched at once, and the server bears three."), why),
    }
}

/// A fault, if a page that the possible run fetches waits while fewer than three are under way.
fn leaves_no_place_empty(mine: &Run<Results>, possible: &Run<Results>, why: &str) -> Judgement {
    let instants: BTreeSet<Micros> = mine.calls("").flat_map(|lane| [lane.started(), lane.closed]).flatten().collect();
    let begun = |lane: &&Lane, at| lane.started().is_some_and(|started| started <= at);
    for at in instants {
        let open =
            mine.calls("").filter(|lane| begun(lane, at) && lane.closed.is_none_or(|closed| closed > at)).count();
        let waits = |name: &String| !mine.calls("").any(|lane| lane.name == *name && begun(&lane, at));
        if open < 3
            && let Some(name) = possible.calls("").map(|lane| &lane.name).find(|name| waits(name))
        {
            let under_way = if open == 1 { "1 page was" } else { &format!("{open} pages were") };
            return fault(
                format!("From {} on only {under_way} under way, and `{name}` still had to wait.", seconds(at)),
                why,
            );
        }
    }
    Ok(())
}

fn in_their_order(mine: &Run<Results>, possible: &Run<Results>) -> Judgement {
    let begun = |run: &Run<Results>| {
        let mut begun: Vec<_> = run.calls("").map(|lane| (lane.started(), lane.name.clone())).collect();
        // Those of one instant in the order of their names.
        begun.sort();
        begun
    };
    for ((_, mine), (_, wanted)) in begun(mine).iter().zip(&begun(possible)) {
        if mine != wanted {
            return fault(
                format!("Your answer began `{mine}` where it was the turn of `{wanted}`."),
                "The first page of the list is the one that is wanted first. A semaphore lets in who asked first; `pop` takes the last of a list.",
            );
        }
    }
    returns_what_is_right(mine, possible, "With forty pages the order is another.")
}

fn names<const N: usize>(names: [&str; N]) -> Vec<String> {
    names.map(str::to_owned).to_vec()
}

/// How long each page takes, in milliseconds: the first is slow, and the fast ones come late.
const PAGES: [(&str, u64); 8] = [
    ("home", 903),
    ("news", 407),
    ("sport", 353),
    ("maps", 311),
    ("shop", 227),
    ("jobs", 531),
    ("help", 133),
    ("about", 71),
];

fn service() -> Service {
    let fetch = Service::new("fetch", Reply::never());
    PAGES.iter().fold(fetch, |fetch, (page, after)| fetch.on(*page, Reply::ok(ms(*after), format!("the {page} page"))))
}

fn pages() -> Wanted {
    (PAGES.map(|(page, _)| page.to_owned()).to_vec(), service())
}

/// More failures than there are permits, and pages after them.
fn broken() -> Wanted {
    let bad = [("bad 1", 113), ("bad 2", 239), ("bad 3", 173), ("bad 4", 197)];
    let fetch = bad
        .iter()
        .fold(service(), |fetch, (page, after)| fetch.on(*page, Reply::err(ms(*after), format!("knows no {page}"))));
    (names(["bad 1", "home", "bad 2", "bad 3", "bad 4", "news", "sport", "maps"]), fetch)
}

fn twice() -> Wanted {
    let fetch = service().on("time", Reply::ok(ms(210), "it is ten")).on("time", Reply::ok(ms(120), "it is eleven"));
    (names(["help", "time", "shop", "time", "about"]), fetch)
}

fn many() -> Wanted {
    numbered(40, |number| 100 + number * 37 % 101)
}

/// The first three take ten, four and five minutes; two hundred others are quick, and wait for the first place.
fn slow() -> Wanted {
    numbered(203, |number| match number {
        1 => 600_000,
        2 => 240_000,
        3 => 300_000,
        _ => 100 + number * 37 % 101,
    })
}

/// So many pages, and how many milliseconds each takes.
fn numbered(pages: u64, takes: impl Fn(u64) -> u64) -> Wanted {
    let pages: Vec<_> = (1..=pages).map(|number| (format!("page {number}"), takes(number))).collect();
    let fetch = Service::new("fetch", Reply::never());
    let fetch = pages.iter().fold(fetch, |fetch, (page, after)| fetch.on(page, Reply::ok(ms(*after), page)));
    (pages.into_iter().map(|(page, _)| page).collect(), fetch)
}

fn returns_what_is_right(mine: &Run<Results>, possible: &Run<Results>, why: &str) -> Judgement {
    let words = |results: &Results| {
        let words: Vec<_> = results.iter().map(word).collect();
        if words.is_empty() { "nothing".to_owned() } else { listed(&words) }
    };
    if mine.output == possible.output {
        return Ok(());
    }
    let differ = mine.output.iter().zip(&possible.output).position(|(mine, possible)| mine != possible);
    match differ {
        Some(place) => fault(
            format!(
                "The result at place {} is {}, where {} is right.",
                place + 1,
                word(&mine.output[place]),
                word(&possible.output[place])
            ),
            why,
        ),
        None => {
            fault(format!("You returned {}, where {} is right.", words(&mine.output), words(&possible.output)), why)
        }
    }
}

fn word(result: &Result<String, Failure>) -> String {
    result.as_ref().map_or_else(|failure| format!("`{failure}`"), |text| format!("`{text}`"))
}
