//! The checks of `producer-consumer/shed_load`.

use std::future::poll_fn;
use std::pin::pin;
use std::process::ExitCode;
use std::task::ready;

use exam::{Call, Exam, Judgement, LaneExt, Reply, Run, Service, fault, ms, seconds, times};
use futures::future::join_all;
use tokio::sync::mpsc::{self, Sender};
use tokio::task::coop::{has_budget_remaining, poll_proceed};
use tokio::time::{sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub, missing_docs)]
mod solution;

use solution::{Job, Refused};

type Submitted = Result<String, Refused>;
type Submit = Call<(Sender<Job>, String), Submitted>;

/// What each client got, if it did not give up.
type Outcomes = Vec<(&'static str, Option<Submitted>)>;

fn main() -> ExitCode {
    let exam = Exam::new(
        "producer-consumer/shed_load",
        async |(queue, request): (Sender<Job>, String)| solution::submit(&queue, request).await,
        async |(queue, request): (Sender<Job>, String)| {
            answer::submit(&queue, request).await.map_err(|refused| match refused {
                answer::Refused::Full(request) => Refused::Full(request),
                answer::Refused::Closed(request) => Refused::Closed(request),
                answer::Refused::Lost => Refused::Lost,
            })
        },
    )
    .check(
        "returns what the worker answers",
        async |submit| clients(&submit, 2, &[("a", 0), ("b", 350)]).await,
        |mine, possible| {
            mine.made_the_calls_of(possible, "Put a job into the queue: the request, and the sender of a `oneshot` channel.")?;
            everybody_gets_what_is_right(mine, possible, "The worker sends the answer through the channel that came with the request.")
        },
    )
    .check(
        "refuses a request at once when the queue is full",
        async |submit| clients(&submit, 2, &RUSH).await,
        |mine, possible| refuses_at_once(mine, possible, "`send` waits for a place; so does whatever waits a little, tries again, or lets a task wait. \
            Every request that waits holds memory, and its client. What does not wait is `try_send`."),
    )
    .check(
        "hands back the request that it refuses",
        async |submit| clients(&submit, 2, &RUSH).await,
        |mine, possible| {
            let refused = possible.output.iter().filter(|(_, outcome)| matches!(outcome, Some(Err(_)))).map(|(client, _)| *client);
            let refused: Vec<_> = refused.collect();
            gets_what_is_right(mine, possible, &refused, "The client needs its request to go elsewhere with it. \
                The error of `try_send` is a `TrySendError`, which holds what was not sent.")
        },
    )
    .check(
        "refuses nobody while there is room",
        async |submit| clients(&submit, 2, &RUSH).await,
        |mine, possible| everybody_gets_what_is_right(mine, possible, "A place is free again as soon as the worker takes a request out of the queue."),
    )
    .check(
        "waits for the answer as long as it takes",
        async |submit| clients(&submit, 2, &[("slow a", 0)]).await,
        |mine, possible| everybody_gets_what_is_right(mine, possible, "A limit is for the client to choose: it can put a `timeout` around your future."),
    )
    .check(
        "tells a closed queue from a full one",
        async |submit| clients(&submit, 2, &[("a", 0), ("closing b", 10), ("c", 20), ("d", 320), ("e", 500)]).await,
        |mine, possible| everybody_gets_what_is_right(mine, possible, "When e comes, the worker has closed the queue and works on what is still in it. \
            `Full` says: try again later; and that would be for ever. `TrySendError` has a variant for each of the two."),
    );
    when_somebody_is_gone(exam).verdict()
}

/// The worker dies, clients give up, or a client has used up its turn.
fn when_somebody_is_gone(exam: Exam<(Sender<Job>, String), Submitted>) -> Exam<(Sender<Job>, String), Submitted> {
    exam.check(
        "says that a request is lost when the worker dies with it",
        async |submit| clients(&submit, 2, &[("a", 0), ("deadly b", 10), ("c", 20), ("d", 900)]).await,
        |mine, possible| everybody_gets_what_is_right(mine, possible, "The worker dies while it works on `deadly b`, and `c` is in the queue. \
            Then the senders of their replies are dropped, and to await a receiver is an error: not a bug of the client, and not a refusal."),
    )
    .check(
        "sends a request once, also when it is lost",
        async |submit| clients(&submit, 2, &[("a", 0), ("failing b", 10), ("c", 20)]).await,
        |mine, possible| {
            const WHY: &str = "The worker fails at `failing b`, drops its reply and takes the next request. Nobody knows how far it came: \
                what is sent again may be done twice, or kill the next worker, too. Whether to try again is for the client to say.";
            match mine.calls("work failing b").count() {
                0 | 1 => everybody_gets_what_is_right(mine, possible, WHY),
                count => fault(format!("The worker got `failing b` {}, where once is right.", times(count)), WHY),
            }
        },
    )
    .check(
        "goes on when clients have given up",
        async |submit| clients(&submit, 4, &GIVEN_UP).await,
        |mine, possible| everybody_gets_what_is_right(mine, possible, "A client that gives up drops your future in the middle. What you count by hand is then not counted back, \
            and it is not needed: this queue has four places, and it knows how many are free."),
    )
    .check(
        "lets the worker see who has given up",
        async |submit| clients(&submit, 4, &GIVEN_UP).await,
        |mine, _| match mine.calls("work impatient").next() {
            None => Ok(()),
            Some(lane) => fault(
                format!("There was a `{}`, and its client had given up before it began.", lane.name),
                "The worker asks `reply.is_closed()`, which is true when the receiver is gone: so your future has to own it. \
                 A task that holds it lives on when your future is dropped, and the worker works for nobody.",
            ),
        },
    )
    .check(
        "takes a free place at the end of its turn, too",
        async |submit| clients(&submit, 2, &[("hurried a", 0)]).await,
        |mine, possible| everybody_gets_what_is_right(mine, possible, "The queue is empty. But the task of this client has run for so long that Tokio wants it to let others run: \
            then a `send` or a `reserve` returns `Pending` although there is room, and whoever takes that for full refuses for nothing. `try_send` asks the queue itself."),
    )
}

/// The worker needs 300 ms for a request, and the queue has two places: d, e and g find it full.
const RUSH: [(&str, u64); 7] = [("a", 0), ("b", 50), ("c", 90), ("d", 130), ("e", 170), ("f", 320), ("g", 350)];

/// The worker has done everything when e comes.
const GIVEN_UP: [(&str, u64); 6] =
    [("a", 0), ("impatient b", 50), ("impatient c", 90), ("impatient d", 130), ("e", 1_400), ("f", 1_450)];

/// A worker, a queue with so many places, and clients that come at these times, in milliseconds.
///
/// Their requests are their names, whose first word says what happens to them.
async fn clients(submit: &Submit, places: usize, clients: &[(&'static str, u64)]) -> Outcomes {
    let (queue, mut jobs) = mpsc::channel::<Job>(places);
    let worker = async move {
        let work = Service::new("work", Reply::ok(ms(300), "done"))
            .on("slow a", Reply::ok(ms(600_000), "done"))
            .on("deadly b", Reply::err(ms(300), "dies"))
            .on("failing b", Reply::err(ms(300), "fails"));
        while let Some((request, reply)) = jobs.recv().await {
            if request.starts_with("closing") {
                sleep(ms(100)).await;
                jobs.close();
            }
            if reply.is_closed() {
                continue;
            }
            match work.call(&request).await {
                // The client may have given up meanwhile.
                Ok(done) => drop(reply.send(format!("{request} is {done}"))),
                Err(_) if request.starts_with("deadly") => return,
                Err(_) => drop(reply),
            }
        }
    };
    let clients = clients.iter().map(|(client, at)| {
        let queue = queue.clone();
        async move {
            sleep(ms(*at)).await;
            let patience = ms(if client.starts_with("impatient") { 70 } else { 3_600_000 });
            let hurried = client.starts_with("hurried");
            let submitted = without_budget(hurried, submit((queue, (*client).to_owned())));
            let submitted = submitted.try_lane(format!("client {client}"));
            (*client, timeout(patience, submitted).await.ok())
        }
    });
    let clients = join_all(clients);
    drop(queue);
    tokio::join!(worker, clients).1
}

/// Polls a future, if wanted, for the first time as Tokio does at the end of a task's turn, when awaits that could go on return all the same.
async fn without_budget<F: Future>(mut wanted: bool, future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|context| {
        while wanted && has_budget_remaining() {
            ready!(poll_proceed(context)).made_progress();
        }
        wanted = false;
        future.as_mut().poll(context)
    })
    .await
}

fn refuses_at_once(mine: &Run<Outcomes>, possible: &Run<Outcomes>, why: &str) -> Judgement {
    let full = |(client, outcome): &(&'static str, Option<Submitted>)| {
        matches!(outcome, Some(Err(Refused::Full(_)))).then_some(*client)
    };
    for client in possible.output.iter().filter_map(full) {
        let Some(lane) = mine.recording.lane(&format!("client {client}")) else { continue };
        if lane.lasted() != Some(0) {
            let (came, went) = (lane.started().unwrap_or(0), lane.closed.unwrap_or(mine.took()));
            return fault(
                format!(
                    "Client {client} came at {}, when the queue was full, and heard of it at {}.",
                    seconds(came),
                    seconds(went)
                ),
                why,
            );
        }
        if lane.poll_count() > 1 {
            return fault(
                format!("Client {client} found the queue full, and was refused only after others had had a turn."),
                why,
            );
        }
    }
    Ok(())
}

fn everybody_gets_what_is_right(mine: &Run<Outcomes>, possible: &Run<Outcomes>, why: &str) -> Judgement {
    let all: Vec<_> = possible.output.iter().map(|(client, _)| *client).collect();
    gets_what_is_right(mine, possible, &all, why)
}

fn gets_what_is_right(mine: &Run<Outcomes>, possible: &Run<Outcomes>, clients: &[&str], why: &str) -> Judgement {
    for ((client, got), (_, right)) in mine.output.iter().zip(&possible.output) {
        let (got, right) = (words(got.as_ref()), words(right.as_ref()));
        if got != right && clients.contains(client) {
            return fault(format!("Client {client} got {got}, where {right} is right."), why);
        }
    }
    Ok(())
}

fn words(outcome: Option<&Submitted>) -> String {
    match outcome {
        Some(Ok(answer)) => format!("the answer `{answer}`"),
        Some(Err(Refused::Full(request))) => format!("`Full` with the request `{request}`"),
        Some(Err(Refused::Closed(request))) => format!("`Closed` with the request `{request}`"),
        Some(Err(Refused::Lost)) => "`Lost`".to_owned(),
        None => "no answer for as long as it waited".to_owned(),
    }
}
