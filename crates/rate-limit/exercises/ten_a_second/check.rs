//! The checks of `rate-limit/ten_a_second`.

use std::process::ExitCode;

use exam::{Exam, Judgement, LaneExt, Reply, Run, Service, fault, ms, seconds_apart};
use futures::future::join_all;
use timeline::Micros;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
#[allow(unreachable_pub)]
mod solution;

use given::{Backend, Busy, Call};

type Input = (mpsc::Receiver<Call>, Backend);
type Serve = exam::Call<Input, ()>;

/// The clients: after how many milliseconds each calls, and its patience.
type Clients = &'static [(u64, u64)];

/// What each client got.
type Replies = Vec<Option<Result<String, Busy>>>;

const LONG: u64 = 3_000_000;
/// A client with this patience leaves as soon as it has called. The first one would be refused.
const LEAVING: [u64; 2] = [7, 2_999_999];
/// Forty, a little more than 100 ms apart.
const SPACED: Clients = &{
    let mut clients = [(0, LONG); 40];
    let mut index = 0;
    while index < clients.len() {
        clients[index].0 = 113 * index as u64;
        index += 1;
    }
    clients
};
const SIX: Clients = &[(0, LONG), (0, LONG), (0, LONG), (0, LONG), (0, LONG), (0, LONG)];
const PAUSE: Clients = &[
    (60_000, LONG),
    (60_000, LONG),
    (60_000, LONG),
    (60_000, LONG),
    (60_499, LONG),
    (60_499, LONG),
    (60_499, LONG),
    (60_499, LONG),
];
const BORDER: Clients = &[(0, LONG), (280, LONG), (280, LONG), (400, LONG), (400, LONG), (400, LONG)];
/// More than a thousand in one line. The last ones have less patience, and two of them leave at once.
const THOUSAND: Clients = &{
    let mut clients = [(0, LONG); 1_100];
    clients[1_096] = (10, 110_000);
    clients[1_097] = (20, 60_000);
    clients[1_098] = (30, LEAVING[0]);
    clients[1_099] = (40, LEAVING[1]);
    clients
};
/// Six at once. Then fewer, at moments within an interval.
const MIXED: Clients = &[
    (0, LONG),
    (0, LONG),
    (0, LONG),
    (0, LONG),
    (0, LONG),
    (0, LONG),
    (550, LONG),
    (561, LONG),
    (571, LONG),
    (1_313, LONG),
];
const IMPATIENT: Clients = &[(0, 0), (0, LONG), (0, LONG), (0, LONG), (0, 200), (10, 289), (20, 279)];
const REFUSED: Clients = &[(0, LONG), (0, LONG), (0, LONG), (5, 0), (15, 50), (25, 70), (35, 65), (45, LONG)];

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
        everybody_gets_what_is_right(mine, possible, "Each accepted call gets the answer of the backend.")?;
        mine.sleeps_while_nothing_comes(possible, "You know when the next call may start. Sleep until then, and do not check every few milliseconds.")
    });
    with_impatient_callers(exam).verdict()
}

fn with_impatient_callers(exam: Exam<Input, ()>) -> Exam<Input, ()> {
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
    .check("serves a long line, and waits long for answers", async |serve| clients(&serve, THOUSAND, 1_000_000).await, |mine, possible| {
        const WHY: &str = "More than a thousand callers wait, and the backend takes up to fifty minutes. Refuse a call only if its patience is too short. \
            The task asks for no other limit: not of the line, not of the calls under way, and not of the time.";
        everybody_gets_what_is_right(mine, possible, WHY)?;
        mine.returns_in_time(possible, "serve", WHY)
    })
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

/// Plays these clients, with a backend that takes this many milliseconds. The channel ends when all have called.
async fn clients(serve: &Serve, clients: Clients, takes: u64) -> Replies {
    let (sender, calls) = mpsc::channel(16);
    // The first answer comes late, so that others overtake it.
    let backend = Backend(Service::new("ask", Reply::ok(ms(takes), "")).on("1", Reply::ok(ms(takes * 3), "")));
    let clients: Vec<_> = (1..)
        .zip(clients)
        .map(|(number, &(at, patience))| {
            // Two callers may ask for the same thing.
            let id = number % 1_000;
            let sender = sender.clone();
            async move {
                sleep(ms(at)).await;
                let (reply, answer) = oneshot::channel();
                // The answer may have returned too early.
                _ = sender.send(Call { id, patience: ms(patience), reply }).await;
                drop(sender);
                if LEAVING.contains(&patience) {
                    return None;
                }
                async move { answer.await.ok() }.lane(format!("client {number}")).await
            }
        })
        .collect();
    drop(sender);
    tokio::join!(serve((calls, backend)).lane("serve"), join_all(clients)).1
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
            return fault(format!("Call {} started at {mine}. The limit allows it at {earliest}.", number + 1), why);
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
                return fault(format!("Call {} started at {mine}, where {earliest} is possible.", number + 1), why);
            }
            Some(_) => {}
            None => return fault(format!("Call {} never started.", number + 1), why),
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
