//! Futures, tasks and their results.

use std::sync::Arc;
use std::sync::Mutex;

use futures::{FutureExt, StreamExt};
use room::{everywhere, on_one_thread, with_several_workers};
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::task::{JoinHandle, JoinSet, yield_now};

use super::is_pending;

#[test]
fn on_one_thread_a_spawned_task_starts_when_its_spawner_waits() {
    on_one_thread(|world| {
        world.run(async {
            let seen = Arc::new(Mutex::new(Vec::new()));
            let task = tokio::spawn({
                let seen = Arc::clone(&seen);
                async move { seen.lock().unwrap().push("task") }
            });
            seen.lock().unwrap().push("spawned");
            task.await.unwrap();
            assert_eq!(*seen.lock().unwrap(), ["spawned", "task"]);
        });
    });
}

#[test]
fn on_several_threads_a_spawned_task_may_start_before_its_spawner_waits() {
    with_several_workers(|world| {
        world.run(async {
            let (sender, receiver) = std::sync::mpsc::channel();
            tokio::spawn(async move { sender.send("started").unwrap() });
            // No await in between: this thread blocks, and a worker runs the task.
            assert_eq!(receiver.recv(), Ok("started"));
        });
    });
}

#[test]
fn a_dropped_future_never_runs() {
    everywhere(|world| {
        world.run(async {
            let mut ran = false;
            drop(async { ran = true });
            assert!(!ran);
        });
    });
}

#[test]
#[expect(clippy::let_underscore_future, reason = "what the claim is about")]
fn let_underscore_drops_a_future_in_silence() {
    let (mut ran, held) = (false, Arc::new(()));
    let own = Arc::clone(&held);
    let _ = async {
        ran = true;
        drop(own);
    };
    assert_eq!((ran, Arc::strong_count(&held)), (false, 1));
}

#[test]
fn a_future_that_its_trait_promises_to_be_send_can_be_spawned() {
    everywhere(|world| {
        world.run(async {
            trait Store {
                fn get(&self, key: &str) -> impl Future<Output = Option<String>> + Send;
            }
            struct Echo;
            impl Store for Echo {
                async fn get(&self, key: &str) -> Option<String> {
                    Some(key.to_owned())
                }
            }
            fn show(store: impl Store + Send + Sync + 'static) -> JoinHandle<Option<String>> {
                tokio::spawn(async move { store.get("users").await })
            }
            assert_eq!(show(Echo).await.unwrap().as_deref(), Some("users"));
        });
    });
}

#[test]
#[should_panic(expected = "polled after completion")]
fn a_handle_that_is_awaited_twice_panics() {
    everywhere(|world| {
        world.run(async {
            let mut task = tokio::spawn(async {});
            (&mut task).await.unwrap();
            let _ = (&mut task).await;
        });
    });
}

#[test]
fn a_shared_future_gives_its_value_to_everybody() {
    everywhere(|world| {
        world.run(async {
            let answer = async { 42 }.shared();
            assert_eq!((answer.clone().await, answer.await), (42, 42));
        });
    });
}

#[test]
fn a_oneshot_whose_sender_is_gone_is_an_error() {
    everywhere(|world| {
        world.run(async {
            let (sender, receiver) = oneshot::channel::<()>();
            drop(sender);
            assert!(receiver.await.is_err());
        });
    });
}

#[test]
fn a_oneshot_whose_receiver_is_gone_hands_the_value_back() {
    everywhere(|world| {
        world.run(async {
            let (sender, receiver) = oneshot::channel();
            drop(receiver);
            assert_eq!(sender.send(1), Err(1));
        });
    });
}

#[test]
fn a_join_set_goes_on_after_an_error() {
    everywhere(|world| {
        world.run(async {
            let mut tasks = JoinSet::new();
            tasks.spawn(async { Err::<(), _>("refused") });
            tasks.spawn(async { Ok(()) });
            let mut results = tasks.join_all().await;
            results.sort_unstable();
            assert_eq!(results, [Ok(()), Err("refused")]);
        });
    });
}

#[test]
fn yield_now_gives_the_others_a_turn_on_one_thread() {
    on_one_thread(|world| {
        world.run(async {
            let task = tokio::spawn(async {});
            yield_now().await;
            assert!(task.is_finished());
        });
    });
}

#[test]
fn an_error_in_a_task_that_nobody_awaits_is_dropped_silently_and_a_panic_is_printed() {
    const CHILD: &str = "PRIMER_FAILS_IN_SILENCE";
    if let Ok(how) = std::env::var(CHILD) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let (sender, receiver) = oneshot::channel::<()>();
            drop(tokio::spawn(async move {
                let _ended = sender;
                assert!(how != "panic", "a bug");
                Err::<(), _>("refused")
            }));
            let _ = receiver.await;
        });
        return;
    }
    let complaint = |how| {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child.env(CHILD, how).args(["--nocapture", "--exact"]);
        child.arg("claims::tasks::an_error_in_a_task_that_nobody_awaits_is_dropped_silently_and_a_panic_is_printed");
        let output = child.output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(!complaint("error").contains("refused"));
    assert!(complaint("panic").contains("a bug"));
}

#[test]
fn a_stream_is_an_async_generator() {
    everywhere(|world| {
        world.run(async {
            let countdown = futures::stream::unfold(3, async |left: u32| (left > 0).then(|| (left, left - 1)));
            assert_eq!(countdown.collect::<Vec<_>>().await, [3, 2, 1]);
        });
    });
}

