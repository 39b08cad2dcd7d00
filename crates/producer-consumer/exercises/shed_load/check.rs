//! The checks of `producer-consumer/shed_load`.

use std::fmt;
use std::process::ExitCode;

use exam::{Exam, Judgement, Run, fault, seconds, times};
use solution::Job;
use tokio::sync::mpsc::Sender;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
mod scenes;
#[allow(unreachable_pub, missing_docs, dead_code)]
mod solution;

use scenes::{GIVEN_UP, Input, ODD, Outcomes, RUSH, Submitted, clients};

fn main() -> ExitCode {
    let exam = Exam::new(
        "producer-consumer/shed_load",
        async |input| {
            let submit = async |queue: Sender<Job>, request| solution::submit(&queue, request).await.map_err(words_of);
            clients(input, submit).await
        },
        async |input| {
            let submit = async |queue: Sender<Job>, request| answer::submit(&queue, request).await.map_err(words_of);
            clients(input, submit).await
        },
    )
    .check_each("returns what the worker answers", [|| (2, &[("a", 0), ("b", 350)])], |mine, possible| {
        mine.made_the_calls_of(possible, "Put a job into the queue: the request, and the sender of a `oneshot` channel.")?;
        everybody_gets_what_is_right(mine, possible, "The worker sends the answer through the channel that came with the request.")
    })
    .check_each("refuses a request at once when the queue is full", [|| (2, &RUSH)], |mine, possible| {
        refuses_at_once(
            mine,
            possible,
            "`send` waits for a place; so does whatever waits a little, tries again, or lets a task wait. \
             Every request that waits holds memory, and its client. What does not wait is `try_send`.",
        )
    })
    .check_each("hands back the request that it refuses", [|| (2, &RUSH)], |mine, possible| {
        let refused = possible.output.iter().filter(|(_, outcome)| matches!(outcome, Some(Err(_)))).map(|(client, _)| *client);
        let refused: Vec<_> = refused.collect();
        gets_what_is_right(mine, possible, &refused, "The client needs its request to go elsewhere with it. \
            The error of `try_send` is a `TrySendError`, which holds what was not sent.")
    })
    .check_each("refuses nobody while there is room", [|| (2, &RUSH)], |mine, possible| {
        everybody_gets_what_is_right(mine, possible, "A place is free again as soon as the worker takes a request out of the queue.")
    })
    .check_each("waits for the answer as long as it takes", [|| (2, &[("slow a", 0)])], |mine, possible| {
        everybody_gets_what_is_right(mine, possible, "A limit is for the client to choose: it can put a `timeout` around your future.")
    })
    .check_each("hands on requests and answers as they are", [|| (2, &ODD)], |mine, possible| {
        mine.made_the_calls_of(possible, "A request may be an empty text, a long one, or have blanks: the worker gets it as the client said it.")?;
        everybody_gets_what_is_right(mine, possible, "An answer may be an empty text, or have blanks: the client gets it as the worker said it.")
    })
    .check_each(
        "tells a closed queue from a full one",
        [|| (2, &[("a", 0), ("closing b", 10), ("c", 20), ("d", 320), ("e", 500)])],
        |mine, possible| everybody_gets_what_is_right(mine, possible, "When e comes, the worker has closed the queue and works on what is still in it. \
            `Full` says: try again later; and that would be for ever. `TrySendError` has a variant for each of the two."),
    );
    when_somebody_is_gone(exam).verdict()
}

/// The worker dies, clients give up, or a client has used up its turn.
fn when_somebody_is_gone(exam: Exam<Input, Outcomes>) -> Exam<Input, Outcomes> {
    exam.check_each(
        "says that a request is lost when the worker dies with it",
        [|| (2, &[("a", 0), ("deadly b", 10), ("c", 20), ("d", 900)])],
        |mine, possible| everybody_gets_what_is_right(mine, possible, "The worker dies while it works on `deadly b`, and `c` is in the queue. \
            Then the senders of their replies are dropped, and to await a receiver is an error: not a bug of the client, and not a refusal."),
    )
    .check_each(
        "sends a request once, also when it is lost",
        [|| (2, &[("a", 0), ("failing b", 10), ("c", 20)]), || (2, &[("failing late b", 0)])],
        |mine, possible| {
            const WHY: &str = "The worker fails at `failing b`, drops its reply and takes the next request. Nobody knows how far it came: \
                what is sent again may be done twice, or kill the next worker, too. Whether to try again is for the client to say.";
            match mine.calls("work failing").count() {
                0 | 1 => everybody_gets_what_is_right(mine, possible, WHY),
                count => fault(format!("The worker got one request {}, where once is right.", times(count)), WHY),
            }
        },
    )
    .check_each("goes on when clients have given up", [|| (4, &GIVEN_UP)], |mine, possible| {
        everybody_gets_what_is_right(mine, possible, "A client that gives up drops your future in the middle. What you count by hand is then not counted back, \
            and it is not needed: this queue has four places, and it knows how many are free.")
    })
    .check_each("lets the worker see who has given up", [|| (4, &GIVEN_UP)], |mine, _| match mine.calls("work impatient").next() {
        None => Ok(()),
        Some(lane) => fault(
            format!("There was a `{}`, and its client had given up before it began.", lane.name),
            "The worker asks `reply.is_closed()`, which is true when the receiver is gone: so your future has to own it. \
             A task that holds it lives on when your future is dropped, and the worker works for nobody.",
        ),
    })
    .check_each(
        "takes a free place in the step in which it sees it",
        [|| (2, &[("hurried a", 0)]), || (1, &[])],
        |mine, possible| everybody_gets_what_is_right(mine, possible, "A place is free, and `hurried a` is at the end of its turn: then a `send` or a `reserve` returns `Pending` all the same, and whoever takes that for full refuses for nothing. \
            Or two clients on two threads want one place: whoever looks at `capacity` first, and sends then, may wait behind the other. `try_send` looks and takes in one step."),
    )
}

fn refuses_at_once(mine: &Run<Outcomes>, possible: &Run<Outcomes>, why: &str) -> Judgement {
    for (client, _) in possible.output.iter().filter(|(_, outcome)| matches!(outcome, Some(Err(_)))) {
        let lane = mine.recording.lane(&format!("client {client}"));
        let Some((came, lane)) = lane.and_then(|lane| Some((lane.started()?, lane))) else { continue };
        let (came, went) = (seconds(came), seconds(lane.closed.unwrap_or(mine.took())));
        if lane.lasted() != Some(0) || lane.poll_count() > 1 {
            let when = if came == went { "only after others had had a turn".to_owned() } else { format!("at {went}") };
            return fault(
                format!("Client {client} came at {came}, when the queue was full, and heard of it {when}."),
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
        let why = match (got, right) {
            (Some(Err(lost)), Some(Err(_))) if lost == "Lost" => {
                "`Lost` is for a request that the worker has taken, or that is in the queue. This one is still in your hands: `try_send` gives it back with its error."
            }
            (Some(Err(_)), Some(Err(lost))) if lost == "Lost" => {
                "This request got into the queue, and its answer will not come: that is `Lost`, whatever has become of the queue meanwhile."
            }
            _ => why,
        };
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
        Some(Err(refused)) => format!("`{refused}`"),
        None => "no answer for as long as it waited".to_owned(),
    }
}

fn words_of(refused: impl fmt::Debug) -> String {
    format!("{refused:?}")
}
