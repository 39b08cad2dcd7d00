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
            "Work on every item once. A queue ends when its last sender is dropped and it is empty. \
             If you send an end marker, it ends only one consumer, and items after it may get no consumer.",
        )?;
        returns_what_is_right(mine, possible, "Put the result of every item into the list. A source may have no items.")?;
        ends_with_the_last_item(mine)
    })
    .if_it_never_ends("A receiver waits as long as one sender exists, even if it is unused: for example the first one, which you cloned. And a producer waits for a place as long as no consumer takes an item.")
    .check_each("works on two items at once", [everyday], works_on_two_at_once)
    .check_each("lets all three sources make items at once", [everyday], |mine, possible| {
        mine.made_all_calls_at_once(
            possible,
            "make",
            "A source makes nothing while nothing polls it. Each source needs its own loop, which waits first for its source and \
             then for a place in the queue. If a source holds a place while it makes an item, the others cannot use that place.",
        )
    })
    .sleeps_while_nothing_comes(everyday)
    .check_each("sets no time limit", [quiet, slow_work], |mine, possible| {
        const WHY: &str = "Here an item waits for minutes for a place, a source makes no item for fifty minutes, and one item takes \
            as long to work on. The task asks for no time limit. With a limit, you lose items without an error.";
        mine.made_the_calls_of(possible, WHY)?;
        returns_what_is_right(mine, possible, WHY)
    })
    .check_each("gives the next item to the consumer that is free", [one_long_item], |mine, possible| {
        mine.as_quick_as(
            possible,
            "Start both consumers at the beginning, and let each take the next item. \
             If each has its own queue, an item waits for a busy consumer while the other one is idle. Let both take from one queue. Do not wait until all items are made.",
        )
    })
    .check_each("takes the items in the order in which they came", [in_line], |mine, _| in_the_order_of_arrival(mine))
    .check_each("makes a source wait when the queue is full, and not earlier", [burst], |mine, _| waits_for_room(mine));
    when_things_are_odd(exam).verdict()
}

/// What a first version often forgets: failures, odd items, many items, and a caller that gives up.
fn when_things_are_odd(exam: Exam<(Sources, Service), Results>) -> Exam<(Sources, Service), Results> {
    exam.check_each("goes on when the work on an item fails", [with_failures], |mine, possible| {
        const WHY: &str = "If a consumer stops or panics at a failure, the other one must do the rest, or no consumer does.";
        mine.made_the_calls_of(possible, WHY)?;
        returns_what_is_right(mine, possible, "A failure is a result like any other.")?;
        mine.as_quick_as(possible, WHY)
    })
    .check_each("accepts any text as an item or a result", [odd_items], |mine, possible| {
        const EMPTY: &str = "Any text can be an item. You need no end marker in the queue: \
            `recv` returns `None` when the last sender is dropped and the queue is empty.";
        const WHY: &str = "Any text can be an item, even a repeated one, or one with blanks. \
            Here two sources make the item `b1`. Work on each, and return each result unchanged. A map or a set with the item as its key has one entry for both.";
        if !mine.calls("work").any(|lane| lane.name.trim_end() == "work") {
            return fault("The second item of the first source is an empty text, and your answer never worked on it.", EMPTY);
        }
        mine.made_the_calls_of(possible, WHY)?;
        returns_what_is_right(mine, possible, WHY)
    })
    .check_each("keeps the results of many items", [many], |mine, possible| {
        const WHY: &str = "The task does not say how many items there are, or how many may fail. Keep the results of a consumer in a `Vec`, which grows and has no limit.";
        mine.made_the_calls_of(possible, WHY)?;
        // Items that come at the same instant may be taken in any order, and then it takes a little longer.
        if mine.took() > possible.took() * 6 / 5 {
            mine.as_quick_as(possible, "Work on two items at once, to the end, however many there are.")?;
        }
        match (mine.output.len(), possible.output.len()) {
            (got, right) if got == right => Ok(()),
            (got, right) => fault(format!("You returned {got} results of {right} items."), WHY),
        }
    })
    .if_it_never_ends("There are 1200 items here. A channel for the results has a fixed number of places. If you read it only at the end, it fills up, and the consumers wait for ever. Let each consumer return a `Vec`, which has no limit.")
    .stops_with_its_caller(
        [(0, quiet), (120, quiet), (450, quiet), (700, slow_work)],
        "A timeout drops your future at an await. The tasks that you spawned go on, unless their owner \
         aborts them when the owner is dropped. A `JoinSet` does, a `JoinHandle` does not. \
         A producer learns only at its next `send` that the receiver is gone. Until then it waits for its source.",
    )
    .passes_on_a_panic(
        [
            || scenery([&[("a1", 100, 300), ("broken a2", 150, 10)], &[("b1", 130, 410)], &[("c1", 190, 230)]]),
            || scenery([&[("a1", 100, 300)], &[("b1", 130, 410), ("broken b2", 150, 10)], &[("c1", 190, 230)]]),
            || scenery([&[("a1", 100, 300)], &[("b1", 130, 410)], &[("c1", 190, 230), ("broken c2", 150, 10)]]),
            || scenery([&[("a1", 100, 300)], &[("torn b1", 130, 410)], &[("c1", 190, 230)]]),
            || scenery([&[("torn a1", 100, 300)], &[("b1", 130, 410)], &[("c1", 190, 230)]]),
        ],
        |results| Some(format!("{} results", results.len())),
    )
}

