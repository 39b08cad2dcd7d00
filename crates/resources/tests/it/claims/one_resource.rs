//! A function that lends a resource and closes it.

use super::*;

#[test]
fn with_resource_closes_after_success_after_an_error_and_after_a_panic() {
    everywhere(|world| {
        world.run(async {
            let log = Log::default();
            let close = async |_| log.close("closed").await;
            assert_eq!(with_resource(3, close, async |number| Ok(*number + 1)).await, Ok(4));
            assert_eq!(log.take(), ["closed"]);
            assert_eq!(with_resource(3, close, async |_| Err::<(), _>("failed")).await, Err("failed"));
            assert_eq!(log.take(), ["closed"]);
            let ended = with_resource(3, close, async |_| -> Result<(), Error> { panic!("a bug") });
            assert!(AssertUnwindSafe(ended).catch_unwind().await.is_err());
            assert_eq!(log.take(), ["closed"]);
        });
    });
}

#[test]
fn the_naive_resource_is_closed_after_success_only() {
    everywhere(|world| {
        world.run(async {
            let log = Log::default();
            let close = async |_| log.close("closed").await;
            naive::with_resource(3, close, async |_| Ok(())).await.unwrap();
            assert_eq!(log.take(), ["closed"]);
            naive::with_resource(3, close, async |_| Err::<(), _>("failed")).await.unwrap_err();
            let ended = naive::with_resource(3, close, async |_| -> Result<(), Error> { panic!("a bug") });
            assert!(AssertUnwindSafe(ended).catch_unwind().await.is_err());
            assert_eq!(log.take().len(), 0);
        });
    });
}

#[test]
fn a_dropped_with_resource_only_drops_the_resource() {
    everywhere(|world| {
        world.run(async {
            let log = Log::default();
            dropped_in_the_middle(|begins| {
                let close = async |_guard| log.close("closed").await;
                with_resource(log.guard("dropped"), close, async |_| {
                    begins.send(()).unwrap();
                    pending::<Result<(), Error>>().await
                })
            })
            .await;
            assert_eq!(log.take(), ["dropped"]);
        });
    });
}

#[test]
fn an_error_of_the_body_comes_back_and_the_error_of_the_close_is_logged() {
    everywhere(|world| {
        let said = warnings(world, async {
            let close = async |_| Err("no close");
            assert_eq!(with_resource(3, close, async |_| Err::<(), _>("failed")).await, Err("failed"));
            let ended = with_resource(3, close, async |_| -> Result<(), Error> { panic!("a bug") });
            assert!(AssertUnwindSafe(ended).catch_unwind().await.is_err());
        });
        assert_eq!(said, ["a close failed: no close", "a close failed: no close"]);
    });
}

#[test]
fn without_an_error_of_the_body_the_error_of_the_close_comes_back() {
    everywhere(|world| {
        let said = warnings(world, async {
            assert_eq!(with_resource(3, async |_| Err("no close"), async |_| Ok(())).await, Err("no close"));
        });
        assert_eq!(said.len(), 0, "{said:?}");
    });
}
