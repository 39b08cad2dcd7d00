//! A panic is passed on, and it is the last thing.

use super::*;

/// The group's panic, after which nothing of it is alive.
fn panic_of(world: World, body: impl AsyncFnOnce(Group<Error>) -> Result<(), Error>) -> &'static str {
    let alive = Alive::default();
    world.run(async {
        let group = task_group(async |group| {
            alive.spawn_sleepers(&group, MANY);
            body(group).await
        });
        let panic = AssertUnwindSafe(group).catch_unwind().await.unwrap_err();
        // No await in between.
        assert_eq!(alive.count(), 0);
        panic.downcast_ref().copied().unwrap()
    })
}

#[test]
fn a_panic_of_a_child_is_passed_on_when_all_have_ended() {
    everywhere(|world| {
        let panic = panic_of(world, async |group| {
            group.spawn::<()>(async { panic!("a bug") });
            pending().await
        });
        assert_eq!(panic, "a bug");
    });
}

#[test]
fn a_panic_of_the_body_is_passed_on_when_all_have_ended() {
    everywhere(|world| {
        let panic = panic_of(world, async |_group| {
            yield_now().await;
            panic!("a bug");
        });
        assert_eq!(panic, "a bug");
    });
}

#[test]
fn the_naive_group_swallows_the_panic_of_a_child() {
    everywhere(|world| {
        let ended = world.run(naive::task_group(async |group: Group<Error>| {
            let child = group.spawn::<()>(async { panic!("a bug") });
            _ = timeout(ms(10), child.value()).await;
            Ok("all is well")
        }));
        assert_eq!(ended, Ok("all is well"));
    });
}
