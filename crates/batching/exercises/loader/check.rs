//! The checks of `batching/loader`.

use std::process::ExitCode;

use exam::{Exam, Failure, Judgement, LaneExt, Reply, Run, Service, fault, ms, seconds_apart};
use futures::future::join_all;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
#[allow(unreachable_pub)]
mod solution;

use given::{Call, Store};

type Input = (mpsc::Receiver<Call>, Store);
type Serve = exam::Call<Input, ()>;

/// A caller: after how many milliseconds it calls, for which id, and how long it waits.
type Clients = &'static [(u64, u32, u64)];

/// What each client got, if it did not leave.
type Outcomes = Vec<Option<Result<String, Failure>>>;

/// What a client gets if its call was dropped.
const NOTHING: &str = "no answer";

const LONG: u64 = 3_400_000;
const THREE: Clients = &[(0, 7, LONG), (3, 9, LONG), (6, 5, LONG)];
const TRICKLE: Clients = &[(0, 1, LONG), (14, 2, LONG), (28, 3, LONG), (110, 4, LONG), (125, 5, LONG)];
const SIX: Clients = &[(0, 3, LONG), (1, 2, LONG), (2, 1, LONG), (2, 6, LONG), (11, 5, LONG), (21, 4, LONG)];
/// Each comes too late for the batch before.
const CROWD: Clients = &{
    let mut clients = [(0, 0, LONG); 1_030];
    let mut number = 0;
    while number < clients.len() {
        clients[number].0 = 25 * number as u64;
        number += 1;
    }
    clients
};
/// A store that fails a hundred times, and then works.
const OUTAGE: Clients = &{
    let mut clients = [(0, 13, LONG); 301];
    clients[300] = (250, 8, LONG);
    clients
};
const TWICE: Clients = &[(0, 7, LONG), (3, 3, LONG), (6, 7, LONG), (200, 7, LONG)];
const UNLUCKY: Clients = &[(0, 13, 50), (1, 9, LONG), (2, 6, LONG), (50, 8, LONG)];
const LEFT: Clients = &[(0, 4, 5), (8, 2, LONG), (60, 1, 5), (200, 3, LONG), (300, 5, 50), (303, 8, LONG)];
const TWINS: Clients = &[(0, 6, 5), (8, 6, LONG), (200, 4, LONG), (203, 4, 5)];
const SLOW: Clients = &[(0, 11, LONG), (3, 0, LONG), (100, 8, LONG)];

fn main() -> ExitCode {
    let exam = Exam::new(
        "batching/loader",
        async |(calls, store): Input| solution::serve(calls, store).await,
        async |(calls, store): Input| answer::serve(calls, store).await,
    )
    .check(
        "asks for three calls together",
        async |serve| clients(&serve, THREE, 500).await,
        |mine, possible| {
            mine.made_the_calls_of(possible, "The three calls come within 6 ms. Collect them, and ask the store once.")
        },
    )
    .check(
        "gives each caller its own record",
        async |serve| clients(&serve, THREE, 500).await,
        |mine, possible| {
            everybody_gets_what_is_right(
                mine,
                possible,
                "The store sorts its records. Look for the record with the id of the call.",
            )
        },
    )
    .check(
        "asks as soon as three callers wait",
        async |serve| clients(&serve, THREE, 500).await,
        |mine, possible| {
            answers_in_time(
                mine,
                possible,
                5,
                "The third call fills the batch. No other call can join it, so do not wait.",
            )
        },
    );
    with_odd_callers(exam).verdict()
}

