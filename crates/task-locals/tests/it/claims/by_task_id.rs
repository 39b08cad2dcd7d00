//! A map with the task's id as its key.

use std::collections::HashSet;

use naive::by_task_id;

use super::*;

#[test]
fn a_map_by_task_id_keeps_the_ids_of_tasks_that_have_ended() {
    everywhere(|world| {
        let kept = world.run(async {
            let task = tokio::spawn(by_task_id::with_id(7, yield_now()));
            let id = task.id();
            task.await.unwrap();
            by_task_id::kept_for(id)
        });
        assert_eq!(kept, Some(7));
    });
}

#[test]
fn a_thousand_tasks_one_after_another_have_a_thousand_ids() {
    everywhere(|world| {
        let ids = world.run(async {
            let mut ids = HashSet::new();
            for _ in 0..1_000 {
                ids.insert(tokio::spawn(async { tokio::task::id() }).await.unwrap());
            }
            ids.len()
        });
        assert_eq!(ids, 1_000);
    });
}

#[test]
fn two_futures_of_one_task_share_its_place_in_the_map() {
    use by_task_id::{current_id, with_id};
    everywhere(|world| {
        let read = world.run(async {
            let both = async {
                tokio::join!(with_id(7, async { (yield_now().await, current_id()).1 }), with_id(8, ready(()))).0
            };
            tokio::spawn(both).await.unwrap()
        });
        assert_eq!(read, Some(8));
    });
}

#[test]
fn task_id_panics_in_the_body_of_block_on_and_try_id_is_none() {
    everywhere(|world| {
        world.run(async {
            assert_eq!(tokio::task::try_id(), None);
            assert!(catch_unwind(tokio::task::id).is_err());
            let naive = AssertUnwindSafe(by_task_id::with_id(7, ready(()))).catch_unwind().await;
            assert!(naive.is_err());
            assert!(tokio::spawn(async { tokio::task::try_id() }).await.unwrap().is_some());
        });
    });
}
