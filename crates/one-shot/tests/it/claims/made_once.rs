//! A value that is made once, by whoever needs it first.

use super::*;

/// Makes a value in two steps of 10 ms.
async fn make() -> u32 {
    async {
        sleep(ms(10)).await;
        tracing::info!("half");
        sleep(ms(10)).await;
    }
    .lane("make")
    .await;
    42
}

/// Polls this until half of the value is made, or it is made.
async fn half<T>(future: impl Future<Output = T>) {
    tokio::select! {
        biased;
        () = sleep(ms(15)) => {}
        _ = future => {}
    }
}

#[test]
fn a_once_cell_starts_over_when_the_caller_that_makes_its_value_is_cancelled() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let cell = OnceCell::new();
            let mut first = Box::pin(cell.get_or_init(make));
            let mut second = pin!(cell.get_or_init(make));
            assert!(poll!(&mut first).is_pending() && poll!(&mut second).is_pending());
            half(&mut first).await;
            drop(first);
            assert_eq!(*second.await, 42);
        });
        assert_eq!(recording.lanes.iter().filter(|lane| lane.name == "make").count(), 2);
        assert_eq!((recording.cancelled(), recording.finish_order()), (vec!["make"], vec!["make"]));
    });
}

#[test]
fn a_shared_future_goes_on_when_its_first_caller_is_cancelled() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let second = make().shared();
            let mut first = second.clone();
            assert!(poll!(&mut first).is_pending());
            half(&mut first).await;
            drop(first);
            assert_eq!(second.await, 42);
        });
        assert_eq!((recording.cancelled(), recording.finish_order()), (vec![], vec!["make"]));
        assert_eq!(recording.lane("make").unwrap().notes.len(), 1);
    });
}

#[test]
fn a_shared_future_stands_still_while_nobody_polls_it() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let kept = make().shared();
            let mut first = kept.clone();
            assert!(poll!(&mut first).is_pending());
            drop(first);
            sleep(ms(50)).await;
            tracing::info!("asks again");
            assert_eq!(kept.await, 42);
        });
        // The second sleep begins only now.
        world.assert_took(recording.total(), ms(60));
    });
}

#[test]
fn a_task_inside_a_shared_future_goes_on_while_nobody_waits() {
    everywhere(|world| {
        world.run(async {
            let (made, is_made) = oneshot::channel();
            let kept = tokio::spawn(async move {
                yield_now().await;
                made.send(()).unwrap();
                42
            });
            let kept = kept.map(Result::ok).shared();
            assert_eq!(is_made.await, Ok(()));
            assert_eq!(kept.await, Some(42));
        });
    });
}

#[test]
fn after_a_failure_a_once_cell_lets_the_next_caller_try() {
    everywhere(|world| {
        world.run(async {
            let cell = OnceCell::new();
            assert_eq!(cell.get_or_try_init(|| ready(Err("down"))).await, Err("down"));
            assert_eq!(cell.get_or_try_init(|| ready(Ok::<_, &str>(1))).await, Ok(&1));
            assert_eq!(cell.get_or_try_init(|| ready(Err("down"))).await, Ok(&1));
        });
    });
}

#[test]
fn a_shared_future_keeps_its_failure() {
    everywhere(|world| {
        world.run(async {
            let tries = Cell::new(0);
            let shared = async {
                tries.set(tries.get() + 1);
                Err::<u32, _>("down")
            };
            let shared = shared.shared();
            assert_eq!((shared.clone().await, shared.await), (Err("down"), Err("down")));
            assert_eq!(tries.get(), 1);
        });
    });
}
