//! Tests, and the tasks that they spawn.

use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use room::{everywhere, on_one_thread};
use tokio::runtime::{Builder, Handle};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinSet, yield_now};

use super::panic_of;

#[test]
fn an_assertion_that_fails_in_a_task_that_nobody_awaits_passes_the_test() {
    everywhere(|world| {
        let failed = panic_of(|| {
            world.run(async {
                let (ends, ended) = oneshot::channel::<()>();
                tokio::spawn(async move {
                    let _ends = ends;
                    assert_eq!(1 + 1, 3, "nobody hears of it");
                });
                // The task is over, and it has panicked.
                ended.await.unwrap_err();
            });
        });
        assert_eq!(failed, None);
    });
}

#[test]
fn an_awaited_handle_fails_the_test() {
    everywhere(|world| {
        let failed = panic_of(|| {
            world.run(async {
                tokio::spawn(async { assert_eq!(1 + 1, 3, "heard") }).await.unwrap();
            });
        });
        assert!(failed.unwrap().contains("JoinError"));
    });
}

#[test]
fn join_all_of_a_join_set_passes_the_failed_assertion_on() {
    everywhere(|world| {
        let failed = panic_of(|| {
            world.run(async {
                let mut tasks = JoinSet::new();
                tasks.spawn(async { assert_eq!(1 + 1, 3, "heard") });
                tasks.spawn(pending());
                tasks.join_all().await;
            });
        });
        assert!(failed.unwrap().contains("heard"));
    });
}

#[test]
fn on_one_thread_what_a_spawned_task_asserts_is_not_even_run_when_the_test_returns_at_once() {
    on_one_thread(|world| {
        let ran = Arc::new(AtomicBool::new(false));
        let runs = Arc::clone(&ran);
        world.run(async move {
            tokio::spawn(async move { runs.store(true, Ordering::Relaxed) });
        });
        assert!(!ran.load(Ordering::Relaxed));
    });
}

#[test]
fn a_leaked_task_is_seen_in_the_number_of_tasks_that_are_alive() {
    everywhere(|world| {
        world.run(async {
            let alive = || Handle::current().metrics().num_alive_tasks();
            let before = alive();
            let leaked = tokio::spawn(pending::<()>());
            assert_eq!(alive(), before + 1);
            leaked.abort();
            // An abort takes effect when the runtime gets to it.
            while alive() > before {
                yield_now().await;
            }
        });
    });
}

#[test]
fn after_a_failed_assertion_the_code_behind_it_does_not_run_and_a_drop_does() {
    struct Table(Arc<Mutex<Vec<&'static str>>>);
    impl Drop for Table {
        fn drop(&mut self) {
            self.0.lock().unwrap().push("dropped");
        }
    }
    everywhere(|world| {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let failed = panic_of(|| {
            world.run(async {
                let _table = Table(Arc::clone(&seen));
                yield_now().await;
                assert!(seen.lock().is_err(), "it is not poisoned yet");
                seen.lock().unwrap().push("taken down");
            });
        });
        assert!(failed.is_some());
        assert_eq!(*seen.lock().unwrap(), ["dropped"]);
    });
}

#[test]
fn a_client_in_a_static_is_gone_in_the_second_test() {
    type Question = oneshot::Sender<u32>;
    fn client(shared: &OnceLock<mpsc::Sender<Question>>) -> mpsc::Sender<Question> {
        let connect = || {
            let (client, mut questions) = mpsc::channel::<Question>(8);
            tokio::spawn(async move {
                while let Some(question) = questions.recv().await {
                    _ = question.send(42);
                }
            });
            client
        };
        shared.get_or_init(connect).clone()
    }
    async fn ask(client: mpsc::Sender<Question>) -> Option<u32> {
        let (question, answer) = oneshot::channel();
        client.send(question).await.ok()?;
        answer.await.ok()
    }
    everywhere(|world| {
        let shared = OnceLock::new();
        // Each run has a runtime of its own, as each `#[tokio::test]` has.
        assert_eq!(world.run(async { ask(client(&shared)).await }), Some(42));
        assert_eq!(world.run(async { ask(client(&shared)).await }), None);
        // A client for each test.
        assert_eq!(world.run(async { ask(client(&OnceLock::new())).await }), Some(42));
    });
}

/// The order in which three tasks start.
async fn starts() -> Vec<u32> {
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = JoinSet::new();
    for number in 1..=3 {
        let order = Arc::clone(&order);
        tasks.spawn(async move { order.lock().unwrap().push(number) });
    }
    tasks.join_all().await;
    Arc::into_inner(order).unwrap().into_inner().unwrap()
}

#[test]
fn on_one_thread_tasks_start_in_the_order_of_their_spawns_today() {
    on_one_thread(|world| assert_eq!(world.run(starts()), [1, 2, 3]));
}

#[test]
fn on_a_runtime_with_one_worker_the_task_that_was_spawned_last_starts_first_today() {
    for _ in 0..10 {
        let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let order = runtime.block_on(async { tokio::spawn(starts()).await.unwrap() });
        assert_eq!(order, [3, 1, 2]);
    }
}
