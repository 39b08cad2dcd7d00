//! What a failure does to the others.

use super::*;

#[test]
fn the_first_failure_drops_the_body_at_its_await() {
    everywhere(|world| {
        let (ended, recording) = world.record(task_group(async |group| {
            group.spawn(fail());
            pending::<()>().lane("body").await;
            Ok(())
        }));
        assert_eq!(ended, Err(Errors(vec!["failed"])));
        assert_eq!(recording.cancelled(), ["body"]);
    });
}

#[test]
fn a_body_that_waits_for_a_failed_child_is_dropped_there() {
    everywhere(|world| {
        let (ended, recording) = world.record(task_group(async |group| {
            let child = group.spawn(fail());
            child.value().lane("body").await.unwrap();
            Ok(())
        }));
        assert_eq!(ended, Err(Errors(vec!["failed"])));
        assert_eq!(recording.cancelled(), ["body"]);
    });
}

#[test]
fn a_sibling_that_waits_for_a_failed_child_is_aborted_there() {
    everywhere(|world| {
        let (ended, recording) = world.record(task_group(async |group| {
            let child = group.spawn(fail());
            group.spawn(
                async {
                    child.value().await.unwrap();
                    Ok(())
                }
                .try_lane("sibling"),
            );
            Ok(())
        }));
        assert_eq!(ended, Err(Errors(vec!["failed"])));
        assert_eq!(recording.cancelled().len() + recording.never_started().len(), 1);
    });
}

#[test]
fn when_a_failed_group_returns_every_child_has_ended() {
    everywhere(|world| {
        let alive = Alive::default();
        world.run(async {
            let ended = task_group(async |group| {
                alive.spawn_sleepers(&group, MANY);
                group.spawn(alive.counted(fail()));
                Ok(())
            });
            assert_eq!(ended.await, Err(Errors(vec!["failed"])));
            // No await in between: what is alive now was alive when the group returned.
            assert_eq!(alive.count(), 0);
        });
    });
}

#[test]
fn the_naive_group_returns_while_the_others_run() {
    everywhere(|world| {
        let (alive, token) = (Alive::default(), CancellationToken::new());
        world.run(async {
            let ended = naive::task_group(async |group| {
                let sibling = group.spawn(alive.counted(token.clone().cancelled_owned().map(Ok)));
                group.spawn(fail());
                Ok(sibling.value().await)
            });
            assert_eq!(ended.await, Err(Errors(vec!["failed"])));
            assert_eq!(alive.count(), 1);
            token.cancel();
            alive.until_none().await;
        });
    });
}

#[test]
fn a_group_that_aborts_without_waiting_leaves_its_children_alive_on_one_thread() {
    on_one_thread(|world| {
        let alive = Alive::default();
        world.run(async {
            let ended = naive::aborts_without_waiting(async |group| {
                alive.spawn_sleepers(&group, MANY);
                yield_now().await;
                Err::<(), _>("the body failed")
            });
            assert_eq!(ended.await, Err(Errors(vec!["the body failed"])));
            assert_eq!(alive.count(), MANY);
            alive.until_none().await;
        });
    });
}

#[test]
fn a_failed_group_waits_for_a_child_that_computes_with_several_workers() {
    with_several_workers(|world| {
        let alive = Alive::default();
        world.run(async {
            let (Computation { begun, second_half }, computes) = Computation::new(Ok(()));
            let mut group = Box::pin(task_group(async |group| {
                group.spawn(alive.counted(computes));
                begun.await.unwrap();
                Err::<(), _>("the body failed")
            }));
            timeout(ms(20), &mut group).await.unwrap_err();
            second_half.send(()).unwrap();
            assert_eq!(group.await, Err(Errors(vec!["the body failed"])));
            assert_eq!(alive.count(), 0);
        });
    });
}

#[test]
fn an_error_of_the_body_stops_the_children_and_comes_back() {
    everywhere(|world| {
        let alive = Alive::default();
        world.run(async {
            let ended = task_group(async |group| {
                alive.spawn_sleepers(&group, MANY);
                yield_now().await;
                Err::<(), _>("the body failed")
            });
            assert_eq!(ended.await, Err(Errors(vec!["the body failed"])));
            assert_eq!(alive.count(), 0);
        });
    });
}

