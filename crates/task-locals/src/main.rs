//! The story of task-locals: `cargo run -p task-locals`, and `-- --help` for its flags.

use std::marker::PhantomData;
use std::process::ExitCode;
use std::time::Duration;

use story::{Knob, Scene, Story, Told};
use task_locals::{line, naive};
use timeline::LaneExt;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tracing::info;

const STEP: Knob = Knob::new("step", 300, 20..=10_000, "milliseconds that the database takes");

fn main() -> ExitCode {
    Story::new("task-locals", env!("CARGO_MANIFEST_DIR"))
        .about("Two requests at once. Their code writes the id of the request into every line, but no function has a parameter for it.")
        .knobs(&[STEP])
        .naive(|_| "the ids are mixed up: the thread has one id for all requests, and keeps the id of a request that was cancelled.", served::<Thread>)
        .asyncio(|_| "it is the same story, with a ContextVar: create_task copies it, so a spawned mail has the id without more code.")
        .tell(|_| "every line has the id of its own request, also the lines of the mails, and the line of a request that is cancelled.", served::<Task>)
}

/// How the code finds the id of its request: no parameter says it.
trait Ids: 'static {
    fn with_id<F: Future + Send>(id: u64, work: F) -> impl Future<Output = F::Output> + Send;
    fn current_id() -> Option<u64>;
    fn spawn(work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()>;
}

struct Task;

impl Ids for Task {
    fn with_id<F: Future + Send>(id: u64, work: F) -> impl Future<Output = F::Output> + Send {
        task_locals::with_id(id, work)
    }

    fn current_id() -> Option<u64> {
        task_locals::current_id()
    }

    fn spawn(work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        task_locals::spawn(work)
    }
}

struct Thread;

impl Ids for Thread {
    fn with_id<F: Future + Send>(id: u64, work: F) -> impl Future<Output = F::Output> + Send {
        naive::per_thread::with_id(id, work)
    }

    fn current_id() -> Option<u64> {
        naive::per_thread::current_id()
    }

    fn spawn(work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        naive::spawn(work)
    }
}

async fn served<I: Ids>(scene: Scene) -> Told {
    let (step, mut dice) = (scene.get(&STEP), scene.dice());
    let [step, stagger] = [step, dice.pick(step / 4, step / 2)].map(Duration::from_millis);
    let first = tokio::spawn(request::<I>(7, step, step * 6));
    sleep(stagger).await;
    let second = tokio::spawn(request::<I>(8, step, step));
    first.await?;
    second.await?;
    async { info!("{}", line(I::current_id(), "all is quiet")) }.lane("no request").await;
    Ok(())
}

/// Serves a request; its client waits for four steps.
async fn request<I: Ids>(id: u64, step: Duration, bank: Duration) {
    let served = I::with_id(id, serve::<I>(id, step, bank)).lane(format!("request {id}"));
    if timeout(step * 4, served).await.is_err() {
        info!("the client of {id} has gone");
    }
}

async fn serve<I: Ids>(id: u64, step: Duration, bank: Duration) {
    let _connection = Connection::<I>(PhantomData);
    info!("{}", line(I::current_id(), "asks the database"));
    sleep(step).await;
    info!("{}", line(I::current_id(), "has the rows"));
    let mail = async move {
        sleep(step * 5 / 2).await;
        info!("{}", line(I::current_id(), "sends a mail"));
    };
    I::spawn(mail.lane(format!("mail {id}")));
    // A request inside the request has an id of its own.
    I::with_id(id * 10, pay::<I>(bank)).await;
    info!("{}", line(I::current_id(), "answers"));
}

async fn pay<I: Ids>(bank: Duration) {
    info!("{}", line(I::current_id(), "asks the bank"));
    sleep(bank).await;
    info!("{}", line(I::current_id(), "has paid"));
}

/// A connection to the database, which writes a line when it is dropped.
struct Connection<I: Ids>(PhantomData<fn() -> I>);

impl<I: Ids> Drop for Connection<I> {
    fn drop(&mut self) {
        info!("{}", line(I::current_id(), "puts the connection back"));
    }
}
