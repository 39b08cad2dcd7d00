//! The checks of `cancellation/clean_stop`.

use std::process::ExitCode;

use exam::{Exam, Judgement, Lane, Outcome, Reply, Run, Service, fault, ms, seconds, seconds_apart};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use scenes::{
    Input, LONG, Returned, STOP, busy_the_second_time, counting, for_a_long_time, quick_for_a_long_time,
    slow_the_second_time, stores, text, until,
};

fn main() -> ExitCode {
    let exam = Exam::new(
        "cancellation/clean_stop",
        async |input| until(input, solution::meter).await,
        async |input| until(input, answer::meter).await,
    )
    .check_each("reads immediately, and then every ten seconds", [|| (STOP, counting(), stores(300))], |mine, _| {
        reads_three_times(mine, "Make the first reading immediately, and make a pause after each one.")
    })
    .check_each("stops immediately in a pause", [|| (STOP, counting(), stores(300))], |mine, possible| {
        stops_in_time(
            mine,
            possible,
            "If a pause or a reading ignores the token, you wait for its end. \
             If you check the token between two waits, you notice the stop one wait late. Let the token end the wait itself.",
        )
    })
    .check_each("stores the readings before it returns", [|| (STOP, counting(), stores(1_900))], |mine, possible| {
        stores_the_readings(
            mine,
            possible,
            "A dropped future or an aborted task runs no further line: there is no `finally`, and a `Drop` cannot await. \
             Keep the readings outside the future that you drop, and await the store after it. Do not use the token for the store: it stays cancelled.",
        )?;
        mine.leaves_nothing_running("The token came in a pause. A task for the pause goes on after its handle is dropped.")
    })
    .check_each("gives up the store after two seconds", [|| (STOP, counting(), Service::new("store", Reply::never()))], |mine, possible| {
        stops_in_time(
            mine,
            possible,
            "The store does not answer here. Without its own time limit, this last step keeps the whole program from ending.",
        )?;
        mine.leaves_nothing_running("The time limit must end the store. Around the handle of a task, it only ends the wait.")?;
        says_whether_it_is_stored(mine, possible)
    })
    .check_each("stops immediately in the middle of a reading", [|| (ms(12_000), slow_the_second_time(), stores(300))], |mine, possible| {
        stops_in_time(mine, possible, "You may give up the current reading: let the token end it like a pause.")?;
        stores_the_readings(mine, possible, "Store the earlier readings.")?;
        mine.leaves_nothing_running("The reading that you gave up must end, too. If you drop the handle of a task, the task goes on.")
    });
    when_it_goes_wrong(exam).verdict()
}

fn when_it_goes_wrong(exam: Exam<Input, Returned>) -> Exam<Input, Returned> {
    exam.check_each(
        "goes on after a reading that fails",
        [|| (STOP, busy_the_second_time(), stores(300))],
        |mine, possible| {
            const WHY: &str =
                "Leave out a reading that fails. Make a pause after it as after any other, and then the next reading.";
            reads_three_times(mine, WHY)?;
            stores_the_readings(mine, possible, WHY)
        },
    )
    .check_each(
        "stores the empty text when nothing was read",
        [|| (ms(200), counting(), stores(300)), || (ms(0), counting(), stores(300))],
        |mine, possible| {
            stores_the_readings(
                mine,
                possible,
                "Store the empty text, so that the store shows that there were no readings.",
            )
        },
    )
    .check_each(
        "returns `false` when the store fails",
        [|| (STOP, counting(), full()), || (ms(200), counting(), full())],
        |mine, possible| {
            stores_the_readings(mine, possible, "Store the readings.")?;
            says_whether_it_is_stored(mine, possible)
        },
    )
    .check_each(
        "keeps every reading of a long run",
        [|| (LONG, for_a_long_time(), stores(300)), || (LONG, quick_for_a_long_time(), stores(300))],
        keeps_every_reading,
    )
}

fn keeps_every_reading(mine: &Run<Returned>, possible: &Run<Returned>) -> Judgement {
    let calls: Vec<_> = mine.calls("read").collect();
    if mine.peak("read") > 1 {
        return fault(
            "Your worker started a reading while another was still under way.",
            "More readings do not help a slow meter, and they end in another order.",
        );
    }
    let early = |call: &&&Lane| call.outcome == Some(Outcome::Cancelled) && call.closed < Some(3_500_000_000);
    if let Some(call) = calls.iter().find(early) {
        return fault(
            format!(
                "Your worker gave up a reading at {}, long before it was asked to stop.",
                seconds(call.closed.unwrap_or(0))
            ),
            "The task asks for no limit: a slow meter also returns a reading.",
        );
    }
    let starts: Vec<_> = calls.iter().filter_map(|call| call.started()).collect();
    if let Some([_, soon]) = starts.array_windows().find(|[one, next]| next - one < 1_000_000) {
        return fault(
            format!(
                "After a slow reading, your worker did not wait: at {} it read again, less than a second after the last time.",
                seconds(*soon)
            ),
            "An `interval` catches up on missed ticks, unless you set another `MissedTickBehavior`.",
        );
    }
    // With ticks, an answer reads a little more often than with pauses.
    let (count, best) = (calls.len(), possible.calls("read").count());
    if count < best {
        return fault(
            format!("In {} your worker read {count} times, where {best} are possible.", seconds(3_507_037_000)),
            "Only the token ends the readings: not a failure, not a number of readings, and not a full channel.",
        );
    }
    let read = calls.iter().enumerate().filter(|(_, call)| call.outcome == Some(Outcome::Finished));
    let read: Vec<_> = read.map(|(number, _)| text(number)).collect();
    let stored = mine.calls("store").last().map_or("", |call| call.name.strip_prefix("store ").unwrap_or_default());
    if stored == read.join(" ") {
        return Ok(());
    }
    fault(
        format!(
            "Your worker read {} readings, and what it stored is another text: `{}`.",
            read.len(),
            shortened(stored)
        ),
        "Keep every reading unchanged, even if it is old, empty, or the same as the last one.",
    )
}

