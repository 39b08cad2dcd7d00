//! Scopes, and what `Drop` can do.

use super::*;

#[test]
fn a_value_is_dropped_once_after_success_an_error_a_panic_and_a_cancellation() {
    everywhere(|world| {
        world.run(async {
            let log = Log::default();
            let body = async |ended: Result<(), Error>| {
                let _guard = log.guard("dropped");
                yield_now().await;
                ended
            };
            body(Ok(())).await.unwrap();
            assert_eq!(log.take(), ["dropped"]);
            body(Err("failed")).await.unwrap_err();
            assert_eq!(log.take(), ["dropped"]);
            let panics = async {
                let _guard = log.guard("dropped");
                panic!("a bug")
            };
            AssertUnwindSafe(panics).catch_unwind().await.unwrap_err();
            assert_eq!(log.take(), ["dropped"]);
            dropped_in_the_middle(async |begins| {
                let _guard = log.guard("dropped");
                begins.send(()).unwrap();
                pending::<()>().await;
            })
            .await;
            assert_eq!(log.take(), ["dropped"]);
        });
    });
}

#[test]
fn variables_are_dropped_in_reverse_and_fields_and_a_vec_from_the_first() {
    struct Both {
        _first: Guard,
        _second: Guard,
    }
    everywhere(|world| {
        world.run(async {
            let log = Log::default();
            {
                let _first = log.guard("first");
                let _second = log.guard("second");
            }
            assert_eq!(log.take(), ["second", "first"]);
            drop(Both { _first: log.guard("first"), _second: log.guard("second") });
            assert_eq!(log.take(), ["first", "second"]);
            drop(vec![log.guard("first"), log.guard("second")]);
            assert_eq!(log.take(), ["first", "second"]);
            let mut guards = vec![log.guard("first"), log.guard("second")];
            while guards.pop().is_some() {}
            assert_eq!(log.take(), ["second", "first"]);
        });
    });
}

#[test]
fn blocking_on_the_close_in_a_drop_panics_inside_a_runtime() {
    struct Blocks(Log);
    impl Drop for Blocks {
        fn drop(&mut self) {
            tokio::runtime::Handle::current().block_on(self.0.close("closed")).unwrap();
        }
    }
    everywhere(|world| {
        let log = Log::default();
        let guard = Blocks(log.clone());
        let ended = world.run(async { tokio::spawn(async { drop(guard) }).await });
        assert!(ended.unwrap_err().is_panic());
        assert_eq!(log.take().len(), 0);
    });
}

#[test]
fn try_join_drops_the_others_before_the_close_and_a_spawned_task_goes_on_after_it() {
    everywhere(|world| {
        world.run(async {
            let (log, tracker) = (Log::default(), TaskTracker::new());
            let ended = with_stack(&tracker, async |stack| {
                stack.push(log.close("closed"));
                let user = async {
                    let _user = log.guard("the user is gone");
                    pending::<Result<(), Error>>().await
                };
                try_join(user, async { Err::<(), _>("failed") }).await
            });
            ended.await.unwrap_err();
            assert_eq!(log.take(), ["the user is gone", "closed"]);

            let (goes_on, told) = oneshot::channel::<()>();
            let user = log.clone();
            let task = with_stack(&tracker, async |stack| {
                stack.push(log.close("closed"));
                let task = tokio::spawn(async move {
                    told.await.unwrap();
                    user.note("used");
                });
                Ok::<_, Error>(task)
            });
            let task = task.await.unwrap();
            goes_on.send(()).unwrap();
            task.await.unwrap();
            assert_eq!(log.take(), ["closed", "used"]);
        });
    });
}
