//! Who gets which connection, and when it comes back.

use super::*;

#[test]
fn the_first_caller_makes_a_connection_and_the_next_one_uses_it_again() {
    everywhere(|world| {
        world.run(async {
            let server = Server::new();
            let pool = pool_of(2, &server);
            assert_eq!(server.made(), 0);
            assert_eq!(pool.acquire().await.unwrap().number, 1);
            assert_eq!(pool.acquire().await.unwrap().number, 1);
            assert_eq!((server.made(), server.open()), (1, 1));
        });
    });
}

#[test]
fn while_all_are_lent_a_caller_waits_for_the_one_that_comes_back() {
    everywhere(|world| {
        world.run(async {
            let server = Server::new();
            let pool = pool_of(2, &server);
            let (first, second) = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap());
            let mut third = Box::pin(pool.acquire());
            assert!(poll!(&mut third).is_pending());
            drop(second);
            assert_eq!(third.await.unwrap().number, 2);
            assert_eq!((first.number, server.made()), (1, 2));
        });
    });
}

#[test]
fn whoever_came_first_gets_the_next_connection() {
    everywhere(|world| {
        world.run(async {
            let pool = pool_of(1, &Server::new());
            let mut lent = pool.acquire().await.unwrap();
            let mut waiting: Vec<_> = (0..5).map(|_| Box::pin(pool.acquire())).collect();
            for caller in &mut waiting {
                assert!(poll!(caller).is_pending());
            }
            while !waiting.is_empty() {
                drop(lent);
                // All others are asked before the first, and do not get it.
                for caller in waiting.iter_mut().skip(1).rev() {
                    assert!(poll!(caller).is_pending());
                }
                lent = waiting.remove(0).now_or_never().unwrap().unwrap();
            }
        });
    });
}

#[test]
fn a_newcomer_does_not_overtake_a_caller_who_waits() {
    everywhere(|world| {
        world.run(async {
            let pool = pool_of(1, &Server::new());
            let lent = pool.acquire().await.unwrap();
            let mut waiting = Box::pin(pool.acquire());
            assert!(poll!(&mut waiting).is_pending());
            drop(lent);
            // The connection is idle now, and its place is promised.
            assert!(is_pending(pool.acquire()));
            assert!(waiting.now_or_never().unwrap().is_ok());
        });
    });
}

#[test]
fn a_connection_comes_back_after_success_error_panic_and_cancellation() {
    everywhere(|world| {
        world.run(async {
            let server = Server::new();
            let pool = pool_of(1, &server);
            let mut tasks = JoinSet::new();
            for end in 0..4 {
                let shared = pool.clone();
                let (holds, held) = oneshot::channel();
                let task = tasks.spawn(async move {
                    let _link = shared.acquire().await.map_err(|_| ())?;
                    holds.send(()).unwrap();
                    yield_now().await;
                    match end {
                        0 => Ok(()),
                        1 => Err(()),
                        2 => panic!("on purpose"),
                        _ => std::future::pending().await,
                    }
                });
                held.await.unwrap();
                if end == 3 {
                    task.abort();
                }
                let ended = tasks.join_next().await.unwrap();
                assert_eq!(matches!(ended, Ok(Ok(()))), end == 0);
                assert_eq!(free(&pool), 1);
            }
            assert_eq!(server.made(), 1);
        });
    });
}

#[test]
fn the_naive_pool_loses_the_connection_of_a_caller_who_gives_up() {
    everywhere(|world| {
        world.run(async {
            let server = Server::new();
            let pool = naive::Pool::new(server.clone(), limits(1));
            let caller = async {
                let link = pool.acquire().await.unwrap();
                std::future::pending::<()>().await;
                pool.release(link);
            };
            assert!(is_pending(caller));
            assert_eq!(server.open(), 0);
            // It still counts as made, so nobody ever gets one.
            assert!(is_pending(pool.acquire()));
        });
    });
}

#[test]
fn a_lent_connection_can_move_into_another_task() {
    everywhere(|world| {
        world.run(async {
            let pool = pool_of(1, &Server::new());
            let mut link = pool.acquire().await.unwrap();
            tokio::spawn(async move { link.number = 7 }).await.unwrap();
            assert_eq!(pool.acquire().await.unwrap().number, 7);
        });
    });
}

#[test]
fn a_caller_who_holds_one_and_wants_another_can_wait_for_ever() {
    everywhere(|world| {
        world.run(async {
            let pool = pool_of(2, &Server::new());
            let (_ann, _bob) = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap());
            // Both want a second one before they give back the first.
            let (mut ann, mut bob) = (Box::pin(pool.acquire()), Box::pin(pool.acquire()));
            for _ in 0..3 {
                yield_now().await;
                assert!(poll!(&mut ann).is_pending() && poll!(&mut bob).is_pending());
            }
        });
    });
}

#[test]
fn a_lent_connection_and_an_idle_one_outlive_the_handle_of_the_pool() {
    everywhere(|world| {
        world.run(async {
            let server = Server::new();
            let pool = pool_of(2, &server);
            let (lent, idle) = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap());
            drop(idle);
            drop(pool);
            assert_eq!((lent.number, server.open()), (1, 2));
            drop(lent);
            assert_eq!(server.open(), 0);
        });
    });
}

#[test]
fn the_levels_count_what_is_lent_what_is_idle_and_who_waits() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let pool = pool_of(2, &Server::new());
            let (first, second) = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap());
            let mut waiting = Box::pin(pool.acquire());
            assert!(poll!(&mut waiting).is_pending());
            drop((first, second));
            assert!(waiting.await.is_ok());
            pool.close().await;
        });
        assert_eq!(["lent", "idle", "waiting"].map(|level| recording.highest(level)), [Some(2), Some(2), Some(1)]);
        let ((), at_once) = world.record(async {
            drop(pool_of(1, &Server::new()).acquire().await.unwrap());
        });
        assert_eq!(at_once.highest("waiting"), None);
        for level in &recording.levels {
            assert_eq!(level.values.last().unwrap().value, 0, "{}", level.name);
        }
    });
}

#[test]
fn a_caller_whose_task_has_used_up_its_budget_joins_the_line_at_its_first_poll() {
    everywhere(|world| {
        world.run(async {
            let pool = pool_of(1, &Server::new());
            let lent = pool.acquire().await.unwrap();
            let (mut first, mut second) = (Box::pin(pool.acquire()), Box::pin(unconstrained(pool.acquire())));
            while has_budget_remaining() {
                _ = poll!(Box::pin(consume_budget()));
            }
            assert!(poll!(&mut first).is_pending());
            // As a caller in another task, which has a budget of its own.
            assert!(poll!(&mut second).is_pending());
            yield_now().await;
            drop(lent);
            assert!(poll!(&mut second).is_pending());
            drop(first.await.unwrap());
            second.await.unwrap();
        });
    });
}

#[test]
fn the_debug_text_shows_the_limits_of_a_pool_and_the_connection_that_is_lent() {
    everywhere(|world| {
        world.run(async {
            let pool = pool_of(7, &Server::new());
            assert!(format!("{pool:?}").starts_with("Pool { limits: Limits { most: 7,"), "{pool:?}");
            let lent = pool.acquire().await.unwrap();
            let text = format!("{lent:?}");
            assert!(text.starts_with("Lent(") && text.contains("number: 1"), "{text}");
        });
    });
}
