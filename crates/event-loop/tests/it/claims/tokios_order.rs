//! In which order Tokio polls what is ready: as it is in Tokio 1.54, and promised by nobody.

use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use room::{World, everywhere, on_one_thread};
use tokio::runtime::Handle;
use tokio::task::{JoinHandle, yield_now};
use tokio::time::{Instant, sleep_until};

use super::{ms, thread};

/// A list to which tasks on several threads write.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn says(&self, line: impl Into<String>) {
        self.0.lock().unwrap().push(line.into());
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

async fn all(tasks: impl IntoIterator<Item = JoinHandle<()>>) {
    for task in tasks {
        task.await.unwrap();
    }
}

/// Lets others run first by a wake, as `yield_now` of our own loop does.
async fn wakes_itself() {
    let mut woken = false;
    poll_fn(|context| {
        if woken {
            return Poll::Ready(());
        }
        woken = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// What three tasks say in three rounds, with this wait after each.
async fn three_rounds<F: Future<Output = ()> + Send>(wait: impl Fn() -> F + Copy + Send + 'static) -> Vec<String> {
    let log = Log::default();
    let tasks = ["a", "b", "c"].map(|name| {
        let log = log.clone();
        tokio::spawn(async move {
            for round in 1..=3 {
                log.says(format!("{name}{round}"));
                wait().await;
            }
        })
    });
    all(tasks).await;
    log.lines()
}

#[test]
fn on_one_thread_tokio_polls_woken_tasks_first_in_first_out() {
    on_one_thread(|world| {
        let lines = world.run(three_rounds(wakes_itself));
        assert_eq!(lines, ["a1", "b1", "c1", "a2", "b2", "c2", "a3", "b3", "c3"]);
    });
}

#[test]
fn on_one_thread_tokios_yield_now_turns_the_order_round_each_time() {
    on_one_thread(|world| {
        let lines = world.run(three_rounds(yield_now));
        assert_eq!(lines, ["a1", "b1", "c1", "c2", "b2", "a2", "a3", "b3", "c3"]);
    });
}

#[test]
fn on_one_thread_the_body_of_block_on_does_not_wait_in_the_queue() {
    on_one_thread(|world| {
        let lines = world.run(async {
            let log = Log::default();
            let tasks: Vec<_> = (1..=100)
                .map(|number| {
                    let log = log.clone();
                    tokio::spawn(async move { log.says(number.to_string()) })
                })
                .collect();
            wakes_itself().await;
            log.says("body");
            all(tasks).await;
            log.lines()
        });
        // It was the last to become ready, and 100 tasks stood in the queue: 61 get a turn, which is Tokio's `event_interval`.
        assert_eq!(lines.iter().position(|line| line == "body"), Some(61));
        assert_eq!(lines.len(), 101);
    });
}

#[test]
fn on_one_thread_the_first_task_that_another_thread_spawns_waits_for_at_most_31_polls() {
    on_one_thread(|world| {
        let lines = world.run(async {
            let (log, handle) = (Log::default(), Handle::current());
            let elsewhere = log.clone();
            let others = thread::spawn(move || {
                ["elsewhere", "second", "third"].map(|name| {
                    let elsewhere = elsewhere.clone();
                    handle.spawn(async move { elsewhere.says(name) })
                })
            });
            let others = others.join().unwrap();
            let tasks: Vec<_> = (1..=100)
                .map(|number| {
                    let log = log.clone();
                    tokio::spawn(async move { log.says(number.to_string()) })
                })
                .collect();
            all(tasks.into_iter().chain(others)).await;
            log.lines()
        });
        // They were spawned before all of the others. One of them comes in each 31 polls.
        let places = ["elsewhere", "second", "third"].map(|name| lines.iter().position(|line| line == name).unwrap());
        assert!((1..=31).contains(&places[0]), "{places:?}");
        assert_eq!([places[1] - places[0], places[2] - places[1]], [31, 31]);
        assert_eq!(lines[0], "1");
    });
}

#[test]
fn with_one_worker_the_task_that_was_spawned_last_runs_first() {
    let runtime = World::Workers(1).builder().build().unwrap();
    for _ in 0..10 {
        let log = Log::default();
        let lines = log.clone();
        let spawner = async move {
            let tasks = ["a", "b", "c"].map(|name| {
                let log = log.clone();
                tokio::spawn(async move { log.says(name) })
            });
            all(tasks).await;
        };
        runtime.block_on(async { tokio::spawn(spawner).await.unwrap() });
        assert_eq!(lines.lines(), ["c", "a", "b"]);
    }
}

#[test]
fn call_soon_call_later_and_call_at_are_a_task_a_sleep_and_a_deadline() {
    everywhere(|world| {
        let lines = world.run(async {
            let log = Log::default();
            let start = Instant::now();
            let [at, later, soon, never] = ["at", "later", "soon", "never"].map(|name| {
                let log = log.clone();
                move || log.says(name)
            });
            let at = tokio::spawn(async move {
                sleep_until(start + ms(60)).await;
                at();
            });
            let later = tokio::spawn(async move {
                tokio::time::sleep(ms(30)).await;
                later();
            });
            let soon = tokio::spawn(async move { soon() });
            let taken_back = tokio::spawn(async move {
                tokio::time::sleep(ms(45)).await;
                never();
            });
            soon.await.unwrap();
            taken_back.abort();
            later.await.unwrap();
            at.await.unwrap();
            assert!(taken_back.await.unwrap_err().is_cancelled());
            log.lines()
        });
        assert_eq!(lines, ["soon", "later", "at"]);
    });
}
