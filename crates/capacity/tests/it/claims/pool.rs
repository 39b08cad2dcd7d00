//! What a pool promises.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use futures::FutureExt;
use tokio::sync::{Notify, Semaphore, mpsc};
use tokio::task::{JoinHandle, JoinSet, yield_now};

use super::*;

/// Work that says when it begins, and lasts until the gate opens.
#[derive(Clone)]
struct Gate {
    gate: Arc<Semaphore>,
    begun: mpsc::UnboundedSender<usize>,
}

impl Gate {
    fn new() -> (Self, mpsc::UnboundedReceiver<usize>) {
        let (begun, receiver) = mpsc::unbounded_channel();
        (Self { gate: Arc::new(Semaphore::new(0)), begun }, receiver)
    }

    async fn work(self, number: usize) -> usize {
        self.begun.send(number).unwrap();
        self.gate.acquire().await.unwrap().forget();
        number
    }

    fn open(&self, count: usize) {
        self.gate.add_permits(count);
    }
}

/// Calls the pool in a task, and returns when the call works, waits or has been refused.
async fn call(pool: &Arc<Pool>, gate: &Gate, number: usize) -> JoinHandle<Result<usize, Refused>> {
    let (polled, work) = (Arc::new(Notify::new()), gate.clone().work(number));
    let (pool, told) = (Arc::clone(pool), Arc::clone(&polled));
    let task = tokio::spawn(async move {
        let mut call = Box::pin(pool.run(work));
        let first = futures::poll!(&mut call);
        told.notify_one();
        match first {
            std::task::Poll::Ready(ended) => ended,
            std::task::Poll::Pending => call.await,
        }
    });
    polled.notified().await;
    task
}

#[test]
fn no_more_calls_work_at_once_than_there_are_workers() {
    everywhere(|world| {
        let (now, peak) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        world.run(async {
            let pool = Arc::new(Pool::new(3, usize::MAX));
            let mut calls = JoinSet::new();
            for _ in 0..30 {
                let (pool, now, peak) = (Arc::clone(&pool), Arc::clone(&now), Arc::clone(&peak));
                calls.spawn(async move {
                    let work = async {
                        peak.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
                        sleep(ms(1)).await;
                        now.fetch_sub(1, SeqCst);
                    };
                    pool.run(work).await
                });
            }
            assert!(calls.join_all().await.iter().all(Result::is_ok));
        });
        assert_eq!(peak.load(SeqCst), 3);
    });
}

#[test]
fn a_call_is_refused_at_once_if_the_workers_and_the_queue_are_full() {
    everywhere(|world| {
        world.run(async {
            let (pool, (gate, mut begun)) = (Arc::new(Pool::new(2, 1)), Gate::new());
            let calls = [call(&pool, &gate, 1).await, call(&pool, &gate, 2).await, call(&pool, &gate, 3).await];
            assert_eq!((pool.busy(), pool.waiting()), (2, 1));
            assert_eq!(pool.run(gate.clone().work(4)).now_or_never(), Some(Err(Refused)));
            assert_eq!(Refused.to_string(), "refused: the queue is full");
            gate.open(3);
            for (call, number) in calls.into_iter().zip(1..) {
                assert_eq!(call.await.unwrap(), Ok(number));
            }
            assert_eq!((pool.busy(), pool.waiting()), (0, 0));
            drop(gate);
            assert_eq!(
                [begun.recv().await, begun.recv().await, begun.recv().await, begun.recv().await]
                    .iter()
                    .flatten()
                    .count(),
                3
            );
        });
    });
}

#[test]
fn a_pool_without_a_queue_refuses_nobody_while_a_worker_is_free() {
    everywhere(|world| {
        world.run(async {
            let pool = Pool::new(1, 0);
            for number in 0..100 {
                assert_eq!(pool.run(async { number }).await, Ok(number));
            }
        });
    });
}

#[test]
fn workers_take_the_calls_in_their_order() {
    everywhere(|world| {
        world.run(async {
            let (pool, (gate, mut begun)) = (Arc::new(Pool::new(1, 10)), Gate::new());
            let mut calls = Vec::new();
            for number in 0..10 {
                calls.push(call(&pool, &gate, number).await);
            }
            for number in 0..10 {
                assert_eq!(begun.recv().await, Some(number));
                gate.open(1);
            }
            futures::future::join_all(calls).await;
        });
    });
}

#[test]
fn a_caller_that_gives_up_leaves_the_queue_and_its_work_is_never_begun() {
    everywhere(|world| {
        world.run(async {
            let (pool, (gate, mut begun)) = (Arc::new(Pool::new(1, 1)), Gate::new());
            let (first, second) = (call(&pool, &gate, 1).await, call(&pool, &gate, 2).await);
            second.abort();
            assert!(second.await.unwrap_err().is_cancelled());
            assert_eq!(pool.waiting(), 0);
            let third = call(&pool, &gate, 3).await;
            gate.open(2);
            assert_eq!((first.await.unwrap(), third.await.unwrap()), (Ok(1), Ok(3)));
            assert_eq!((begun.recv().await, begun.recv().await), (Some(1), Some(3)));
        });
    });
}

