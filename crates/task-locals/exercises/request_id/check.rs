//! The checks of `task-locals/request_id`.

use std::future::{pending, poll_fn};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::{Arc, Barrier, Mutex, PoisonError};
use std::task::Poll;

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
    Exam::new("task-locals/request_id", async |()| POSSIBLE, async |()| MINE)
        .check("has the id before and after an await", async |ids| logged(ids, alone).await, right("All code inside `with_id` has the id whenever the future `work` is polled, in the body of `main` and in a task."))
        .check("keeps two requests apart", async |ids| logged(ids, two_tasks).await, right("While one request waits, the other runs on the same thread. A variable of the thread or of the program holds only one id. Set the id at each poll of `work`, and remove it after the poll."))
        .check("keeps two requests of one task apart", async |ids| logged(ids, one_task).await, right("Both requests are polled by one task, in a `join!`. They share everything that belongs to the task. Keep the id with the future."))
        .check("has the inner id, and then the outer id again", async |ids| logged(ids, nested).await, right("A payment is a request inside the request, with its own id. After the payment, the outer id counts again, even if the payment was cancelled."))
        .check("passes the id on to spawned tasks", async |ids| logged(ids, spawned).await, right("A task begins outside of every scope. Read the id of the innermost `with_id` in `spawn`, before the task exists, and put the future that you spawn into a scope."))
        .check("keeps two requests of two threads apart", async |ids| logged(ids, two_threads).await, right("Two threads poll two requests at the same moment. They share everything that belongs to the program. An id may be any `u64`, inside any number of other ids."))
        .check("has no id outside of a request", async |ids| logged(ids, |server| async move { outside(server.clone()).await; ended(tokio::spawn(outside(server))).await }).await, right("Outside of any `with_id`, and after one that was cancelled, `current_id` is `None`, and `spawn` spawns a task without an id. So it is in the body of `main`, and in a task."))
        .check("has the id in a `Drop` of the request", async |ids| logged(ids, dropped).await, right("A cancelled request is dropped without a poll. Then what it owns is dropped, and a `Drop` may write a line. A request that has ended may also own something until it is dropped. `scope` sets the value in both cases."))
        .check("has the outer id again after a panic", async |ids| logged(ids, panics).await, right("The payment panics, and the request catches the panic. Restore the outer value in a `Drop`, or let `scope` do it."))
        .check("spawns tasks that an abort stops", async |ids| logged(ids, aborted).await, right("Return the handle of the task that runs `work`. If the abort only stops another task that waits for it, `work` keeps running."))
        .verdict()
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
    futures::future::join(server.request(7), server.late(8)).lane("one task").await;
}

async fn two_threads(server: Server) {
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
        (1..100).fold(server.with_id(id, work), |inner, outer| server.with_id(outer, inner))
    });
    let thread = std::thread::spawn(|| futures::executor::block_on(other));
    one.await;
    _ = thread.join();
}

async fn aborted(server: Server) {
    abort(server.clone()).await;
    server.with_id(7, abort(server.clone())).await;
}

async fn abort(server: Server) {
    let task = server.spawn(server.hangs());
    sleep(ms(100)).await;
    task.abort();
    _ = task.await;
}

async fn nested(server: Server) {
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

async fn spawned(server: Server) {
    let (inside, mail, stamp) = (server.clone(), server.clone(), server.clone());
    let mail = async move {
        sleep(ms(200)).await;
        mail.line("sends a mail");
        let stamped = async move { stamp.line("pays for the stamp") };
        ended(mail.spawn(stamped.lane("stamp"))).await;
        let bank = mail.clone();
        mail.with_id(70, async move { ended(bank.clone().spawn(async move { bank.line("pays") })).await }).await;
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
    let request = server.with_id(7, server.hangs()).lane("request 7");
    let _cancelled = timeout(ms(100), request).await;
    let connection = Connection(server.clone());
    let ends = poll_fn(move |_| Poll::Ready(_ = &connection));
    server.with_id(8, ends).await;
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
fn right(why: &'static str) -> impl Fn(&Run<Log>, &Run<Log>) -> Judgement {
    move |mine, possible| match possible.output.iter().zip(&mine.output).find(|(right, line)| right != line) {
        Some((right, line)) => fault(format!("The log has the line `{line}`, where `{right}` is right."), why),
        None if mine.output.len() < possible.output.len() => {
            fault(format!("The log lacks the line `{}`.", possible.output[mine.output.len()]), why)
        }
        None => Ok(()),
    }
}
