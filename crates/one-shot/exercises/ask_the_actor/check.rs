//! The checks of `one-shot/ask_the_actor`.

use std::process::ExitCode;

use exam::{Exam, Judgement, Run, Service, fault, seconds_apart};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use given::{Gone, Ticket};
use scenes::{
    Booked, Opened, a_hundred, after_a_pause, four, it_is_aborted, odd, one_leaves_before, one_leaves_meanwhile,
    the_last_handle_goes, two_thousand,
};

macro_rules! office_of {
    ($author:ident) => {
        async |names| {
            let (office, task) = $author::Office::open(names);
            Opened::new(task, move |caller| {
                let office = office.clone();
                async move { office.book(caller).await }
            })
        }
    };
}

fn main() -> ExitCode {
    const SLEEP: &str = "A check again and again keeps a processor awake. Await the next event: it wakes your task when there is something to do.";
    const BESIDE: &str = "If the loop awaits a look-up, all later callers wait. Run the look-up beside the loop, in a `JoinSet` of the task.";
    let exam = Exam::new("one-shot/ask_the_actor", office_of!(solution), office_of!(answer))
        .check("gives each caller its own ticket", four, |mine, possible| {
            returns_what_is_right(mine, possible, name, "The answers come in another order than the questions, and two callers can have the same name. Put a `oneshot::Sender` into each question.")
        })
        .check("gives the seats in the order of the questions", four, |mine, possible| {
            returns_what_is_right(mine, possible, seat, "The slowest look-up belongs to the caller who asked first. Count when you receive the question, before you await anything else.")
        })
        .check("loses no question", a_hundred, |mine, possible| {
            returns_what_is_right(mine, possible, name, "A full inbox does not refuse questions: `send` waits for a place. And if a future has received a question and is dropped at its next await, the question is lost.")
        })
        .check("looks up all names at once", four, |mine, possible| mine.calls_as_quick_as(possible, "names", BESIDE))
        .check("looks up two thousand names at once", two_thousand, |mine, possible| {
            const WHY: &str = "2,000 callers ask at once. Run each look-up beside the loop, in a `JoinSet` of the task. A full inbox does not refuse questions.";
            mine.made_all_calls_at_once(possible, "names", WHY)?;
            returns_what_is_right(mine, possible, name, WHY)?;
            each_has_a_seat_of_its_own(mine)
        })
    .check("sleeps while nothing comes", four, |mine, possible| mine.sleeps_while_nothing_comes(possible, SLEEP))
.check("lets no caller wait for the look-up of another caller", a_hundred, |mine, possible| {
            let waits = |run: &Run<_>| run.calls("").filter(|lane| lane.name.ends_with(" asks")).map(|lane| lane.closed.unwrap_or(run.took())).collect::<Vec<_>>();
            let late = (1..).zip(waits(mine).into_iter().zip(waits(possible))).find(|(_, (mine, possible))| mine > possible);
            let Some((number, (mine, possible))) = late else { return Ok(()) };
            let (mine, possible) = seconds_apart(mine, possible);
            fault(format!("Caller {number} got its ticket at {mine}, where {possible} is possible."), BESIDE)
        })
        .check("goes on after a long pause", after_a_pause, |mine, possible| {
            returns_what_is_right(mine, possible, seat, "No caller came for 50 minutes. The task ends when the last handle is dropped, and not before.")?;
            mine.sleeps_while_nothing_comes(possible, SLEEP)
        })
        .check("returns the result of the look-up unchanged", odd, |mine, possible| {
            returns_what_is_right(mine, possible, name, "Put the result into the ticket, even if it is a failure, an empty name, or late. The task does not ask for a second look-up, and the caller decides how long is too long.")
        });
    with_callers_who_leave(exam).verdict()
}

