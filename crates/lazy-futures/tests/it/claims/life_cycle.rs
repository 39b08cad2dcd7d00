//! Created, running, suspended, closed.

use super::*;

#[test]
fn the_four_states_have_the_names_that_python_gives_them() {
    let names = [State::Created, State::Running, State::Suspended, State::Closed].map(|state| state.to_string());
    assert_eq!(names, ["created", "running", "suspended", "closed"]);
}

#[test]
fn code_before_the_async_block_runs_at_the_call() {
    everywhere(|world| {
        world.run(async {
            let said = Arc::new(Mutex::new(Vec::new()));
            let carry = |said: Arc<Mutex<Vec<_>>>| {
                said.lock().unwrap().push("at the call");
                async move { said.lock().unwrap().push("at the first poll") }
            };
            let letter = carry(Arc::clone(&said));
            assert_eq!(*said.lock().unwrap(), ["at the call"]);
            letter.await;
            assert_eq!(*said.lock().unwrap(), ["at the call", "at the first poll"]);
        });
    });
}

#[test]
fn a_future_is_send_if_all_that_it_holds_across_an_await_is_send() {
    let said = |body: &str| {
        let spawned = format!("is_send(async {{ {body} }});");
        rustc_says(&format!("fn is_send(_: impl Send) {{}} pub fn caller() {{ {spawned} }}"))
    };
    let across = said("let name = std::rc::Rc::new(1); work().await; drop(name);");
    assert!(across.contains("future cannot be sent between threads safely"), "{across}");
    let before = said("{ let name = std::rc::Rc::new(1); drop(name); } work().await;");
    assert_eq!(before, "");
}

#[test]
fn a_future_is_created_running_suspended_and_closed() {
    everywhere(|world| {
        world.run(async {
            let (slot, arrival) = letterbox();
            let own = Arc::new(Mutex::new(None::<lazy_futures::Life>));
            let inside = Arc::clone(&own);
            let state = move || inside.lock().unwrap().as_ref().unwrap().state();
            let work = async move {
                let before = state();
                arrival.await;
                [before, state()]
            };
            let (work, life) = watch(work);
            *own.lock().unwrap() = Some(life.clone());
            assert_eq!(life.state(), State::Created);
            let mut work = Box::pin(work);
            assert!(futures::poll!(&mut work).is_pending());
            assert_eq!(life.state(), State::Suspended);
            slot.deliver(());
            assert_eq!(life.state(), State::Suspended);
            assert_eq!(work.await, [State::Running; 2]);
            assert_eq!(life.state(), State::Closed);
        });
    });
}

#[test]
fn a_future_that_is_dropped_is_closed_whether_or_not_it_had_begun() {
    everywhere(|world| {
        world.run(async {
            let (created, life) = watch(pending::<()>());
            drop(created);
            assert_eq!(life.state(), State::Closed);

            let (mut suspended, life) = watch(pending::<()>());
            assert!(futures::poll!(&mut suspended).is_pending());
            assert_eq!(life.state(), State::Suspended);
            drop(suspended);
            assert_eq!(life.state(), State::Closed);
        });
    });
}

#[test]
fn a_future_that_panicked_is_closed_when_it_is_dropped() {
    everywhere(|world| {
        world.run(async {
            let (work, life) = watch(async { panic!("boom") });
            let _: Result<(), _> = tokio::spawn(work).await;
            assert_eq!(life.state(), State::Closed);
        });
    });
}

#[test]
fn a_future_that_panicked_is_closed_before_it_is_dropped() {
    everywhere(|world| {
        world.run(async {
            let (mut work, life) = watch(async {
                yield_once().await;
                panic!("boom")
            });
            AssertUnwindSafe(async { (&mut work).await }).catch_unwind().await.unwrap_err();
            assert_eq!(life.state(), State::Closed);
        });
    });
}

#[test]
fn an_async_fn_polled_after_its_end_panics() {
    async fn work() {
        yield_once().await;
    }
    everywhere(|world| {
        let panic = world.run(async {
            let task = tokio::spawn(async {
                let mut done = pin!(work());
                done.as_mut().await;
                done.await;
            });
            task.await.unwrap_err().into_panic()
        });
        assert_eq!(panic.downcast_ref(), Some(&"`async fn` resumed after completion"));
    });
}

#[test]
fn awaiting_by_value_twice_does_not_compile() {
    let said = rustc_says("pub async fn twice() { let work = work(); work.await; work.await; }");
    assert!(said.contains("error[E0382]: use of moved value: `work`"), "{said}");
}

#[test]
fn a_fused_future_awaited_again_waits_for_ever() {
    everywhere(|world| {
        world.run(async {
            let mut done = pin!(async { 42 }.fuse());
            assert_eq!(done.as_mut().await, 42);
            assert!(done.is_terminated());
            let (waker, counts) = Counts::new();
            assert!(done.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
            drop(waker);
            assert_eq!((counts.wakes(), Arc::strong_count(&counts)), (0, 1), "nothing keeps the waker");
            timeout(ms(10), done).await.unwrap_err();
        });
    });
}

#[test]
fn an_arrival_awaited_again_waits_for_ever() {
    everywhere(|world| {
        world.run(async {
            let (slot, mut arrival) = letterbox();
            slot.deliver("yes");
            assert_eq!((&mut arrival).await, "yes");
            timeout(ms(10), arrival).await.unwrap_err();
        });
    });
}

#[test]
fn an_arrival_whose_slot_is_dropped_waits_for_ever_and_a_oneshot_is_an_error() {
    everywhere(|world| {
        world.run(async {
            let (slot, arrival) = letterbox::<()>();
            drop(slot);
            timeout(ms(10), arrival).await.unwrap_err();
            let (sender, receiver) = oneshot::channel::<()>();
            drop(sender);
            receiver.await.unwrap_err();
        });
    });
}
