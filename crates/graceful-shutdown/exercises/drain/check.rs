//! The checks of `graceful-shutdown/drain`.

use std::process::ExitCode;

use exam::{Exam, Judgement, LaneExt, Outcome, Run, fault, ms, seconds, seconds_apart, times};
use tokio::time::{sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use given::End;
use scenes::{Ended, FULL, Input, LATE, LONG, OWNER, Times, full_channel, hundreds_hang, play};

const SLEEP: &str =
    "A channel wakes your server when something comes, and so does the end of a task. Do not check again and again.";

fn main() -> ExitCode {
    let exam = Exam::new(
        "graceful-shutdown/drain",
        async |(signals, requests, shop): Input| solution::serve(signals, requests, shop).await,
        async |(signals, requests, shop): Input| answer::serve(signals, requests, shop).await,
    )
    .check("answers each client when its work is done", async |serve| play(&serve, &[0, 20, 1_000], &[1_700]).await, |mine, possible| {
        const WHY: &str = "Run each request in a task of its own. Answer when the work is done, and send the mail after the answer.";
        clients_hear_in_time(mine, possible, WHY)?;
        mine.made_the_calls_of(possible, WHY)?;
        mine.sleeps_while_nothing_comes(possible, SLEEP)
    })
    .check("finishes the requests under way", async |serve| play(&serve, &[0, 20, 50], &[90]).await, |mine, possible| {
        const WHY: &str = "You accepted these requests before the signal, so finish them after it.";
        finishes(mine, "work", WHY)?;
        clients_hear_in_time(mine, possible, WHY)
    })
    .check("takes no new request after the signal", async |serve| play(&serve, &[0, 20, 170], &[90]).await, |mine, possible| {
        mine.made_the_calls_of(possible, "Client 3 comes after the signal. If you take new work then, you may never finish.")?;
        clients_hear_in_time(mine, possible, "Client 3 comes after the signal. Drop the receiver, so that client 3 can ask another server immediately.")
    })
    .check("leaves no client waiting in the channel", async |serve| play(&serve, &[90; 16], &[90]).await, |mine, _| {
        const WHY: &str = "`close` keeps the requests in the channel. If you drop the receiver, each of them is dropped, with its `reply`.";
        (1..).zip(&mine.output.1).filter(|(number, _)| mine.recording.lane(&format!("work {number}")).is_none()).try_for_each(|(number, answered)| {
            let at = mine.closed(&format!("client {number}"));
            match (answered, at) {
                (true, _) => fault(format!("Client {number} got an answer, and `work {number}` was never called."), WHY),
                (_, ..=90_000) => Ok(()),
                _ => fault(format!("You did not take the request of client {number}. It learned of that at {}, where 0.09 s is possible.", seconds(at)), WHY),
            }
        })
    })
    .check("drops the requests in the channel when the signal comes", async |serve| full_channel(&serve).await, |mine, _| {
        const WHY: &str = "After `close`, `recv` still returns the requests in the channel. So drop the receiver after the signal. In `select!`, put the signal first, after `biased;`: if requests come first, the loop does not notice the signal while requests come.";
        // An answer may take some requests before it notices the signal: `select!` without `biased` picks at random, and a token that a task cancels comes later.
        match mine.calls("work").count() {
            FULL => fault(format!("{FULL} requests were in the channel when the signal came. Your server took them all, where none is right."), WHY),
            _ => Ok(()),
        }
    })
    .check("finishes their mails, too", async |serve| play(&serve, &[0, 20], &[380]).await, |mine, possible| {
        const WHY: &str = "After the answer, the mail of the request must still be sent. If you do not wait for its task, the end of the program cuts it off.";
        finishes(mine, "mail", WHY)?;
        returns(mine, possible, WHY)
    });
    ending(exam).verdict()
}

fn ending(exam: Exam<Input, End>) -> Exam<Input, End> {
    const LAST: &str =
        "Work under way still adds data to write. So flush when all requests have ended, even after an abort.";
    const AGAIN: &str = "The second signal means: end now. Wait for it during the whole shutdown, the flush included.";
    exam.check("aborts the rest after two seconds", async |serve| play(&serve, &[0, 20, 50, 60, 70], &[90]).await, |mine, possible| {
        aborts(mine, possible, "Request 4 never ends. Two seconds after the signal, abort the rest. Put one limit around all requests, not one around each.")
    })
    .check("flushes once, when everything else has ended", async |serve| play(&serve, &[0, 20, 50], &[90]).await, |mine, possible| flushes_last(mine, possible, LAST))
    .check("flushes after an abort, too", async |serve| play(&serve, &[0, 20, 50, 60, 70], &[90]).await, |mine, possible| flushes_last(mine, possible, LAST))
    .check("returns immediately at the second signal", async |serve| play(&serve, &[0, 20, 50, 60], &[90, 700]).await, |mine, possible| {
        returns(mine, possible, AGAIN)?;
        mine.made_the_calls_of(possible, "The second signal means: end now. After it, flush nothing more.")?;
        mine.leaves_nothing_running(OWNER)
    })
    .check("notices two signals that come together", async |serve| play(&serve, &[0, 20], &[90, 90]).await, |mine, possible| returns(mine, possible, AGAIN))
    .check("notices the second signal during the flush", async |serve| play(&serve, &[0, 20], &[700, 850]).await, |mine, possible| {
        returns(mine, possible, AGAIN)?;
        mine.leaves_nothing_running(OWNER)
    })
    .check("goes on when a client has left", async |serve| play(&serve, &[0; 8], &[1_700]).await, |mine, possible| {
        const WHY: &str = "Client 7 leaves before its answer comes, and client 8 before you take its request. Then `send` returns an `Err`. Still do the work, and send the mail.";
        mine.made_the_calls_of(possible, WHY)?;
        ["7", "8"].into_iter().try_for_each(|number| finishes(mine, &format!("work {number}"), WHY))
    })
    .check("goes on when a request panics", async |serve| play(&serve, &[0; 10], &[90]).await, |mine, possible| {
        const WHY: &str = "The work of client 9 panics before the signal, and the mail of client 10 after it. In a task, a panic becomes a `JoinError`. That request has ended and was not aborted.";
        mine.made_the_calls_of(possible, WHY)?;
        clients_hear_in_time(mine, possible, WHY)?;
        returns(mine, possible, WHY)
    })
    .check("sets no other limit for work, mail and flush", async |serve| play(&serve, &[0, 0, 0, LONG, 0, 0], &[LATE]).await, |mine, possible| {
        const WHY: &str = "The two seconds start at the first signal, and do not include the flush. Nothing else has a limit.";
        clients_hear_in_time(mine, possible, WHY)?;
        finishes(mine, "mail 6", WHY)?;
        finishes(mine, "flush", WHY)?;
        returns(mine, possible, WHY)?;
        mine.sleeps_while_nothing_comes(possible, SLEEP)
    })
    .check("serves two thousand at once", async |serve| play(&serve, &[0; 2_000], &[LATE]).await, |mine, possible| {
        const WHY: &str = "All requests may be under way at the same time. Take each one when it comes.";
        mine.made_all_calls_at_once(possible, "work", WHY)?;
        clients_hear_in_time(mine, possible, WHY)
    })
    .check("aborts hundreds, and flushes after them", async |serve| hundreds_hang(&serve).await, |mine, possible| {
        flushes_last(mine, possible, "300 requests never end. An abort is only a request: each task ends when the runtime gets to it. So join all of them before the flush.")
    })
    .check("stops everything when its caller gives up", async |serve| {
        for (signals, patience) in [(&[LONG] as Times, 120), (&[90], 150)] {
            _ = timeout(ms(patience), play(&serve, &[0, 20, 60], signals)).await;
            sleep(ms(30)).lane("the caller goes on").await;
        }
    }, |mine, _| mine.leaves_nothing_running(OWNER))
}

/// The server returned the same value, and not later.
fn returns(mine: &Run<Ended>, possible: &Run<Ended>, why: &str) -> Judgement {
    let words = |(end, _): &Ended| end.map_or("nothing within fifty minutes".to_owned(), |end| format!("`{end:?}`"));
    mine.returns_what_is_right(possible, words, why)?;
    mine.returns_in_time(possible, "serve", why)
}

/// The call that never ends was aborted at the same time.
fn aborts(mine: &Run<Ended>, possible: &Run<Ended>, why: &str) -> Judgement {
    if mine.closed("work 4") < possible.closed("work 4") {
        let (at, right) = seconds_apart(mine.closed("work 4"), possible.closed("work 4"));
        return fault(format!("Your server aborted `work 4` at {at}, where {right} is right."), why);
    }
    returns(mine, possible, why)
}

/// Each client got what it gets with the solution, at the same time.
fn clients_hear_in_time(mine: &Run<Ended>, possible: &Run<Ended>, why: &str) -> Judgement {
    for (number, (got, right)) in (1..).zip(mine.output.1.iter().zip(&possible.output.1)) {
        let lane = format!("client {number}");
        let (at, best) = (mine.closed(&lane), possible.closed(&lane));
        let words = |answered: bool| if answered { "an answer" } else { "no answer" };
        if got != right {
            return fault(format!("Client {number} got {}, where {} is right.", words(*got), words(*right)), why);
        }
        if at != best {
            let what = if *right { "its answer" } else { "to know that there is no answer" };
            let ((at, best), is) = (seconds_apart(at, best), if at < best { "right" } else { "possible" });
            return fault(format!("Client {number} got {what} at {at}, where {best} is {is}."), why);
        }
    }
    Ok(())
}

/// Every call of this name finished, before the server returned.
fn finishes(mine: &Run<Ended>, name: &str, why: &str) -> Judgement {
    let returned = mine.recording.lane("serve").and_then(|lane| lane.closed_seq);
    let cut = mine.calls(name).find(|lane| lane.outcome != Some(Outcome::Finished) || lane.closed_seq > returned);
    let Some(call) = cut else { return Ok(()) };
    fault(format!("`{}` had started, and had not ended when your server returned.", call.name.trim_end()), why)
}

/// The flush begins when no work and no mail is open, and ends before the server returns.
fn flushes_last(mine: &Run<Ended>, possible: &Run<Ended>, why: &str) -> Judgement {
    let flushes: Vec<_> = mine.calls("flush").collect();
    let [flush] = flushes.as_slice() else {
        return fault(format!("Your server flushed {}, where once is right.", times(flushes.len())), why);
    };
    finishes(mine, "flush", "The flush has no limit. Only the second signal ends it.")?;
    let mut calls = mine.calls("work").chain(mine.calls("mail"));
    if let Some(late) = calls.find(|lane| lane.closed_seq.unwrap_or(u64::MAX) > flush.opened_seq) {
        let at = seconds(flush.opened);
        return fault(format!("Your server flushed at {at}, before `{}` was done.", late.name), why);
    }
    returns(mine, possible, why)
}
