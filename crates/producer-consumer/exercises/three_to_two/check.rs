//! The checks of `producer-consumer/three_to_two`.

use std::process::ExitCode;

use exam::{Exam, Failure, Judgement, Lane, Micros, Outcome, Run, Service, fault, seconds};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use scenes::{
    MOST_WAITING, Results, Sources, burst, everyday, in_line, many, odd_items, one_long_item, quiet, scenery,
    slow_work, with_failures,
};

fn main() -> ExitCode {
    let exam = Exam::new(
        "producer-consumer/three_to_two",
        async |(sources, work)| solution::three_to_two(sources, work).await,
        async |(sources, work)| answer::three_to_two(sources, work).await,
    )
    .check_each("works on every item, and ends by itself", [everyday, || scenery([&[], &[("b1", 130, 410)], &[]]), || scenery([&[], &[], &[]])], |mine, possible| {
        mine.made_the_calls_of(
            possible,
            "Every item is to be worked on once. A queue ends when its last sender is dropped and it is empty; \
             a sign of your own in the queue (a sentinel) ends one consumer, and what stands behind it may find nobody.",
        )?;
        returns_what_is_right(mine, possible, "Every item has a result, and every result belongs into the list. A source may have no items.")?;
        ends_with_the_last_item(mine)
    })
    .if_it_never_ends("A receiver waits as long as one sender is alive, also one that nobody uses any more: the first one, of which the others are clones. And a producer waits for a place as long as nobody takes anything out.")
    .check_each("works on two items at once", [everyday], works_on_two_at_once)
    .check_each("lets all three sources make items at once", [everyday], |mine, possible| {
        mine.made_all_calls_at_once(
            possible,
            "make",
            "A source makes nothing while nobody polls it. Each needs a loop of its own, which waits first for its source and then for a place in the queue: \
             a place that is held while a source makes something is missing for the others.",
        )
    })
    .sleeps_while_nothing_comes(everyday)
    .check_each("waits as long as it takes", [quiet, slow_work], |mine, possible| {
        const WHY: &str = "An item waits for minutes for a place here, a source is quiet for fifty minutes, and one work takes as long. \
            Nobody asked for a limit: what is given up after a while is lost, and no one hears of it.";
        mine.made_the_calls_of(possible, WHY)?;
        returns_what_is_right(mine, possible, WHY)
    })
    .check_each("lets whoever is free take the next item", [one_long_item], |mine, possible| {
        mine.as_quick_as(
            possible,
            "Both consumers are there from the beginning, and each takes what comes next. What is meant for the consumer that has it waits behind it, while the other one is idle: \
             both should take from one queue. And neither should wait until all is made.",
        )
    })
    .check_each("takes the items in the order in which they came", [in_line], |mine, _| in_the_order_of_arrival(mine))
    .check_each("makes a source wait when the queue is full, and not before", [burst], |mine, _| waits_for_room(mine));
    when_things_are_odd(exam).verdict()
}

