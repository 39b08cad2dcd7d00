//! When a group ends, and what comes out of it.

use super::*;

/// A child that spawns a child of the same group, and so on, so many times. The last one ends last.
fn descend(group: Group<Error>, depth: u32) -> BoxFuture<'static, Result<(), Error>> {
    let child = async move {
        sleep(ms(5)).await;
        if depth > 0 {
            group.spawn(descend(group.clone(), depth - 1));
        }
        Ok(())
    };
    child.boxed()
}

#[test]
fn a_group_ends_when_its_children_and_their_children_have_ended() {
    everywhere(|world| {
        let alive = Alive::default();
        let (value, recording) = world.record(async {
            let body = async |group: Group<Error>| {
                group.spawn(alive.counted(descend(group.clone(), 4)));
                Ok("value")
            };
            task_group(body).try_lane("group").await
        });
        assert_eq!((value, alive.count()), (Ok("value"), 0));
        world.assert_took(recording.total(), ms(25));
    });
}

#[test]
fn the_naive_group_ends_with_its_body() {
    everywhere(|world| {
        let alive = Alive::default();
        world.run(async {
            let token = CancellationToken::new();
            let child = alive.counted(token.clone().cancelled_owned().map(Ok::<_, Error>));
            let body = async |group: Group<Error>| {
                group.spawn(child);
                Ok(())
            };
            naive::task_group(body).await.unwrap();
            assert_eq!(alive.count(), 1);
            token.cancel();
            alive.until_none().await;
        });
    });
}

#[test]
fn a_group_without_children_ends_with_its_body() {
    everywhere(|world| {
        let value = world.run(task_group(async |group: Group<Error>| {
            yield_now().await;
            drop(group);
            Ok(1)
        }));
        assert_eq!(value, Ok(1));
    });
}

#[test]
fn a_thousand_children_run_at_the_same_time() {
    everywhere(|world| {
        let token = CancellationToken::new();
        let alive = Alive::default();
        let ended = world.run(task_group(async |group: Group<Error>| {
            for _ in 0..1_000 {
                let (alive, token) = (alive.clone(), token.clone());
                group.spawn(async move {
                    // The last one lets all of them go on.
                    let child = alive.counted(token.cancelled());
                    if alive.count() == 2_000 {
                        token.cancel();
                    }
                    child.await;
                    Ok(())
                });
            }
            Ok(())
        }));
        assert_eq!(ended, Ok(()));
    });
}

#[test]
fn the_handle_that_spawn_returns_gives_you_the_value() {
    everywhere(|world| {
        let value = world.run(task_group(async |group: Group<Error>| {
            let children = [30, 10, 20].map(|number| {
                group.spawn(async move {
                    sleep(ms(number)).await;
                    Ok(number)
                })
            });
            let mut values = Vec::new();
            for child in children {
                values.extend(child.value().await);
            }
            Ok(values)
        }));
        assert_eq!(value, Ok(vec![30, 10, 20]));
    });
}

#[test]
fn a_value_can_be_taken_after_the_group_has_ended() {
    everywhere(|world| {
        let value = world.run(async {
            let child = task_group(async |group: Group<Error>| Ok(group.spawn(async { Ok(1) }))).await;
            child.unwrap().value().await
        });
        assert_eq!(value, Some(1));
    });
}

#[test]
fn a_child_whose_handle_is_dropped_runs_to_its_end() {
    everywhere(|world| {
        let (_, recording) = world.record(task_group(async |group: Group<Error>| {
            drop(group.spawn(sleep(ms(10)).map(Ok).try_lane("child")));
            Ok(())
        }));
        assert_eq!(recording.finish_order(), ["child"]);
    });
}

#[test]
fn the_body_may_borrow_from_its_task() {
    everywhere(|world| {
        let done = world.run(async {
            let mut done = Vec::new();
            let ended = task_group(async |group: Group<Error>| {
                done.extend(group.spawn(async { Ok("child") }).value().await);
                Ok(())
            });
            ended.await.unwrap();
            done
        });
        assert_eq!(done, ["child"]);
    });
}

#[test]
fn a_group_whose_body_borrows_can_be_spawned() {
    everywhere(|world| {
        let group = async {
            let number = 1;
            task_group(async |group: Group<Error>| Ok(group.spawn(async { Ok(2) }).value().await.unwrap() + number))
                .await
        };
        assert_eq!(world.run(async { tokio::spawn(group).await.unwrap() }), Ok(3));
    });
}

#[test]
fn a_child_starts_when_the_body_next_waits() {
    everywhere(|world| {
        let started = Mutex::new(Vec::new());
        let ended = world.run(task_group(async |group: Group<Error>| {
            let (says, said) = blocking::channel();
            group.spawn(async move { says.send("child").map_err(|_| "nobody waits") });
            // Even if other workers have the time for it.
            started.lock().unwrap().extend(said.recv_timeout(ms(20)).ok());
            started.lock().unwrap().push("body");
            Ok(said)
        }));
        started.lock().unwrap().extend(ended.unwrap().try_recv().ok());
        assert_eq!(*started.lock().unwrap(), ["body", "child"]);
    });
}

#[test]
fn a_child_of_a_child_may_start_while_its_spawner_runs_with_several_workers() {
    with_several_workers(|world| {
        let ended = world.run(task_group(async |group: Group<Error>| {
            let parent = group.clone();
            let child = group.spawn(async move {
                let (starts, started) = blocking::channel();
                parent.spawn(async move { starts.send(()).map_err(|_| "nobody waits") });
                // No await in between. The other workers go on, also with the task that the spawn has woken.
                Ok(block_in_place(|| started.recv()).is_ok())
            });
            Ok(child.value().await)
        }));
        assert_eq!(ended, Ok(Some(true)));
    });
}
