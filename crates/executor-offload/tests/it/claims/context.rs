//! What travels to another thread or task, and what does not.

use std::sync::Once;

use executor_offload::{REQUEST, on_blocking_pool, on_rayon, with_context};
use room::{World, everywhere, on_the_real_clock};
use tracing::{Instrument, Span, info_span};

/// The name of the span that this is called in.
fn span() -> Option<&'static str> {
    Span::current().metadata().map(tracing::Metadata::name)
}

/// Runs a future in the span "request", with a subscriber that all threads share, as in production.
fn in_request_span<T>(world: World, future: impl Future<Output = T>) -> T {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| tracing::subscriber::set_global_default(tracing_subscriber::registry()).unwrap());
    world.run(future.instrument(info_span!("request")))
}

#[test]
fn spans_reach_neither_the_pool_nor_a_spawned_task() {
    on_the_real_clock(|world| {
        let here = async {
            assert_eq!(span(), Some("request"));
            assert_eq!(on_blocking_pool(span).await.unwrap(), None);
            assert_eq!(on_rayon(span).await.unwrap(), None);
            assert_eq!(tokio::spawn(async { span() }).await.unwrap(), None);
        };
        in_request_span(world, here);
    });
}

#[test]
fn task_locals_reach_neither_the_pool_nor_a_spawned_task() {
    on_the_real_clock(|world| {
        let here = async {
            assert_eq!(REQUEST.get(), 7);
            assert!(on_blocking_pool(|| REQUEST.try_get()).await.unwrap().is_err());
            assert!(on_rayon(|| REQUEST.try_get()).await.unwrap().is_err());
            assert!(tokio::spawn(async { REQUEST.try_get() }).await.unwrap().is_err());
        };
        in_request_span(world, REQUEST.scope(7, here));
    });
}

#[test]
fn with_context_carries_both_to_the_pool() {
    everywhere(|world| {
        let here = async { with_context(|| (span(), REQUEST.try_get().ok())).await.unwrap() };
        let there = in_request_span(world, REQUEST.scope(7, here));
        assert_eq!(there, (Some("request"), Some(7)));
    });
}

#[test]
fn without_a_request_with_context_carries_the_span_alone() {
    everywhere(|world| {
        let here = async { with_context(|| (span(), REQUEST.try_get().ok())).await.unwrap() };
        assert_eq!(in_request_span(world, here), (Some("request"), None));
    });
}

#[test]
fn in_current_span_and_scope_carry_them_to_spawn() {
    everywhere(|world| {
        let here = async {
            let task = async { (span(), REQUEST.get()) };
            tokio::spawn(REQUEST.scope(REQUEST.get(), task).in_current_span()).await.unwrap()
        };
        let there = in_request_span(world, REQUEST.scope(7, here));
        assert_eq!(there, (Some("request"), 7));
    });
}