#[test]
fn a_broadcast_gives_every_item_to_every_receiver() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut first) = broadcast::channel(2);
            let mut second = sender.subscribe();
            sender.send("item").unwrap();
            assert_eq!((first.recv().await, second.recv().await), (Ok("item"), Ok("item")));
        });
    });
}

#[test]
fn a_slow_broadcast_receiver_misses_items_and_is_told_how_many() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = broadcast::channel(2);
            for number in 1..=5 {
                sender.send(number).unwrap();
            }
            assert_eq!(receiver.recv().await, Err(broadcast::error::RecvError::Lagged(3)));
            assert_eq!(receiver.recv().await, Ok(4));
        });
    });
}

#[test]
fn a_watch_keeps_only_the_newest_value() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = watch::channel(0);
            sender.send(1).unwrap();
            sender.send(2).unwrap();
            receiver.changed().await.unwrap();
            assert_eq!(*receiver.borrow_and_update(), 2);
            assert!(is_pending(receiver.changed()));
        });
    });
}

#[test]
fn a_oneshot_in_the_item_brings_the_answer_back() {
    everywhere(|world| {
        world.run(async {
            let (requests, mut inbox) = mpsc::channel::<(u32, oneshot::Sender<u32>)>(1);
            tokio::spawn(async move {
                while let Some((number, answer)) = inbox.recv().await {
                    // Whoever asked may have gone.
                    let _ = answer.send(number * 2);
                }
            });
            let (answer, doubled) = oneshot::channel();
            requests.send((21, answer)).await.unwrap();
            assert_eq!(doubled.await, Ok(42));
        });
    });
}

#[test]
fn a_task_local_is_read_only_inside_its_scope() {
    tokio::task_local! { static NAME: &'static str; }
    let inside = NAME.scope("request", async { NAME.get() }).now_or_never();
    assert_eq!(inside, Some("request"));
    assert!(NAME.try_with(|_| ()).is_err());
}

#[test]
fn try_recv_distinguishes_an_empty_queue_from_one_that_has_ended() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = mpsc::channel::<u32>(1);
            assert_eq!(receiver.try_recv(), Err(mpsc::error::TryRecvError::Empty));
            drop(sender);
            assert_eq!(receiver.try_recv(), Err(mpsc::error::TryRecvError::Disconnected));
        });
    });
}

#[test]
fn next_of_a_stream_at_its_end_is_none() {
    everywhere(|world| {
        world.run(async {
            let mut numbers = futures::stream::iter([1]);
            assert_eq!((numbers.next().await, numbers.next().await), (Some(1), None));
        });
    });
}

#[test]
fn a_vec_drops_its_guards_in_the_order_in_which_they_were_pushed() {
    struct Guard<'a>(&'a Mutex<Vec<u32>>, u32);
    impl Drop for Guard<'_> {
        fn drop(&mut self) {
            self.0.lock().unwrap().push(self.1);
        }
    }
    let left = Mutex::new(Vec::new());
    drop(vec![Guard(&left, 1), Guard(&left, 2)]);
    assert_eq!(*left.lock().unwrap(), [1, 2]);
}

#[test]
fn select_ok_returns_the_first_success_and_the_remaining_futures() {
    everywhere(|world| {
        world.run(async {
            let (_kept, waits) = oneshot::channel::<()>();
            let attempts = [
                async { Err("refused") }.boxed(),
                async { Ok("second") }.boxed(),
                async { waits.await.map(|()| "third").map_err(|_| "gone") }.boxed(),
            ];
            let (first, rest) = futures::future::select_ok(attempts).await.unwrap();
            assert_eq!((first, rest.len()), ("second", 1));
        });
    });
}

#[test]
fn select_ok_returns_the_last_error_when_all_fail() {
    everywhere(|world| {
        world.run(async {
            let attempts = ["refused", "closed"].map(|error| async move { Err::<(), _>(error) }.boxed());
            assert_eq!(futures::future::select_ok(attempts).await.err(), Some("closed"));
        });
    });
}

#[test]
fn select_all_returns_the_first_result_and_the_remaining_futures() {
    everywhere(|world| {
        world.run(async {
            let (_kept, waits) = oneshot::channel::<u32>();
            let futures = [waits.map(Result::ok).boxed(), async { Some(2) }.boxed()];
            let (first, index, rest) = futures::future::select_all(futures).await;
            assert_eq!((first, index, rest.len()), (Some(2), 1, 1));
        });
    });
}

#[test]
fn a_oneshot_receiver_can_ask_whether_the_value_is_there() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = oneshot::channel();
            assert_eq!(receiver.try_recv(), Err(oneshot::error::TryRecvError::Empty));
            sender.send(42).unwrap();
            assert_eq!(receiver.try_recv(), Ok(42));
        });
    });
}

#[test]
fn a_oneshot_sender_can_wait_until_its_receiver_is_gone() {
    everywhere(|world| {
        world.run(async {
            let (mut sender, receiver) = oneshot::channel::<()>();
            assert!(is_pending(sender.closed()) && !sender.is_closed());
            drop(receiver);
            sender.closed().await;
            assert!(sender.is_closed());
        });
    });
}
