//! The checks of `semaphore/per_host`.

use std::collections::BTreeSet;
use std::process::ExitCode;

use exam::{
    Exam, Failure, Judgement, Lane, LaneExt, Micros, Reply, Run, Service, fault, ms, seconds, unless_it_panics,
};
use tokio::time::{sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

type Results = Vec<Result<String, Failure>>;

/// Pages, each with its host, and what fetches them.
type Wanted = (Vec<(String, String)>, Service);

const FOR_A_HOST: usize = 2;
const IN_ALL: usize = 3;

fn main() -> ExitCode {
    let exam = Exam::new(
        "semaphore/per_host",
        async |(pages, fetch)| solution::per_host(pages, fetch).await,
        async |(pages, fetch)| answer::per_host(pages, fetch).await,
    )
    .check(
        "never fetches more than two pages of a host at once",
        async |per_host| per_host(two_hosts()).await,
        |mine, possible| {
            mine.made_the_calls_of(possible, "Every page is to be fetched once.")?;
            at_most_two_of_a_host(
                mine,
                "A host's pages must share one semaphore: one limit for all hosts does not protect each, and a semaphore that is made for a page has \
                 permits for that page alone. And the permit must live as long as the request.",
            )
        },
    )
    .check(
        "never fetches more than three pages at once",
        async |per_host| per_host(many_hosts()).await,
        |mine, _| {
            at_most_three_in_all(
                mine,
                "Two for each host are many when there are many hosts. A request needs two permits: its host's, and one of three that all share.",
            )
        },
    )
    .check(
        "fetches whatever both limits allow",
        async |per_host| per_host(two_hosts()).await,
        |mine, possible| {
            leaves_no_place_empty(
                mine,
                possible,
                "A place stands empty. Who holds one of the three places while it waits for a busy host keeps it from the pages of other hosts; \
                 so does who serves the hosts one after another, or in batches.",
            )
        },
    )
    .check(
        "knows no host by its name",
        async |per_host| per_host(many_hosts()).await,
        |mine, possible| {
            const WHY: &str = "These are six hosts, and each has its own limit. Hosts are what the list says, and not what the example said, nor what an address begins with.";
            at_most_two_of_a_host(mine, WHY)?;
            leaves_no_place_empty(mine, possible, WHY)
        },
    )
    .check(
        "returns the results in the order of the pages",
        async |per_host| per_host(two_hosts()).await,
        |mine, possible| {
            returns_what_is_right(
                mine,
                possible,
                "The hosts take turns here, and what is fast comes early: send each page's number along, or take what keeps the order for you.",
            )
        },
    )
    .check(
        "fetches the pages of a host in their order",
        async |per_host| per_host(two_hosts()).await,
        |mine, _| in_the_order_of_each_host(mine),
    )
    .check(
        "goes on when pages fail",
        async |per_host| per_host(broken()).await,
        goes_on_when_pages_fail,
    )
    .if_it_never_ends("It waits for a permit that nobody will give back. One that is dropped comes back on every way out of its block; one that is given back by hand only on the way that somebody thought of, and a failure took another.")
    .check(
        "takes a page that is wanted twice for two pages",
        async |per_host| per_host(twice()).await,
        fetches_it_twice,
    );
    with_slow_hosts(when_a_caller_gives_up(exam)).verdict()
}

fn when_a_caller_gives_up(exam: Exam<Wanted, Results>) -> Exam<Wanted, Results> {
    exam
    .check(
        "has all places again after its caller gave up",
        async |per_host| {
            let _given_up = timeout(ms(450), per_host(before())).await;
            per_host(two_hosts()).await
        },
        |mine, possible| {
            const WHY: &str = "The first call was dropped in the middle, with three requests under way. \
                Permits are for one call here; and where they outlive it, what is given back by hand at the end is lost when there is no end.";
            leaves_no_place_empty(mine, possible, WHY)?;
            returns_what_is_right(mine, possible, WHY)
        },
    )
    .if_it_never_ends("It waits for a permit that nobody will give back. The first call was dropped in the middle: what is given back by hand at the end is lost when there is no end.")
    .check(
        "passes on that a call panicked",
        async |per_host| {
            let (mut pages, fetch) = wanted(&[("cdn/1", 300), ("archive/1", 500), ("cdn/2", 200)]);
            pages.insert(1, ("cdn".to_owned(), "cdn/broken".to_owned()));
            unless_it_panics(per_host((pages, fetch.on("cdn/broken", Reply::panics(ms(100), "is too long"))))).await
        },
        |mine, _| mine.hides_no_panic(|results| Some(format!("{} results for four pages", results.len()))),
    )
    .check(
        "stops everything when its caller gives up",
        async |per_host| {
            let results = timeout(ms(450), per_host(two_hosts())).await.unwrap_or_default();
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

fn with_slow_hosts(exam: Exam<Wanted, Results>) -> Exam<Wanted, Results> {
    exam.check(
        "sleeps while nothing comes",
        async |per_host| per_host(two_hosts()).await,
        |mine, possible| mine.sleeps_while_nothing_comes(possible, "Who looks every millisecond whether both permits are there keeps a processor awake, and gets them by luck. \
         Wait for one after the other: `acquire` wakes who has waited longest when there is one, and nobody else."),
    )
    .check(
        "keeps both limits when pages take minutes",
        async |per_host| per_host(slow_hosts()).await,
        |mine, possible| {
            const WHY: &str = "Hosts are slow when they have much to do, and what loses patience sends more requests exactly then. \
                Both permits are waited for as long as it takes, and kept as long as the request is under way.";
            at_most_two_of_a_host(mine, WHY)?;
            at_most_three_in_all(mine, WHY)?;
            leaves_no_place_empty(mine, possible, WHY)?;
            mine.made_the_calls_of(possible, WHY)?;
            returns_what_is_right(mine, possible, WHY)
        },
    )
    .check(
        "lets no host wait until another is done",
        async |per_host| per_host(slow_hosts()).await,
        |mine, _| no_host_waits_for_another(mine),
    )
}

/// A slow host, whose pages stand first, and a fast one.
fn two_hosts() -> Wanted {
    wanted(&[
        ("archive/1", 711),
        ("archive/2", 641),
        ("archive/3", 531),
        ("archive/4", 421),
        ("cdn/1", 255),
        ("cdn/2", 185),
        ("cdn/3", 145),
        ("archive/5", 291),
        ("cdn/4", 335),
    ])
}

/// The names of some hosts begin alike, and so do some addresses of different hosts.
fn many_hosts() -> Wanted {
    wanted(&[
        ("blog/1", 311),
        ("blog/2", 353),
        ("mirror/blog/3", 213),
        ("news/1", 427),
        ("shop/1", 187),
        ("wiki/1", 131),
        ("mirror/shop/2", 173),
        ("mail/1", 437),
        ("mirror/mail/2", 503),
        ("maps/1", 269),
    ])
}

/// Twelve hosts by turns, each with four pages that take one to three minutes.
fn slow_hosts() -> Wanted {
    let page =
        |number: u64| (format!("host {}/{}", number % 12 + 1, number / 12 + 1), 61_000 + number * 37 % 101 * 1000);
    let pages: Vec<_> = (0..48).map(page).collect();
    wanted(&pages.iter().map(|(page, after)| (page.as_str(), *after)).collect::<Vec<_>>())
}

/// The pages of [`two_hosts`] for a call that is dropped: its requests have a name of their own.
fn before() -> Wanted {
    let reply = |after| Reply::ok(ms(after), "a page");
    (two_hosts().0, Service::new("before", reply(311)).then(reply(211)).then(reply(253)).then(reply(971)))
}

/// More failures than there are permits, and pages after them.
fn broken() -> Wanted {
    wanted(&[
        ("archive/bad 1", 113),
        ("archive/bad 2", 233),
        ("cdn/bad 1", 171),
        ("archive/bad 3", 193),
        ("archive/1", 421),
        ("cdn/1", 255),
        ("cdn/bad 2", 141),
        ("cdn/2", 185),
        ("archive/2", 351),
    ])
}

fn twice() -> Wanted {
    let (mut pages, fetch) = wanted(&[("cdn/1", 153), ("clock/time", 213), ("cdn/2", 187)]);
    pages.insert(2, pages[1].clone());
    (pages, fetch.on("clock/time", Reply::ok(ms(121), "later")))
}

fn wanted(pages: &[(&str, u64)]) -> Wanted {
    let reply = |fetch: Service, (page, after): &(&str, u64)| {
        let after = ms(*after);
        let reply = if page.contains("bad") {
            Reply::err(after, format!("knows no {page}"))
        } else {
            Reply::ok(after, format!("page {page}"))
        };
        fetch.on(*page, reply)
    };
    let fetch = pages.iter().fold(Service::new("fetch", Reply::never()), reply);
    (pages.iter().map(|(page, _)| (host(page).to_owned(), (*page).to_owned())).collect(), fetch)
}

/// The host of a page, or of the lane of its call: what stands before the last slash.
fn host(page: &str) -> &str {
    let page = page.strip_prefix("fetch ").unwrap_or(page);
    page.rsplit('/').nth(1).unwrap_or(page)
}

/// A fault, if all pages of a host were there before the first one of another was begun.
fn no_host_waits_for_another(mine: &Run<Results>) -> Judgement {
    let hosts: BTreeSet<_> = mine.calls("fetch").map(|lane| host(&lane.name)).collect();
    let done = hosts.iter().filter_map(|host| Some((calls_of(mine, host).filter_map(|lane| lane.closed).max()?, host)));
    let begun = hosts.iter().filter_map(|host| Some((calls_of(mine, host).filter_map(Lane::started).min()?, host)));
    match (done.min(), begun.max()) {
        (Some((done, first)), Some((begun, last))) if done <= begun => fault(
            format!(
                "At {} all pages of {first} were there, and {last} had not been asked for its first.",
                seconds(done)
            ),
            "The hosts stand by turns in the list, and each has as many pages as another. Who goes through a few hosts at a time lets them hold up the others: \
             no host needs a place, only its pages do, and the page that has waited longest is next.",
        ),
        _ => Ok(()),
    }
}

fn in_the_order_of_each_host(mine: &Run<Results>) -> Judgement {
    for host in ["archive", "cdn"] {
        let mut begun: Vec<_> = calls_of(mine, host).map(|lane| (lane.started(), lane.name.as_str())).collect();
        begun.sort_unstable();
        if let Some([(_, early), (_, late)]) = begun.array_windows().find(|[early, late]| early.1 > late.1) {
            return fault(
                format!("Your answer began `{early}` before `{late}`."),
                "The first page of the list is the one that is wanted first. A semaphore lets in who asked first.",
            );
        }
    }
    Ok(())
}

fn calls_of<'a>(run: &'a Run<Results>, wanted: &'a str) -> impl Iterator<Item = &'a Lane> {
    run.calls("fetch").filter(move |lane| host(&lane.name) == wanted)
}

fn goes_on_when_pages_fail(mine: &Run<Results>, possible: &Run<Results>) -> Judgement {
    const WHY: &str = "A failure is a result like any other, and it makes room for the next page like any other: a permit that is dropped \
                comes back on every way out of its block, and one that is given back by hand only on the way that somebody thought of.";
    mine.made_the_calls_of(possible, WHY)?;
    leaves_no_place_empty(mine, possible, WHY)?;
    returns_what_is_right(mine, possible, WHY)
}

fn fetches_it_twice(mine: &Run<Results>, possible: &Run<Results>) -> Judgement {
    const WHY: &str = "A list may name a page twice, and the second time it may say something else. \
                What knows results by their address keeps one for both: the place in the list is what tells them apart.";
    mine.made_the_calls_of(possible, WHY)?;
    returns_what_is_right(mine, possible, WHY)
}

fn at_most_two_of_a_host(mine: &Run<Results>, why: &str) -> Judgement {
    let hosts: BTreeSet<_> = mine.calls("fetch").map(|lane| host(&lane.name)).collect();
    for host in hosts {
        let peak = mine.recording.peak_where(|lane| lane.name.starts_with("fetch") && self::host(&lane.name) == host);
        if peak > FOR_A_HOST {
            return fault(format!("{peak} pages of the host {host} were fetched at once, and two are polite."), why);
        }
    }
    Ok(())
}

fn at_most_three_in_all(mine: &Run<Results>, why: &str) -> Judgement {
    match mine.peak("fetch") {
        0..=IN_ALL => Ok(()),
        peak => fault(format!("{peak} pages were fetched at once, and the line bears three."), why),
    }
}

/// A fault, if a page that the possible run fetches waits while both limits have room for it.
fn leaves_no_place_empty(mine: &Run<Results>, possible: &Run<Results>, why: &str) -> Judgement {
    let instants: BTreeSet<Micros> =
        mine.calls("fetch").flat_map(|lane| [lane.started(), lane.closed]).flatten().collect();
    for at in instants {
        let begun = |lane: &Lane| lane.started().is_some_and(|started| started <= at);
        let open: Vec<_> = mine
            .calls("fetch")
            .filter(|lane| begun(lane) && lane.closed.is_none_or(|closed| closed > at))
            .map(|lane| host(&lane.name))
            .collect();
        let waits = |name: &str| !mine.calls("fetch").any(|lane| lane.name == name && begun(lane));
        let has_room = |name: &str| open.iter().filter(|open| **open == host(name)).count() < FOR_A_HOST;
        let waiting = possible.calls("fetch").map(|lane| lane.name.as_str()).find(|name| waits(name) && has_room(name));
        if let (true, Some(name)) = (open.len() < IN_ALL, waiting) {
            let under_way = match open.as_slice() {
                [] => "no page was".to_owned(),
                [host] => format!("one page of {host} was"),
                [one, other] if one == other => format!("two pages of {one} were"),
                hosts => format!("pages of {} were", hosts.join(" and ")),
            };
            return fault(
                format!(
                    "From {} on {under_way} under way, and `{name}` had to wait although both limits allowed it.",
                    seconds(at)
                ),
                why,
            );
        }
    }
    Ok(())
}

fn returns_what_is_right(mine: &Run<Results>, possible: &Run<Results>, why: &str) -> Judgement {
    let word = |results: &Results, place: usize| match results.get(place) {
        Some(Ok(text)) => format!("`{text}`"),
        Some(Err(failure)) => format!("`{failure}`"),
        None => "missing".to_owned(),
    };
    let places = 0..mine.output.len().max(possible.output.len());
    for place in places {
        let (mine, right) = (word(&mine.output, place), word(&possible.output, place));
        if mine != right {
            return fault(format!("The result at place {} is {mine}, where {right} is right.", place + 1), why);
        }
    }
    Ok(())
}
