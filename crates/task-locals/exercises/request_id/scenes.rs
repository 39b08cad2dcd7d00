//! What the checks of `task-locals/request_id` play.

use std::future::{pending, poll_fn};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::Pin;
use std::sync::{Arc, Barrier, Mutex, PoisonError};
use std::task::Poll;

use exam::{Call, LaneExt, ms, unless_it_panics};
use futures::future::join_all;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tracing::info;

pub(super) type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The three functions, the reader's or the solution's.
#[derive(Clone, Copy)]
pub(super) struct Ids {
    pub(super) with_id: fn(u64, Work) -> Work,
    pub(super) current_id: fn() -> Option<u64>,
    pub(super) spawn: fn(Work) -> JoinHandle<()>,
}

pub(super) type Log = Vec<String>;

const DEPTH: u64 = 100;

/// A server with a log.
#[derive(Clone)]
pub(super) struct Server {
    ids: Ids,
    log: Arc<Mutex<Log>>,
}

/// Plays a scenario, and returns the lines of its log.
pub(super) async fn logged<F: Future<Output = ()>>(make: Call<(), Ids>, scenario: impl FnOnce(Server) -> F) -> Log {
    let server = Server { ids: make(()).await, log: Arc::default() };
    scenario(server.clone()).await;
    std::mem::take(&mut server.log.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Server {
    /// Writes a line. It has no parameter for the request.
    fn line(&self, text: &str) {
        let line = (self.ids.current_id)().map_or_else(|| format!("[-] {text}"), |id| format!("[{id}] {text}"));
        info!("{line}");
        self.log.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    fn with_id(&self, id: u64, work: impl Future<Output = ()> + Send + 'static) -> Work {
        (self.ids.with_id)(id, Box::pin(work))
    }

    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        (self.ids.spawn)(Box::pin(work))
    }

    /// A request that writes a line, waits, and writes another.
    fn request(&self, id: u64) -> Work {
        let server = self.clone();
        let work = async move {
            server.line("asks the database");
            sleep(ms(300)).await;
            server.line("answers");
        };
        Box::pin(self.with_id(id, work).lane(format!("request {id}")))
    }

    async fn late(&self, id: u64) {
        sleep(ms(100)).await;
        self.request(id).await;
    }

    /// A payment that never ends.
    fn hangs(&self) -> Work {
        let server = self.clone();
        Box::pin(async move {
            let _connection = Connection(server.clone());
            server.line("asks the bank");
            pending::<()>().await;
        })
    }
}

/// Writes a line when it is dropped.
struct Connection(Server);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.line("puts the connection back");
    }
}

/// Waits for a task, and passes on its panic.
pub(super) async fn ended(task: JoinHandle<()>) {
    if let Err(error) = task.await {
        resume_unwind(error.into_panic());
    }
}

pub(super) async fn alone(server: Server) {
    server.request(7).await;
    server.request(0).await;
    ended(tokio::spawn(server.request(8))).await;
}

pub(super) async fn two_tasks(server: Server) {
    let first = tokio::spawn(server.request(7));
    sleep(ms(100)).await;
    let second = tokio::spawn(server.request(8));
    ended(first).await;
    ended(second).await;
}

pub(super) async fn one_task(server: Server) {
    futures::future::join(server.request(7), server.late(8)).lane("one task").await;
}

pub(super) async fn two_threads(server: Server) {
    let barrier = Arc::new(Barrier::new(2)); // Each writes its line while both are being polled.
    let [one, other] = [(u64::MAX, 0), (8, 1)].map(|(id, own)| {
        let (inside, barrier) = (server.clone(), Arc::clone(&barrier));
        let work = async move {
            for turn in 0..2 {
                barrier.wait();
                if turn == own {
                    inside.line("answers");
                }
            }
            barrier.wait();
        };
        // As many inside each other as the task says.
        (1..DEPTH).fold(server.with_id(id, work), |inner, outer| server.with_id(outer, inner))
    });
    let thread = std::thread::spawn(|| futures::executor::block_on(other));
    one.await;
    _ = thread.join();
}

pub(super) async fn aborted(server: Server) {
    abort(server.clone()).await;
    server.with_id(7, abort(server.clone())).await;
}

async fn abort(server: Server) {
    let task = server.spawn(server.hangs());
    sleep(ms(100)).await;
    task.abort();
    _ = task.await;
}

pub(super) async fn nested(server: Server) {
    let inside = server.clone();
    let work = async move {
        inside.request(70).await;
        inside.line("has paid");
        let _cancelled = timeout(ms(100), inside.request(71)).await;
        inside.line("has waited long enough");
        tokio::join!(inside.request(72), inside.late(73));
    };
    server.with_id(7, work).lane("request 7").await;
}

/// Payments that begin inside one request, and end inside another one.
pub(super) async fn moved(server: Server) {
    let mut payments = [70, 71].map(|id| server.request(id));
    for (id, after) in [(7, 100), (8, 250)] {
        let (inside, (put_back, back)) = (server.clone(), oneshot::channel());
        let work = async move {
            for payment in &mut payments {
                _ = timeout(ms(after), payment).await;
                inside.line("goes on");
            }
            _ = put_back.send(payments);
        };
        server.with_id(id, work).lane(format!("request {id}")).await;
        let Ok(moved) = back.await else { return };
        payments = moved;
    }
}

/// As many requests as the task says, at the same time.
pub(super) async fn two_thousand(server: Server) {
    let requests = (0..2_000).map(|id| {
        let inside = server.clone();
        server.with_id(id, async move {
            sleep(ms(300)).await;
            inside.line("answers");
        })
    });
    join_all(requests).await;
}

pub(super) async fn spawned(server: Server) {
    let (inside, mail, stamp) = (server.clone(), server.clone(), server.clone());
    let mail = async move {
        sleep(ms(200)).await;
        mail.line("sends a mail");
        let stamped = async move { stamp.line("pays for the stamp") };
        ended(mail.spawn(stamped.lane("stamp"))).await;
        let bank = mail.clone();
        mail.with_id(70, async move { ended(bank.clone().spawn(async move { bank.line("pays") })).await }).await;
    };
    let (tell, told) = oneshot::channel();
    // The mail goes on after its request has ended.
    let work = async move {
        let _sent = tell.send(inside.spawn(mail.lane("mail")));
        inside.line("answers");
    };
    server.with_id(7, work).lane("request 7").await;
    if let Ok(mail) = told.await {
        ended(mail).await;
    }
}

pub(super) async fn outside(server: Server) {
    server.line("begins");
    let _cancelled = timeout(ms(100), server.request(7)).await;
    server.line("is quiet");
    let cleans = server.clone();
    ended(server.spawn(async move { cleans.line("cleans up") }.lane("clean-up"))).await;
}

pub(super) async fn dropped(server: Server) {
    let request = server.with_id(7, server.hangs()).lane("request 7");
    let _cancelled = timeout(ms(100), request).await;
    let connection = Connection(server.clone());
    let ends = poll_fn(move |_| Poll::Ready(_ = &connection));
    server.with_id(8, ends).await;
}

pub(super) async fn panics(server: Server) {
    let inside = server.clone();
    let work = async move {
        let pays = inside.with_id(70, async { panic!("counts below zero") });
        let _panicked = unless_it_panics(AssertUnwindSafe(pays)).await;
        inside.line("could not pay");
    };
    server.with_id(7, work).lane("request 7").await;
}
