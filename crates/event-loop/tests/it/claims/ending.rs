//! How our loop and its tasks end.

use std::future::pending;
use std::thread::ThreadId;

use super::*;

/// Does something when it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[test]
fn when_block_on_returns_it_drops_the_tasks_that_are_left() {
    let (dropped, ended) = proven(|| {
        let (dropped, log) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(false)));
        let (drops, ends) = (Rc::clone(&dropped), Rc::clone(&log));
        let handle = block_on(async move {
            let handle = spawn(async move {
                let _guard = OnDrop(move || drops.set(true));
                sleep(Duration::from_hours(1)).await;
                ends.set(true);
            });
            yield_now().await;
            [handle]
        });
        let [handle] = handle;
        assert!(dropped.get() && !log.get());
        (dropped.get(), block_on(handle))
    });
    assert!(dropped);
    assert!(matches!(ended, Err(JoinError::Dropped)), "{ended:?}");
}

#[test]
fn a_panic_in_the_body_drops_the_tasks_and_the_thread_can_run_another_loop() {
    let (dropped, words, next) = proven(|| {
        let dropped = Rc::new(Cell::new(false));
        let drops = Rc::clone(&dropped);
        let words = words_of(|| {
            block_on(async move {
                let _task = spawn(async move {
                    let _guard = OnDrop(move || drops.set(true));
                    pending::<()>().await;
                });
                yield_now().await;
                panic!("boom");
            });
        });
        (dropped.get(), words, block_on(async { 42 }))
    });
    assert_eq!((dropped, words.as_str(), next), (true, "boom", 42));
}

#[test]
fn a_task_that_panics_when_the_loop_drops_it_leaves_the_thread_free_for_another_loop() {
    let (words, next) = proven(|| {
        let words = words_of(|| {
            block_on(async {
                let _task = spawn(async {
                    let _guard = OnDrop(|| panic!("boom"));
                    pending::<()>().await;
                });
                yield_now().await;
            });
        });
        (words, block_on(async { 42 }))
    });
    assert_eq!((words.as_str(), next), ("boom", 42));
}

/// Spawns tasks that wait for an hour and do this when they are dropped, and polls them once.
async fn waits_and_on_drop<F: FnMut() + 'static>(drops: impl IntoIterator<Item = F>) {
    for on_drop in drops {
        drop(spawn(async move {
            let _guard = OnDrop(on_drop);
            sleep(Duration::from_hours(1)).await;
        }));
    }
    yield_now().await;
}

#[test]
fn tasks_that_panic_when_the_loop_drops_them_do_not_keep_the_others_and_the_first_panic_goes_on() {
    let (words, dropped, next) = proven(|| {
        let log = Log::default();
        let drops = [1, 2, 3, 4].map(|number| {
            let log = log.clone();
            move || {
                // What a task does when it is dropped may need the loop.
                drop(spawn(async {}));
                log.says(number.to_string());
                assert!(number % 2 == 0, "boom {number}");
            }
        });
        let words = words_of(|| block_on(waits_and_on_drop(drops)));
        (words, log.lines(), block_on(async { 42 }))
    });
    assert_eq!((words.as_str(), next), ("boom 1", 42));
    assert_eq!(dropped, ["1", "2", "3", "4"]);
}

#[test]
fn a_panic_in_the_body_goes_on_although_a_task_panics_when_it_is_dropped() {
    let (words, dropped, next) = proven(|| {
        let log = Log::default();
        let drops = [1, 2].map(|number| {
            let log = log.clone();
            move || {
                log.says(number.to_string());
                assert!(number != 1, "boom {number}");
            }
        });
        let words = words_of(|| {
            block_on(async {
                waits_and_on_drop(drops).await;
                panic!("the body");
            });
        });
        (words, log.lines(), block_on(async { 42 }))
    });
    assert_eq!((words.as_str(), next), ("the body", 42));
    assert_eq!(dropped, ["1", "2"]);
}

#[test]
fn a_sleep_that_outlives_its_loop_fires_in_the_next_one() {
    proven(|| {
        let mut long = Box::pin(sleep(ms(30)));
        block_on(async {
            let polled = std::future::poll_fn(|context| std::task::Poll::Ready(long.as_mut().poll(context)));
            assert!(polled.await.is_pending());
        });
        block_on(long);
    });
}

