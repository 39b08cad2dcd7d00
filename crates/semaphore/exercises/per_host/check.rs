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
    with_ports,
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
            mine.made_the_calls_of(possible, "Fetch every page once.")?;
            at_most_two_of_a_host(
                mine,
                "A host's pages must share one semaphore. One limit for all hosts does not protect each host, \
                 and a semaphore for each page limits nothing. The permit must live as long as the request.",
            )
    })
    .check_each("never fetches more than three pages at once", [many_hosts], |mine, _| {
            at_most_three_in_all(
                mine,
                "With many hosts, two requests for each host are more than three in all. A request needs two permits: its host's, and one of the three that all pages share.",
            )
    })
    .check_each("fetches a page as soon as both limits allow it", [two_hosts], |mine, possible| {
            leaves_no_place_empty(
                mine,
                possible,
                "A place stays empty. If a page holds one of the three places while it waits for a busy host, pages of other \
                 hosts cannot use that place. It also stays empty if you serve the hosts one after another, or in batches.",
            )
    })
    .check_each("takes the hosts from the list, not from names or addresses", [many_hosts], |mine, possible| {
            const WHY: &str = "These are six hosts, and each has its own limit. Take the hosts from the list. Do not use the names of the example, or the start of an address.";
            at_most_two_of_a_host(mine, WHY)?;
            leaves_no_place_empty(mine, possible, WHY)
    })
    .check_each("returns the results in the order of the pages", [two_hosts], |mine, possible| {
            mine.returns_each_in_its_place(possible, word, "The hosts take turns in this list, and fast pages come early. Return each page's number with its result, or use a function that keeps the order.",
            )
    })
    .check_each("starts the pages of a host in their order", [two_hosts], |mine, _| in_the_order_of_each_host(mine),
    )
    .check_each("goes on when pages fail", [broken, || wanted("archive/bad1:113 archive/1:233 archive/2:193 archive/bad2:97 archive/3:71")], |mine, possible| {
        const WHY: &str = "A failure is a result like any other, and it makes room for the next page. \
            A permit that is dropped is released on every way out of its block. If you release permits by hand, you can miss the way of an error.";
        mine.made_the_calls_of(possible, WHY)?;
        leaves_no_place_empty(mine, possible, WHY)?;
        mine.returns_each_in_its_place(possible, word, WHY)
    })
    .if_it_never_ends("It waits for a permit that is never released. A permit that is dropped is released on every way out of its block. If you release permits by hand, you can miss one way: here, a failure.")
    .check_each("fetches a page twice if it is in the list twice", [twice], |mine, possible| {
        const WHY: &str = "A page may be in the list twice, and its second text may differ. \
            If you store results by address, both share one entry. Store them by their place in the list.";
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
            const WHY: &str = "The first call was dropped at an await, with three requests under way. \
                Make the permits inside the call. If they outlive it, do not release them by hand at the end: a dropped future never reaches its end.";
            leaves_no_place_empty(mine, possible, WHY)?;
            mine.returns_each_in_its_place(possible, word, WHY)
    })
    .if_it_never_ends("It waits for a permit that is never released. The first call was dropped at an await, so a line that releases permits at the end never ran.")
    .passes_on_a_panic([|| one_panics(0), || one_panics(1), || one_panics(3)], |results| Some(format!("{} results for four pages", results.len())))
    .stops_with_its_caller(
        [(0, two_hosts), (450, two_hosts), (1_100, two_hosts), (50, || wanted("cdn/1:711"))],
        "A timeout drops your future at an await. The tasks that you spawned go on, unless their \
         owner aborts them when the owner is dropped. A `JoinSet` does, a `JoinHandle` does not.",
    )
}

fn with_slow_hosts(exam: Exam<Wanted, Results>) -> Exam<Wanted, Results> {
    exam.sleeps_while_nothing_comes(two_hosts)
    .check_each("keeps hosts, pages and results unchanged", [alike, with_ports, odd, || wanted("")], |mine, possible| {
        const WHY: &str = "Two hosts are the same only if their names are exactly equal, and an empty name is also a name. \
            Return each text unchanged, with its blanks, even if it is empty. One page takes fifty minutes.";
        at_most_two_of_a_host(mine, WHY)?;
        leaves_no_place_empty(mine, possible, WHY)?;
        mine.returns_each_in_its_place(possible, word, WHY)
    })
    .if_it_never_ends("Here the list of pages is empty. Return an empty list of results.")
    .check_each("keeps both limits when pages take minutes, or are many", [slow_hosts, many_pages], |mine, possible| {
            const WHY: &str = "Hosts are slow when they have much to do. If you stop waiting for a permit, you send more requests just \
                then. Wait for both permits as long as it takes, and keep them as long as the request is under way.";
            at_most_two_of_a_host(mine, WHY)?;
            at_most_three_in_all(mine, WHY)?;
            leaves_no_place_empty(mine, possible, WHY)?;
            mine.made_the_calls_of(possible, WHY)?;
            mine.returns_each_in_its_place(possible, word, WHY)
    })
    .check_each("lets no host wait until another is done", [slow_hosts], |mine, _| no_host_waits_for_another(mine),
    )
}

/// A fault, if all pages of a host had arrived before the first page of another host started.
fn no_host_waits_for_another(mine: &Run<Results>) -> Judgement {
    let hosts = hosts_of(mine);
    let done = hosts.iter().filter_map(|host| Some((calls_of(mine, host).filter_map(|lane| lane.closed).max()?, host)));
    let begun = hosts.iter().filter_map(|host| Some((calls_of(mine, host).filter_map(Lane::started).min()?, host)));
    match (done.min(), begun.max()) {
        (Some((done, first)), Some((begun, last))) if done <= begun => fault(
            format!(
                "At {} all pages of {first} had arrived, and {last} had not been asked for its first page.",
                seconds(done)
            ),
            "The hosts take turns in the list, and each has equally many pages. \
             If you serve a few hosts at a time, they delay the others. Give places to pages, not to hosts: the page that has waited longest is next.",
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
                format!("Your answer started `{early}` before `{late}`."),
                "Start the pages of a host in the order of the list. A semaphore gives its permits in the order of the requests.",
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
            return fault(format!("{peak} pages of the host {host} were fetched at once, and two are allowed."), why);
        }
    }
    Ok(())
}

fn at_most_three_in_all(mine: &Run<Results>, why: &str) -> Judgement {
    match mine.peak("fetch") {
        0..=IN_ALL => Ok(()),
        peak => fault(format!("{peak} pages were fetched at once, and three are allowed."), why),
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
