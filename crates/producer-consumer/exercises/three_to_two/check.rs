//! The checks of `producer-consumer/three_to_two`.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::task::Poll;

use exam::{
    Exam, Failure, Judgement, Lane, LaneExt, Micros, Outcome, Reply, Run, Service, fault, ms, seconds, unless_it_panics,
};
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use tokio::time::{sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

type Sources = [BoxStream<'static, String>; 3];
type Results = Vec<Result<String, Failure>>;

/// The places of the queue, and one item in the hands of each producer.
const MOST_WAITING: i32 = 5;

fn main() -> ExitCode {
    let exam = Exam::new(
        "producer-consumer/three_to_two",
        async |(sources, work)| solution::three_to_two(sources, work).await,
        async |(sources, work)| answer::three_to_two(sources, work).await,
    )
    .check(
        "works on every item, and ends by itself",
        async |three_to_two| three_to_two(everyday()).await,
        |mine, possible| {
            mine.made_the_calls_of(
                possible,
                "Every item is to be worked on once. A queue ends when its last sender is dropped and it is empty; \
                 a sign of your own in the queue (a sentinel) ends one consumer, and what stands behind it may find nobody.",
            )?;
            returns_what_is_right(mine, possible, "Every item has a result, and every result belongs into the list.")?;
            ends_with_the_last_item(mine)
        },
    )
    .if_it_never_ends("A receiver waits as long as one sender is alive, also one that nobody uses any more: the first one, of which the others are clones. And a producer waits for a place as long as nobody takes anything out.")
    .check(
        "works on two items at once",
        async |three_to_two| three_to_two(everyday()).await,
        works_on_two_at_once,
    )
    .check(
        "lets all three sources make items at once",
        async |three_to_two| three_to_two(everyday()).await,
        makes_three_at_once,
    )
    .check(
        "waits as long as it takes, and sleeps meanwhile",
        async |three_to_two| three_to_two(patience()).await,
        |mine, possible| {
            mine.made_the_calls_of(
                possible,
                "Work takes six minutes here, so an item waits as long for a place; and later nothing comes for two minutes. \
                 Nobody asked for a limit: what is given up after a while is lost, and no one hears of it.",
            )?;
            mine.sleeps_while_nothing_comes(possible, "A look every few milliseconds keeps a processor awake on every quiet day, and what comes is seen late. \
         `recv` sleeps, and wakes its task when an item comes or the last sender goes.")
        },
    )
    .check(
        "lets whoever is free take the next item",
        async |three_to_two| three_to_two(one_long_item()).await,
        |mine, possible| {
            mine.as_quick_as(
                possible,
                "The first item takes long here. What is meant for the consumer that has it waits behind it, while the other one is idle: \
                 both should take from one queue. And neither should wait until all is made.",
            )
        },
    )
    .check(
        "takes the items in the order in which they came",
        async |three_to_two| three_to_two(in_line()).await,
        |mine, _| in_the_order_of_arrival(mine),
    )
    .check(
        "makes a source wait when the queue is full",
        async |three_to_two| three_to_two(burst()).await,
        |mine, _| holds_back(mine),
    )
    .check(
        "lets the sources go on while there is room in the queue",
        async |three_to_two| three_to_two(burst()).await,
        |mine, _| lets_go_on(mine),
    );
    when_things_are_odd(exam).verdict()
}

/// What a first version rarely thinks of: failures, odd items, many of them, and an end before the end.
fn when_things_are_odd(exam: Exam<(Sources, Service), Results>) -> Exam<(Sources, Service), Results> {
    exam.check(
        "goes on when the work on an item fails",
        async |three_to_two| three_to_two(with_failures()).await,
        |mine, possible| {
            const WHY: &str = "A consumer that stops at a failure, or panics, leaves the rest to the other one, or to nobody.";
            mine.made_the_calls_of(possible, WHY)?;
            returns_what_is_right(mine, possible, "A failure is a result like any other.")?;
            mine.as_quick_as(possible, WHY)
        },
    )
    .check(
        "takes any text for an item",
        async |three_to_two| three_to_two(empty_and_equal()).await,
        |mine, possible| {
            const EMPTY: &str = "Any text can be an item. The end of a queue needs no sign in it: \
                `recv` returns `None` when the last sender is gone and the queue is empty.";
            const EQUAL: &str = "Any text can be an item, also one that came before: two sources make the item `b1` here. \
                Each is worked on, and each has its result: a map or a set by the item has one place for both.";
            if !mine.calls("work").any(|lane| lane.name.trim_end() == "work") {
                return fault("The second item of the first source is an empty text, and your answer never worked on it.", EMPTY);
            }
            mine.made_the_calls_of(possible, EQUAL)?;
            returns_what_is_right(mine, possible, EQUAL)
        },
    )
    .check(
        "keeps the results of many items",
        async |three_to_two| three_to_two(many()).await,
        |mine, possible| {
            const WHY: &str = "Nothing here says how many items there are. What a consumer has so far fits into a `Vec`, which grows and has no limit of its own.";
            mine.made_the_calls_of(possible, WHY)?;
            match (mine.output.len(), possible.output.len()) {
                (got, right) if got == right => Ok(()),
                (got, right) => fault(format!("You returned {got} results of {right} items."), WHY),
            }
        },
    )
    .if_it_never_ends("There are 210 items here. A channel for the results has room for so many, and who reads it only at the end makes no room before: the consumers wait for ever. A `Vec` that each consumer returns has no limit.")
    .check(
        "stops everything when its caller gives up",
        async |three_to_two| {
            let results = timeout(ms(450), three_to_two(patience())).await.unwrap_or_default();
            sleep(ms(100)).lane("the caller goes on").await;
            results
        },
        |mine, _| {
            mine.leaves_nothing_running(
                "A timeout drops your future in the middle. Tasks that were spawned go on without it, unless a value owns them that aborts them when it is dropped: \
                 a `JoinSet` does, a `JoinHandle` does not. And a producer hears that nobody receives any more only at its next `send`: \
                 until then it waits for its source.",
            )
        },
    )
    .check(
        "panics when a source does",
        async |three_to_two| {
            let ([a, b, c], work) = everyday();
            let b = b.chain(stream::poll_fn(|_| -> Poll<Option<String>> { panic!("this source is broken") })).boxed();
            unless_it_panics(three_to_two(([a, b, c], work))).await
        },
        |mine, _| match &mine.output {
            None => Ok(()),
            Some(results) => fault(
                format!("A source panicked after its first item, and your answer returned {} results as if all were well.", results.len()),
                "A panic in a task ends that task alone; it comes out of its handle, or of `join_next`, as a `JoinError`. \
                 Look at those of the producers, too, and `unwrap` them: else a source that broke looks like one that came to its end.",
            ),
        },
    )
}

fn works_on_two_at_once(mine: &Run<Results>, possible: &Run<Results>) -> Judgement {
    match mine.peak("work") {
        2 => Ok(()),
        0 | 1 => fault(
            format!(
                "One item was worked on at a time: {}, where {} is possible.",
                seconds(mine.took()),
                seconds(possible.took())
            ),
            "Two consumers work like one when they hold something while they work. The lock in \
             `while let Some(item) = queue.lock().await.recv().await { ... }` is held to the end of the block: take the item in a statement of its own.",
        ),
        peak => fault(
            format!("{peak} items were worked on at once, and there are two consumers."),
            "A task for each item is as many consumers as items. Two loops, each of which awaits its own work, are two consumers.",
        ),
    }
}

fn makes_three_at_once(mine: &Run<Results>, possible: &Run<Results>) -> Judgement {
    let (peak, mine, possible) = (mine.peak("make"), seconds(mine.took()), seconds(possible.took()));
    if peak == 3 {
        return Ok(());
    }
    fault(
        format!(
            "At most {peak} of the three sources made an item at once. It took {mine}, and with all three {possible}."
        ),
        "A source makes nothing while nobody polls it. Each needs a loop of its own, which waits first for its source and then for a place in the queue: \
         a place that is held while a source makes something is missing for the others.",
    )
}

fn ends_with_the_last_item(mine: &Run<Results>) -> Judgement {
    let last = mine.calls("").filter_map(|lane| lane.closed).max().unwrap_or(0);
    if mine.took() == last {
        return Ok(());
    }
    fault(
        format!("The last item was done at {}, and your answer returned at {}.", seconds(last), seconds(mine.took())),
        "Who waits for a while to see whether more comes ends late, or too early when a source is slow. The queue knows: \
         `recv` returns `None` at the moment in which the last sender is gone and the queue is empty.",
    )
}

fn in_the_order_of_arrival(mine: &Run<Results>) -> Judgement {
    let item = |lane: &Lane| lane.name.rsplit(' ').next().unwrap_or_default().to_owned();
    let in_order = |name: &str, when: fn(&Lane) -> Option<Micros>| {
        let mut lanes: Vec<_> = mine.calls(name).collect();
        lanes.sort_by_key(|lane| when(lane));
        lanes.into_iter().map(item).collect::<Vec<_>>()
    };
    let (came, taken) = (in_order("make", |lane| lane.closed), in_order("work", Lane::started));
    match came.iter().zip(&taken).find(|(came, taken)| came != taken) {
        None => Ok(()),
        Some((came, taken)) => fault(
            format!("`{taken}` was taken before `{came}`, which had waited for longer."),
            "A queue gives out first what came first. From a stack the newest is taken, and under load the oldest waits for ever.",
        ),
    }
}

fn holds_back(mine: &Run<Results>) -> Judgement {
    match waiting(mine) {
        (most, at) if most > MOST_WAITING => fault(
            format!(
                "At {} there were {most} items that had been made and that nobody worked on. Two places, and one item in the hands of each producer, make {MOST_WAITING}.",
                seconds(at)
            ),
            "The workers are slower than the sources here. A queue without a limit, or with a large one, hides it and grows until the memory is full.",
        ),
        _ => Ok(()),
    }
}

fn lets_go_on(mine: &Run<Results>) -> Judgement {
    match waiting(mine) {
        (most, _) if most < MOST_WAITING => fault(
            format!(
                "There were never more than {most} items that had been made and that nobody worked on. Two places, and one item in the hands of each producer, make {MOST_WAITING}."
            ),
            "A queue is there so that a source can go on while the workers are busy. Yours has too few places, or one source waits for another one's place.",
        ),
        _ => Ok(()),
    }
}

/// What the three sources make: each item with how long it takes to make and to work on, in milliseconds.
type Script = [&'static [(&'static str, u64, u64)]; 3];

