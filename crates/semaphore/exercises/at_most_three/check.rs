//! The checks of `semaphore/at_most_three`.

use std::process::ExitCode;

use exam::{Exam, Failure, Judgement, Reply, Run, Service, fault, listed, ms, seconds};
use tokio::time::timeout;

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
    .check_each("never fetches more than three pages at once", [pages], never_more_than_three)
    .check_each("fetches three pages at once", [pages], |mine, possible| match mine.peak("fetch") {
        3 => Ok(()),
        peak => fault(
            format!("At most {peak} of three pages at once: {}, where {} is possible.", seconds(mine.took()), seconds(possible.took())),
            "A limit of three is not a queue: an `.await` in a loop, or a lock, lets one at a time through.",
        ),
    })
    .check_each("fetches the next page as soon as one is there", [pages], |mine, possible| {
            leaves_no_place_empty(
                mine,
                possible,
                "A place stands empty. Batches of three wait for the slowest of each batch; three lists that were dealt out before do not help one another; \
                 and `buffered(3)` keeps a place for a result that is done until those before it are done.",
            )
        },
    )
    .check_each("returns the results in the order of the pages", [pages], |mine, possible| mine.returns_each_in_its_place(possible, word, "What is fast comes early out of a `buffer_unordered` or a `JoinSet`: send its number along."),
    )
    .check_each("fetches the pages in their order", [many], in_their_order,
    )
    .check_each("goes on when pages fail", [broken, || (names(["bad 1", "bad 2", "bad 3", "bad 4"]), broken().1)], |mine, possible| {
        const WHY: &str = "A failure is a result like any other, and it makes room for the next page like any other: \
            a permit that is dropped comes back on every way out of its block, and one that is given back by hand only on the way that somebody thought of.";
        mine.made_the_calls_of(possible, WHY)?;
        mine.as_quick_as(possible, WHY)?;
        mine.returns_each_in_its_place(possible, word, WHY)
    })
    .if_it_never_ends("It waits for a permit that nobody will give back. One that is dropped comes back on every way out of its block; one that is given back by hand only on the way that somebody thought of, and a failure took another.")
    .check_each("has nothing to do without pages, and little with two", [|| (Vec::new(), service()), || (names(["home", "news"]), service())], |mine, possible| {
        const WHY: &str = "Three is a limit, and not a number to wait for.";
        mine.as_quick_as(possible, WHY)?;
        mine.returns_each_in_its_place(possible, word, WHY)
    })
    .if_it_never_ends("It waits for permits that nobody will give back: a page needs one, however many are free.")
    .check_each("takes a page that is wanted twice for two pages", [twice], |mine, possible| {
            const WHY: &str = "A list may name a page twice, and the second time it may say something else. \
                What knows results by their name keeps one for both: the place in the list is what tells them apart.";
            mine.made_the_calls_of(possible, WHY)?;
            mine.returns_each_in_its_place(possible, word, WHY)
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
            mine.returns_each_in_its_place(possible, word, WHY)
        },
    )
    .if_it_never_ends("It waits for a permit that nobody will give back. The first call was dropped in the middle: what is given back by hand at the end is lost when there is no end.")
    .passes_on_a_panic(
        [one_panics],
        |results| Some(listed(&results.iter().map(word).collect::<Vec<_>>())),
    )
    .stops_with_its_caller(
        [(450, pages), (1_100, pages), (50, || (names(["home"]), service()))],
        "A timeout drops your future in the middle. Tasks that were spawned go on without it, unless a value owns them that aborts them when it is dropped: \
         a `JoinSet` does, a `JoinHandle` does not.",
    )
}

fn with_a_slow_server(exam: Exam<Wanted, Results>) -> Exam<Wanted, Results> {
    exam.sleeps_while_nothing_comes(pages)
    .check_each("keeps three under way when pages take minutes and the list is long", [slow], |mine, possible| {
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
            in_their_order(mine, possible)?;
            mine.returns_each_in_its_place(possible, word, "What is late is a result all the same, and so is a failure, an empty page, or one with blanks: as the server says it.")
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

/// A fault, if a page waits while fewer than three are under way.
fn leaves_no_place_empty(mine: &Run<Results>, possible: &Run<Results>, why: &str) -> Judgement {
    let Some((at, open, name)) = mine.kept_waiting(possible, "fetch", 3, |_, _| true) else { return Ok(()) };
    let under_way = if open.len() == 1 { "1 page was" } else { &format!("{} pages were", open.len()) };
    fault(format!("From {} on only {under_way} under way, and `{name}` still had to wait.", seconds(at)), why)
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
    mine.returns_each_in_its_place(possible, word, "With many pages the order is another.")
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

/// It would be there if it were fetched again; another one has failed before, and many come after it.
fn one_panics() -> Wanted {
    let fetch = broken().1.on("bug", Reply::panics(ms(213), "has no such page")).on("bug", Reply::ok(ms(50), "a page"));
    (names(["bad 1", "bug", "home", "news", "shop", "maps"]), fetch)
}

fn twice() -> Wanted {
    let fetch = service().on("time", Reply::ok(ms(210), "it is ten")).on("time", Reply::ok(ms(120), "it is eleven"));
    (names(["help", "time", "shop", "time", "about"]), fetch)
}

fn many() -> Wanted {
    numbered(40, |number| 100 + number * 37 % 101)
}

/// The first three take 50, 40 and 45 minutes; more than a thousand others wait for the first place, and are quick, but for one near the end.
///
/// Some fail, one is empty, one has blanks, also in its address.
fn slow() -> Wanted {
    let (mut pages, mut fetch) = numbered(1_103, |number| match number {
        1 => 3_000_000,
        2 => 2_400_000,
        3 => 2_700_000,
        1_102 => 900_000,
        _ => 100 + number * 37 % 101,
    });
    for page in pages.iter_mut().skip(10).step_by(7) {
        *page = format!("bad {page}");
        fetch = fetch.on(&*page, Reply::err(ms(97), "knows no such page"));
    }
    pages.extend([" blanks ".to_owned(), "empty".to_owned()]);
    let fetch = fetch.on(" blanks ", Reply::ok(ms(113), " a page ")).on("empty", Reply::ok(ms(113), ""));
    (pages, fetch)
}

/// So many pages, and how many milliseconds each takes.
fn numbered(pages: u64, takes: impl Fn(u64) -> u64) -> Wanted {
    let pages: Vec<_> = (1..=pages).map(|number| (format!("page {number}"), takes(number))).collect();
    let fetch = Service::new("fetch", Reply::err(ms(10), "knows no such page"));
    let fetch = pages.iter().fold(fetch, |fetch, (page, after)| fetch.on(page, Reply::ok(ms(*after), page)));
    (pages.into_iter().map(|(page, _)| page).collect(), fetch)
}

fn word(result: &Result<String, Failure>) -> String {
    result.as_ref().map_or_else(|failure| format!("`{failure}`"), |text| format!("`{text}`"))
}
