//! One child cancelled, and the whole group cancelled from outside.

use super::*;

#[test]
fn a_child_that_is_aborted_alone_fails_nothing() {
    everywhere(|world| {
        let (ended, recording) = world.record(task_group(async |group: Group<Error>| {
            let ((begins, begun), token) = (oneshot::channel(), CancellationToken::new());
            let hangs = async move {
                begins.send(()).unwrap();
                pending::<Result<(), Error>>().await
            };
            let hangs = group.spawn(hangs.try_lane("hangs"));
            group.spawn(token.clone().cancelled_owned().map(Ok).try_lane("sibling"));
            begun.await.unwrap();
            hangs.abort();
            let value = hangs.value().await;
            token.cancel();
            Ok(value)
        }));
        assert_eq!(ended, Ok(None));
        assert_eq!((recording.cancelled(), recording.finish_order()), (vec!["hangs"], vec!["sibling"]));
    });
}

/// Drops a group whose children have begun, and returns how many are alive then. Waits for the end of all.
async fn alive_after_a_drop() -> usize {
    let alive = Alive::default();
    let group = task_group(async |group| {
        alive.spawn_sleepers(&group, MANY);
        pending::<Result<(), Error>>().await
    });
    timeout(ms(5), group).await.unwrap_err();
    // No await in between.
    let count = alive.count();
    alive.until_none().await;
    count
}

#[test]
fn the_children_of_a_dropped_group_are_aborted() {
    everywhere(|world| {
        world.run(alive_after_a_drop());
    });
}

#[test]
fn a_timeout_around_a_group_does_not_wait_for_the_children_on_one_thread() {
    on_one_thread(|world| assert_eq!(world.run(alive_after_a_drop()), MANY));
}

#[test]
fn an_aborted_task_takes_the_children_of_its_group_with_it() {
    everywhere(|world| {
        let alive = Alive::default();
        world.run(async {
            let (begins, begun) = oneshot::channel();
            let inside = alive.clone();
            let task = tokio::spawn(task_group(async move |group| {
                inside.spawn_sleepers(&group, MANY);
                group.spawn(async move { begins.send(()).map_err(|()| "nobody waits") });
                pending::<Result<(), Error>>().await
            }));
            begun.await.unwrap();
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
            alive.until_none().await;
        });
    });
}

#[test]
fn a_timeout_inside_of_the_body_waits_for_the_children() {
    everywhere(|world| {
        let alive = Alive::default();
        world.run(async {
            let ended = task_group(async |group| {
                let child = group.spawn(alive.counted(pending::<Result<(), Error>>()));
                timeout(ms(5), child.value()).await.map_err(|_elapsed| "too late")
            });
            assert_eq!(ended.await, Err(Errors(vec!["too late"])));
            assert_eq!(alive.count(), 0);
        });
    });
}