#[test]
fn a_caller_that_gives_up_while_its_work_runs_frees_the_worker() {
    everywhere(|world| {
        world.run(async {
            let (pool, (gate, _begun)) = (Arc::new(Pool::new(1, 1)), Gate::new());
            let (first, second) = (call(&pool, &gate, 1).await, call(&pool, &gate, 2).await);
            first.abort();
            gate.open(1);
            assert_eq!(second.await.unwrap(), Ok(2));
            assert!(first.await.unwrap_err().is_cancelled());
        });
    });
}

#[test]
fn work_that_panics_frees_its_worker_and_the_caller_sees_the_panic() {
    everywhere(|world| {
        world.run(async {
            let pool = Pool::new(1, 0);
            let panics = AssertUnwindSafe(pool.run(async { std::panic::resume_unwind(Box::new("broken")) }));
            let ended: Result<Result<(), _>, _> = panics.catch_unwind().await;
            assert!(ended.is_err());
            assert_eq!(pool.run(async { 7 }).await, Ok(7));
        });
    });
}

/// Set in a process that runs one test of this file as its program.
const CHILD: &str = "CAPACITY_CHILD";

/// Whether this is such a process; otherwise, what one prints that runs this test.
fn printed_by_a_child(test: &str) -> Option<String> {
    if std::env::var_os(CHILD).is_some() {
        return None;
    }
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", &format!("claims::pool::{test}"), "--nocapture"]).env(CHILD, "");
    let output = child.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    Some(String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_worker_task_that_panics_is_printed_at_once_and_its_handle_has_the_panic() {
    let test = "a_worker_task_that_panics_is_printed_at_once_and_its_handle_has_the_panic";
    if let Some(printed) = printed_by_a_child(test) {
        let lines = ["the worker is broken", "nobody has asked its handle yet"].map(|line| printed.find(line).unwrap());
        assert!(lines[0] < lines[1], "{printed}");
        return;
    }
    World::Workers(2).run(async {
        let worker = tokio::spawn(async { panic!("the worker is broken") });
        while !worker.is_finished() {
            yield_now().await;
        }
        eprintln!("nobody has asked its handle yet");
        let ended: Result<(), _> = worker.await;
        assert!(ended.unwrap_err().is_panic());
    });
}

#[test]
fn a_worker_task_that_returns_an_error_prints_nothing() {
    if let Some(printed) = printed_by_a_child("a_worker_task_that_returns_an_error_prints_nothing") {
        assert_eq!(printed, "");
        return;
    }
    World::Workers(2).run(async {
        let worker = tokio::spawn(async { Err::<(), _>("the worker is broken") });
        assert_eq!(worker.await.unwrap(), Err("the worker is broken"));
        drop(tokio::spawn(async { Err::<(), _>("and nobody asks") }));
    });
}

#[test]
fn a_oneshot_returns_the_value_if_its_receiver_is_gone() {
    let (answer, caller) = tokio::sync::oneshot::channel();
    drop(caller);
    assert_eq!(answer.send(7), Err(7));
}

#[test]
fn the_naive_pool_works_for_a_caller_who_gave_up() {
    everywhere(|world| {
        world.run(async {
            let (pool, (gate, mut begun)) = (Arc::new(naive::Pool::new(1)), Gate::new());
            let (caller, work) = (Arc::clone(&pool), gate.clone().work(1));
            let task = tokio::spawn(async move { caller.run(work).await });
            assert_eq!(begun.recv().await, Some(1));
            assert_eq!((pool.busy(), pool.waiting()), (1, 0));
            let mut given_up = Box::pin(pool.run(gate.clone().work(2)));
            assert!(futures::poll!(&mut given_up).is_pending());
            drop(given_up);
            assert_eq!(pool.waiting(), 1);
            gate.open(1);
            assert_eq!(begun.recv().await, Some(2));
            gate.open(1);
            task.await.unwrap().unwrap();
            while pool.busy() > 0 {
                yield_now().await;
            }
        });
    });
}

#[test]
fn a_simulation_tells_refused_requests_from_those_that_gave_up_on_the_paused_clock() {
    let requests = [(0, 10), (1, 1), (2, 1)].map(|(at, takes)| Request { at: seconds(at), takes: seconds(takes) });
    let fates = for_hours(simulate(&Arc::new(Pool::new(1, 1)), requests, seconds(5)));
    // Both begin to wait, and the first one is cut off, so that there is a worker at 5 s.
    let answered = Fate::Answered { waited: seconds(4) };
    assert_eq!(fates, [Fate::GaveUp, answered, Fate::Refused]);
    assert_eq!(fates.map_waited(), [None, Some(seconds(4)), None]);
}

#[test]
fn a_request_that_is_sent_late_is_measured_from_when_it_was_due_on_the_paused_clock() {
    // The second one was due six seconds before it can be sent.
    let requests = [10, 4].map(|at| Request { at: seconds(at), takes: seconds(1) });
    let fates = |patience| for_hours(simulate(&Arc::new(Pool::new(2, 0)), requests, patience));
    let [at_once, late] = [0, 6].map(|waited| Fate::Answered { waited: seconds(waited) });
    assert_eq!(fates(seconds(8)), [at_once, late]);
    assert_eq!(fates(seconds(5)), [at_once, Fate::GaveUp]);
}

trait MapWaited {
    fn map_waited(&self) -> Vec<Option<Duration>>;
}

impl MapWaited for Vec<Fate> {
    fn map_waited(&self) -> Vec<Option<Duration>> {
        self.iter().map(|fate| fate.waited()).collect()
    }
}