/// Two children that fail as soon as the token is cancelled.
fn spawn_two(group: &Group<Error>, token: &CancellationToken) {
    for error in ["first", "second"] {
        group.spawn(token.clone().cancelled_owned().map(move |()| Err::<(), _>(error)));
    }
}

#[test]
fn two_children_that_fail_in_the_same_turn_give_two_errors_on_one_thread() {
    on_one_thread(|world| {
        let two = async |group: Group<Error>| {
            let token = CancellationToken::new();
            spawn_two(&group, &token);
            sleep(ms(1)).await;
            token.cancel();
            pending::<Result<(), _>>().await
        };
        assert_eq!(world.run(task_group(two)), Err(Errors(vec!["first", "second"])));
        assert_eq!(world.run(naive::task_group(two)), Err(Errors(vec!["first"])));
        assert_eq!(world.run(naive::aborts_without_waiting(two)), Err(Errors(vec!["first"])));
    });
}

#[test]
fn of_more_errors_than_a_poll_may_take_the_first_in_time_comes_first_on_one_thread() {
    on_one_thread(|world| {
        let many = async |group: Group<u32>| {
            let token = CancellationToken::new();
            for number in 0..300 {
                let waits = token.clone().cancelled_owned();
                group.spawn(waits.map(move |()| if number < 128 { Ok(number) } else { Err(number) }));
            }
            sleep(ms(1)).await;
            // All children end, one after another, before the group is polled again.
            token.cancel();
            pending::<Result<(), _>>().await
        };
        let Err(Errors(errors)) = world.run(async { tokio::spawn(task_group(many)).await.unwrap() }) else {
            panic!("172 children fail")
        };
        assert_eq!(errors, (128..300).collect::<Vec<_>>());
    });
}

#[test]
fn a_child_that_fails_after_the_abort_adds_its_error_with_several_workers() {
    with_several_workers(|world| {
        let ended = world.run(async {
            let (Computation { begun, second_half }, computes) = Computation::new(Err("second"));
            let mut group = Box::pin(task_group(async |group| {
                group.spawn(computes);
                begun.await.unwrap();
                Err::<(), _>("first")
            }));
            timeout(ms(20), &mut group).await.unwrap_err();
            second_half.send(()).unwrap();
            group.await
        });
        assert_eq!(ended, Err(Errors(vec!["first", "second"])));
    });
}

#[test]
fn errors_of_one_kind_are_taken_out_with_partition() {
    everywhere(|world| {
        let ended: Result<(), _> = world.run(task_group(async |_group: Group<Error>| Err("refused")));
        let (refused, others): (Vec<_>, Vec<_>) =
            ended.unwrap_err().0.into_iter().partition(|error| *error == "refused");
        assert_eq!((refused.len(), others.len()), (1, 0));
    });
}

#[test]
fn errors_are_told_in_one_line() {
    assert_eq!(Errors(vec!["one"]).to_string(), "one");
    assert_eq!(Errors(vec!["one", "two"]).to_string(), "2 errors: one; two");
}

/// Spawns a child when it is dropped.
struct SpawnsOnDrop(Group<Error>, Alive);

impl Drop for SpawnsOnDrop {
    fn drop(&mut self) {
        self.0.spawn(self.1.counted(async {
            tracing::info!("never said");
            Ok(())
        }));
    }
}

#[test]
fn a_child_that_is_spawned_after_the_stop_never_runs() {
    everywhere(|world| {
        let alive = Alive::default();
        let (ended, recording) = world.record(task_group(async |group| {
            let late = SpawnsOnDrop(group.clone(), alive.clone());
            let sibling = async move {
                let _late = late;
                pending().await
            };
            group.spawn::<()>(sibling);
            yield_now().await;
            Err::<(), _>("failed")
        }));
        assert_eq!(ended, Err(Errors(vec!["failed"])));
        assert_eq!((alive.count(), recording.notes.len()), (0, 0));
    });
}

#[test]
fn a_child_that_is_spawned_after_the_end_never_runs() {
    everywhere(|world| {
        let alive = Alive::default();
        let value = world.run(async {
            let group = task_group(async |group: Group<Error>| Ok(group)).await.unwrap();
            let child = group.spawn(alive.counted(async { Ok("ran") }));
            assert_eq!(alive.count(), 0);
            child.value().await
        });
        assert_eq!(value, None);
    });
}
