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
        everybody_gets_what_is_right(mine, possible, "The worker sends the answer through the `oneshot` channel of the request.")
    })
    .check_each("refuses a request immediately when the queue is full", [|| (2, &RUSH)], |mine, possible| {
        refuses_at_once(
            mine,
            possible,
            "`send` waits for a place. A short wait, a retry loop and a task that sends also wait. \
             Each waiting request uses memory and keeps its client waiting. `try_send` does not wait.",
        )
    })
    .check_each("returns the request that it refuses", [|| (2, &RUSH)], |mine, possible| {
        let refused = possible.output.iter().filter(|(_, outcome)| matches!(outcome, Some(Err(_)))).map(|(client, _)| *client);
        let refused: Vec<_> = refused.collect();
        gets_what_is_right(mine, possible, &refused, "The client needs its request to try another server. \
            The error of `try_send` is a `TrySendError`, which returns what was not sent.")
    })
    .check_each("refuses no request while there is room", [|| (2, &RUSH)], |mine, possible| {
        everybody_gets_what_is_right(mine, possible, "A place is free again as soon as the worker takes a request out of the queue.")
    })
    .check_each("waits for the answer as long as it takes", [|| (2, &[("slow a", 0)]), || (2, &[])], |mine, possible| {
        everybody_gets_what_is_right(mine, possible, "The client decides how long to wait: it can put a `timeout` around your future. \
            And the worker still takes what is in a closed queue. Only a dropped reply means that no answer will come.")
    })
    .check_each("passes on requests and answers unchanged", [|| (2, &ODD)], |mine, possible| {
        mine.made_the_calls_of(possible, "A request may be empty, long, or have blanks. Pass it to the worker unchanged.")?;
        everybody_gets_what_is_right(mine, possible, "An answer may be empty, or have blanks. Return it unchanged.")
    })
    .check_each(
        "returns `Closed` for a closed queue, and not `Full`",
        [|| (2, &[("a", 0), ("closing b", 10), ("c", 20), ("d", 320), ("e", 500)])],
        |mine, possible| everybody_gets_what_is_right(mine, possible, "When e comes, the worker has closed the queue and works on what is still in it. \
            `Full` means: try again later. Here the client would try for ever. `TrySendError` has a variant for each case."),
    );
    when_somebody_is_gone(exam).verdict()
}

/// The worker dies, clients give up, or a task has used up its budget.
fn when_somebody_is_gone(exam: Exam<Input, Outcomes>) -> Exam<Input, Outcomes> {
    exam.check_each(
        "returns `Lost` when the worker dies with a request",
        [|| (2, &[("a", 0), ("deadly b", 10), ("c", 20), ("d", 900)])],
        |mine, possible| everybody_gets_what_is_right(mine, possible, "The worker dies while it works on `deadly b`, and `c` is in the queue. \
            Then the senders of their replies are dropped, and the receivers return an error. Return `Lost`: it is neither a bug of the client nor a refusal."),
    )
    .check_each(
        "sends a request once, even when it is lost",
        [|| (2, &[("a", 0), ("failing b", 10), ("c", 20)]), || (2, &[("failing late b", 0)])],
        |mine, possible| {
            const WHY: &str = "The worker fails at `failing b`, drops its reply and takes the next request. You cannot know how far it got. If you send the request again, it may be done \
                twice, or kill the next worker, too. The client decides whether to try again.";
            match mine.calls("work failing").count() {
                0 | 1 => everybody_gets_what_is_right(mine, possible, WHY),
                count => fault(format!("The worker got one request {}, where once is right.", times(count)), WHY),
            }
        },
    )
    .check_each("goes on when clients have given up", [|| (4, &GIVEN_UP)], |mine, possible| {
        everybody_gets_what_is_right(mine, possible, "A client that gives up drops your future at an await, so a line that counts down does not \
            run. You need no count: this queue has four places, and it knows how many are free.")
    })
    .check_each("lets the worker see that a client has given up", [|| (4, &GIVEN_UP)], |mine, _| match mine.calls("work impatient").next() {
        None => Ok(()),
        Some(lane) => fault(
            format!("The worker did `{}`, and its client had given up before it started.", lane.name),
            "The worker checks `reply.is_closed()`, which is true when the receiver is dropped. \
             So your future must own the receiver. If a task owns it, it is not dropped with your future, and the worker works for nothing.",
        ),
    })
    .check_each(
        "checks for a free place and takes it in one step",
        [|| (2, &[("hurried a", 0)]), || (1, &[])],
        |mine, possible| everybody_gets_what_is_right(mine, possible, "A place is free, but `hurried a` has used up its task's budget: then `send` and `reserve` return `Pending` although there is room. If you treat that as full, you refuse without reason. \
            Or two clients on two threads want one place. If you check `capacity` first and then send, you may wait for a place that the other client took. `try_send` checks and takes in one step."),
    )
}

fn refuses_at_once(mine: &Run<Outcomes>, possible: &Run<Outcomes>, why: &str) -> Judgement {
    for (client, _) in possible.output.iter().filter(|(_, outcome)| matches!(outcome, Some(Err(_)))) {
        let lane = mine.recording.lane(&format!("client {client}"));
        let Some((came, lane)) = lane.and_then(|lane| Some((lane.started()?, lane))) else { continue };
        let (came, went) = (seconds(came), seconds(lane.closed.unwrap_or(mine.took())));
        if lane.lasted() != Some(0) || lane.poll_count() > 1 {
            let when =
                if came == went { "only after other tasks had had a turn".to_owned() } else { format!("at {went}") };
            return fault(
                format!("Client {client} came at {came}, when the queue was full, and was refused {when}."),
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
                "Return `Lost` for a request that the worker has taken, or that is in the queue. You still have this one: `try_send` returns it in its error."
            }
            (Some(Err(_)), Some(Err(lost))) if lost == "Lost" => {
                "This request got into the queue, and its answer will not come. Return `Lost`, even if the queue is closed by now."
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
