//! The checks of `connection-pool/lend`.

use std::ops::RangeInclusive;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};

use exam::{Call, Exam, Failure, Judgement, LaneExt, Reply, Run, Service, fault, ms, times};
use futures::future::{BoxFuture, join_all};
use futures::poll;
use tokio::time::{Instant, sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

/// Makes connections; clones are the same server.
#[derive(Clone, Debug)]
pub struct Server {
    connects: Service,
    seen: Arc<Seen>,
    /// The connection of this number breaks at its first use.
    breaks_in_use: usize,
    /// The connections of these numbers break when they are so many milliseconds old.
    breaks_later: (RangeInclusive<usize>, u64),
}

/// What a server sees.
#[derive(Debug, Default)]
struct Seen {
    made: AtomicUsize,
    open: AtomicUsize,
    peak: AtomicUsize,
}

impl Server {
    /// Makes a connection. That takes 100 ms, and may fail.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub fn connect(&self) -> impl Future<Output = Result<Connection, Failure>> + Send + use<> {
        let (server, reply) = (self.clone(), self.connects.ask());
        async move {
            let connection = Connection::open(server);
            reply.await.map(|_| connection)
        }
    }
}

/// A connection. It closes when it is dropped.
#[derive(Debug)]
pub struct Connection {
    number: usize,
    since: Instant,
    uses: usize,
    server: Server,
}

impl Connection {
    fn open(server: Server) -> Self {
        let open = server.seen.open.fetch_add(1, SeqCst) + 1;
        server.seen.peak.fetch_max(open, SeqCst);
        let number = server.seen.made.fetch_add(1, SeqCst) + 1;
        Self { number, since: Instant::now(), uses: 0, server }
    }

    /// Whether it is of no use any more. A connection can break while it is used, and while it is idle.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        let (numbers, after) = &self.server.breaks_later;
        (numbers.contains(&self.number) && self.since.elapsed() >= ms(*after))
            || (self.server.breaks_in_use == self.number && self.uses > 0)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.server.seen.open.fetch_sub(1, SeqCst);
    }
}

/// A connection that is lent. When the caller drops it, it calls the function that you gave it, with the connection.
pub struct Lent {
    connection: Option<Connection>,
    give_back: Option<Box<dyn FnOnce(Connection) + Send>>,
}

impl Lent {
    /// A connection, and what happens to it at the end. The function is called once, on return, error, panic or cancellation.
    pub fn new(connection: Connection, give_back: impl FnOnce(Connection) + Send + 'static) -> Self {
        Self { connection: Some(connection), give_back: Some(Box::new(give_back)) }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let (Some(connection), Some(give_back)) = (self.connection.take(), self.give_back.take()) {
            give_back(connection);
        }
    }
}

/// Why a caller got no connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The pool is closed.
    Closed,
    /// The server did not accept the connection.
    Server(Failure),
}

/// A pool, whoever wrote it.
#[derive(Clone)]
struct Pool {
    lend: Arc<dyn Fn() -> BoxFuture<'static, Result<Lent, Refused>> + Send + Sync>,
    close: Arc<dyn Fn() + Send + Sync>,
}

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

type Make = Call<(Server, usize), Pool>;

/// What each caller got, and what the server saw.
struct Day {
    got: Vec<String>,
    made: usize,
    peak: usize,
    /// How many connections were open when all callers were gone.
    open: usize,
}