/// What a first version rarely thinks of: failures, odd items, many of them, and an end before the end.
fn when_things_are_odd(exam: Exam<(Sources, Service), Results>) -> Exam<(Sources, Service), Results> {
    exam.check_each("goes on when the work on an item fails", [with_failures], |mine, possible| {
        const WHY: &str = "A consumer that stops at a failure, or panics, leaves the rest to the other one, or to nobody.";
        mine.made_the_calls_of(possible, WHY)?;
        returns_what_is_right(mine, possible, "A failure is a result like any other.")?;
        mine.as_quick_as(possible, WHY)
    })
    .check_each("takes any text for an item, and for a result", [odd_items], |mine, possible| {
        const EMPTY: &str = "Any text can be an item. The end of a queue needs no sign in it: \
            `recv` returns `None` when the last sender is gone and the queue is empty.";
        const WHY: &str = "Any text can be an item, also one that came before, or one with blanks: two sources make the item `b1` here. \
            Each is worked on, and each has its result, as the work says it: a map or a set by the item has one place for both.";
        if !mine.calls("work").any(|lane| lane.name.trim_end() == "work") {
            return fault("The second item of the first source is an empty text, and your answer never worked on it.", EMPTY);
        }
        mine.made_the_calls_of(possible, WHY)?;
        returns_what_is_right(mine, possible, WHY)
    })
    .check_each("keeps the results of many items", [many], |mine, possible| {
        const WHY: &str = "Nothing here says how many items there are, or how many may fail. What a consumer has so far fits into a `Vec`, which grows and has no limit of its own.";
        mine.made_the_calls_of(possible, WHY)?;
        // Items that come at one instant may be taken in any order, and then it takes a little longer.
        if mine.took() > possible.took() * 6 / 5 {
            mine.as_quick_as(possible, "With many items as with few, two are worked on at once, to the end.")?;
        }
        match (mine.output.len(), possible.output.len()) {
            (got, right) if got == right => Ok(()),
            (got, right) => fault(format!("You returned {got} results of {right} items."), WHY),
        }
    })
    .if_it_never_ends("There are 1200 items here. A channel for the results has room for so many, and who reads it only at the end makes no room before: the consumers wait for ever. A `Vec` that each consumer returns has no limit.")
    .stops_with_its_caller(
        [(120, quiet), (450, quiet), (700, slow_work)],
        "A timeout drops your future in the middle. Tasks that were spawned go on without it, unless a value owns them that aborts them when it is dropped: \
         a `JoinSet` does, a `JoinHandle` does not. And a producer hears that nobody receives any more only at its next `send`: \
         until then it waits for its source.",
    )
    .passes_on_a_panic(
        [
            || scenery([&[("a1", 100, 300), ("broken a2", 150, 10)], &[("b1", 130, 410)], &[("c1", 190, 230)]]),
            || scenery([&[("a1", 100, 300)], &[("b1", 130, 410), ("broken b2", 150, 10)], &[("c1", 190, 230)]]),
            || scenery([&[("a1", 100, 300)], &[("b1", 130, 410)], &[("c1", 190, 230), ("broken c2", 150, 10)]]),
            || scenery([&[("a1", 100, 300)], &[("torn b1", 130, 410)], &[("c1", 190, 230)]]),
        ],
        |results| Some(format!("{} results", results.len())),
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

/// A fault, if more or fewer items wait than there is room for.
fn waits_for_room(mine: &Run<Results>) -> Judgement {
    const ROOM: &str = "Two places, and one item in the hands of each producer, make";
    let (most, at) = waiting(mine);
    let at = seconds(at);
    if most > MOST_WAITING {
        return fault(
            format!(
                "At {at} there were {most} items that had been made and that nobody worked on. {ROOM} {MOST_WAITING}."
            ),
            "The workers are slower than the sources here. A queue without a limit, or with a large one, hides it and grows until the memory is full.",
        );
    }
    if most == MOST_WAITING {
        return Ok(());
    }
    fault(
        format!(
            "There were never more than {most} items that had been made and that nobody worked on. {ROOM} {MOST_WAITING}."
        ),
        "A queue is there so that a source can go on while the workers are busy. Yours has too few places, or one source waits for another one's place.",
    )
}

/// How many items had been made and were not yet worked on, at most, and when.
fn waiting(run: &Run<Results>) -> (i32, Micros) {
    let made = run.calls("make").filter(|lane| lane.outcome == Some(Outcome::Finished)).filter_map(|lane| lane.closed);
    let begun = run.calls("work").filter_map(Lane::started);
    let mut changes: Vec<_> = made.map(|at| (at, 1)).chain(begun.map(|at| (at, -1))).collect();
    // Of one instant what begins comes first, so that an item that is worked on at once never waits.
    changes.sort_unstable();
    let mut now = 0;
    let waiting = changes.into_iter().map(|(at, change)| {
        now += change;
        (now, at)
    });
    waiting.max().unwrap_or_default()
}

/// In whatever order.
fn returns_what_is_right(mine: &Run<Results>, possible: &Run<Results>, why: &str) -> Judgement {
    let [mine, right] = [mine, possible].map(|run| {
        let mut words: Vec<_> = run.output.iter().map(word).collect();
        words.sort();
        if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
    });
    if mine == right {
        return Ok(());
    }
    fault(format!("You returned, put in order, {mine}, where {right} is right."), why)
}

fn word(result: &Result<String, Failure>) -> String {
    result.as_ref().map_or_else(|failure| format!("`{failure}`"), |text| format!("`{text}`"))
}
