//! A span of the crate `tracing` around a future.

use std::marker::PhantomData;

use tracing::span::{Entered, EnteredSpan};

use super::*;

/// The name of the span that this is called in.
fn span() -> Option<&'static str> {
    Span::current().metadata().map(tracing::Metadata::name)
}

/// Sets a subscriber that all threads share, as in production.
fn subscribe() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| tracing::subscriber::set_global_default(tracing_subscriber::registry()).unwrap());
}

async fn twice(barrier: &Barrier) -> [Option<&'static str>; 2] {
    let before = span();
    barrier.wait().await;
    [before, span()]
}

#[test]
fn an_instrumented_future_is_in_its_own_span_after_every_await() {
    subscribe();
    everywhere(|world| {
        let barrier = Barrier::new(2);
        let read = world.run(async {
            tokio::join!(
                twice(&barrier).instrument(info_span!("seven")),
                twice(&barrier).instrument(info_span!("eight"))
            )
        });
        assert_eq!(read, ([Some("seven"); 2], [Some("eight"); 2]));
    });
}

#[test]
fn a_span_that_is_entered_across_an_await_is_read_by_the_other_futures_of_its_thread() {
    subscribe();
    everywhere(|world| {
        let barrier = Barrier::new(2);
        let entered = async {
            let _entered = info_span!("seven").entered();
            twice(&barrier).await
        };
        let read = world.run(async { tokio::join!(entered, twice(&barrier)) });
        assert_eq!(read.1[0], Some("seven"));
    });
}

#[test]
fn a_spawned_task_that_holds_the_guard_of_enter_puts_other_tasks_into_its_span_on_one_thread() {
    subscribe();
    on_one_thread(|world| {
        let read = world.run(async {
            let (entered, has_entered) = oneshot::channel();
            let (go_on, goes_on) = oneshot::channel::<()>();
            let wrong = tokio::spawn(async move {
                let request = info_span!("seven");
                let _entered = request.enter();
                entered.send(()).unwrap();
                goes_on.await.unwrap();
            });
            has_entered.await.unwrap();
            let read = tokio::spawn(async { span() }).await.unwrap();
            go_on.send(()).unwrap();
            wrong.await.unwrap();
            read
        });
        assert_eq!(read, Some("seven"));
    });
}

#[test]
fn a_plain_spawn_does_not_pass_the_span_on_and_in_current_span_does() {
    subscribe();
    everywhere(|world| {
        let read = async {
            let plain = tokio::spawn(async { span() }).await.unwrap();
            (plain, tokio::spawn(async { span() }.in_current_span()).await.unwrap())
        };
        assert_eq!(world.run(read.instrument(info_span!("seven"))), (None, Some("seven")));
    });
}

#[test]
fn the_guard_of_entered_is_not_send_and_the_guard_of_enter_is() {
    /// Its own `SEND` is there only if `T` is `Send`, and otherwise the trait's.
    struct Is<T>(PhantomData<T>);
    impl<T: Send> Is<T> {
        const SEND: bool = true;
    }
    trait Otherwise {
        const SEND: bool = false;
    }
    impl<T> Otherwise for Is<T> {}
    assert_eq!((Is::<EnteredSpan>::SEND, Is::<Entered<'_>>::SEND, Is::<Span>::SEND), (false, true, true));
}
