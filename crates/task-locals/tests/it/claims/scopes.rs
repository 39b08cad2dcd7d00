//! Where a task-local is read, and which one.

use super::*;

tokio::task_local! {
    static NAME: String;
    static COUNT: Cell<u32>;
}

#[test]
fn all_code_inside_reads_the_id_at_any_depth_and_after_any_await() {
    async fn deep() -> Option<u64> {
        yield_now().await;
        current_id()
    }
    everywhere(|world| {
        let read = world.run(with_id(7, async { (current_id(), deep().await, Box::pin(deep()).await) }));
        assert_eq!(read, (Some(7), Some(7), Some(7)));
    });
}

#[test]
fn two_scopes_at_once_in_one_task_keep_their_ids() {
    async fn read() -> [Option<u64>; 2] {
        let before = current_id();
        yield_now().await;
        [before, current_id()]
    }
    everywhere(|world| {
        let read = world.run(async { tokio::join!(with_id(7, read()), with_id(8, read()), read()) });
        assert_eq!(read, ([Some(7); 2], [Some(8); 2], [None; 2]));
    });
}

#[test]
fn outside_of_a_scope_get_panics_and_try_get_is_an_error() {
    let panic = catch_unwind(|| NAME.get()).unwrap_err();
    let text = panic.downcast_ref::<&str>().unwrap();
    assert_eq!(*text, "cannot access a task-local storage value without setting it first");
    assert_eq!(NAME.try_get().unwrap_err().to_string(), "task-local value not set");
    assert_eq!(current_id(), None);
}

#[test]
fn a_nested_scope_hides_the_outer_id_until_it_ends() {
    everywhere(|world| {
        let nested = async {
            let before = current_id();
            let inside = with_id(70, async {
                yield_now().await;
                current_id()
            });
            (before, inside.await, current_id())
        };
        assert_eq!(world.run(with_id(7, nested)), (Some(7), Some(70), Some(7)));
    });
}

#[test]
fn the_outer_id_is_back_after_a_panic_inside() {
    everywhere(|world| {
        let outer = async {
            let inner = with_id(70, async {
                yield_now().await;
                panic!("for the test")
            });
            let inner: Result<(), _> = AssertUnwindSafe(inner).catch_unwind().await;
            (inner.is_err(), current_id())
        };
        assert_eq!(world.run(with_id(7, outer)), (true, Some(7)));
    });
}

#[test]
fn after_a_scope_ends_or_is_cancelled_its_id_is_gone() {
    everywhere(|world| {
        let after = world.run(async {
            with_id(7, yield_now()).await;
            let ended = current_id();
            let cancelled = timeout(ms(10), with_id(8, pending::<()>())).await;
            (ended, cancelled.is_err(), current_id())
        });
        assert_eq!(after, (None, true, None));
    });
}

#[test]
fn a_drop_inside_reads_the_id_at_the_end_and_when_a_timeout_cancels() {
    everywhere(|world| {
        let (first, at_the_end) = tells();
        let (second, when_cancelled) = tells();
        let ends = async move {
            let _first = first;
            yield_now().await;
        };
        let hangs = async move {
            let _second = second;
            pending::<()>().await;
        };
        world.run(async {
            with_id(7, ends).await;
            assert!(timeout(ms(10), with_id(8, hangs)).await.is_err());
        });
        assert_eq!((at_the_end.recv().unwrap(), when_cancelled.recv().unwrap()), (Some(7), Some(8)));
    });
}

#[test]
fn a_drop_inside_reads_the_id_when_the_task_is_aborted_or_never_polled() {
    everywhere(|world| {
        let (tells_abort, when_aborted) = tells();
        world.run(async {
            let (started, has_started) = oneshot::channel();
            let task = tokio::spawn(with_id(7, async move {
                let _tells = tells_abort;
                started.send(()).unwrap();
                pending::<()>().await;
            }));
            has_started.await.unwrap();
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
        });
        assert_eq!(when_aborted.recv().unwrap(), Some(7));
    });
    let (tells, when_dropped) = tells();
    drop(with_id(8, async move {
        let _tells = tells;
    }));
    assert_eq!(when_dropped.recv().unwrap(), Some(8));
}

#[test]
fn the_value_of_a_scope_is_dropped_with_its_future() {
    tokio::task_local! { static SHARED: Arc<()>; }
    everywhere(|world| {
        let value = Arc::new(());
        let counts = world.run(async {
            let mut scope = Box::pin(SHARED.scope(Arc::clone(&value), pending::<()>()));
            assert!(timeout(ms(10), &mut scope).await.is_err());
            let alive = Arc::strong_count(&value);
            drop(scope);
            (alive, Arc::strong_count(&value))
        });
        assert_eq!(counts, (2, 1));
    });
}

#[test]
fn with_id_sync_is_for_a_closure() {
    assert_eq!(with_id_sync(7, || with_id_sync(70, current_id)), Some(70));
    assert_eq!(with_id_sync(7, || (with_id_sync(70, || ()), current_id()).1), Some(7));
    assert_eq!(current_id(), None);
}

#[test]
#[expect(clippy::async_yields_async, reason = "the inner future is to be awaited outside")]
fn a_future_that_is_made_inside_and_awaited_outside_has_no_id() {
    everywhere(|world| {
        let read = world.run(async {
            let made_in_a_closure = with_id_sync(7, || async { current_id() });
            let made_in_a_scope = with_id(8, async { async { current_id() } }).await;
            (made_in_a_closure.await, made_in_a_scope.await)
        });
        assert_eq!(read, (None, None));
    });
}

#[test]
fn a_cell_in_a_task_local_can_be_changed_by_all_code_inside() {
    async fn one_more() {
        yield_now().await;
        COUNT.with(|count| count.update(|count| count + 1));
    }
    everywhere(|world| {
        let counted = world.run(COUNT.scope(Cell::new(0), async {
            tokio::join!(one_more(), one_more());
            COUNT.with(Cell::get)
        }));
        assert_eq!(counted, 2);
    });
}

#[test]
fn a_scope_inside_of_the_closure_of_with_panics() {
    let entered = NAME
        .sync_scope("outer".to_owned(), || catch_unwind(|| NAME.with(|_| NAME.sync_scope("inner".to_owned(), || ()))));
    let panic = entered.unwrap_err();
    let text = panic.downcast_ref::<&str>().unwrap();
    assert_eq!(*text, "cannot enter a task-local scope while the task-local storage is borrowed");
}

#[test]
fn take_value_returns_the_value_after_the_end() {
    everywhere(|world| {
        let taken = world.run(async {
            let mut scope = pin!(COUNT.scope(Cell::new(0), async {
                COUNT.with(|count| count.set(3));
            }));
            scope.as_mut().await;
            scope.take_value().map(Cell::into_inner)
        });
        assert_eq!(taken, Some(3));
    });
}
