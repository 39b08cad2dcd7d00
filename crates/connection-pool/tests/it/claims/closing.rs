//! The end of a pool.

use super::*;

#[test]
fn a_closed_pool_refuses_new_callers_at_once() {
    everywhere(|world| {
        world.run(async {
            let server = Server::new();
            let pool = pool_of(1, &server);
            pool.close().await;
            assert_eq!(pool.acquire().now_or_never().unwrap().unwrap_err(), Failed::Closed);
            assert_eq!(server.made(), 0);
        });
    });
}

#[test]
fn close_wakes_whoever_waits() {
    everywhere(|world| {
        world.run(async {
            let pool = pool_of(1, &Server::new());
            let lent = pool.acquire().await.unwrap();
            let mut waiting = JoinSet::new();
            for _ in 0..3 {
                let pool = pool.clone();
                let (waits, waiter) = oneshot::channel();
                waiting.spawn(async move {
                    let mut acquire = Box::pin(pool.acquire());
                    assert!(poll!(&mut acquire).is_pending());
                    waits.send(()).unwrap();
                    acquire.await.map(drop)
                });
                waiter.await.unwrap();
            }
            let mut close = Box::pin(pool.close());
            assert!(poll!(&mut close).is_pending());
            // The lent connection is still out: it is not its place that they got.
            for ended in waiting.join_all().await {
                assert_eq!(ended, Err(Failed::Closed));
            }
            drop(lent);
            close.await;
        });
    });
}

#[test]
fn close_stops_whoever_connects() {
    everywhere(|world| {
        world.run(async {
            let server = Server::slow();
            let pool = pool_of(1, &server);
            let connects = {
                let pool = pool.clone();
                let (begun, begins) = oneshot::channel();
                let task = tokio::spawn(async move {
                    let mut acquire = Box::pin(pool.acquire());
                    assert!(poll!(&mut acquire).is_pending());
                    begun.send(()).unwrap();
                    acquire.await.map(drop)
                });
                begins.await.unwrap();
                task
            };
            assert_eq!(server.open(), 1);
            pool.close().await;
            assert_eq!(server.open(), 0);
            assert_eq!(connects.await.unwrap(), Err(Failed::Closed));
        });
    });
}

#[test]
fn close_drops_the_idle_connections_at_once() {
    everywhere(|world| {
        world.run(async {
            let server = Server::new();
            let pool = pool_of(2, &server);
            let (lent, idle) = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap());
            drop(idle);
            let mut close = Box::pin(pool.close());
            assert!(poll!(&mut close).is_pending());
            assert_eq!(server.open(), 1);
            drop(lent);
            close.await;
        });
    });
}

#[test]
fn close_waits_for_every_lent_connection_and_each_is_dropped_when_it_comes_back() {
    everywhere(|world| {
        world.run(async {
            let server = Server::new();
            let pool = pool_of(2, &server);
            let (first, second) = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap());
            let mut close = Box::pin(pool.close());
            assert!(poll!(&mut close).is_pending());
            drop(first);
            assert_eq!(server.open(), 1);
            assert!(poll!(&mut close).is_pending());
            drop(second);
            close.await;
            assert_eq!(server.open(), 0);
        });
    });
}

#[test]
fn when_close_returns_no_connection_is_open_however_many_callers_race() {
    everywhere(|world| {
        let server = Server::new();
        world.run(async {
            let pool = pool_of(3, &server);
            let start = Arc::new(Barrier::new(7));
            let mut callers = JoinSet::new();
            for _ in 0..6 {
                let (pool, start) = (pool.clone(), Arc::clone(&start));
                callers.spawn(async move {
                    start.wait().await;
                    while let Ok(link) = pool.acquire().await {
                        yield_now().await;
                        drop(link);
                        yield_now().await;
                    }
                });
            }
            start.wait().await;
            pool.close().await;
            assert_eq!(server.open(), 0);
            callers.join_all().await;
            assert_eq!(server.open(), 0);
        });
    });
}

#[test]
fn a_close_that_is_cancelled_leaves_the_pool_closed_and_can_be_repeated() {
    everywhere(|world| {
        world.run(async {
            let pool = pool_of(1, &Server::new());
            let lent = pool.acquire().await.unwrap();
            assert!(is_pending(pool.close()));
            assert_eq!(pool.acquire().await.unwrap_err(), Failed::Closed);
            let mut again = Box::pin(pool.close());
            assert!(poll!(&mut again).is_pending());
            drop(lent);
            again.await;
        });
    });
}

#[test]
fn whoever_closes_with_a_connection_in_hand_waits_for_ever_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let pool = pool_of(1, &Server::new());
            let _lent = pool.acquire().await.unwrap();
            assert!(timeout(ms(1_000_000), pool.close()).await.is_err());
        });
    });
}

#[test]
fn the_naive_close_wakes_no_caller_waits_for_no_connection_and_refuses_no_caller() {
    everywhere(|world| {
        world.run(async {
            let server = Server::new();
            let pool = naive::Pool::new(server.clone(), limits(1));
            let lent = pool.acquire().await.unwrap();
            let mut waits = Box::pin(pool.acquire());
            assert!(poll!(&mut waits).is_pending());
            pool.close();
            assert!(poll!(&mut waits).is_pending());
            assert_eq!(server.open(), 1);
            pool.release(lent);
            pool.release(waits.await.unwrap());
            // It drops what is idle, and no more.
            pool.close();
            assert_eq!(server.open(), 0);
            assert!(pool.acquire().now_or_never().is_none(), "the place of the dropped connection is lost");
        });
    });
}

#[test]
fn whoever_waits_is_refused_by_close_before_a_connection_comes_back() {
    everywhere(|world| {
        world.run(async {
            let pool = pool_of(1, &Server::new());
            let lent: Lent<Server> = pool.acquire().await.unwrap();
            let mut waits = Box::pin(pool.acquire());
            assert!(poll!(&mut waits).is_pending());
            let mut close = Box::pin(pool.close());
            assert!(poll!(&mut close).is_pending());
            drop(lent);
            // Its place is free now, and its turn has come; the pool is closed all the same.
            assert_eq!(waits.await.unwrap_err(), Failed::Closed);
            close.await;
        });
    });
}
