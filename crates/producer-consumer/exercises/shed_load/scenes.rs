//! What the checks of `producer-consumer/shed_load` play.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Wake, Waker, ready};

use exam::{LaneExt, Reply, Service, ms, twice_at_once};
use futures::future::join_all;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::coop::{has_budget_remaining, poll_proceed};
use tokio::time::{sleep, timeout};

use super::solution::Job;

/// The answer, or the refusal, in words.
pub(super) type Submitted = Result<String, String>;

/// What each client got, if it did not give up.
pub(super) type Outcomes = Vec<(&'static str, Option<Submitted>)>;

/// How many places the queue has, and when each client comes, in milliseconds.
///
/// Their requests are their names. The first word of a name says what happens to the request.
pub(super) type Input = (usize, &'static [(&'static str, u64)]);

/// The worker needs 300 ms for a request, and the queue has two places: d, e and g find it full.
pub(super) const RUSH: [(&str, u64); 7] =
    [("a", 0), ("b", 50), ("c", 90), ("d", 130), ("e", 170), ("f", 320), ("g", 350)];

/// The worker has done everything when e comes.
pub(super) const GIVEN_UP: [(&str, u64); 6] =
    [("a", 0), ("impatient b", 50), ("impatient c", 90), ("impatient d", 130), ("e", 1_400), ("f", 1_450)];

pub(super) const ODD: [(&str, u64); 6] = [
    ("", 0),
    (" in blanks ", 400),
    ("mute c", 800),
    ("padded d", 1_200),
    (
        "a long one that goes on and on, over more than a hundred letters, and still has something to say when others have ended",
        1_600,
    ),
    ("two\r\nlines\0and a zero", 2_000),
];

/// A worker, a queue, and clients. Without clients: two threads that come at the same instant, or a worker that closes the queue.
pub(super) async fn clients(
    (places, clients): Input,
    submit: impl AsyncFn(Sender<Job>, String) -> Submitted + Sync,
) -> Outcomes {
    match (places, clients) {
        (1, []) => return on_two_threads(&submit),
        (_, []) => return closed_meanwhile(&submit).await,
        _ => {}
    }
    let (queue, mut jobs) = mpsc::channel::<Job>(places);
    let worker = async move {
        let work = Service::new("work", Reply::ok(ms(300), "done"))
            .on("slow a", Reply::ok(ms(3_000_000), "done"))
            .on("deadly b", Reply::err(ms(300), "dies"))
            .on("failing b", Reply::err(ms(300), "fails"))
            .on("failing late b", Reply::err(ms(600_000), "fails"));
        while let Some((request, reply)) = jobs.recv().await {
            if request.starts_with("closing") {
                sleep(ms(100)).await;
                jobs.close();
            }
            if reply.is_closed() {
                continue;
            }
            match work.call(&request).await {
                // The client may have given up by now.
                Ok(done) => drop(reply.send(match request.as_str() {
                    "mute c" => String::new(),
                    "padded d" => format!(" {done} "),
                    _ => format!("{request} is {done}"),
                })),
                Err(_) if request.starts_with("deadly") => return,
                Err(_) => drop(reply),
            }
        }
    };
    let client = async |queue: Sender<Job>, client: &'static str, at: u64| {
        sleep(ms(at)).await;
        let patience = ms(if client.starts_with("impatient") { 70 } else { 3_600_000 });
        let submitted = without_budget(client.starts_with("hurried"), submit(queue, client.to_owned()));
        (client, timeout(patience, submitted.try_lane(format!("client {client}"))).await.ok())
    };
    let clients = join_all(clients.iter().map(|(name, at)| client(queue.clone(), name, *at)));
    drop(queue);
    tokio::join!(worker, clients).1
}

/// Two threads come at the same instant, again and again, and want the one place. Returns what happens to the one that gets none.
fn on_two_threads(submit: &(impl AsyncFn(Sender<Job>, String) -> Submitted + Sync)) -> Outcomes {
    let name = "of two threads";
    let (queue, mut jobs) = mpsc::channel::<Job>(1);
    let (runtime, mut waited) = (Handle::current(), false);
    let submits = || {
        let _within = runtime.enter();
        let submitted = pin!(submit(queue.clone(), name.to_owned()));
        submitted.poll(&mut Context::from_waker(Waker::noop())).is_pending()
    };
    twice_at_once(submits, |pending| {
        waited |= pending == [true, true];
        while jobs.try_recv().is_ok() {}
    });
    vec![(name, (!waited).then(|| Err(format!("Full({name:?})"))))]
}

/// Closes a queue as soon as something is in it.
struct Closes(Mutex<Receiver<Job>>);

impl Closes {
    fn jobs(&self) -> MutexGuard<'_, Receiver<Job>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Closes {
    fn wake(self: Arc<Self>) {
        self.jobs().close();
    }
}

/// The worker closes the queue in the instant in which it gets the request, as if on another thread, and then it answers.
async fn closed_meanwhile(submit: &impl AsyncFn(Sender<Job>, String) -> Submitted) -> Outcomes {
    let (name, (queue, jobs)) = ("a", mpsc::channel(2));
    let worker = Arc::new(Closes(Mutex::new(jobs)));
    let closes = Waker::from(Arc::clone(&worker));
    let waits = worker.jobs().poll_recv(&mut Context::from_waker(&closes));
    debug_assert!(waits.is_pending(), "nothing was sent");
    let answers = async {
        if let Some((request, reply)) = poll_fn(|context| worker.jobs().poll_recv(context)).await {
            // The client may have gone.
            _ = reply.send(format!("{request} is done"));
        }
    };
    let submitted = submit(queue, name.to_owned()).try_lane(format!("client {name}"));
    let (submitted, ()) = futures::join!(submitted, answers);
    vec![(name, Some(submitted))]
}

/// Polls a future. If `hurried`, its first poll comes when the task's budget is used up, so that awaits return `Pending` although they are ready.
async fn without_budget<F: Future>(mut wanted: bool, future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|context| {
        while wanted && has_budget_remaining() {
            ready!(poll_proceed(context)).made_progress();
        }
        wanted = false;
        future.as_mut().poll(context)
    })
    .await
}
