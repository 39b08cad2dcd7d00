//! The checks of `sync-bridge/facade`.
//!
//! On the real clock, but without real durations: threads, calls and the connection shake hands.

use std::env;
use std::fmt::Debug;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;
use std::thread;

use exam::{Call, Exam, Judgement, Run, fault, unless_it_panics};
use timeline::lane_blocking;
use tokio::runtime::Builder;
use tokio::task::spawn_blocking;

#[allow(
    missing_docs,
    unused_variables,
    unused_imports,
    dead_code,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    clippy::restriction
)]
mod answer;
pub mod given;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use given::{Door, NoPrice, Server, World};
use scenes::{
    NO_RUNTIME, OPENED, asks_and_sleeps, closed, closed_meanwhile, crowd, opens_without_files, says_how_it_opens,
};

/// A façade: the reader's or the solution's.
trait Shop: Send + Sync {
    fn price(&self, thing: &str) -> Result<u32, NoPrice>;
    fn close(&self);
}

macro_rules! shops {
    ($($author:ident)*) => {$(
        impl Shop for $author::Facade {
            fn price(&self, thing: &str) -> Result<u32, NoPrice> {
                $author::Facade::price(self, thing)
            }

            fn close(&self) {
                $author::Facade::close(self);
            }
        }
    )*};
}

shops! { solution answer }

type Opened = Result<Arc<dyn Shop>, NoPrice>;
type Open = fn(Server) -> Opened;
type Opens = Call<(), Open>;

/// Whose façades are opened now.
static IS_MINE: AtomicBool = AtomicBool::new(false);
const MINE: &str = "the answer";

/// What a thread returned, or what happened instead.
type Ended<T> = Result<T, &'static str>;

fn main() -> ExitCode {
    let possible: Open = |server| Ok(Arc::new(solution::Facade::open(server)?));
    let mine: Open = |server| Ok(Arc::new(answer::Facade::open(server)?));
    if let [_, NO_RUNTIME, author] = *env::args().collect::<Vec<_>>().iter().map(String::as_str).collect::<Vec<_>>() {
        return says_how_it_opens(if author == MINE { mine } else { possible });
    }
    let whose = |is_mine, open: Open| {
        IS_MINE.store(is_mine, SeqCst);
        open
    };
    let exam = Exam::new("sync-bridge/facade", async move |()| whose(false, possible), async move |()| whose(true, mine))
        .on_the_real_clock()
        .check("asks over one connection", async |open| program(open, |shop, _| ["tea", "Milk ", "air", "tea"].map(|thing| shop.price(thing))).await, |mine, possible| {
            returns(mine, possible, "A connection is a task of the runtime that ran `connect`, and ends with that runtime. Connect in `open`, on a runtime that lives as long as the façade, and keep the client. Code that runs on the runtime must not block: use `.await` there.")
        })
        .check("keeps the connection alive between two calls", async |open| program(open, |_, world| world.beats_on()).await, |mine, possible| {
            returns(mine, possible, "No call was under way, and the task of the connection stood still. A current-thread runtime runs its tasks only while a thread is in `block_on`. Give the runtime a thread of its own.")
        })
        .check("answers forty threads at once", async |open| program(open, |shop, _| crowd(&*shop)).await, |mine, possible| {
            mine.made_all_calls_at_once(possible, "price of crowd", "If you hold a lock during a call, or await one call before you take the next, all other threads wait. Spawn a task for each call.")?;
            returns(mine, possible, "The server answers the last question first. Each caller needs its own channel or handle. If all callers share one channel, a caller gets the answer to another question.")
        })
        .check("returns the errors of the client", errors, |mine, possible| {
            returns(mine, possible, "The caller decides what an error means. Return the client's error unchanged.")
        })
        .check("returns an error when the client panics, and goes on", panics, |mine, possible| {
            returns(mine, possible, "`block_on` passes a panic on to its thread, and a loop in that thread ends. Run each call in a task: then a panic is a `JoinError` of its handle, and the other calls go on. One of them was under way when the client panicked.")
        });
    at_the_end(exam).verdict()
}

fn at_the_end(exam: Exam<(), Open>) -> Exam<(), Open> {
    exam.check("works on a blocking pool of one thread", a_pool_of_one, |mine, possible| {
        returns(mine, possible, "The caller is on the only thread of its runtime's blocking pool, and the client needs that pool as well. If the client runs on the caller's runtime, each waits for the other. Make a runtime of your own.")
    })
    .check("ends the calls that wait when it is closed", async |open| program(open, closed_meanwhile).await, |mine, possible| {
        returns(mine, possible, "The server may never answer, so `close` must end the calls. When a runtime ends, it cancels its tasks, and their handles return an error.")
    })
    .check("has dropped everything when `close` returns", async |open| program(open, |shop, world| closed(&*shop, world)).await, |mine, possible| {
        returns(mine, possible, "After `close`, the program may connect again, or end. `shutdown_background` and `abort` only ask. `shutdown_timeout` waits, and so does the `join` of a thread.")
    })
    .check("leaves another façade alone", two, |mine, possible| {
        returns(mine, possible, "A program may open several, and close one of them. All façades share a runtime in a `static`. Give each façade a runtime of its own.")
    })
    .check("refuses calls after it was closed", async |open| program(open, |shop, _| (shop.close(), shop.price("tea"), shop.close()).1).await, |mine, possible| {
        returns(mine, possible, "A thread may call a moment too late. Return an error that it can handle: `Closed`.")
    })
    .check("may be dropped in async code", dropped_in_async_code, |mine, possible| {
        returns(mine, possible, "The drop of a `Runtime` waits for its end, which panics in async code. The `join` of a thread blocks the other tasks. In `Drop`, use `shutdown_background`, which does not wait. The connection ends a moment later.")
    })
    .check("sleeps while it waits", async |open| program(open, |shop, _| asks_and_sleeps(&*shop)).await, |mine, possible| {
        let [polls, enough] = [mine, possible].map(|run| run.recording.polls("price of rare"));
        if polls > enough + 10 {
            return fault(
                format!("The call was polled {polls} times, where {enough} are enough."),
                "A loop that polls keeps a processor busy, and still notices the answer late. Await the call: the runtime polls it when it is woken.",
            );
        }
        returns(mine, possible, "The call takes long, and then it has an answer. If a thread checks a handle or a channel with pauses, it wakes a processor for nothing, and still notices the answer late. Let it block: `block_on`, `blocking_recv`, `recv`.")
    })
    .check("returns an error when it can make no runtime", no_runtime, |mine, possible| match [mine, possible].map(|run| run.output.as_deref()) {
        [Some(said), Some(right)] if said != OPENED && right != OPENED && !said.contains(right) => fault(
            format!("A program with too many open files can make no runtime. The outcome is {said}, where `Refused` with \"{right}\" is right."),
            "`Builder::build` returns an `io::Error`. Its caller can wait and try again, so return the error and its text, and use no `unwrap`.",
        ),
        _ => Ok(()),
    })
}

