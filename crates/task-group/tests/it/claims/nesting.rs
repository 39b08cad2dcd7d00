//! A group in a group.

use super::*;

#[test]
fn an_error_of_an_inner_group_stops_the_outer_one() {
    everywhere(|world| {
        let alive = Alive::default();
        let ended: Result<(), _> = world.run(async {
            let ended = task_group(async |outer: Group<Errors<Error>>| {
                outer.spawn(alive.counted(pending::<Result<(), _>>()));
                outer.spawn(task_group(async |inner| {
                    inner.spawn(fail());
                    Ok(())
                }));
                Ok(())
            });
            let ended = ended.await;
            assert_eq!(alive.count(), 0);
            ended
        });
        assert_eq!(ended, Err(Errors(vec![Errors(vec!["failed"])])));
    });
}

#[test]
fn an_outer_group_aborts_the_children_of_an_inner_one() {
    everywhere(|world| {
        let alive = Alive::default();
        world.run(async {
            let (begins, begun) = oneshot::channel();
            let inside = alive.clone();
            let inner = task_group(async move |inner| {
                inside.spawn_sleepers(&inner, MANY);
                inner.spawn(async move { begins.send(()).map_err(|()| "nobody waits") });
                Ok(())
            });
            let ended = task_group(async |outer: Group<Errors<Error>>| {
                outer.spawn(inner);
                begun.await.unwrap();
                Err::<(), _>(Errors(vec!["failed"]))
            });
            ended.await.unwrap_err();
            alive.until_none().await;
        });
    });
}

#[test]
fn an_outer_group_does_not_wait_for_the_children_of_an_inner_one_with_several_workers() {
    with_several_workers(|world| {
        let alive = Alive::default();
        world.run(async {
            let (Computation { begun, second_half }, computes) = Computation::new(Ok(()));
            let computes = alive.counted(computes);
            let ended = task_group(async |outer: Group<Errors<Error>>| {
                outer.spawn(task_group(async |inner| {
                    inner.spawn(computes);
                    Ok(())
                }));
                begun.await.unwrap();
                Err::<(), _>(Errors(vec!["failed"]))
            });
            ended.await.unwrap_err();
            assert_eq!(alive.count(), 1);
            second_half.send(()).unwrap();
            alive.until_none().await;
        });
    });
}