fn with_callers_who_leave(exam: Exam<Service, Opened>) -> Exam<Service, Opened> {
    exam.check("gives no seat to a caller that has left", one_leaves_before, |mine, possible| {
        const WHY: &str = "Ada left before the task received her question. Check `reply.is_closed()` before you count.";
        returns_what_is_right(mine, possible, seat, WHY)?;
        mine.made_the_calls_of(possible, WHY)
    })
    .check("stops the look-up of a caller who leaves", one_leaves_meanwhile, |mine, possible| {
        let ended = |run: &Run<_>| run.calls("names Ada").filter_map(|lane| lane.closed).max().unwrap_or(run.took());
        if ended(mine) <= ended(possible) {
            return Ok(());
        }
        let (mine, possible) = seconds_apart(ended(mine), ended(possible));
        fault(
            format!("Ada left at {possible}, and the look-up of her name ended at {mine}."),
            "No caller waits for that name any more. Await `reply.closed()` beside the look-up, in a `select!`.",
        )
    })
    .check("gives no other caller the seat of a caller that left during the look-up", one_leaves_meanwhile, |mine, possible| {
        returns_what_is_right(mine, possible, seat, "Ada left while her name was looked up. Her seat stays taken, so only count up.")
    })
    .check("ends when the last handle for callers is dropped", the_last_handle_goes, |mine, possible| {
        mine.returns_in_time(possible, "the task", "When the last sender is dropped, the inbox ends immediately. What else does your task wait for?")
    })
    .if_it_never_ends("`recv` returns `None` when the last sender is dropped. What still holds a sender? A clone in the task itself keeps the task alive for ever.")
    .check("returns `Gone` to every caller when the task is aborted", it_is_aborted, |mine, possible| {
        const WHY: &str = "The task was aborted. Its look-ups must stop, too: a `JoinSet` in the task aborts them. Then their senders are dropped.";
        returns_what_is_right(mine, possible, |booked| format!("{} and {}", name(booked), seat(booked)), WHY)?;
        mine.leaves_nothing_running(WHY)
    })
    .if_it_never_ends("The task was aborted, and a caller waits for ever. A `oneshot::Receiver` returns an error when its sender is dropped. Does your caller wait for something else?")
}

fn name(booked: &Booked) -> String {
    match booked {
        Ok(Ticket { name: Ok(name), .. }) => format!("`{name}`"),
        Ok(Ticket { name: Err(failure), .. }) => format!("the failure `{failure}`"),
        Err(Gone) => "`Gone`".to_owned(),
    }
}

fn seat(booked: &Booked) -> String {
    booked.as_ref().map_or_else(|_| "`Gone`".to_owned(), |ticket| format!("seat {}", ticket.seat))
}

fn each_has_a_seat_of_its_own(mine: &Run<Vec<Booked>>) -> Judgement {
    // Which caller has which seat is open: the channel decides who gets into a full inbox first.
    let mut seats: Vec<_> = mine.output.iter().flatten().map(|ticket| ticket.seat).collect();
    seats.sort_unstable();
    let wrong = (1..).zip(&seats).find(|(right, seat)| right != *seat);
    wrong.map_or(Ok(()), |(right, _)| {
        let times = seats.iter().filter(|seat| **seat == right).count();
        fault(
            format!("{} callers asked, and {times} of them got seat {right}.", seats.len()),
            "Each caller needs a seat of its own. Count up from 1, without an end.",
        )
    })
}

/// Compares what each caller got, in the order of the questions.
fn returns_what_is_right(
    mine: &Run<Vec<Booked>>,
    possible: &Run<Vec<Booked>>,
    words: impl Fn(&Booked) -> String,
    why: &str,
) -> Judgement {
    for (number, (mine, possible)) in mine.output.iter().zip(&possible.output).enumerate() {
        if words(mine) != words(possible) {
            let number = number + 1;
            return fault(format!("Caller {number} got {}, where {} is right.", words(mine), words(possible)), why);
        }
    }
    let [mine, possible] = [mine, possible].map(|run| run.output.len());
    if mine == possible {
        Ok(())
    } else {
        fault(format!("{mine} callers got something, where {possible} is right."), why)
    }
}