fn with_odd_callers(exam: Exam<Input, ()>) -> Exam<Input, ()> {
    exam.check("collects calls while the store works", async |serve| clients(&serve, SIX, 500).await, |mine, possible| {
        const WHY: &str = "The second batch is full while the store still works on the first. The code that collects the calls must not await the store.";
        mine.made_the_calls_of(possible, "The fourth call starts a new batch, with its own 20 ms. It is full 19 ms later.")?;
        answers_in_time(mine, possible, 4, WHY)
    })
    .check("asks when the first call has waited for 20 ms", async |serve| clients(&serve, TRICKLE, 500).await, |mine, possible| {
        const WHY: &str = "The time counts from the first call of the batch. If each call starts the time again, the first caller waits longer and longer.";
        mine.made_the_calls_of(possible, WHY)?;
        (1..=5).try_for_each(|client| answers_in_time(mine, possible, client, WHY))
    })
    .check("asks for an id once in a batch", async |serve| clients(&serve, TWICE, 500).await, |mine, possible| {
        const WHY: &str = "Two callers of a batch want record 7. Ask for it once, and send both a clone of its text. A later batch asks again.";
        mine.made_the_calls_of(possible, WHY)?;
        everybody_gets_what_is_right(mine, possible, WHY)
    })
    .check("asks the store for hundreds of batches at once", async |serve| clients(&serve, CROWD, 26_000).await, |mine, possible| {
        mine.made_all_calls_at_once(possible, "fetch", "1,030 callers come one after another, each too late for the batch before, and the store takes 50 minutes. A batch must not wait for another batch.")
    })
    .check("sends a failure to every caller of the batch", async |serve| clients(&serve, UNLUCKY, 500).await, |mine, possible| {
        mine.made_the_calls_of(possible, "Make one call for each batch. The callers decide whether to ask again.")?;
        everybody_gets_what_is_right(mine, possible, "The store fails for the whole batch, so send a clone of the failure to each of its callers, even if one has left. The next batch is another call.")
    })
    .check("goes on after many failures", async |serve| clients(&serve, OUTAGE, 500).await, |mine, possible| {
        const WHY: &str = "The store failed for a hundred batches, and then it worked again. Only the end of the channel ends your loop.";
        mine.made_the_calls_of(possible, WHY)?;
        everybody_gets_what_is_right(mine, possible, WHY)
    })
    .check("does not ask for callers that have left", async |serve| clients(&serve, LEFT, 500).await, |mine, possible| {
        const WHY: &str = "`reply.is_closed()` is true when the caller has left. Check it when the batch is complete. If all have left, make no call.";
        mine.made_the_calls_of(possible, WHY)?;
        everybody_gets_what_is_right(mine, possible, "Client 5 leaves while the store works. Then `send` returns an `Err`, and the others still want their answers.")
    })
    .check("asks for an id that another caller still wants", async |serve| clients(&serve, TWINS, 500).await, |mine, possible| {
        const WHY: &str = "Two callers of a batch want the same record. One of them, the first or the second, has left. The other one still waits for the record.";
        mine.made_the_calls_of(possible, WHY)?;
        everybody_gets_what_is_right(mine, possible, WHY)
    })
    .check("asks for the rest immediately when the channel ends", async |serve| clients(&serve, THREE.split_at(2).0, 4).await, |mine, possible| {
        const WHY: &str = "Two calls are in the batch when the channel ends. No other call can join them: ask for them now, and do not wait.";
        everybody_gets_what_is_right(mine, possible, WHY)?;
        answers_in_time(mine, possible, 9, WHY)
    })
    .check("returns when all answers are delivered", async |serve| clients(&serve, THREE, 20).await, |mine, possible| {
        if mine.closed("serve") < possible.closed("serve") {
            return fault(
                "Your answer returned while the store still worked.",
                "After you return, the program may end, and the callers get nothing. Wait for the calls that are under way.",
            );
        }
        mine.returns_in_time(possible, "serve", "The channel has ended, and every caller has its answer. Return now.")
    })
    .check("keeps late answers and odd texts", async |serve| clients(&serve, SLOW, 500).await, |mine, possible| {
        everybody_gets_what_is_right(mine, possible, "The store may take 50 minutes, and a text may be empty. Deliver every answer unchanged.")?;
        answers_in_time(mine, possible, 8, "The first call of the store takes 50 minutes. The second one need not wait for it.")
    })
    .check(
        "stops everything when its caller gives up",
        async |serve| {
            _ = timeout(ms(50), clients(&serve, THREE, 500)).await;
            sleep(ms(30)).lane("the caller goes on").await;
        },
        |mine, _| mine.leaves_nothing_running("A spawned task keeps running when its handle is dropped. Keep the calls of the store in your own future, or in a `JoinSet`."),
    )
}

/// Plays these clients. The channel ends after this many milliseconds, when all of them have called.
async fn clients(serve: &Serve, clients: Clients, open: u64) -> Outcomes {
    let (sender, calls) = mpsc::channel(16);
    let store = Service::new("fetch", Reply::ok(ms(100), ""))
        .on("6, 9, 13", Reply::err(ms(100), "is down"))
        .on("13", Reply::err(ms(100), "is down"));
    let store = Store(store.on("0, 11", Reply::ok(ms(3_000_000), "")).on("0", Reply::ok(ms(3_000_000), "")));
    let clients = clients.iter().map(|&(at, id, patience)| {
        let sender = sender.clone();
        let client = async move {
            let (reply, answer) = oneshot::channel();
            // The answer may have returned too early.
            _ = sender.send(Call { id, reply }).await;
            drop(sender);
            answer.await.unwrap_or_else(|_dropped| Ok(NOTHING.to_owned()))
        };
        async move {
            sleep(ms(at)).await;
            timeout(ms(patience), client.try_lane(format!("client {id}"))).await.ok()
        }
    });
    let clients = join_all(clients);
    let ends = async move {
        sleep(ms(open)).await;
        drop(sender);
    };
    tokio::join!(serve((calls, store)).lane("serve"), clients, ends).1
}

fn answers_in_time(mine: &Run<Outcomes>, possible: &Run<Outcomes>, client: u32, why: &str) -> Judgement {
    let lane = format!("client {client}");
    let (at, best) = (mine.closed(&lane), possible.closed(&lane));
    if at == best {
        return Ok(());
    }
    let ((at, best), is) = (seconds_apart(at, best), if at < best { "right" } else { "possible" });
    fault(format!("Client {client} got its answer at {at}, where {best} is {is}."), why)
}

fn everybody_gets_what_is_right(mine: &Run<Outcomes>, possible: &Run<Outcomes>, why: &str) -> Judgement {
    for (number, (got, right)) in mine.output.iter().zip(&possible.output).enumerate() {
        let (got, right) = (words(got.as_ref()), words(right.as_ref()));
        if got != right {
            return fault(format!("Caller {} got {got}, where {right} is right.", number + 1), why);
        }
    }
    Ok(())
}

fn words(outcome: Option<&Result<String, Failure>>) -> String {
    match outcome {
        Some(Ok(text)) if text == NOTHING => text.clone(),
        Some(Ok(text)) => format!("{text:?}"),
        Some(Err(failure)) => format!("the failure `{failure}`"),
        None => "nothing before it left".to_owned(),
    }
}
