//! The checks of `semaphore/per_host`.

use std::collections::BTreeSet;
use std::process::ExitCode;

use exam::{Exam, Failure, Judgement, Lane, Reply, Run, Service, fault, ms, seconds};
use tokio::time::timeout;

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
    .check_each("never fetches more than two pages of a host at once", [two_hosts], |mine, possible| {
            mine.made_the_calls_of(possible, "Every page is to be fetched once.")?;
            at_most_two_of_a_host(
                mine,
                "A host's pages must share one semaphore: one limit for all hosts does not protect each, and a semaphore that is made for a page has \
                 permits for that page alone. And the permit must live as long as the request.",
            )
    })
    .check_each("never fetches more than three pages at once", [many_hosts], |mine, _| {
            at_most_three_in_all(
                mine,
                "Two for each host are many when there are many hosts. A request needs two permits: its host's, and one of three that all share.",
            )
    })
    .check_each("fetches whatever both limits allow", [two_hosts], |mine, possible| {
            leaves_no_place_empty(
                mine,
                possible,
                "A place stands empty. Who holds one of the three places while it waits for a busy host keeps it from the pages of other hosts; \
                 so does who serves the hosts one after another, or in batches.",
            )
    })
    .check_each("knows no host by its name", [many_hosts], |mine, possible| {
            const WHY: &str = "These are six hosts, and each has its own limit. Hosts are what the list says, and not what the example said, nor what an address begins with.";
            at_most_two_of_a_host(mine, WHY)?;
            leaves_no_place_empty(mine, possible, WHY)
    })
    .check_each("returns the results in the order of the pages", [two_hosts], |mine, possible| {
            mine.returns_each_in_its_place(possible, word, "The hosts take turns here, and what is fast comes early: send each page's number along, or take what keeps the order for you.",
            )
    })
    .check_each("fetches the pages of a host in their order", [two_hosts], |mine, _| in_the_order_of_each_host(mine),
    )
    .check_each("goes on when pages fail", [broken, || wanted("archive/bad1:113 archive/1:233 archive/2:193 archive/bad2:97 archive/3:71")], |mine, possible| {
        const WHY: &str = "A failure is a result like any other, and it makes room for the next page like any other: a permit that is dropped \
            comes back on every way out of its block, and one that is given back by hand only on the way that somebody thought of.";
        mine.made_the_calls_of(possible, WHY)?;
        leaves_no_place_empty(mine, possible, WHY)?;
        mine.returns_each_in_its_place(possible, word, WHY)
    })
    .if_it_never_ends("It waits for a permit that nobody will give back. One that is dropped comes back on every way out of its block; one that is given back by hand only on the way that somebody thought of, and a failure took another.")
    .check_each("takes a page that is wanted twice for two pages", [twice], |mine, possible| {
        const WHY: &str = "A list may name a page twice, and the second time it may say something else. \
            What knows results by their address keeps one for both: the place in the list is what tells them apart.";
        mine.made_the_calls_of(possible, WHY)?;
        mine.returns_each_in_its_place(possible, word, WHY)
    });
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
            mine.returns_each_in_its_place(possible, word, WHY)
    })
    .if_it_never_ends("It waits for a permit that nobody will give back. The first call was dropped in the middle: what is given back by hand at the end is lost when there is no end.")
    .passes_on_a_panic([one_panics], |results| Some(format!("{} results for four pages", results.len())))
    .stops_with_its_caller(
        [(450, two_hosts), (1_100, two_hosts), (50, || wanted("cdn/1:711"))],
        "A timeout drops your future in the middle. Tasks that were spawned go on without it, unless a value owns them that aborts them when it is dropped: \
         a `JoinSet` does, a `JoinHandle` does not.",
    )
}

fn with_slow_hosts(exam: Exam<Wanted, Results>) -> Exam<Wanted, Results> {
    exam.sleeps_while_nothing_comes(two_hosts)
    .check_each("takes hosts, pages and results as they are", [alike, odd, || wanted("")], |mine, possible| {
        const WHY: &str = "Two hosts are the same when their names are, to the letter, and an empty name is a name. \
            A result is what the host says, also an empty text, with its blanks; and one takes fifty minutes.";
        at_most_two_of_a_host(mine, WHY)?;
        leaves_no_place_empty(mine, possible, WHY)?;
        mine.returns_each_in_its_place(possible, word, WHY)
    })
    .if_it_never_ends("The list of pages is empty here, and so are the results.")
    .check_each("keeps both limits when pages take minutes, or are many", [slow_hosts, many_pages], |mine, possible| {
            const WHY: &str = "Hosts are slow when they have much to do, and what loses patience sends more requests exactly then. \
                Both permits are waited for as long as it takes, and kept as long as the request is under way.";
            at_most_two_of_a_host(mine, WHY)?;
            at_most_three_in_all(mine, WHY)?;
            leaves_no_place_empty(mine, possible, WHY)?;
            mine.made_the_calls_of(possible, WHY)?;
            mine.returns_each_in_its_place(possible, word, WHY)
    })
    .check_each("lets no host wait until another is done", [slow_hosts], |mine, _| no_host_waits_for_another(mine),
    )
}

/// A slow host, whose pages stand first, and a fast one.
fn two_hosts() -> Wanted {
    wanted(
        "archive/1:711 archive/2:641 archive/3:531 archive/4:421 cdn/1:255 cdn/2:185 cdn/3:145 archive/5:291 cdn/4:335",
    )
}

/// The names of some hosts begin alike, and so do some addresses of different hosts.
fn many_hosts() -> Wanted {
    wanted(
        "blog/1:311 blog/2:353 mirror/blog/3:213 news/1:427 shop/1:187 \
         wiki/1:131 mirror/shop/2:173 mail/1:437 mirror/mail/2:503 maps/1:269",
    )
}