fn works_on_two_at_once(mine: &Run<Results>, possible: &Run<Results>) -> Judgement {
    match mine.peak("work") {
        2 => Ok(()),
        0 | 1 => fault(
            format!(
                "Your answer worked on one item at a time: {}, where {} is possible.",
                seconds(mine.took()),
                seconds(possible.took())
            ),
            "Two consumers work like one if they hold a lock while they work. The lock in `while let Some(item) = \
             queue.lock().await.recv().await { ... }` is held to the end of the block. Receive the item in a separate statement.",
        ),
        peak => fault(
            format!("{peak} items were worked on at once, and there are two consumers."),
            "With a task for each item, you have as many consumers as items. Write two loops, and let each await its own work.",
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
        "If you wait for a while to see whether more items come, you end late, or too early when a source is \
         slow. `recv` returns `None` at the moment at which the last sender is dropped and the queue is empty.",
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
            "A queue returns the oldest item first. A stack returns the newest, and under load the oldest waits for ever.",
        ),
    }
}

/// A fault, if more or fewer items wait than there is room for.
fn waits_for_room(mine: &Run<Results>) -> Judgement {
    const ROOM: &str = "Two places, and one item that each producer holds, make";
    let (most, at) = waiting(mine);
    let at = seconds(at);
    if most > MOST_WAITING {
        return fault(
            format!(
                "At {at} there were {most} items that had been made and that no consumer worked on. {ROOM} {MOST_WAITING}."
            ),
            "The workers are slower than the sources here. A queue without a limit, or with a large one, hides that and grows until the program runs out of memory.",
        );
    }
    if most == MOST_WAITING {
        return Ok(());
    }
    fault(
        format!(
            "There were never more than {most} items that had been made and that no consumer worked on. {ROOM} {MOST_WAITING}."
        ),
        "With a queue, a source can go on while the workers are busy. Your queue has too few places, or one source waits for the place of another one.",
    )
}

/// How many items had been made and were not yet worked on, at most, and when.
fn waiting(run: &Run<Results>) -> (i32, Micros) {
    let made = run.calls("make").filter(|lane| lane.outcome == Some(Outcome::Finished)).filter_map(|lane| lane.closed);
    let begun = run.calls("work").filter_map(Lane::started);
    let mut changes: Vec<_> = made.map(|at| (at, 1)).chain(begun.map(|at| (at, -1))).collect();
    // At the same instant, starts come first, so that an item that a consumer takes immediately never counts as waiting.
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
