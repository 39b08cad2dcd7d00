//! A done callback.

use super::*;

/// Runs the four as watched tasks, and returns what each told.
async fn told(name: &'static str) -> (Vec<String>, Result<Ended, tokio::task::JoinError>) {
    let (tell, told) = blocking::channel();
    let (starts, started) = oneshot::channel();
    let work = async move {
        let _ = starts.send(());
        four_ways(name).await
    };
    let task = tokio::spawn(watch(work, move |end| tell.send(end.to_string()).unwrap()));
    started.await.unwrap();
    if name == "is aborted" {
        task.abort();
    }
    let ended = task.await;
    (told.into_iter().collect(), ended)
}

#[test]
fn watch_tells_each_of_the_four_ends_once() {
    everywhere(|world| {
        world.run(async {
            for (name, end) in four_ends() {
                let name = NAMES.into_iter().find(|known| *known == name).unwrap();
                assert_eq!(told(name).await.0, [end.to_string()]);
            }
        });
    });
}

#[test]
fn a_watched_task_gives_its_handle_what_it_would_give_without_a_watch() {
    everywhere(|world| {
        world.run(async {
            assert_eq!(told("finishes").await.1.unwrap(), Ok(()));
            assert_eq!(told("fails").await.1.unwrap(), Err("refused"));
            let panic = told("panics").await.1.unwrap_err().into_panic();
            assert_eq!(panic.downcast_ref(), Some(&"a bug"));
            assert!(told("is aborted").await.1.unwrap_err().is_cancelled());
        });
    });
}

/// What a task tells that is aborted before its first poll.
async fn told_before_its_first_poll<F>(watched: impl FnOnce(blocking::Sender<String>) -> F) -> Vec<String>
where
    F: Future<Output = Ended> + Send + 'static,
{
    let (tell, told) = blocking::channel();
    let task = tokio::spawn(watched(tell));
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    told.into_iter().collect()
}

#[test]
fn watch_tells_of_a_task_that_is_aborted_before_its_first_poll_on_one_thread() {
    on_one_thread(|world| {
        world.run(async {
            let watched = |tell: blocking::Sender<_>| watch(pending(), move |end| tell.send(end.to_string()).unwrap());
            assert_eq!(told_before_its_first_poll(watched).await, ["was cancelled"]);
        });
    });
}

#[test]
fn a_guard_made_inside_the_async_body_misses_a_task_that_is_aborted_before_its_first_poll_on_one_thread() {
    on_one_thread(|world| {
        world.run(async {
            let watched = |tell: blocking::Sender<_>| {
                naive::watch_from_inside(pending(), move |end| tell.send(end.to_string()).unwrap())
            };
            assert!(told_before_its_first_poll(watched).await.is_empty());
        });
    });
}

#[test]
fn watch_tells_of_a_future_that_is_dropped_before_its_first_poll() {
    everywhere(|world| {
        world.run(async {
            let told = Cell::new(0);
            drop(watch(pending::<Ended>(), |_| told.set(1)));
            drop(naive::watch_from_inside(pending::<Ended>(), |_| told.set(2)));
            assert_eq!(told.get(), 1);
        });
    });
}

#[test]
fn a_line_after_the_await_does_not_run_after_a_panic_or_an_abort() {
    everywhere(|world| {
        world.run(async {
            for name in ["panics", "is aborted"] {
                let (tell, told) = blocking::channel::<String>();
                let (starts, started) = oneshot::channel();
                let work = async move {
                    let _ = starts.send(());
                    four_ways(name).await
                };
                let task = tokio::spawn(naive::watch(work, move |end| tell.send(end.to_string()).unwrap()));
                started.await.unwrap();
                task.abort();
                task.await.unwrap_err();
                assert!(told.recv().is_err());
            }
        });
    });
}

#[test]
fn the_end_is_told_before_the_handle_is_ready() {
    everywhere(|world| {
        world.run(async {
            let (tell, told) = blocking::channel();
            let (handle, own) = oneshot::channel::<JoinHandle<Ended>>();
            let task = watch(async { Ok(()) }, move |_| {
                let mut own = own;
                // The spawner is about to send the handle of this task.
                let handle = loop {
                    if let Ok(handle) = own.try_recv() {
                        break handle;
                    }
                };
                tell.send(handle.is_finished()).unwrap();
            });
            handle.send(tokio::spawn(task)).unwrap();
            all_have_ended().await;
            assert_eq!(told.recv(), Ok(false));
        });
    });
}

#[test]
fn the_end_is_told_after_the_clean_up_of_the_work() {
    struct Files(blocking::Sender<String>);
    impl Drop for Files {
        fn drop(&mut self) {
            self.0.send("files closed".to_owned()).unwrap();
        }
    }
    everywhere(|world| {
        world.run(async {
            for is_polled in [false, true] {
                let (tell, told) = blocking::channel();
                let files = Files(tell.clone());
                let work = async move {
                    let _files = files;
                    pending::<Ended>().await
                };
                let mut watched = Box::pin(watch(work, move |end| tell.send(end.to_string()).unwrap()));
                if is_polled {
                    assert!(futures::poll!(&mut watched).is_pending());
                }
                drop(watched);
                assert_eq!(told.into_iter().collect::<Vec<_>>(), ["files closed", "was cancelled"]);
            }
        });
    });
}

#[test]
fn watch_tells_a_cancellation_while_another_panic_unwinds() {
    let (tell, told) = blocking::channel();
    let unwound = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _watched = watch(pending::<Ended>(), move |end| tell.send(end.to_string()).unwrap());
        panic!("another bug");
    }));
    assert!(unwound.is_err());
    assert_eq!(told.recv().as_deref(), Ok("was cancelled"));
}
