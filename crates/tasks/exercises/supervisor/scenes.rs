//! What the checks of `tasks/supervisor` play.

use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use exam::{Call, Failure, LaneExt, Reply, Service, ms};
use tokio::select;
use tokio::sync::Semaphore;
use tokio::task::{AbortHandle, JoinHandle, LocalSet, yield_now};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::given::{Ended, Reason};

/// The task of a worker that was started last.
type Last = Arc<Mutex<Option<AbortHandle>>>;

/// A worker that can be started again. Clones are the same worker.
#[derive(Clone, Debug)]
pub(super) struct Worker {
    work: Service,
    desks: Arc<Semaphore>,
    last: Last,
    /// Where its tasks run, if their thread is often busy with other work. Then they notice an abort late.
    busy: Option<Rc<LocalSet>>,
}

impl Worker {
    /// A worker that ends like this at its first start, its second start, and so on. The last one serves all further starts.
    pub(super) fn new(replies: Vec<Reply>) -> Self {
        let mut replies = replies.into_iter();
        let work = Service::new("worker", replies.next().unwrap_or_else(Reply::never));
        let work = replies.fold(work, Service::then);
        Self { work, desks: Arc::new(Semaphore::new(DESKS)), last: Arc::default(), busy: None }
    }

    /// Starts it as a task, which has a desk until it ends.
    pub(super) fn start(&self) -> JoinHandle<Result<(), Failure>> {
        let (work, desk) = (self.work.ask(), Arc::clone(&self.desks).try_acquire_owned());
        let work = async move {
            let _mine = desk;
            work.await.map(drop)
        };
        let task = match &self.busy {
            Some(thread) => thread.spawn_local(work),
            None => tokio::spawn(work),
        };
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(task.abort_handle());
        task
    }
}

const DESKS: usize = 100;

/// How long a thread is busy with other work before its workers get their next turn: as long as the task says.
const OTHER_WORK: u64 = 3_000_000;

/// What the answer returned, in words, and whether all desks were free at that instant.
pub(super) type Seen = (String, bool);

type Supervise = Call<(Worker, CancellationToken), Ended>;

/// How the workers end, and what happens from outside after this many milliseconds.
pub(super) type Scene = (Vec<Reply>, Option<(u64, Act)>);

/// What happens from outside.
pub(super) type Act = fn(&Last, &CancellationToken);

pub(super) const STOP: Act = |_, stop| stop.cancel();
pub(super) const CANCEL: Act = |last, _| {
    if let Some(task) = &*last.lock().unwrap_or_else(PoisonError::into_inner) {
        task.abort();
    }
};

pub(super) fn done() -> Reply {
    Reply::ok(ms(200), "done")
}

pub(super) fn fails() -> Reply {
    Reply::err(ms(300), "is busy")
}

pub(super) fn panics() -> Reply {
    Reply::panics(ms(100), "counts below zero")
}

/// One runs a little too short, and one exactly long enough. Then one that would be the fourth failure runs long enough.
/// The last four take half a minute, and the last reason differs from the ones before.
pub(super) fn now_and_then_well() -> Scene {
    let [short, enough, long] = [9_900, 10_000, 12_000].map(|after| Reply::err(ms(after), "is tired"));
    let panics_late = Reply::panics(ms(3_000_000), "counts below zero");
    let no_disk = Reply::err(ms(9_800), "has no disk");
    (vec![fails(), short.clone(), enough, panics_late, fails(), fails(), long, short.clone(), short, no_disk], None)
}

/// As many workers as the task says. Each runs exactly long enough, and then fails.
pub(super) fn many_failures() -> Scene {
    let tired = (1..300).map(|number| match number % 3 {
        0 => Reply::panics(ms(10_000), "counts below zero"),
        _ => Reply::err(ms(10_000), "is tired"),
    });
    (tired.chain([done()]).collect(), None)
}

/// Supervises a worker, checks the desks at the instant at which the answer returns, and waits for a while.
pub(super) async fn supervised(supervise: Supervise, (replies, act): Scene) -> Seen {
    supervised_in(supervise, Worker::new(replies), act).await
}

/// The same, with workers on a thread that is often busy.
pub(super) async fn supervised_on_a_busy_thread(supervise: Supervise, (replies, act): Scene) -> Seen {
    let thread = Rc::new(LocalSet::new());
    let worker = Worker { busy: Some(Rc::clone(&thread)), ..Worker::new(replies) };
    let turns = async {
        loop {
            thread.run_until(yield_now()).await;
            sleep(ms(OTHER_WORK)).await;
        }
    };
    select! {
        // The worker starts before the thread is busy.
        biased;
        seen = supervised_in(supervise, worker, act) => seen,
        never = turns => never,
    }
}

async fn supervised_in(supervise: Supervise, worker: Worker, act: Option<(u64, Act)>) -> Seen {
    let stop = CancellationToken::new();
    if let Some((after, act)) = act {
        let (last, stop) = (Arc::clone(&worker.last), stop.clone());
        let somebody = async move {
            sleep(ms(after)).await;
            act(&last, &stop);
        };
        tokio::spawn(somebody.lane("somebody"));
    }
    let ended = supervise((worker.clone(), stop)).lane("supervise").await;
    let free = worker.desks.available_permits() == DESKS;
    sleep(ms(200)).lane("the caller goes on").await;
    (words(ended), free)
}

fn words(ended: Ended) -> String {
    match ended {
        Ended::GaveUp(Reason::Failed(failure)) => format!("`GaveUp` because the {failure}"),
        Ended::GaveUp(Reason::Panicked(error)) => {
            let panic = error.try_into_panic().ok().and_then(|panic| panic.downcast::<String>().ok());
            panic.map_or("`GaveUp` after a panic".to_owned(), |text| format!("`GaveUp` because the {text}"))
        }
        other => format!("`{other:?}`"),
    }
}
