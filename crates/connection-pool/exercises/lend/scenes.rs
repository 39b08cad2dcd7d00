//! What the checks of `connection-pool/lend` play.

use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex, PoisonError};

use exam::{Call, LaneExt, Reply, Service, ms};
use futures::future::{BoxFuture, join_all};
use futures::poll;
use tokio::time::{sleep, timeout};

use super::given::{Lent, Refused, Seen, Server};

/// A pool: the reader's or the solution's.
#[derive(Clone)]
pub(super) struct Pool {
    pub(super) lend: Arc<dyn Fn() -> BoxFuture<'static, Result<Lent, Refused>> + Send + Sync>,
    pub(super) close: Arc<dyn Fn() + Send + Sync>,
}

type Make = Call<(Server, usize), Pool>;

/// What each caller got, and what the server saw.
pub(super) struct Day {
    pub(super) got: Vec<String>,
    pub(super) made: usize,
    pub(super) peak: usize,
    /// How many connections were open after all callers had left.
    pub(super) open: usize,
}

/// A caller: its name, after how many milliseconds it comes, how long it uses the connection, and after how many milliseconds it gives up.
type Callers<'a> = &'a [(&'static str, u64, u64, u64)];

pub(super) const LONG: u64 = 36_000_000;
pub(super) const IN_TURN: Callers = &[("ann", 0, 30, LONG), ("bob", 200, 50, LONG), ("cy", 300, 40, LONG)];
pub(super) const THEN_TWO: Callers = &[("ann", 0, 30, LONG), ("bob", 200, 90, LONG), ("cy", 210, 40, LONG)];
pub(super) const FIVE: Callers =
    &[("ann", 0, 90, LONG), ("bob", 5, 40, LONG), ("cy", 10, 70, LONG), ("dee", 15, 30, LONG), ("eve", 20, 60, LONG)];
pub(super) const PAIRS: Callers =
    &[("ann", 0, 30, LONG), ("bob", 5, 50, LONG), ("cy", 300, 40, LONG), ("dee", 310, 20, LONG)];
pub(super) const ONE_EACH: Callers = &[("ann", 0, 50, LONG), ("bob", 20, 60, LONG), ("cy", 200, 30, LONG)];
pub(super) const THREE: Callers = &[("ann", 0, 50, LONG), ("bob", 10, 40, LONG), ("cy", 20, 70, LONG)];
pub(super) const LEAVE: Callers =
    &[("ann", 0, 50, 60), ("bob", 10, 40, 30), ("cy", 20, 70, LONG), ("dee", 30, 20, 40), ("eve", 35, 30, LONG)];
pub(super) const AN_HOUR: Callers = &[
    ("ann", 0, 3_300_000, LONG),
    ("bob", 10, 40, LONG),
    ("cy", 300_000, 30, LONG),
    ("dee", 1_000_000, 50, LONG),
    ("eve", 2_000_000, 20, LONG),
];
pub(super) const MOST: usize = 500;
/// As many at once as the task says, and later as many as there are connections.
pub(super) const CROWD: Callers = &{
    let mut callers = [("caller", 10_000, 50, LONG); 1_000 + MOST];
    let mut number = 0;
    while number < 1_000 {
        callers[number].1 = 0;
        number += 1;
    }
    callers
};
/// Bob's connect fails after ann's connection has come back.
pub(super) const REFUSED: Callers = &[("ann", 0, 30, LONG), ("bob", 50, 40, LONG), ("cy", 200, 50, LONG)];
pub(super) const WAITS_LONG: Callers = &[("ann", 0, 130_000, LONG), ("bob", 10, 40, LONG), ("cy", 3_500_000, 30, LONG)];

pub(super) fn server() -> Server {
    let connects = Service::new("connect", Reply::ok(ms(100), ""));
    Server { connects, seen: Arc::default(), breaks_in_use: 0, breaks_later: (0..=0, 0) }
}

/// A day without trouble.
pub(super) async fn day(make: Make, most: usize, callers: Callers<'_>) -> Day {
    play(&make, server(), most, callers, LONG).await
}

/// Several days, each with a server of its own.
pub(super) async fn days<const N: usize>(
    make: Make,
    most: usize,
    breaks: fn(&mut Server, usize),
    days: [Callers<'_>; N],
) -> Day {
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

/// Plays these callers. The pool is closed after this many milliseconds.
pub(super) async fn play(make: &Make, server: Server, most: usize, callers: Callers<'_>, end: u64) -> Day {
    let pool = make((server.clone(), most)).await;
    let visits = callers.iter().map(async |&(name, at, uses, patience)| {
        sleep(ms(at)).await;
        let visit = visit(&pool, uses).try_lane(name);
        // No timer for a caller that stays: a detector of deadlocks would wait for it.
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
    // By then, a connection that comes back through a task has come back.
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
pub(super) async fn leaves_as_its_turn_comes(make: Make) -> Day {
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

/// Ann asks again at the moment at which she returns her connection, while two others wait.
pub(super) async fn greedy(make: Make) -> Day {
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