fn full() -> Service {
    Service::new("store", Reply::err(ms(300), "is full"))
}

fn shortened(text: &str) -> String {
    if text.len() <= 40 { text.to_owned() } else { format!("{} ... {}", &text[..20], &text[text.len() - 20..]) }
}

fn reads_three_times(mine: &Run<Returned>, why: &str) -> Judgement {
    let starts: Vec<_> = mine.calls("read").filter_map(Lane::started).filter(|start| *start < 25_000_000).collect();
    // A pause after each reading, and a tick every ten seconds, are both right.
    let right = [0..=0, 10_000_000..=10_500_000, 20_000_000..=21_000_000];
    if starts.len() == right.len() && right.iter().zip(&starts).all(|(right, start)| right.contains(start)) {
        return Ok(());
    }
    let shown: Vec<_> = starts.iter().map(|start| seconds(*start)).collect();
    let shown = if shown.is_empty() { "never".to_owned() } else { format!("at {}", exam::listed(&shown)) };
    fault(format!("In the first 25 s your worker read {shown}, where about 0, 10 and 20 s are right."), why)
}

fn stops_in_time(mine: &Run<Returned>, possible: &Run<Returned>, why: &str) -> Judgement {
    let asked = mine.calls("until the stop").filter_map(|lane| lane.closed).max().unwrap_or(0);
    if mine.output.is_none() {
        return fault(
            format!("Your worker was asked to stop at {}, and was still running a minute later.", seconds(asked)),
            why,
        );
    }
    if mine.took() > possible.took() {
        let (returned, best) = seconds_apart(mine.took(), possible.took());
        return fault(
            format!(
                "Your worker was asked to stop at {}, and returned at {returned}, where {best} is possible.",
                seconds(asked),
            ),
            why,
        );
    }
    Ok(())
}

fn stores_the_readings(mine: &Run<Returned>, possible: &Run<Returned>, why: &str) -> Judgement {
    let Some(wanted) = possible.calls("store").next() else { return Ok(()) };
    let right = wanted.name.trim_start_matches("store ");
    let shown = |text: &str| if text.is_empty() { "nothing".to_owned() } else { format!("`{text}`") };
    let calls: Vec<_> = mine.calls("store").collect();
    let [call] = calls.as_slice() else {
        return match calls.len() {
            0 => fault(format!("Your worker has returned, and nothing was stored. It had read {}.", shown(right)), why),
            more => fault(
                format!("Your worker stored {more} times, where once is right: {}.", shown(right)),
                "Store all readings together, once, at the end. Your caller gets your `false` and decides whether to try again.",
            ),
        };
    };
    let stored = call.name.trim_start_matches("store").trim_start();
    match call.outcome {
        _ if stored.is_empty() && !right.is_empty() => {
            fault(format!("Your worker stored an empty text, where {} was read.", shown(right)), why)
        }
        _ if stored != right => fault(
            format!("Your worker stored `{stored}`, where {} was read.", shown(right)),
            "Store all readings unchanged and in their order, with one space between two.",
        ),
        Some(Outcome::Failed) => Ok(()),
        Some(Outcome::Finished) if mine.output == possible.output => Ok(()),
        Some(Outcome::Finished) => says_whether_it_is_stored(mine, possible),
        Some(Outcome::Cancelled) => fault(
            format!(
                "Your worker gave up the store at {}. It would have ended at {}.",
                seconds(call.closed.unwrap_or(0)),
                seconds(wanted.closed.unwrap_or(0))
            ),
            "The store may take two seconds from its start. A shorter limit ends it too early. So does the token, which stays cancelled.",
        ),
        _ => fault(
            format!("Your worker returned at {}, while the store was still under way.", seconds(mine.took())),
            why,
        ),
    }
}

fn says_whether_it_is_stored(mine: &Run<Returned>, possible: &Run<Returned>) -> Judgement {
    if mine.output == possible.output {
        return Ok(());
    }
    let word = |returned: Returned| if returned == Some(true) { "`true`" } else { "`false`" };
    let outcome = match mine.calls("store").last().and_then(|call| call.outcome) {
        Some(Outcome::Finished) => "succeeded",
        Some(Outcome::Failed) => "failed",
        _ => "was given up",
    };
    fault(
        format!(
            "The store {outcome}, and your worker returned {}, where {} is right.",
            word(mine.output),
            word(possible.output)
        ),
        "A `timeout` around a `Result` gives a `Result` in a `Result`: the outer one says whether it was in time, and the inner one whether it succeeded.",
    )
}