/// Who comes: a name, after how many milliseconds, how long it uses the connection, and after how many milliseconds it gives up.
type Callers<'a> = &'a [(&'static str, u64, u64, u64)];

const LONG: u64 = 36_000_000;
const IN_TURN: Callers = &[("ann", 0, 30, LONG), ("bob", 200, 50, LONG), ("cy", 300, 40, LONG)];
const FIVE: Callers =
    &[("ann", 0, 90, LONG), ("bob", 5, 40, LONG), ("cy", 10, 70, LONG), ("dee", 15, 30, LONG), ("eve", 20, 60, LONG)];
const PAIRS: Callers = &[("ann", 0, 30, LONG), ("bob", 5, 50, LONG), ("cy", 300, 40, LONG), ("dee", 310, 20, LONG)];
const ONE_EACH: Callers = &[("ann", 0, 50, LONG), ("bob", 20, 60, LONG), ("cy", 200, 30, LONG)];
const THREE: Callers = &[("ann", 0, 50, LONG), ("bob", 10, 40, LONG), ("cy", 20, 70, LONG)];
const LEAVE: Callers =
    &[("ann", 0, 50, 60), ("bob", 10, 40, 30), ("cy", 20, 70, LONG), ("dee", 30, 20, 40), ("eve", 35, 30, LONG)];
const WAITS_LONG: Callers = &[("ann", 0, 130_000, LONG), ("bob", 10, 40, LONG)];

fn main() -> ExitCode {
    let exam = Exam::new("connection-pool/lend", pool_of!(solution), pool_of!(answer))
        .check("uses a connection again", async |make| day(make, 5, PAIRS).await, |mine, possible| {
            let (mine, possible) = (mine.output.made, possible.output.made);
            if mine == possible {
                return Ok(());
            }
            fault(
                format!("Two callers came, and later two more. The server was connected to {}, where {} is right.", times(mine), times(possible)),
                "To connect is what costs. Connect when nothing is idle. When a connection comes back, keep it, and look among those first.",
            )
        })
        .check("connects for two callers at once", async |make| day(make, 2, ONE_EACH).await, quick("Two places are free, and both callers need a new connection. Hold no lock while you connect."))
        .check("lends to the next caller when a connection comes back", async |make| day(make, 2, FIVE).await, quick("A connection that comes back is for whoever waits longest. Wake that caller."))
        .if_it_never_ends("A connection came back, and a caller still waits. What makes a place free again, and what wakes the next one?")
        .check("makes no more connections than it may", async |make| day(make, 2, FIVE).await, few("Between the look at a number and its change lies an await, in which the next caller looks. Take the place before you connect."))
        .check("lends as many as it may", async |make| play(&make, server(), 120, &[("caller", 0, 50, LONG); 300], LONG).await, |mine, possible| {
            const WHY: &str = "300 callers come at once, and 120 connections may exist. The others wait: the task asks for no limit of those.";
            few(WHY)(mine, possible)?;
            let served = |run: &Run<Day>| run.output.got.iter().filter(|got| got.contains("connection")).count();
            if served(mine) < served(possible) {
                return fault(format!("{} of 300 callers got a connection, where {} is right.", served(mine), served(possible)), WHY);
            }
            mine.as_quick_as(possible, WHY)
        })
        .check("sleeps while nothing comes", async |make| day(make, 1, WAITS_LONG).await, |mine, possible| {
            right("Ann keeps her connection for 130 seconds. Bob waits: the task asks for no limit of time.")(mine, possible)?;
            mine.sleeps_while_nothing_comes(possible, "A look every millisecond keeps a processor awake. What is awaited wakes its task when there is something to do.")
        })
        .check("lends to whoever came first", greedy, right("Ann gives her connection back and asks again at once, while bob and cy wait. A semaphore is fair: ann is behind them."));
    closed(with_trouble(exam)).verdict()
}

/// The checks with a server and callers that make trouble.
fn with_trouble(exam: Exam<(Server, usize), Pool>) -> Exam<(Server, usize), Pool> {
    exam.check("throws away what broke in use", async |make| days(make, 1, |server, _| server.breaks_in_use = 1, [IN_TURN, IN_TURN.split_at(1).0]).await, |mine, possible| {
        const WHY: &str = "Connection 1 broke while ann used it. Ask `is_broken` when it comes back, drop it, and make a new one when one is needed.";
        right(WHY)(mine, possible)?;
        stay_open(mine, possible, WHY)
    })
    .if_it_never_ends("A connection came back broken, and its place never became free. The place is for the next caller, who makes a new connection.")
    .check("throws away what broke while idle", async |make| {
            let breaks: fn(&mut Server, usize) = |server, day| {
                server.breaks_later = [(1..=1, 280), (2..=2, 280), (1..=2, 280), (1..=1, 150)][day].clone();
            };
            days(make, 2, breaks, [PAIRS, PAIRS, PAIRS, IN_TURN]).await
        },
        right("Of two idle connections, one broke, or both did. Ask `is_broken` before you lend it, and lend the other one: connect when none is left."))
    .check("loses no place when connecting fails", async |make| {
        let refuses = |after| Reply::err(ms(after), "is refused");
        let connects = Service::new("connect", refuses(100)).then(refuses(90)).then(Reply::ok(ms(100), ""));
        play(&make, Server { connects, ..server() }, 1, THREE, LONG).await
    }, right("The server refuses twice and accepts then. Whoever was refused has no connection, so the next caller may try."))
    .if_it_never_ends("The server refused a caller, and its place never became free. Which of your lines runs after the `?`? What a guard holds is free on every way out.")
    .check("loses no place when callers give up", async |make| day(make, 1, LEAVE).await, right("Ann leaves while she connects, bob and dee while they wait. The next caller goes on as if they had never come."))
    .if_it_never_ends("A caller left while it connected or waited, and its place never became free. A future that is dropped runs no further line: only what it owns is dropped.")
    .check("loses no place when a caller leaves as its turn comes", leaves_as_its_turn_comes, right("Bob was woken, and his future was dropped before it was polled again. What you hand to him must go on to cy: a permit that a semaphore has promised does."))
    .if_it_never_ends("Bob was woken, and his future was dropped before it was polled again. What was handed to him was lost, and cy waits for ever.")
}

fn closed(exam: Exam<(Server, usize), Pool>) -> Exam<(Server, usize), Pool> {
    exam.check("refuses whoever waits when it is closed", async |make| play(&make, server(), 1, THREE, 120).await, |mine, possible| {
        const WHY: &str = "Ann has the connection when the pool is closed. Bob and cy wait: they get `Refused::Closed`, and at once.";
        right(WHY)(mine, possible)?;
        mine.returns_in_time(possible, "bob", WHY)?;
        mine.returns_in_time(possible, "cy", WHY)
    })
    .if_it_never_ends("The pool was closed, and a caller still waits. A flag wakes nobody. A `Semaphore` has `close`.")
    .check("refuses whoever comes when it is closed", async |make| play(&make, server(), 2, IN_TURN, 190).await, right("Bob and cy come after the pool was closed. They get `Refused::Closed`, although there would be room."))
    .check("keeps nothing open when it is closed", async |make| play(&make, server(), 2, ONE_EACH, 155).await, |mine, possible| {
        stay_open(mine, possible, "The pool is closed. Drop the idle connections in `close`, and each other one when it comes back.")
    })
}

fn server() -> Server {
    let connects = Service::new("connect", Reply::ok(ms(100), ""));
    Server { connects, seen: Arc::default(), breaks_in_use: 0, breaks_later: (0..=0, 0) }
}

/// A day without trouble.
async fn day(make: Make, most: usize, callers: Callers<'_>) -> Day {
    play(&make, server(), most, callers, LONG).await
}

/// Several days, each with a server of its own.
async fn days<const N: usize>(make: Make, most: usize, breaks: fn(&mut Server, usize), days: [Callers<'_>; N]) -> Day {
    let mut all = Day { got: Vec::new(), made: 0, peak: 0, open: 0 };
    for (number, callers) in days.into_iter().enumerate() {
        let mut server = server();
        breaks(&mut server, number);
        let day = play(&make, server, most, callers, LONG).await;
        all.got.extend(day.got);
        all.open += day.open;
        all.made += day.made;
        all.peak = all.peak.max(day.peak);
    }
    all
}

/// Plays these callers; the pool is closed after so many milliseconds.
async fn play(make: &Make, server: Server, most: usize, callers: Callers<'_>, end: u64) -> Day {
    let pool = make((server.clone(), most)).await;
    let visits = callers.iter().map(async |&(name, at, uses, patience)| {
        sleep(ms(at)).await;
        let visit = visit(&pool, uses).try_lane(name);
        // No timer for whoever stays: a detector of deadlocks would wait for it.
        let ended = if patience < LONG { timeout(ms(patience), visit).await } else { Ok(visit.await) };
        match ended {
            Ok(Ok(got) | Err(got)) => format!("{name} got {got}"),
            Err(_elapsed) => format!("{name} left"),
        }
    });
    let close = async {
        if end < LONG {
            sleep(ms(end)).await;
            (pool.close)();
        }
    };
    let (got, ()) = tokio::join!(join_all(visits), close);
    // What comes back by way of a task has come back then.
    sleep(ms(1)).await;
    let Seen { made, peak, open } = &*server.seen;
    Day { got, made: made.load(SeqCst), peak: peak.load(SeqCst), open: open.load(SeqCst) }
}

async fn visit(pool: &Pool, uses: u64) -> Result<String, String> {
    let mut lent = (pool.lend)().await.map_err(|refused| match refused {
        Refused::Closed => "`Closed`".to_owned(),
        Refused::Server(failure) => format!("the failure `{failure}`"),
    })?;
    sleep(ms(uses)).await;
    Ok(lent.connection.as_mut().map_or_else(String::new, |connection| {
        let broken = if connection.is_broken() { ", broken" } else { "" };
        connection.uses += 1;
        format!("connection {}{broken}", connection.number)
    }))
}

/// Bob waits, ann's connection comes back, and bob is gone before he is polled.
async fn leaves_as_its_turn_comes(make: Make) -> Day {
    let pool = make((server(), 1)).await;
    let lent = (pool.lend)().try_lane("ann").await;
    let mut bob = Box::pin((pool.lend)());
    let _pending = poll!(&mut bob);
    drop(lent);
    sleep(ms(1)).await;
    drop(bob);
    let got = visit(&pool, 20).try_lane("cy").await.unwrap_or_else(|refused| refused);
    Day { got: vec![format!("cy got {got}")], made: 0, peak: 0, open: 0 }
}

/// Ann asks again in the moment in which she gives back, while two others wait.
async fn greedy(make: Make) -> Day {
    let pool = make((server(), 1)).await;
    let order = Mutex::new(Vec::new());
    let turn = async |name: &str, turns| {
        for _ in 0..turns {
            let lent = (pool.lend)().await;
            order.lock().unwrap_or_else(PoisonError::into_inner).push(name.to_owned());
            sleep(ms(30)).await;
            drop(lent);
        }
    };
    tokio::join!(turn("ann", 3).lane("ann"), turn("bob", 1).lane("bob"), turn("cy", 1).lane("cy"));
    let got = vec![order.into_inner().unwrap_or_default().join(", ")];
    Day { got, made: 0, peak: 0, open: 0 }
}

fn quick(why: &'static str) -> impl Fn(&Run<Day>, &Run<Day>) -> Judgement {
    move |mine, possible| mine.as_quick_as(possible, why)
}

fn few(why: &'static str) -> impl Fn(&Run<Day>, &Run<Day>) -> Judgement {
    move |mine, possible| match (mine.output.peak, possible.output.peak) {
        (peak, allowed) if peak <= allowed => Ok(()),
        (peak, allowed) => fault(
            format!("At one moment {peak} connections were open or being made, where {allowed} is the limit."),
            why,
        ),
    }
}

/// Everybody gets what is right, of few connections.
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
