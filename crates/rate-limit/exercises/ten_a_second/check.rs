//! The checks of `rate-limit/ten_a_second`.

use std::process::ExitCode;

use exam::{Exam, Judgement, LaneExt, Run, fault, ms, seconds_apart};
use timeline::Micros;
use tokio::time::{sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use given::Busy;
use scenes::{BORDER, IMPATIENT, Input, LINE, LONG_PAUSE, MIXED, PAUSE, REFUSED, Replies, SIX, SPACED, clients};

fn main() -> ExitCode {
    const BURST: &str = "Three may start at once, and then one every 100 ms. The limit is for all calls together.";
    const LATE: &str =
        "Unused starts are saved, so three may start at once. Each later call is due 100 ms after the one before.";
    let exam = Exam::new(
        "rate-limit/ten_a_second",
        async |(calls, backend): Input| solution::serve(calls, backend).await,
        async |(calls, backend): Input| answer::serve(calls, backend).await,
    )
    .check("starts the next call while others are under way", async |serve| clients(&serve, SPACED, 9_000).await, |mine, possible| {
        starts_none_late(mine, possible, "Ten a second means 100 ms between two starts. If you await the answer first, you add the time of the call.")
    })
    .check("starts at most ten a second", async |serve| clients(&serve, SIX, 50).await, |mine, possible| {
        starts_none_early(mine, possible, BURST)
    })
    .check("saves no more than three starts", async |serve| clients(&serve, PAUSE, 50).await, |mine, possible| {
        starts_none_early(mine, possible, "No call came for a while. Only three starts are saved: the next call is due now, and not a minute ago, or 99 ms ago.")
    })
    .check("keeps the rate at the border between two windows", async |serve| clients(&serve, BORDER, 10).await, |mine, possible| {
        starts_none_early(mine, possible, "If you count in windows, you forget at the border which calls have just started. Store the moment when the next call is due.")
    })
    .check("starts each call as soon as it may", async |serve| clients(&serve, MIXED, 50).await, |mine, possible| {
        starts_none_late(mine, possible, LATE)?;
        everybody_gets_what_is_right(mine, possible, "Each accepted call gets the answer of the backend.")
    })
    .check("sleeps while nothing comes", async |serve| clients(&serve, LONG_PAUSE, 50).await, |mine, possible| {
        starts_none_late(mine, possible, "No call came for 50 minutes, and that ends nothing. Three starts are saved.")?;
        mine.sleeps_while_nothing_comes(possible, "You know when the next call may start. Sleep until then, and if no call waits, until one comes.")
    });
    with_impatient_callers(exam).verdict()
}

fn with_impatient_callers(exam: Exam<Input, ()>) -> Exam<Input, ()> {
    const LONG_LINE: &str = "2,000 callers wait, and the backend takes up to 50 minutes. Refuse a call only if its patience is too short. \
        Ask the backend once for each accepted call, even if two calls have the same id.";
    exam.check("refuses a call immediately if it would wait too long", async |serve| clients(&serve, IMPATIENT, 50).await, |mine, possible| {
        const WHY: &str = "When a call comes, you know when it can start. If that is too late, refuse it now, so that the caller can do something else.";
        hear_at_once(mine, possible, |reply| matches!(reply, Some(Err(_))), WHY)?;
        let refusals = |run: &Run<Replies>| run.output.iter().map(|reply| matches!(reply, Some(Err(_)))).collect::<Vec<_>>();
        for (number, (mine, right)) in refusals(mine).into_iter().zip(refusals(possible)).enumerate() {
            if mine != right {
                let words = |refused| if refused { "refused" } else { "accepted" };
                return fault(format!("Client {} was {}, where it should be {}.", number + 1, words(mine), words(right)), WHY);
            }
        }
        hear_at_once(mine, possible, |_| true, "Send each answer as soon as the backend has returned it, because its caller waits.")
    })
    .check("uses up no start for a call that it refuses", async |serve| clients(&serve, REFUSED, 50).await, |mine, possible| {
        starts_none_late(mine, possible, "Earlier calls were refused, and they never started. Change `next` only when a call really gets a start.")
    })
    .check("returns the right `retry_after`", async |serve| clients(&serve, IMPATIENT, 50).await, |mine, possible| {
        everybody_gets_what_is_right(mine, possible, "`retry_after` is how long this call would have had to wait, after all calls that already wait.")?;
        starts_none_early(mine, possible, "Calls start in the order in which they come, whatever their patience.")
    })
    .check("serves a long line, and waits long for answers", async |serve| clients(&serve, LINE, 1_000_000).await, |mine, possible| {
        everybody_gets_what_is_right(mine, possible, LONG_LINE)?;
        let [asked, right] = [mine, possible].map(|run| run.calls("ask").count());
        // Of those that leave, one is accepted. An answer need not ask for it.
        if !(right - 1..=right).contains(&asked) {
            return fault(format!("Your answer asked the backend {asked} times for {right} calls."), LONG_LINE);
        }
        mine.returns_in_time(possible, "serve", LONG_LINE)
    })
    .if_it_never_ends(LONG_LINE)
    .check("returns when all answers are delivered", async |serve| clients(&serve, SIX, 350).await, |mine, possible| {
        const WHY: &str = "The channel has ended, but calls still wait or are under way. After you return, the program may end, so wait for them.";
        everybody_gets_what_is_right(mine, possible, WHY)?;
        if mine.closed("serve") < possible.closed("serve") {
            return fault("Your answer returned before all calls had their answers.", WHY);
        }
        mine.returns_in_time(possible, "serve", "The channel has ended, and every caller has its answer. Return now.")
    })
    .check(
        "stops everything when its caller gives up",
        async |serve| {
            for after in [50, 150] {
                _ = timeout(ms(after), clients(&serve, SIX, 330)).await;
                sleep(ms(30)).lane("the caller goes on").await;
            }
        },
        |mine, _| mine.leaves_nothing_running("A spawned task keeps running when its handle is dropped. Keep the calls in your own future, or in a `JoinSet`."),
    )
}

/// When the call to the backend started, for each client.
fn starts(run: &Run<Replies>) -> Vec<Option<Micros>> {
    let ids = 1..=run.output.len();
    ids.map(|id| run.recording.lane(&format!("ask {id}"))?.started()).collect()
}

fn starts_none_early(mine: &Run<Replies>, possible: &Run<Replies>, why: &str) -> Judgement {
    for (number, (mine, earliest)) in starts(mine).into_iter().zip(starts(possible)).enumerate() {
        if let (Some(mine), Some(earliest)) = (mine, earliest)
            && mine < earliest
        {
            let (mine, earliest) = seconds_apart(mine, earliest);
            return fault(
                format!("The call `ask {}` started at {mine}. The limit allows it at {earliest}.", number + 1),
                why,
            );
        }
    }
    Ok(())
}

fn starts_none_late(mine: &Run<Replies>, possible: &Run<Replies>, why: &str) -> Judgement {
    for (number, (mine, earliest)) in starts(mine).into_iter().zip(starts(possible)).enumerate() {
        let Some(earliest) = earliest else { continue };
        match mine {
            Some(mine) if mine > earliest => {
                let (mine, earliest) = seconds_apart(mine, earliest);
                return fault(
                    format!("The call `ask {}` started at {mine}, where {earliest} is possible.", number + 1),
                    why,
                );
            }
            Some(_) => {}
            None => return fault(format!("The call `ask {}` never started.", number + 1), why),
        }
    }
    Ok(())
}

/// The clients for which this reply is right get their reply at the right moment.
fn hear_at_once(
    mine: &Run<Replies>,
    possible: &Run<Replies>,
    who: fn(&Option<Result<String, Busy>>) -> bool,
    why: &str,
) -> Judgement {
    for (number, _) in (1..).zip(&possible.output).filter(|(_, right)| who(right)) {
        let lane = format!("client {number}");
        if mine.closed(&lane) != possible.closed(&lane) {
            let (mine, best) = seconds_apart(mine.closed(&lane), possible.closed(&lane));
            return fault(
                format!("Client {number} got its answer or refusal at {mine}, where {best} is possible."),
                why,
            );
        }
    }
    Ok(())
}

fn everybody_gets_what_is_right(mine: &Run<Replies>, possible: &Run<Replies>, why: &str) -> Judgement {
    for (number, (got, right)) in mine.output.iter().zip(&possible.output).enumerate() {
        let (got, right) = (words(got.as_ref()), words(right.as_ref()));
        if got != right {
            return fault(format!("Client {} got {got}, where {right} is right.", number + 1), why);
        }
    }
    Ok(())
}

fn words(reply: Option<&Result<String, Busy>>) -> String {
    match reply {
        Some(Ok(text)) => format!("`{text}`"),
        Some(Err(busy)) => format!("\"come back in {} ms\"", busy.retry_after.as_micros().div_ceil(1_000)),
        None => "nothing".to_owned(),
    }
}
