//! The checks of `cancellation/clean_stop`.

use std::process::ExitCode;

use exam::{Exam, Judgement, Lane, Outcome, Reply, Run, Service, fault, ms, seconds, seconds_apart};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use scenes::{
    Input, LONG, Returned, STOP, busy_the_second_time, counting, for_a_long_time, slow_the_second_time, stores, text,
    until,
};

fn main() -> ExitCode {
    let exam = Exam::new(
        "cancellation/clean_stop",
        async |input| until(input, solution::meter).await,
        async |input| until(input, answer::meter).await,
    )
    .check_each("reads at once, and then every ten seconds", [|| (STOP, counting(), stores(300))], |mine, _| {
        reads_three_times(mine, "The first reading comes at once, and a pause follows each one.")
    })
    .check_each("stops at once in a pause", [|| (STOP, counting(), stores(300))], |mine, possible| {
        stops_in_time(
            mine,
            possible,
            "A pause that does not listen to the token is waited for to its end, and so is a reading. \
             Who asks the token between two waits hears of it one wait late: let the token end the wait itself.",
        )
    })
    .check_each("stores what was read before it returns", [|| (STOP, counting(), stores(1_900))], |mine, possible| {
        stores_the_readings(
            mine,
            possible,
            "Who is dropped or aborted runs no further line: there is no `finally`, and a `Drop` cannot await. \
             Drop only what may be lost, keep the readings outside of it, and await the storing afterwards, where the token does not reach: once cancelled, it stays so.",
        )
    })
    .check_each("gives up the storing after two seconds", [|| (STOP, counting(), Service::new("store", Reply::never()))], |mine, possible| {
        stops_in_time(
            mine,
            possible,
            "The store does not answer here. Without a time limit of its own, the last step of a clean stop keeps the whole program from ending.",
        )?;
        mine.leaves_nothing_running("The time limit is to end the storing: around the handle of a task it only ends the wait for it.")?;
        says_whether_it_is_stored(mine, possible)
    })
    .check_each("stops at once in the middle of a reading", [|| (ms(12_000), slow_the_second_time(), stores(300))], |mine, possible| {
        stops_in_time(mine, possible, "The reading in hand may be given up: the token is to end it as it ends a pause.")?;
        stores_the_readings(mine, possible, "What was read before is to be stored.")?;
        mine.leaves_nothing_running("The reading that was given up is to end too: who drops the handle of a task does not end it.")
    });
    when_it_goes_wrong(exam).verdict()
}

fn when_it_goes_wrong(exam: Exam<Input, Returned>) -> Exam<Input, Returned> {
    exam.check_each("goes on after a reading that fails", [|| (STOP, busy_the_second_time(), stores(300))], |mine, possible| {
        const WHY: &str = "A reading that fails is left out; the pause comes after it as after any other, and then the next reading.";
        reads_three_times(mine, WHY)?;
        stores_the_readings(mine, possible, WHY)
    })
    .check_each(
        "says that the storing failed",
        [|| (STOP, counting(), Service::new("store", Reply::err(ms(300), "is full")))],
        |mine, possible| {
            stores_the_readings(mine, possible, "What was read is to be stored.")?;
            says_whether_it_is_stored(mine, possible)
        },
    )
    .check_each(
        "stores the empty text when nothing was read",
        [|| (ms(200), counting(), stores(300)), || (ms(0), counting(), stores(300))],
        |mine, possible| stores_the_readings(mine, possible, "Who looks for what was stored is to find that it was nothing."),
    )
    .check_each("keeps every reading of a long time", [|| (LONG, for_a_long_time(), stores(300))], keeps_every_reading)
}

fn keeps_every_reading(mine: &Run<Returned>, possible: &Run<Returned>) -> Judgement {
    let calls: Vec<_> = mine.calls("read").collect();
    if mine.peak("read") > 1 {
        return fault(
            "Your worker began a reading while another was still going on.",
            "A meter that is slow for a moment is not helped by more readings, and they come in another order.",
        );
    }
    let early = |call: &&&Lane| call.outcome == Some(Outcome::Cancelled) && call.closed < Some(3_500_000_000);
    if let Some(call) = calls.iter().find(early) {
        return fault(
            format!(
                "Your worker gave up a reading at {}, long before it was asked to stop.",
                seconds(call.closed.unwrap_or(0))
            ),
            "Nobody asked for a limit: a meter that is slow for a moment has a reading all the same.",
        );
    }
    let starts: Vec<_> = calls.iter().filter_map(|call| call.started()).collect();
    if let Some([_, soon]) = starts.array_windows().find(|[one, next]| next - one < 1_000_000) {
        return fault(
            format!(
                "After a slow reading your worker was in a hurry: at {} it read again, less than a second after the last time.",
                seconds(*soon)
            ),
            "An `interval` makes up for the ticks that it missed, unless `MissedTickBehavior` says otherwise.",
        );
    }
    // Who counts from tick to tick reads a little more often than who pauses.
    let (count, best) = (calls.len(), possible.calls("read").count());
    if count < best {
        return fault(
            format!("In {} your worker read {count} times, where {best} are possible.", seconds(3_507_037_000)),
            "Nothing but the token ends the reading: no failure, no number of readings, and no place that is full.",
        );
    }
    let read = calls.iter().enumerate().filter(|(_, call)| call.outcome == Some(Outcome::Finished));
    let read: Vec<_> = read.map(|(number, _)| text(number)).collect();
    let stored = mine.calls("store").last().map_or("", |call| call.name.trim_start_matches("store").trim());
    if stored == read.join(" ") {
        return Ok(());
    }
    fault(
        format!(
            "Your worker read {} readings, and what it stored is another text: `{}`.",
            read.len(),
            shortened(stored)
        ),
        "Every reading counts, as the meter said it: also an old one, an empty one, and one that is the same as the last.",
    )
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
    fault(format!("In the first 25 s your worker read {shown}; about 0, 10 and 20 s are right."), why)
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
                "The readings are stored together, once, at the end. Whether to try again is for whoever gets your `false`.",
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
            "All readings are to be stored, in their order and as the meter said them, with one space between two.",
        ),
        Some(Outcome::Failed) => Ok(()),
        Some(Outcome::Finished) if mine.output == possible.output => Ok(()),
        Some(Outcome::Finished) => says_whether_it_is_stored(mine, possible),
        Some(Outcome::Cancelled) => fault(
            format!(
                "Your worker began to store, and gave it up at {}; it would have been done at {}.",
                seconds(call.closed.unwrap_or(0)),
                seconds(wanted.closed.unwrap_or(0))
            ),
            "Storing has two seconds, from its beginning. A shorter limit ends it too early, and so does the token: once cancelled, it stays so.",
        ),
        _ => fault(
            format!("Your worker returned at {}, while the storing was still going on.", seconds(mine.took())),
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
            "Storing {outcome}, and your worker returned {}, where {} is right.",
            word(mine.output),
            word(possible.output)
        ),
        "A `timeout` around a `Result` gives a `Result` in a `Result`: the outer one says whether it was in time, the inner one what came of it.",
    )
}
