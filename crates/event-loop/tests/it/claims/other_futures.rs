//! Which futures of others our loop runs, and which it cannot run.

use std::sync::Arc;

use futures::future::{join, join_all, select};
use tokio::runtime::Builder;
use tokio::sync::{Barrier, Mutex, Notify, Semaphore, broadcast, mpsc, oneshot, watch};

use super::*;

#[test]
fn our_loop_runs_tokios_oneshot_and_mpsc() {
    let (answer, items) = proven(|| {
        block_on(async {
            let (sends, answer) = oneshot::channel();
            // One place: the sender waits for the receiver again and again.
            let (items, mut queue) = mpsc::channel(1);
            let producer = spawn(async move {
                for item in 1..=5 {
                    items.send(item).await.unwrap();
                }
                sends.send("all sent").unwrap();
            });
            let mut received = Vec::new();
            while let Some(item) = queue.recv().await {
                received.push(item);
            }
            producer.await.unwrap();
            (answer.await.unwrap(), received)
        })
    });
    assert_eq!((answer, items), ("all sent", vec![1, 2, 3, 4, 5]));
}

#[test]
fn our_loop_runs_tokios_locks_and_the_combinators_of_futures() {
    let sum = proven(|| {
        block_on(async {
            let (sum, permits, barrier) =
                (Arc::new(Mutex::new(0)), Arc::new(Semaphore::new(2)), Arc::new(Barrier::new(3)));
            let (bell, (news, mut newest), (all, mut each)) =
                (Arc::new(Notify::new()), watch::channel(0), broadcast::channel(8));
            let tasks = [1, 2, 3].map(|number| {
                let (sum, permits, barrier, all) = (sum.clone(), permits.clone(), barrier.clone(), all.clone());
                spawn(async move {
                    let permit = permits.acquire().await.unwrap();
                    *sum.lock().await += number;
                    drop(permit);
                    barrier.wait().await;
                    all.send(number).unwrap();
                })
            });
            let rung = bell.notified();
            bell.notify_waiters();
            news.send(7).unwrap();
            let ((), changed) = join(rung, newest.changed()).await;
            changed.unwrap();
            for task in join_all(tasks).await {
                task.unwrap();
            }
            let first = each.recv().await.unwrap();
            select(sleep(ms(5)), std::future::pending::<()>()).await;
            assert!((1..=3).contains(&first));
            *sum.lock().await
        })
    });
    assert_eq!(sum, 6);
}

#[test]
fn our_loop_and_a_tokio_runtime_on_another_thread_talk_over_channels() {
    let echoed = proven(|| {
        let (asks, mut questions) = mpsc::channel::<(u32, oneshot::Sender<u32>)>(1);
        let server = thread::spawn(move || {
            Builder::new_current_thread().enable_all().build().unwrap().block_on(async move {
                while let Some((number, answer)) = questions.recv().await {
                    tokio::time::sleep(ms(1)).await;
                    answer.send(number + 1).unwrap();
                }
            });
        });
        let echoed = block_on(async {
            let mut number = 0;
            for _ in 0..3 {
                let (sends, answer) = oneshot::channel();
                asks.send((number, sends)).await.unwrap();
                number = answer.await.unwrap();
            }
            drop(asks);
            number
        });
        server.join().unwrap();
        echoed
    });
    assert_eq!(echoed, 3);
}

#[test]
fn tokios_sleep_sockets_and_spawn_panic_on_our_loop() {
    let panics = proven(|| {
        [
            words_of(|| block_on(tokio::time::sleep(ms(1)))),
            words_of(|| drop(block_on(tokio::net::TcpListener::bind("127.0.0.1:0")))),
            words_of(|| block_on(async { drop(tokio::spawn(async {})) })),
            words_of(|| block_on(async { drop(tokio::task::spawn_blocking(|| ())) })),
            words_of(|| block_on(async { drop(tokio::fs::read("/dev/null").await) })),
        ]
    });
    for words in panics {
        assert!(
            words.contains("there is no reactor running, must be called from the context of a Tokio 1.x runtime"),
            "{words}"
        );
    }
}

#[test]
fn with_a_runtime_entered_that_runs_on_another_thread_our_loop_runs_tokios_sleep_too() {
    let steps = proven(|| {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let _entered = runtime.enter();
        let mut steps = Vec::new();
        block_on_watched(tokio::time::sleep(ms(5)), |step| steps.push((step.due, step.polls)));
        steps
    });
    // Tokio's thread keeps the time, and wakes our loop: no timer of ours was due.
    assert_eq!(steps, [(0, 1), (0, 1)]);
}

#[test]
fn on_our_loop_a_blocking_call_stops_every_task() {
    let lines = proven(|| {
        block_on(async {
            let log = Log::default();
            let timer = spawn({
                let log = log.clone();
                async move {
                    sleep(ms(1)).await;
                    log.says("timer");
                }
            });
            yield_now().await;
            thread::sleep(ms(20));
            log.says("blocked");
            timer.await.unwrap();
            log.lines()
        })
    });
    assert_eq!(lines, ["blocked", "timer"]);
}

/// How many messages of a full channel a task receives before another task runs, which is ready all the time.
async fn received_before_the_other<F: Future>(spawn: impl FnOnce(Box<dyn FnOnce() + Send>) -> F) -> usize {
    const MESSAGES: usize = 1_000;
    let (sends, mut queue) = mpsc::channel(MESSAGES);
    for number in 0..MESSAGES {
        sends.try_send(number).unwrap();
    }
    drop(sends);
    let other_ran = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let runs = Arc::clone(&other_ran);
    let _other = spawn(Box::new(move || runs.store(true, std::sync::atomic::Ordering::SeqCst)));
    let mut received = 0;
    while queue.recv().await.is_some() && !other_ran.load(std::sync::atomic::Ordering::SeqCst) {
        received += 1;
    }
    received
}

#[test]
fn an_await_that_is_ready_lets_no_other_task_run_on_our_loop() {
    let received = proven(|| block_on(received_before_the_other(|other| spawn(async { other() }))));
    assert_eq!(received, 1_000);
}

#[test]
fn tokio_makes_a_task_pending_after_128_messages_on_one_thread() {
    room::on_one_thread(|world| {
        let received = world.run(async {
            let receives = received_before_the_other(|other| tokio::spawn(async { other() }));
            receives.await
        });
        assert_eq!(received, 128);
    });
}
