//! The checks of `retry/try_again`.

use std::process::ExitCode;

use exam::{Exam, Judgement, Lane, Reply, Run, fault, listed, ms, seconds, seconds_apart, times};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
#[allow(unreachable_pub)]
mod solution;

use given::{Dice, GaveUp, Limits, Prices};

type Input = (Prices, Dice, Limits);
type Answer = Result<String, GaveUp>;

fn main() -> ExitCode {
    let exam = Exam::new(
        "retry/try_again",
        async |(prices, dice, limits): Input| solution::try_again(prices, dice, limits).await,
        async |(prices, dice, limits): Input| answer::try_again(prices, dice, limits).await,
    )
    .check_each(
        "asks again while the service is busy",
        [|| within(5, [busy(1), busy(2), price(" 42 ")]), || within(5, [busy(1), price(""), price("43")])],
        |mine, possible| {
            const WHY: &str = "Make one attempt at a time. The next attempt starts when the one before has \
                failed and its pause is over. Parallel calls only make a busy service busier.";
            asks_as_often(mine, possible, WHY)?;
            returns_what_is_right(mine, possible, WHY)
        },
    )
    .check_each(
        "stops immediately if there is no such article",
        [|| within(5, [busy(1), unknown(), price("42")]), || within(5, [unknown()])],
        |mine, possible| {
            const WHY: &str = "Another attempt cannot help: the article does not exist. Try again only if the service is busy.";
            asks_as_often(mine, possible, WHY)?;
            returns_what_is_right(mine, possible, WHY)
        },
    )
    .check_each(
        "makes pauses of the length that the dice choose, up to a doubling limit",
        [|| within(6, [busy(1), busy(2), busy(3), busy(4), price("42")])],
        |mine, possible| {
            asks_at_the_same_times(mine, possible, "Each pause is random, up to 200 ms, then up to 400 ms, then up to 800 ms: \
                `dice.up_to(longest)`. Without the dice, clients that failed together come back together.")
        },
    )
    .check_each(
        "makes no pause longer than the longest, after many attempts",
        [
            // Few enough that one false pause can be seen.
            || with_time(7, (1..7).map(busy).chain([price("42")])),
            || with_time(1_100, (1..1_100).map(|n| busy(n / 2)).chain([price("42")])),
        ],
        |mine, possible| {
            does_the_same(mine, possible, "Stop doubling at `limits.longest_pause`. A fixed list of pauses ends before the attempts do, and a power of two overflows.")
        },
    );
    with_limits(exam).verdict()
}

fn with_limits(exam: Exam<Input, Answer>) -> Exam<Input, Answer> {
    exam.check_each(
        "waits as long as the service asks, plus a random pause",
        [|| within(5, [busy(1), busy_for(1_300), busy(3), price("42")]), || within(5, [busy_for(20), busy_for(0), price("42")])],
        |mine, possible| {
            asks_at_the_same_times(mine, possible, "The service knows best when it has time again, so do not come back sooner. \
                It sends the same time to all clients. So the pause is that time plus `dice.up_to(longest)`.")
        },
    )
    .check_each(
        "makes the allowed number of attempts, and returns right after the last",
        [|| within(3, [busy(1), busy(2), busy(3), price("42")]), || within(1, [busy(1), price("42")])],
        |mine, possible| {
            const WHY: &str = "`limits.attempts` includes the first attempt. After the last attempt, do not make a pause.";
            asks_at_the_same_times(mine, possible, WHY)?;
            returns_right_after_the_last(mine, possible, WHY)
        },
    )
    .check_each(
        "returns the number of attempts and the last error",
        [|| within(3, [busy(1), busy(2), busy(3)]), || within(2, [busy(1), busy_for(900)])],
        |mine, possible| {
            returns_what_is_right(mine, possible, "The last error best shows what is wrong now. The number of attempts shows whether the problem is short or long.")
        },
    )
    .check_each(
        "has one deadline for all attempts",
        [
            || within(9, [busy(1), busy(2), Reply::never()]),
            || within(9, [busy_for(300), Reply::ok(ms(9_000), "42")]),
            || within(9, [busy_for(300), Reply::ok(ms(2_500), "42")]),
            || within(2, [busy_for(300), Reply::never()]),
            || with_time(9, [Reply::err(ms(1_300_000), "is busy, says 1"), Reply::ok(ms(1_300_000), "42")]),
        ],
        |mine, possible| {
            const WHY: &str = "The deadline is for all attempts together. Give the next attempt only the time that is left: `timeout(rest, ..)`.";
            mine.as_quick_as(possible, WHY)?;
            if mine.output.is_err() && possible.output.is_ok() {
                let (mine, price) = (seconds(mine.took()), seconds(possible.took()));
                return fault(format!("You gave up at {mine}. The attempt had time to return the price, at {price}."), WHY);
            }
            Ok(())
        },
    )
    .check_each(
        "keeps the last error when the deadline cuts off an attempt",
        [|| within(9, [busy(1), busy(2), Reply::never()]), || within(9, [Reply::never()])],
        |mine, possible| {
            returns_what_is_right(mine, possible, "The attempt that the deadline cut off counts, and has no error. The error before it is still the last one. Keep it in a variable that the timeout does not drop.")
        },
    )
    .check_each(
        "starts no pause that would last until the deadline",
        [
            || within(9, [busy(1), busy_for(2_700), price("42")]),
            || within(9, [busy_for(2_820), price("42")]),
            || within(9, (1..8).map(busy)),
            || within(9, [busy(1), busy_for(2_660), price("42")]),
        ],
        |mine, possible| {
            does_the_same(mine, possible, "If a pause lasts until the deadline, there is no time for another attempt, so return now. If it ends before, make another attempt. Compare the pause that the dice chose with the time that is left.")
        },
    )
    .sleeps_while_nothing_comes(|| within(9, [busy_for(2_000), busy(2)]))
    .passes_on_a_panic([|| within(5, [broken(), price("42")]), || within(5, [busy(1), broken(), price("42")])], |answer| {
        Some(answer.as_ref().map_or("an error", |_| "a price").to_owned())
    })
    .stops_with_its_caller(
        [
            (100, || within(5, [busy_for(700), Reply::ok(ms(900), "42")])),
            (1_000, || within(5, [busy_for(700), Reply::ok(ms(900), "42")])),
        ],
        "A timeout drops your future and everything that it owns. A handle does not own its task, so await the attempt itself.",
    )
}