#[test]
fn a_task_that_is_spawned_while_the_loop_ends_is_dropped_and_does_not_run() {
    let (ran, dropped) = proven(|| {
        let (ran, dropped) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(false)));
        let (runs, drops) = (Rc::clone(&ran), Rc::clone(&dropped));
        block_on(async move {
            let _task = spawn(async move {
                let _guard = OnDrop(move || {
                    let (runs, held) = (
                        Rc::clone(&runs),
                        OnDrop({
                            let drops = Rc::clone(&drops);
                            move || drops.set(true)
                        }),
                    );
                    let _late = spawn(async move {
                        let _held = held;
                        runs.set(true);
                    });
                });
                pending::<()>().await;
            });
            yield_now().await;
        });
        (ran.get(), dropped.get())
    });
    assert_eq!((ran, dropped), (false, true));
}

#[test]
fn a_panic_in_a_task_of_our_loop_is_an_err_of_its_handle_and_the_others_go_on() {
    let (panic, other) = proven(|| {
        block_on(async {
            let (panics, other) = (spawn(async { panic!("boom") }), spawn(async { 42 }));
            let panic = panics.await.map(|()| "nothing");
            (panic.map_err(|error| error.to_string()), other.await.unwrap())
        })
    });
    assert_eq!((panic, other), (Err("the task panicked".to_owned()), 42));
}

#[test]
fn a_panic_when_a_task_that_has_ended_is_dropped_is_an_err_of_its_handle_and_the_others_go_on() {
    /// Ready at once; its drop panics.
    struct Breaks;

    impl Future for Breaks {
        type Output = ();

        fn poll(self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<()> {
            std::task::Poll::Ready(())
        }
    }

    impl Drop for Breaks {
        fn drop(&mut self) {
            panic!("boom");
        }
    }

    let (panicked, other) = proven(|| {
        block_on(async {
            let (breaks, other) = (spawn(Breaks), spawn(async { 42 }));
            (matches!(breaks.await, Err(JoinError::Panicked(_))), other.await.unwrap())
        })
    });
    assert_eq!((panicked, other), (true, 42));
    // Tokio says the same.
    room::everywhere(|world| assert!(world.run(async { tokio::spawn(Breaks).await.unwrap_err().is_panic() })));
}

#[test]
fn a_task_whose_handle_is_dropped_goes_on() {
    let lines = proven(|| {
        block_on(async {
            let log = Log::default();
            drop(spawn({
                let log = log.clone();
                async move { log.says("ran") }
            }));
            yield_now().await;
            log.lines()
        })
    });
    assert_eq!(lines, ["ran"]);
}

#[test]
fn a_second_loop_on_one_thread_panics_and_on_another_thread_it_runs() {
    let (words, elsewhere): (_, Option<ThreadId>) = proven(|| {
        block_on(async {
            let words = words_of(|| block_on(async {}));
            let elsewhere = thread::spawn(|| block_on(async { thread::current().id() })).join().ok();
            (words, elsewhere)
        })
    });
    assert!(words.contains("runs on this thread already"), "{words}");
    assert!(elsewhere.is_some());
}

#[test]
fn outside_of_our_loop_its_spawn_and_its_sleep_panic() {
    assert!(words_of(|| drop(spawn(async {}))).contains("no event loop"));
    let words = words_of(|| naive::block_on(sleep(ms(10_000))));
    assert!(words.contains("no event loop"), "{words}");
}

#[test]
fn a_runtime_that_is_shut_down_in_the_background_may_end_in_async_code() {
    room::everywhere(|world| {
        world.run(async {
            let inner = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
            let (sends, hears) = mpsc::channel();
            let ends = sends.clone();
            inner.spawn(async move {
                let _guard = OnDrop(move || ends.send("dropped").unwrap());
                sends.send("runs").unwrap();
                pending::<()>().await;
            });
            assert_eq!(hears.recv(), Ok("runs"));
            inner.shutdown_background();
            // Its tasks are dropped all the same.
            assert_eq!(hears.recv(), Ok("dropped"));
        });
    });
}
