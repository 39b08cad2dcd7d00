//! The checks of `connection-pool/lend`.

use std::process::ExitCode;
use std::sync::Arc;

use exam::{Exam, Judgement, Reply, Run, Service, fault, ms, times};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use given::Server;
use scenes::{
    AN_HOUR, CROWD, Day, FIVE, IN_TURN, LEAVE, LONG, MOST, ONE_EACH, PAIRS, Pool, REFUSED, THEN_TWO, THREE, WAITS_LONG,
    day, days, greedy, leaves_as_its_turn_comes, play, server,
};

macro_rules! pool_of {
    ($author:ident) => {
        async |(server, most)| {
            let pool = Arc::new($author::Pool::new(server, most));
            let lender = Arc::clone(&pool);
            Pool {
                lend: Arc::new(move || {
                    let pool = Arc::clone(&lender);
                    Box::pin(async move { pool.lend().await })
                }),
                close: Arc::new(move || pool.close()),
            }
        }
    };
}

fn main() -> ExitCode {
    let exam = Exam::new("connection-pool/lend", pool_of!(solution), pool_of!(answer))
        .check("uses a connection again", async |make| day(make, 5, PAIRS).await, |mine, possible| {
            let (mine, possible) = (mine.output.made, possible.output.made);
            if mine == possible {
                return Ok(());
            }
            fault(
                format!("Two callers came, and later two more. Your pool connected {}, where {} is right.", times(mine), times(possible)),
                "A connect is expensive, so connect only when no connection is idle. When a connection comes back, keep it, and lend it again.",
            )
        })
        .check("connects for two callers at once", async |make| day(make, 2, ONE_EACH).await, quick("Two places are free, and both callers need a new connection. Hold no lock while you connect."))
        .check("lends to the next caller when a connection comes back", async |make| day(make, 2, FIVE).await, quick("Give a connection that comes back to the caller that has waited longest. Wake that caller."))
        .if_it_never_ends("A connection came back, and a caller still waits. What releases a place, and what wakes the next caller?")
        .check("makes no more connections than it may", async |make| day(make, 2, FIVE).await, few("There is an await between your check of a number and its change, and there the next caller checks it, too. Take the place before you connect."))
        .check("lends as many as it may", async |make| play(&make, server(), MOST, CROWD, LONG).await, |mine, possible| {
            const WHY: &str = "1,000 callers come at once, and 500 connections may exist. The others wait. Later, 500 callers find 500 idle connections. Keep all of them.";
            few(WHY)(mine, possible)?;
            let served = |run: &Run<Day>| run.output.got.iter().filter(|got| got.contains("connection")).count();
            if served(mine) < served(possible) {
                return fault(format!("{} of 1,500 callers got a connection, where {} is right.", served(mine), served(possible)), WHY);
            }
            if mine.output.made > possible.output.made {
                return fault(format!("Your pool connected {}, where {} is right.", times(mine.output.made), times(possible.output.made)), WHY);
            }
            mine.calls_as_quick_as(possible, "connect", WHY)
        })
        .check("sleeps while nothing comes", async |make| day(make, 1, WAITS_LONG).await, |mine, possible| {
            right("Ann keeps her connection for 130 seconds. Bob waits, and cy comes almost an hour later. The task asks for no time limit, neither for a waiting caller nor for an idle connection.")(mine, possible)?;
            mine.sleeps_while_nothing_comes(possible, "A check every millisecond keeps a processor awake. Await the next event: it wakes your task when there is something to do.")
        })
        .check("sets no limit for a caller that waits", async |make| day(make, 1, AN_HOUR).await, |mine, possible| {
            const WHY: &str = "Ann keeps her connection for 55 minutes, and four callers wait for it, in the order in which they came. Each decides how long: it drops its future when it has waited enough.";
            right(WHY)(mine, possible)?;
            ["bob", "cy", "dee", "eve"].into_iter().try_for_each(|name| mine.returns_in_time(possible, name, WHY))
        })
        .check("lends to the first caller in line", greedy, right("Ann returns her connection and immediately asks again, while bob and cy wait. A semaphore is fair: ann must wait after them."));
    closed(with_trouble(exam)).verdict()
}

