//! The checks of `semaphore/per_host`.

use std::collections::BTreeSet;
use std::process::ExitCode;

use exam::{Exam, Failure, Judgement, Lane, Run, fault, ms, seconds};
use tokio::time::timeout;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use scenes::{
    Wanted, alike, before, broken, host, many_hosts, many_pages, odd, one_panics, slow_hosts, twice, two_hosts, wanted,
};

type Results = Vec<Result<String, Failure>>;

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