/// One source has more to make than the others, which end early.
fn everyday() -> (Sources, Service) {
    scenery([&[("a1", 100, 300), ("a2", 150, 350), ("a3", 160, 270)], &[("b1", 130, 410)], &[("c1", 190, 230)]])
}

fn one_long_item() -> (Sources, Service) {
    scenery([&[("a1", 100, 900), ("a2", 110, 150)], &[("b1", 130, 140), ("b2", 160, 230)], &[("c1", 190, 170)]])
}

/// The sources are much faster than the workers.
fn burst() -> (Sources, Service) {
    scenery([
        &[("a1", 21, 310), ("a2", 22, 320), ("a3", 23, 330), ("a4", 24, 340)],
        &[("b1", 31, 415), ("b2", 32, 425), ("b3", 33, 435)],
        &[("c1", 41, 505), ("c2", 42, 515), ("c3", 43, 525)],
    ])
}

/// Both consumers meet a failure, and there is work after it.
fn with_failures() -> (Sources, Service) {
    scenery([
        &[("bad a1", 100, 300), ("a2", 150, 350), ("a3", 160, 270)],
        &[("bad b1", 130, 410)],
        &[("c1", 190, 230), ("c2", 90, 180)],
    ])
}

/// An empty item, and one that two sources make.
fn empty_and_equal() -> (Sources, Service) {
    scenery([&[("a1", 100, 300), ("", 150, 350), ("a3", 160, 270)], &[("b1", 130, 410)], &[("b1", 130, 410)]])
}

