//! The checks of `semaphore/at_most_three`.

use std::process::ExitCode;

use exam::{Exam, Failure, Judgement, Reply, Run, Service, fault, listed, ms, seconds};
use tokio::time::timeout;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

type Results = Vec<Result<String, Failure>>;

/// Pages, and the service that fetches them.
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
            "With an `.await` in a loop, or with a lock, only one page is fetched at a time. The limit is three.",
        ),
    })
    .check_each("fetches the next page as soon as another one has ended", [pages], |mine, possible| {
            leaves_no_place_empty(
                mine,
                possible,
                "A place stays empty. A batch of three waits for its slowest page. If you split the list into three parts, a worker that has \
                 finished cannot help the others. `buffered(3)` keeps a finished result in its place until all earlier ones have ended.",
            )
        },
    )
    .check_each("returns the results in the order of the pages", [pages], |mine, possible| mine.returns_each_in_its_place(possible, word, "A `buffer_unordered` or a `JoinSet` returns a fast page early. Return the page's number with each result."),
    )
    .check_each("starts the pages in the order of the list", [many], in_their_order,
    )
    .check_each("goes on when pages fail", [broken, || (names(["bad 1", "bad 2", "bad 3", "bad 4"]), broken().1)], |mine, possible| {
        const WHY: &str = "A failure is a result like any other, and it makes room for the next page. \
            A permit that is dropped is released on every way out of its block. If you release permits by hand, you can miss the way of an error.";
        mine.made_the_calls_of(possible, WHY)?;
        mine.as_quick_as(possible, WHY)?;
        mine.returns_each_in_its_place(possible, word, WHY)
    })
    .if_it_never_ends("It waits for a permit that is never released. A permit that is dropped is released on every way out of its block. If you release permits by hand, you can miss one way: here, a failure.")
    .check_each("works with an empty list and with two pages", [|| (Vec::new(), service()), || (names(["home", "news"]), service())], |mine, possible| {
        const WHY: &str = "Three is a limit. Do not wait for three permits, or for three pages.";
        mine.as_quick_as(possible, WHY)?;
        mine.returns_each_in_its_place(possible, word, WHY)
    })
    .if_it_never_ends("It waits for permits that are never released. A page needs only one permit.")
    .check_each("fetches a page twice if it is in the list twice", [twice], |mine, possible| {
            const WHY: &str = "A page may be in the list twice, and its second text may differ. \
                If you store results by name, both share one entry. Store them by their place in the list.";
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
            const WHY: &str = "The first call was dropped at an await, with three requests under way. \
                Make the permits inside the call. If they outlive it, do not release them by hand at the end: a dropped future never reaches its end.";
            mine.as_quick_as(possible, WHY)?;
            mine.returns_each_in_its_place(possible, word, WHY)
        },
    )
    .if_it_never_ends("It waits for a permit that is never released. The first call was dropped at an await, so a line that releases permits at the end never ran.")
    .passes_on_a_panic(
        [|| one_panics(0), || one_panics(1), || one_panics(5)],
        |results| Some(listed(&results.iter().map(word).collect::<Vec<_>>())),
    )
    .stops_with_its_caller(
        [(0, pages), (450, pages), (1_100, pages), (50, || (names(["home"]), service()))],
        "A timeout drops your future at an await. The tasks that you spawned go on, unless their \
         owner aborts them when the owner is dropped. A `JoinSet` does, a `JoinHandle` does not.",
    )
}

fn with_a_slow_server(exam: Exam<Wanted, Results>) -> Exam<Wanted, Results> {
    exam.sleeps_while_nothing_comes(pages)
    .check_each("keeps three under way when pages take minutes and the list is long", [slow], |mine, possible| {
            at_most_three_at_once(
                mine,
                "A server is slow when it has much to do. If you stop waiting for a permit, you send more requests just \
                 then. Wait for a permit as long as it takes, and keep the permit as long as the request is under way.",
            )?;
            leaves_no_place_empty(
                mine,
                possible,
                "While the first page takes minutes, many others are done. \
                 A buffer that keeps the order holds a fixed number of results. When it is full, it starts no page, even if places are free.",
            )?;
            mine.made_the_calls_of(possible, "A page that takes minutes is still under way. Ask for it once.")?;
            in_their_order(mine, possible)?;
            mine.returns_each_in_its_place(possible, word, "Return each result unchanged, even if it is late, a failure, empty, or has blanks.")
        },
    )
}

fn never_more_than_three(mine: &Run<Results>, possible: &Run<Results>) -> Judgement {
    at_most_three_at_once(
        mine,
        "The permit must live as long as the request. `let _ = semaphore.acquire().await` drops it immediately, \
         because `_` is not a variable. If each request makes its own semaphore, the requests share no permits.",
    )?;
    mine.made_the_calls_of(possible, "Fetch every page once.")
}

fn at_most_three_at_once(mine: &Run<Results>, why: &str) -> Judgement {
    match mine.peak("fetch") {
        0..=3 => Ok(()),
        peak => fault(format!("{peak} pages were fetched at once, and the server allows three."), why),
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
        // Calls of the same instant are in the order of their names.
        begun.sort();
        begun
    };
    for ((_, mine), (_, wanted)) in begun(mine).iter().zip(&begun(possible)) {
        if mine != wanted {
            return fault(
                format!("Your answer started `{mine}` when it was the turn of `{wanted}`."),
                "Start the pages in the order of the list. A semaphore serves requests in the order in which they asked. `pop` takes the last entry of a list.",
            );
        }
    }
    mine.returns_each_in_its_place(possible, word, "The results must stand in the order of the pages.")
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

/// The page at this place panics. A second fetch of it would succeed. Another page fails.
fn one_panics(place: usize) -> Wanted {
    let fetch = broken().1.on("bug", Reply::panics(ms(213), "has no such page")).on("bug", Reply::ok(ms(50), "a page"));
    let mut pages = names(["bad 1", "home", "news", "shop", "maps"]);
    pages.insert(place, "bug".to_owned());
    (pages, fetch)
}

fn twice() -> Wanted {
    let fetch = service().on("time", Reply::ok(ms(210), "it is ten")).on("time", Reply::ok(ms(120), "it is eleven"));
    (names(["help", "time", "shop", "time", "about"]), fetch)
}

fn many() -> Wanted {
    numbered(40, |number| 100 + number * 37 % 101)
}

/// The first three take 50, 40 and 45 minutes. More than a thousand others wait for the first free place. They are quick, except one near the end.
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

/// Pages, and how many milliseconds each takes.
fn numbered(pages: u64, takes: impl Fn(u64) -> u64) -> Wanted {
    let pages: Vec<_> = (1..=pages).map(|number| (format!("page {number}"), takes(number))).collect();
    let fetch = Service::new("fetch", Reply::err(ms(10), "knows no such page"));
    let fetch = pages.iter().fold(fetch, |fetch, (page, after)| fetch.on(page, Reply::ok(ms(*after), page)));
    (pages.into_iter().map(|(page, _)| page).collect(), fetch)
}

fn word(result: &Result<String, Failure>) -> String {
    result.as_ref().map_or_else(|failure| format!("`{failure}`"), |text| format!("`{text}`"))
}
