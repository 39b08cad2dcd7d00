//! The checks of `task-locals/request_id`.

use std::future::pending;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use exam::{Call, Exam, Judgement, LaneExt, Run, fault, ms, unless_it_panics};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tracing::info;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The three functions, the reader's or the solution's.
#[derive(Clone, Copy)]
struct Ids {
    with_id: fn(u64, Work) -> Work,
    current_id: fn() -> Option<u64>,
    spawn: fn(Work) -> JoinHandle<()>,
}

const POSSIBLE: Ids = Ids {
    with_id: |id, work| Box::pin(solution::with_id(id, work)),
    current_id: solution::current_id,
    spawn: solution::spawn,
};

const MINE: Ids = Ids {
    with_id: |id, work| Box::pin(answer::with_id(id, work)),
    current_id: answer::current_id,
    spawn: answer::spawn,
};

type Log = Vec<String>;

fn main() -> ExitCode {
    let exam = Exam::new("task-locals/request_id", async |()| POSSIBLE, async |()| MINE)
        .check("has the id before and after an await", async |ids| logged(ids, alone).await, |mine, possible| {
            right(mine, possible, "All code inside `with_id` has the id, in the body of `main` as in a task: whenever the future `work` is polled.")
        })
        .check("keeps two requests apart", async |ids| logged(ids, two_tasks).await, |mine, possible| {
            right(
                mine,
                possible,
                "While one request waits, the other runs on the same thread. A variable of the thread or of the program has room for one id. \
                 The id must be set at each poll of `work`, and put away after it.",
            )
        })
        .check("keeps two requests of one task apart", async |ids| logged(ids, one_task).await, |mine, possible| {
            right(mine, possible, "Both requests are polled by one task, in a `join!`. What is kept for the task is shared by both. Keep the id with the future.")
        })
        .check("knows the inner id, and then the outer one again", async |ids| logged(ids, nested).await, |mine, possible| {
            right(mine, possible, "A payment is a request inside the request. It has an id of its own, and after it the outer id is back, also if the payment was cancelled.")
        })
        .check("passes the id on to spawned tasks", async |ids| logged(ids, spawned).await, |mine, possible| {
            right(
                mine,
                possible,
                "A task begins outside of every scope. Read the id in `spawn`, before the task exists, and put the future that you spawn into a scope.",
            )
        })
        .check("has no id outside of a request", async |ids| logged(ids, outside).await, |mine, possible| {
            right(mine, possible, "Outside of any `with_id`, and after one that was cancelled, `current_id` is `None`, and `spawn` spawns a task without an id.")
        })
        .check("has the id in what a request drops", async |ids| logged(ids, dropped).await, |mine, possible| {
            right(mine, possible, "A cancelled request is dropped and not polled. What it owns is dropped then, and its `Drop` may write a line. `scope` sets the value for that, too.")
        })
        .check("brings the outer id back after a panic", async |ids| logged(ids, panics).await, |mine, possible| {
            right(mine, possible, "The payment panics, and the request catches that. Put the outer value back in a `Drop`, or leave it to `scope`.")
        });
    exam.verdict()
}

/// A server with a log.
#[derive(Clone)]
struct Server {
    ids: Ids,
    log: Arc<Mutex<Log>>,
}

/// Plays a scenario, and returns the lines of its log.
async fn logged<F: Future<Output = ()>>(make: Call<(), Ids>, scenario: impl FnOnce(Server) -> F) -> Log {
    let server = Server { ids: make(()).await, log: Arc::default() };
    scenario(server.clone()).await;
    std::mem::take(&mut server.log.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Server {
    /// Writes a line: no parameter says for which request.
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

    /// A payment that never ends.
    fn hangs(&self, id: u64) -> Work {
        let server = self.clone();
        self.with_id(id, async move {
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

/// Waits for a task, and passes its panic on.
async fn ended(task: JoinHandle<()>) {
    if let Err(error) = task.await {
        resume_unwind(error.into_panic());
    }
}

async fn alone(server: Server) {
    server.request(7).await;
    ended(tokio::spawn(server.request(8))).await;
}

async fn two_tasks(server: Server) {
    let first = tokio::spawn(server.request(7));
    sleep(ms(100)).await;
    let second = tokio::spawn(server.request(8));
    ended(first).await;
    ended(second).await;
}

async fn one_task(server: Server) {
    let late = async {
        sleep(ms(100)).await;
        server.request(8).await;
    };
    let both = async { tokio::join!(server.request(7), late) };
    both.lane("one task").await;
}

async fn nested(server: Server) {
    let inside = server.clone();
    let work = async move {
        inside.request(70).await;
        inside.line("has paid");
        let _cancelled = timeout(ms(100), inside.request(71)).await;
        inside.line("has waited long enough");
    };
    server.with_id(7, work).lane("request 7").await;
}

async fn spawned(server: Server) {
    let (inside, mail, stamp) = (server.clone(), server.clone(), server.clone());
    let mail = async move {
        sleep(ms(200)).await;
        mail.line("sends a mail");
        let stamped = async move { stamp.line("pays for the stamp") };
        ended(mail.spawn(stamped.lane("stamp"))).await;
    };
    let (tell, told) = tokio::sync::oneshot::channel();
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

async fn outside(server: Server) {
    server.line("begins");
    let _cancelled = timeout(ms(100), server.request(7)).await;
    server.line("is quiet");
    let cleans = server.clone();
    ended(server.spawn(async move { cleans.line("cleans up") }.lane("clean-up"))).await;
}

async fn dropped(server: Server) {
    let request = server.hangs(7).lane("request 7");
    let _cancelled = timeout(ms(100), request).await;
}

async fn panics(server: Server) {
    let inside = server.clone();
    let work = async move {
        let pays = inside.with_id(70, async { panic!("counts below zero") });
        let _panicked = unless_it_panics(AssertUnwindSafe(pays)).await;
        inside.line("could not pay");
    };
    server.with_id(7, work).lane("request 7").await;
}

/// Whether every line has the id that it has with the solution.
fn right(mine: &Run<Log>, possible: &Run<Log>, why: &str) -> Judgement {
    let lines = possible.output.iter().zip(&mine.output);
    match lines.into_iter().find(|(right, line)| right != line) {
        Some((right, line)) => fault(format!("The log has the line `{line}`, where `{right}` is right."), why),
        None if mine.output.len() < possible.output.len() => {
            fault(format!("The log lacks the line `{}`.", possible.output[mine.output.len()]), why)
        }
        None => Ok(()),
    }
}