/// The checks with a failing server and callers that give up.
fn with_trouble(exam: Exam<(Server, usize), Pool>) -> Exam<(Server, usize), Pool> {
    exam.check("drops a connection that broke in use", async |make| {
        let breaks: fn(&mut Server, usize) = |server, _| server.breaks_in_use = 1;
        let two_places = days(make.clone(), 2, breaks, [THEN_TWO]).await;
        let mut day = days(make, 1, breaks, [IN_TURN, IN_TURN.split_at(1).0]).await;
        day.got.extend(two_places.got);
        day
    }, |mine, possible| {
        const WHY: &str = "Connection 1 broke while ann used it. Check `is_broken` when it comes back, drop it, and make a new one when a caller needs one.";
        right(WHY)(mine, possible)?;
        stay_open(mine, possible, WHY)
    })
    .if_it_never_ends("A connection came back broken, and its place never became free. Give the place to the next caller, which makes a new connection.")
    .check("drops a connection that broke while idle", async |make| {
            let breaks: fn(&mut Server, usize) = |server, day| {
                server.breaks_later = [(1..=1, 280), (2..=2, 280), (1..=2, 280), (1..=1, 150)][day].clone();
            };
            days(make, 2, breaks, [PAIRS, PAIRS, PAIRS, IN_TURN]).await
        },
        right("Of two idle connections, one broke, or both did. Check `is_broken` before you lend one, and lend the other one. Connect when none is left."))
    .check("loses no place when a connect fails", async |make| {
        let refuses = |after| Reply::err(ms(after), "is refused");
        let connects = Service::new("connect", refuses(100)).then(refuses(90)).then(Reply::ok(ms(100), ""));
        let mut day = play(&make, Server { connects, ..server() }, 1, THREE, LONG).await;
        let connects = Service::new("connect", Reply::ok(ms(100), "")).then(refuses(100)).then(Reply::ok(ms(100), ""));
        day.got.extend(play(&make, Server { connects, ..server() }, 2, REFUSED, LONG).await.got);
        day
    }, right("The server refuses some callers. Each of them gets the failure, and the next caller may try. If a connection has come back meanwhile, it is for the next caller."))
    .if_it_never_ends("The server refused a caller, and its place never became free. Which of your lines runs after the `?`? Hold the place in a guard, which releases it on every way out.")
    .check("loses no place when callers give up", async |make| day(make, 1, LEAVE).await, served("Ann leaves while she connects, bob and dee while they wait. The next caller must go on as if they had never come."))
    .if_it_never_ends("A caller left while it connected or waited, and its place never became free. A dropped future runs no further line. Only its values are dropped.")
    .check("loses no place when a caller leaves as its turn comes", leaves_as_its_turn_comes, right("Bob was woken, and his future was dropped before it was polled again. Then his place must go to cy. A semaphore does this with a permit."))
    .if_it_never_ends("Bob was woken, and his future was dropped before it was polled again. His place was lost, and cy waits for ever.")
}

fn closed(exam: Exam<(Server, usize), Pool>) -> Exam<(Server, usize), Pool> {
    exam.check("refuses the waiting callers when it is closed", async |make| play(&make, server(), 1, THREE, 120).await, |mine, possible| {
        const WHY: &str = "Ann has the connection when the pool is closed. Bob and cy wait: they must immediately get `Refused::Closed`.";
        right(WHY)(mine, possible)?;
        mine.returns_in_time(possible, "bob", WHY)?;
        mine.returns_in_time(possible, "cy", WHY)
    })
    .if_it_never_ends("The pool was closed, and a caller still waits. Setting a flag does not wake a waiting caller. `Semaphore::close` does.")
    .check("refuses later callers when it is closed", async |make| play(&make, server(), 2, IN_TURN, 190).await, right("Bob and cy come after the pool was closed. They must get `Refused::Closed`, although there is room."))
    .check("leaves no connection open when it is closed", async |make| {
        // Once while two connections are lent, and once while two are being made.
        let mut day = play(&make, server(), 2, ONE_EACH, 155).await;
        day.open += play(&make, server(), 2, ONE_EACH, 60).await.open;
        day
    }, |mine, possible| {
        stay_open(mine, possible, "The pool is closed. Drop the idle connections in `close`, and drop each lent one when it comes back. Do not keep one that was being made, either.")
    })
}

fn quick(why: &'static str) -> impl Fn(&Run<Day>, &Run<Day>) -> Judgement {
    move |mine, possible| mine.calls_as_quick_as(possible, "connect", why)
}

fn few(why: &'static str) -> impl Fn(&Run<Day>, &Run<Day>) -> Judgement {
    move |mine, possible| match (mine.output.peak, possible.output.peak) {
        (peak, allowed) if peak <= allowed => Ok(()),
        (peak, allowed) => fault(
            format!(
                "At one moment {peak} connections (`connect`) were open or being made, where {allowed} is the limit."
            ),
            why,
        ),
    }
}

/// Every caller gets the right result, of any connection: a caller that leaves while it connects may leave the connection to the next one.
fn served(why: &'static str) -> impl Fn(&Run<Day>, &Run<Day>) -> Judgement {
    let kind = |got: &String| got.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_owned();
    move |mine, possible| {
        let [got, wanted] = [mine, possible].map(|run| run.output.got.iter().map(kind).collect::<Vec<_>>());
        if got == wanted { few(why)(mine, possible) } else { right(why)(mine, possible) }
    }
}

/// Every caller gets the right result, and there are not too many connections.
fn right(why: &'static str) -> impl Fn(&Run<Day>, &Run<Day>) -> Judgement {
    move |mine, possible| match mine.output.got.iter().zip(&possible.output.got).find(|(mine, right)| mine != right) {
        Some((mine, right)) => fault(format!("In your run: {mine}. Right is: {right}."), why),
        None => few(why)(mine, possible),
    }
}

fn stay_open(mine: &Run<Day>, possible: &Run<Day>, why: &str) -> Judgement {
    let (open, right) = (mine.output.open, possible.output.open);
    if open <= right {
        return Ok(());
    }
    fault(format!("All callers are gone. Connections that are still open: {open}. Right is: {right}."), why)
}