/// These replies, a longest pause that doubles from 200 ms up to 2 s, and 3 s for everything.
fn within(attempts: u32, replies: impl IntoIterator<Item = Reply>) -> Input {
    let limits = Limits { attempts, first_pause: ms(200), longest_pause: ms(2_000), deadline: ms(3_000) };
    (Prices::replies(replies), Dice::default(), limits)
}

/// The same with 50 minutes for all.
fn with_time(attempts: u32, replies: impl IntoIterator<Item = Reply>) -> Input {
    let (prices, dice, limits) = within(attempts, replies);
    (prices, dice, Limits { deadline: ms(3_000_000), ..limits })
}

fn busy(number: u32) -> Reply {
    Reply::err(ms(30), format!("is busy, says {number}"))
}

fn busy_for(milliseconds: u32) -> Reply {
    Reply::err(ms(40), format!("is busy for {milliseconds}"))
}

fn unknown() -> Reply {
    Reply::err(ms(30), "is unknown")
}

fn broken() -> Reply {
    Reply::panics(ms(50), "is broken")
}

fn price(text: &str) -> Reply {
    Reply::ok(ms(50), text)
}

fn does_the_same(mine: &Run<Answer>, possible: &Run<Answer>, why: &str) -> Judgement {
    asks_at_the_same_times(mine, possible, why)?;
    returns_right_after_the_last(mine, possible, why)?;
    returns_what_is_right(mine, possible, why)
}

fn asks_as_often(mine: &Run<Answer>, possible: &Run<Answer>, why: &str) -> Judgement {
    match [mine, possible].map(|run| run.calls("attempt").count()) {
        [mine, right] if mine == right => Ok(()),
        [mine, right] => fault(format!("Your answer asked {}, where {} is right.", times(mine), times(right)), why),
    }
}

fn asks_at_the_same_times(mine: &Run<Answer>, possible: &Run<Answer>, why: &str) -> Judgement {
    let starts = |run: &Run<Answer>| run.calls("").filter_map(Lane::started).collect::<Vec<_>>();
    let (mine, right) = (starts(mine), starts(possible));
    let Some(place) = (0..mine.len().max(right.len())).find(|place| mine.get(*place) != right.get(*place)) else {
        return Ok(());
    };
    if let (Some(mine), Some(right)) = (mine.get(place), right.get(place)) {
        let (mine, right) = seconds_apart(*mine, *right);
        return fault(format!("Your attempt {} began at {mine}, where {right} is right.", place + 1), why);
    }
    let words = |starts: &[u64]| listed(&starts.iter().map(|at| seconds(*at)).collect::<Vec<_>>());
    let often = times(mine.len());
    fault(format!("Your answer asked {often}, at {}. Right is: at {}.", words(&mine), words(&right)), why)
}

fn returns_right_after_the_last(mine: &Run<Answer>, possible: &Run<Answer>, why: &str) -> Judgement {
    mine.as_quick_as(possible, &format!("Your caller waits for a pause after the last attempt. {why}"))
}

fn returns_what_is_right(mine: &Run<Answer>, possible: &Run<Answer>, why: &str) -> Judgement {
    let word = |answer: &Answer| match answer {
        Ok(price) => format!("the price `{price}`"),
        Err(GaveUp { attempts, last: Some(last) }) => format!("{attempts} attempts and `{last:?}`"),
        Err(GaveUp { attempts, last: None }) => format!("{attempts} attempts and no error"),
    };
    mine.returns_what_is_right(possible, word, why)
}