/// Two items wait when a consumer gets free, and a third comes before the other one does; no source ever waits for a place.
fn in_line() -> (Sources, Service) {
    scenery([&[("a1", 100, 500), ("a2", 140, 210)], &[("b1", 130, 570), ("b2", 510, 180)], &[("c1", 190, 330)]])
}

fn many() -> (Sources, Service) {
    scenery([&[("a", 11, 23); 70], &[("b", 13, 29); 70], &[("c", 17, 31); 70]])
}

/// Both consumers work for long while a source waits for a place; then nothing comes for minutes, but for one last item.
fn patience() -> (Sources, Service) {
    const MINUTE: u64 = 60_000;
    scenery([
        &[("a1", 100, 300), ("a2", 20 * MINUTE, 250)],
        &[("b1", 130, 410)],
        &[
            ("c1", 190, 6 * MINUTE),
            ("c2", 70, 6 * MINUTE),
            ("c3", 60, 6 * MINUTE),
            ("c4", 80, 6 * MINUTE),
            ("c5", 50, 6 * MINUTE),
            ("c6", 40, 6 * MINUTE),
        ],
    ])
}

fn scenery(script: Script) -> (Sources, Service) {
    let items = || script.into_iter().flatten();
    let make = items().fold(Service::new("make", Reply::never()), |make, (item, made, _)| {
        make.on(*item, Reply::ok(ms(*made), *item))
    });
    let work = items().fold(Service::new("work", Reply::never()), |work, (item, _, worked)| {
        let after = ms(*worked);
        let reply = if item.starts_with("bad") {
            Reply::err(after, format!("cannot read {item}"))
        } else {
            Reply::ok(after, format!("{item} is done"))
        };
        work.on(*item, reply)
    });
    let source = |items: &'static [(&str, u64, u64)]| {
        let make = make.clone();
        stream::iter(items).then(move |(item, ..)| make.call(item)).filter_map(async |made| made.ok()).boxed()
    };
    (script.map(source), work)
}

