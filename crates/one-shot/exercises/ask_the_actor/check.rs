//! The checks of `one-shot/ask_the_actor`.

use std::iter::repeat_n;
use std::process::ExitCode;
use std::rc::Rc;
use std::task::Poll;

use exam::{Call, Exam, Judgement, LaneExt, Reply, Run, Service, fault, ms, seconds_apart};
use futures::future::{LocalBoxFuture, join_all};
use futures::poll;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
#[allow(unreachable_pub)]
mod solution;

use given::{Gone, Ticket};

type Booked = Result<Ticket, Gone>;

/// An office: the reader's or the solution's.
struct Opened {
    book: Rc<dyn Fn(&'static str) -> LocalBoxFuture<'static, Booked>>,
    task: JoinHandle<()>,
}

impl Opened {
    fn new<F>(task: JoinHandle<()>, book: impl Fn(&'static str) -> F + 'static) -> Self
    where
        F: Future<Output = Booked> + 'static,
    {
        let book = Rc::new(move |caller: &'static str| -> LocalBoxFuture<'static, Booked> {
            Box::pin(book(caller).try_lane(format!("{caller} asks")))
        });
        Self { book, task }
    }

    /// All of these ask at the same time, in this order.
    async fn book_all(&self, callers: impl IntoIterator<Item = &'static str>) -> Vec<Booked> {
        join_all(callers.into_iter().map(|caller| (self.book)(caller))).await
    }
}

type Open = Call<Service, Opened>;

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
        .check("looks up all names at once", four, |mine, possible| mine.calls_as_quick_as(possible, "names", "If the loop awaits a look-up, all later callers wait. Run the look-up beside the loop, in a `JoinSet` of the task."))
        .check("looks up a thousand names at once", a_thousand, |mine, possible| {
            const WHY: &str = "The task does not ask for a limit. Run each look-up beside the loop, in a `JoinSet` of the task. A full inbox does not refuse questions.";
            mine.made_all_calls_at_once(possible, "names", WHY)?;
            // Not the seats: the channel decides which of so many callers gets into a full inbox first.
            returns_what_is_right(mine, possible, name, WHY)
        })
    .check("sleeps while nothing comes", four, |mine, possible| {
        mine.sleeps_while_nothing_comes(possible, "A check every millisecond keeps a processor awake. Await the next event: it wakes your task when there is something to do.")
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

/// The first caller has the slowest look-up, and two callers have the same name.
fn names() -> Service {
    Service::new("names", Reply::ok(ms(100), "nobody known"))
        .on("Ada", Reply::ok(ms(900), "Ada Lovelace"))
        .on("Ada", Reply::ok(ms(300), "Ada Yonath"))
        .on("Ben", Reply::ok(ms(200), "Ben Bova"))
        .on("Cleo", Reply::ok(ms(600), "Cleo Laine"))
}

async fn four(open: Open) -> Vec<Booked> {
    open(names()).await.book_all(["Ada", "Ben", "Cleo", "Ada"]).await
}

/// Questions come while look-ups end: one every 7 ms, and then many at the same time.
async fn a_hundred(open: Open) -> Vec<Booked> {
    let office = open(names()).await;
    let one = async |number| {
        sleep(ms(7 * number)).await;
        (office.book)(if number % 3 == 0 { "Ben" } else { "Dan" }).await
    };
    let mut booked = join_all((0..40_u64).map(one)).await;
    booked.extend(office.book_all(repeat_n("Ben", 100)).await);
    booked
}

async fn a_thousand(open: Open) -> Vec<Booked> {
    open(names()).await.book_all(repeat_n("Ben", 1_200)).await
}

async fn odd(open: Open) -> Vec<Booked> {
    let names = Service::new("names", Reply::err(ms(50), "are on paper"))
        .on("Ada", Reply::err(ms(100), "of Ada are lost"))
        .on("Ada", Reply::ok(ms(100), "Ada Yonath"))
        .on("Ben", Reply::ok(ms(200), ""))
        .on(" Dan ", Reply::ok(ms(300), "Dan Simmons"))
        .on("Cleo", Reply::ok(ms(3_000_000), " Cleo Laine "));
    open(names).await.book_all(["Ada", "Ben", " Dan ", "Cleo"].into_iter().chain(repeat_n("Fay", 20))).await
}

async fn one_leaves_before(open: Open) -> Vec<Booked> {
    let office = open(names()).await;
    let mut ada = (office.book)("Ada");
    let asked = poll!(&mut ada);
    drop(ada);
    let mut booked = vec![if let Poll::Ready(booked) = asked { booked } else { Err(Gone) }];
    booked.extend(office.book_all(["Ben", "Cleo"]).await);
    booked
}

async fn one_leaves_meanwhile(open: Open) -> Vec<Booked> {
    let office = open(names()).await;
    let ada = timeout(ms(100), (office.book)("Ada"));
    let (_left, cleo) = futures::join!(ada, (office.book)("Cleo"));
    sleep(ms(400)).lane("the office goes on").await;
    let mut booked = vec![cleo];
    booked.extend(office.book_all(["Ben", "Dan"]).await);
    booked
}

async fn the_last_handle_goes(open: Open) {
    let Opened { book, task } = open(names()).await;
    let _booked = book("Ben").await;
    drop(book);
    let _ended = task.try_lane("the task").await;
}

async fn it_is_aborted(open: Open) -> Vec<Booked> {
    let office = open(names()).await;
    let abort = async {
        sleep(ms(250)).await;
        office.task.abort();
    };
    let (mut booked, ()) = futures::join!(office.book_all(["Ada", "Ben", "Cleo"]), abort);
    booked.extend(office.book_all(["Ben"]).await);
    booked
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