/// Runs a program without async on a thread of its own. It opens the façade first.
async fn program<T: Send + 'static>(
    open: Opens,
    play: impl FnOnce(Arc<dyn Shop>, &World) -> T + Send + 'static,
) -> Ended<T> {
    let (open, server) = (open(()).await, Server::new(Door::Open));
    on_a_thread(server, move |server| open(server.clone()).map(|shop| play(shop, &server.0)))
        .await?
        .map_err(|_| "a refusal to open")
}

/// Runs this on a thread, and waits for a while.
async fn on_a_thread<T: Send + 'static>(server: Server, work: impl FnOnce(Server) -> T + Send + 'static) -> Ended<T> {
    let world = Arc::clone(&server.0);
    let thread = thread::spawn(lane_blocking("the program", move || work(server)));
    // Longer than any wait on that thread.
    for _ in 0..3 {
        world.stage.until(|| thread.is_finished()).await;
    }
    if thread.is_finished() { thread.join().map_err(|_| "a panic") } else { Err("a thread that waits for ever") }
}

/// Closes one of two façades, and asks the other one.
async fn two(open: Opens) -> Ended<Result<u32, NoPrice>> {
    let open = open(()).await;
    let work = move |server| {
        let [closed, other] = [open(server)?, open(Server::new(Door::Open))?];
        closed.close();
        other.price("tea")
    };
    on_a_thread(Server::new(Door::Open), work).await
}

async fn a_pool_of_one(open: Opens) -> Ended<Result<u32, NoPrice>> {
    let open = open(()).await;
    let work = move |server| {
        let runtime = Builder::new_current_thread().enable_all().max_blocking_threads(1).build();
        let call = move || open(server)?.price("stock");
        runtime.ok().and_then(|runtime| runtime.block_on(async { spawn_blocking(call).await }).ok())
    };
    on_a_thread(Server::new(Door::Open), work).await?.ok_or("a panic")
}

async fn errors(open: Opens) -> Ended<[Option<NoPrice>; 2]> {
    let opens = open(()).await;
    let refused = on_a_thread(Server::new(Door::Full), move |server| opens(server).err()).await?;
    Ok([refused, program(open, |shop, _| shop.price("unsold").err()).await?])
}

/// What a façade comes to without a runtime.
async fn no_runtime(open: Opens) -> Option<String> {
    _ = open(()).await;
    let author = if IS_MINE.load(SeqCst) { MINE } else { "the solution" };
    spawn_blocking(|| opens_without_files(author)).await.ok().flatten()
}

async fn panics(open: Opens) -> Ended<(Option<NoPrice>, [Result<u32, NoPrice>; 4])> {
    let opens = open(()).await;
    let refused = on_a_thread(Server::new(Door::Panics), move |server| opens(server).err()).await?;
    let bugs = |shop: Arc<dyn Shop>, world: &World| {
        let caller = Arc::clone(&shop);
        let waits = thread::spawn(lane_blocking("a caller", move || caller.price("patience")));
        world.stage.wait_until(|| world.calls.load(SeqCst) == 1);
        let [one, two, tea] = ["bug", "bug", "tea"].map(|thing| shop.price(thing));
        [waits.join().unwrap_or(Err(NoPrice::Panicked)), one, two, tea]
    };
    Ok((refused, program(open, bugs).await?))
}

async fn dropped_in_async_code(open: Opens) -> Ended<&'static str> {
    let (open, server) = (open(()).await, Server::new(Door::Open));
    let shop = on_a_thread(server.clone(), open).await?.map_err(|_| "a refusal to open")?;
    let world = &server.0;
    unless_it_panics(async { world.end(|| drop(shop)) }).await.ok_or("a panic")?;
    world.stage.until(|| world.is_over()).await;
    Ok(world.left())
}

fn returns<T: PartialEq + Debug>(mine: &Run<Ended<T>>, possible: &Run<Ended<T>>, why: &str) -> Judgement {
    let words = |run: &Run<Ended<T>>| match &run.output {
        Ok(returned) => format!("`{returned:?}`"),
        Err(words) => (*words).to_owned(),
    };
    match &possible.output {
        Err(words) => {
            fault(format!("The solution of this exercise is broken: {words}."), "Your answer is not the cause.")
        }
        right if mine.output == *right => mine.made_the_calls_of(possible, why),
        _ => fault(format!("The outcome is {}, where {} is right.", words(mine), words(possible)), why),
    }
}