/// How many items had been made and were not yet worked on, at most, and since when.
fn waiting(run: &Run<Results>) -> (i32, Micros) {
    let made = run.calls("make").filter(|lane| lane.outcome == Some(Outcome::Finished)).filter_map(|lane| lane.closed);
    let begun = run.calls("work").filter_map(Lane::started);
    // By the instant, so that an item that is worked on at once never waits.
    let mut changes = BTreeMap::<Micros, i32>::new();
    for (at, change) in made.map(|at| (at, 1)).chain(begun.map(|at| (at, -1))) {
        *changes.entry(at).or_default() += change;
    }
    let (mut most, mut since, mut now) = (0, 0, 0);
    for (at, change) in changes {
        now += change;
        if now > most {
            (most, since) = (now, at);
        }
    }
    (most, since)
}

fn returns_what_is_right(mine: &Run<Results>, possible: &Run<Results>, why: &str) -> Judgement {
    let sorted = |run: &Run<Results>| {
        let mut words: Vec<_> = run.output.iter().map(word).collect();
        words.sort();
        if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
    };
    let (mine, wanted) = (sorted(mine), sorted(possible));
    if mine == wanted {
        Ok(())
    } else {
        fault(format!("You returned, put in order, {mine}, where {wanted} is right."), why)
    }
}

fn word(result: &Result<String, Failure>) -> String {
    result.as_ref().map_or_else(|failure| format!("`{failure}`"), |text| format!("`{text}`"))
}
