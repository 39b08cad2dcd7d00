//! What a new task knows of the task that spawned it.

use super::*;

#[test]
fn a_plain_spawn_does_not_pass_the_id_on() {
    everywhere(|world| {
        let there = world.run(with_id(7, async { tokio::spawn(async { current_id() }).await.unwrap() }));
        let naive = world.run(with_id(7, async { naive::spawn(async { current_id() }).await.unwrap() }));
        assert_eq!((there, naive), (None, None));
    });
}

#[test]
fn a_scope_around_the_spawn_does_not_reach_the_task() {
    everywhere(|world| {
        let around = async { naive::scope_around_the_spawn(async { current_id() }).await.unwrap() };
        assert_eq!(world.run(with_id(7, around)), None);
    });
}

#[test]
fn spawn_passes_the_id_on_to_children_and_their_children() {
    everywhere(|world| {
        let there = world.run(with_id(7, async {
            let child = spawn(async {
                yield_now().await;
                (current_id(), spawn(async { current_id() }).await.unwrap())
            });
            child.await.unwrap()
        }));
        assert_eq!(there, (Some(7), Some(7)));
    });
}

#[test]
#[expect(clippy::async_yields_async, reason = "the task is to be awaited outside")]
fn spawn_passes_on_the_id_of_the_moment_even_if_the_scope_ends_first() {
    everywhere(|world| {
        let there = world.run(async {
            let (go, gone) = oneshot::channel();
            let scope = async {
                let task = spawn(async {
                    gone.await.unwrap();
                    current_id()
                });
                with_id(70, yield_now()).await;
                task
            };
            let task = with_id(7, scope).await;
            go.send(()).unwrap();
            task.await.unwrap()
        });
        assert_eq!(there, Some(7));
    });
}

#[test]
fn spawn_in_a_nested_scope_passes_on_the_inner_id() {
    everywhere(|world| {
        let there = world.run(with_id(7, with_id(70, async { spawn(async { current_id() }).await.unwrap() })));
        assert_eq!(there, Some(70));
    });
}

#[test]
fn spawn_without_an_id_is_a_plain_spawn() {
    everywhere(|world| {
        assert_eq!(world.run(async { spawn(async { current_id() }).await.unwrap() }), None);
    });
}

#[test]
fn a_closure_on_the_blocking_pool_has_no_id_and_with_id_sync_gives_it_one() {
    everywhere(|world| {
        let there = world.run(with_id(7, async {
            let plain = spawn_blocking(current_id).await.unwrap();
            let id = current_id().unwrap();
            (plain, spawn_blocking(move || with_id_sync(id, current_id)).await.unwrap())
        }));
        assert_eq!(there, (None, Some(7)));
    });
}