/// Twenty-four hosts by turns, each with two pages that take one to three minutes.
fn slow_hosts() -> Wanted {
    let page = |number| format!("host{}/{}:{} ", number % 24 + 1, number / 24 + 1, 61_000 + number * 37 % 101 * 1000);
    wanted(&(0..48).map(page).collect::<String>())
}

/// The first page takes fifty minutes, and the last forty; hundreds of others of many hosts are quick, and every fifth fails.
fn many_pages() -> Wanted {
    let page = |number: u64| {
        let bad = if number.is_multiple_of(5) { "bad" } else { "" };
        format!("host{}/{bad}{number}:{} ", number % 150, 100 + number * 37 % 101)
    };
    wanted(&format!("slow/1:3000000 {} slow/2:2400000", (0..1_100).map(page).collect::<String>()))
}

/// Two hosts whose names differ in the case of their letters.
fn alike() -> Wanted {
    wanted("CDN/1:311 cdn/2:253 CDN/3:213 cdn/4:427 CDN/5:187")
}

/// A host without a name, an empty page, and one with blanks.
fn odd() -> Wanted {
    let (mut pages, fetch) = wanted("/4:427 /5:187 /6:131 cdn/7:173");
    pages.extend(["cdn/empty", "cdn/blanks"].map(|page| ("cdn".to_owned(), page.to_owned())));
    (pages, fetch.on("cdn/empty", Reply::ok(ms(253), "")).on("cdn/blanks", Reply::ok(ms(187), " a page ")))
}

/// It would be there if it were fetched again; another one has failed before.
fn one_panics() -> Wanted {
    let (mut pages, fetch) = wanted("cdn/1:300 archive/bad:50 cdn/2:200");
    pages.insert(1, ("cdn".to_owned(), "cdn/broken".to_owned()));
    (
        pages,
        fetch.on("cdn/broken", Reply::panics(ms(100), "is too long")).on("cdn/broken", Reply::ok(ms(100), "a page")),
    )
}

/// The pages of [`two_hosts`] for a call that is dropped: its requests have a name of their own.
fn before() -> Wanted {
    let reply = |after| Reply::ok(ms(after), "a page");
    (two_hosts().0, Service::new("before", reply(311)).then(reply(211)).then(reply(253)).then(reply(971)))
}

/// More failures than there are permits, and pages after them.
fn broken() -> Wanted {
    wanted(
        "archive/bad1:113 archive/bad2:233 cdn/bad1:171 archive/bad3:193 \
         archive/1:421 cdn/1:255 cdn/bad2:141 cdn/2:185 archive/2:351",
    )
}

fn twice() -> Wanted {
    let (mut pages, fetch) = wanted("cdn/1:153 clock/time:213 cdn/2:187");
    pages.insert(2, pages[1].clone());
    (pages, fetch.on("clock/time", Reply::ok(ms(121), "later")))
}

/// Pages, each with the milliseconds that it takes; what is bad fails.
fn wanted(pages: &str) -> Wanted {
    let pages = pages.split_whitespace().filter_map(|page| page.rsplit_once(':'));
    let fetch = pages.clone().fold(Service::new("fetch", Reply::never()), |fetch, (page, after)| {
        let after = ms(after.parse().unwrap_or_default());
        let bad = page.contains("bad");
        fetch.on(
            page,
            if bad { Reply::err(after, format!("knows no {page}")) } else { Reply::ok(after, format!("page {page}")) },
        )
    });
    (pages.map(|(page, _)| (host(page).to_owned(), page.to_owned())).collect(), fetch)
}

/// The host of a page, or of the lane of its call: what stands before the last slash.
fn host(page: &str) -> &str {
    let page = page.strip_prefix("fetch ").unwrap_or(page);
    page.rsplit('/').nth(1).unwrap_or(page)
}

/// A fault, if all pages of a host were there before the first one of another was begun.
fn no_host_waits_for_another(mine: &Run<Results>) -> Judgement {
    let hosts = hosts_of(mine);
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

fn hosts_of(run: &Run<Results>) -> BTreeSet<&str> {
    run.calls("fetch").map(|lane| host(&lane.name)).collect()
}

fn calls_of<'a>(run: &'a Run<Results>, wanted: &'a str) -> impl Iterator<Item = &'a Lane> {
    run.calls("fetch").filter(move |lane| host(&lane.name) == wanted)
}

fn at_most_two_of_a_host(mine: &Run<Results>, why: &str) -> Judgement {
    for host in hosts_of(mine) {
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

/// A fault, if a page waits while both limits have room for it.
fn leaves_no_place_empty(mine: &Run<Results>, possible: &Run<Results>, why: &str) -> Judgement {
    let has_room = |open: &[&str], name: &str| open.iter().filter(|open| host(open) == host(name)).count() < FOR_A_HOST;
    let Some((at, open, name)) = mine.kept_waiting(possible, "fetch", IN_ALL, has_room) else { return Ok(()) };
    let under_way = match open.iter().map(|open| host(open)).collect::<Vec<_>>().as_slice() {
        [] => "no page was".to_owned(),
        [host] => format!("one page of {host} was"),
        [one, other] if one == other => format!("two pages of {one} were"),
        hosts => format!("pages of {} were", hosts.join(" and ")),
    };
    let at = seconds(at);
    fault(format!("From {at} on {under_way} under way, and `{name}` had to wait although both limits allowed it."), why)
}

fn word(result: &Result<String, Failure>) -> String {
    result.as_ref().map_or_else(|failure| format!("`{failure}`"), |text| format!("`{text}`"))
}
