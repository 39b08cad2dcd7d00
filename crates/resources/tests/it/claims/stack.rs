//! A stack of closes, with a body that comes to its end.

use super::*;

#[test]
fn a_stack_closes_each_resource_once_and_the_last_one_first() {
    everywhere(|world| {
        world.run(async {
            let (log, tracker) = (Log::default(), TaskTracker::new());
            let ended = with_stack(&tracker, async |stack| {
                for name in ["database", "cache", "queue"] {
                    stack.push(log.close(name));
                }
                log.note("works");
                Ok::<_, Error>(7)
            });
            assert_eq!(ended.await, Ok(7));
            assert_eq!(log.take(), ["works", "queue", "cache", "database"]);
            all_done(&tracker).await;
            assert_eq!(log.take().len(), 0);
        });
    });
}

#[test]
fn if_an_opening_fails_a_stack_closes_what_was_opened_before() {
    everywhere(|world| {
        world.run(async {
            let (log, tracker) = (Log::default(), TaskTracker::new());
            let open = async |name| if name == "cache" { Err("no cache") } else { Ok(log.close(name)) };
            let ended = with_stack(&tracker, async |stack| {
                for name in ["database", "cache", "queue"] {
                    stack.push(open(name).await?);
                }
                Ok(())
            });
            assert_eq!(ended.await, Err("no cache"));
            assert_eq!(log.take(), ["database"]);
        });
    });
}

#[test]
fn after_a_panic_of_the_body_a_stack_closes_and_passes_the_panic_on() {
    everywhere(|world| {
        world.run(async {
            let (log, tracker) = (Log::default(), TaskTracker::new());
            let ended = with_stack(&tracker, async |stack| -> Result<(), Error> {
                stack.push(log.close("database"));
                stack.push(log.close("cache"));
                panic!("a bug")
            });
            let panic = AssertUnwindSafe(ended).catch_unwind().await.unwrap_err();
            assert_eq!(panic.downcast_ref(), Some(&"a bug"));
            assert_eq!(log.take(), ["cache", "database"]);
        });
    });
}

#[test]
fn a_close_that_fails_or_panics_does_not_keep_the_others_from_running() {
    everywhere(|world| {
        let log = Log::default();
        let said = warnings(world, async {
            let tracker = TaskTracker::new();
            let mut stack = ExitStack::new(&tracker);
            stack.push(log.close_with("database", Err("no database")));
            stack.push(log.close_with("cache", Err("no cache")));
            stack.push(log.close("queue"));
            assert_eq!(stack.close().await, Err("no cache"));

            let mut stack = ExitStack::<Error>::new(&tracker);
            stack.push(log.close("database"));
            stack.push(async { panic!("a bug in a close") });
            assert!(AssertUnwindSafe(stack.close()).catch_unwind().await.is_err());
        });
        assert_eq!(log.take(), ["queue", "cache", "database", "database"]);
        assert_eq!(said, ["another close failed: no database"]);
    });
}

#[test]
fn the_naive_stack_closes_after_success_only_and_the_first_one_first() {
    everywhere(|world| {
        world.run(async {
            let (log, tracker) = (Log::default(), TaskTracker::new());
            for ended in [Ok(()), Err("failed")] {
                let ended = naive::with_stack(&tracker, async |stack| {
                    stack.push(log.close("database"));
                    stack.push(log.close("cache"));
                    ended
                });
                let _ = ended.await;
            }
            all_done(&tracker).await;
            assert_eq!(log.take(), ["database", "cache"]);
        });
    });
}

#[test]
fn an_application_that_waits_for_its_requests_closes_its_resources_after_them() {
    everywhere(|world| {
        world.run(async {
            let (log, tracker) = (Log::default(), TaskTracker::new());
            let (asks, asked) = oneshot::channel::<()>();
            let (stop, stopped) = oneshot::channel::<()>();
            let request = log.clone();
            let lifespan = with_stack(&tracker, async |stack| {
                stack.push(log.close("the pool is closed"));
                let requests = TaskTracker::new();
                requests.spawn(async move {
                    asked.await.unwrap();
                    request.note("answered");
                });
                stopped.await.unwrap();
                log.note("stopping");
                asks.send(()).unwrap();
                all_done(&requests).await;
                Ok::<_, Error>(())
            });
            stop.send(()).unwrap();
            lifespan.await.unwrap();
            assert_eq!(log.take(), ["stopping", "answered", "the pool is closed"]);
        });
    });
}

#[test]
fn the_debug_text_of_a_stack_counts_what_is_still_to_be_closed() {
    everywhere(|world| {
        world.run(async {
            let (log, tracker) = (Log::default(), TaskTracker::new());
            let mut stack = ExitStack::new(&tracker);
            assert_eq!(format!("{stack:?}"), "ExitStack(0 to close)");
            stack.push(log.close("database"));
            stack.push(log.close("cache"));
            assert_eq!(format!("{stack:?}"), "ExitStack(2 to close)");
            assert_eq!(stack.close().await, Ok(()));
        });
    });
}
