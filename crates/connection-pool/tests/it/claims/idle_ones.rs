//! Connections that nobody uses.

use super::*;

#[test]
fn the_connection_that_came_back_last_is_lent_first() {
    everywhere(|world| {
        world.run(async {
            let pool = pool_of(2, &Server::new());
            let (first, second) = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap());
            drop(first);
            drop(second);
            assert_eq!(pool.acquire().await.unwrap().number, 2);
            assert_eq!(pool.acquire().await.unwrap().number, 2);
        });
    });
}

#[test]
fn a_connection_that_was_idle_for_too_long_is_not_lent() {
    everywhere(|world| {
        world.run(async {
            let server = Server::new();
            let pool = Pool::new(server.clone(), Limits { idle: ms(20), ..limits(2) });
            drop(pool.acquire().await.unwrap());
            sleep(ms(20)).await;
            let link = pool.acquire().await.unwrap();
            assert_eq!((link.number, server.open()), (2, 1));
        });
    });
}

#[test]
fn a_returned_connection_counts_its_idle_time_from_zero_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let server = Server::new();
            let pool = Pool::new(server.clone(), Limits { idle: ms(20), ..limits(2) });
            for _ in 0..5 {
                assert_eq!(pool.acquire().await.unwrap().number, 1);
                sleep(ms(19)).await;
            }
        });
    });
}

#[test]
fn nothing_expires_while_nobody_looks() {
    everywhere(|world| {
        world.run(async {
            let server = Server::new();
            let pool = Pool::new(server.clone(), Limits { idle: ms(10), ..limits(2) });
            drop((pool.acquire().await.unwrap(), pool.acquire().await.unwrap()));
            sleep(ms(30)).await;
            assert_eq!(server.open(), 2);
            pool.expire();
            assert_eq!(server.open(), 0);
        });
    });
}

#[test]
fn expire_drops_only_the_old_ones_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let server = Server::new();
            let pool = Pool::new(server.clone(), Limits { idle: ms(20), ..limits(2) });
            let (first, second) = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap());
            drop(first);
            sleep(ms(15)).await;
            drop(second);
            sleep(ms(10)).await;
            pool.expire();
            assert_eq!(server.open(), 1);
            assert_eq!(pool.acquire().await.unwrap().number, 2);
        });
    });
}

/// With little to do, the surplus grows old: always the same one is used.
#[test]
fn because_the_newest_is_lent_first_the_surplus_expires_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let server = Server::new();
            let pool = Pool::new(server.clone(), Limits { idle: ms(50), ..limits(4) });
            let rush: Vec<_> = [pool.acquire().await, pool.acquire().await, pool.acquire().await].into();
            drop(rush);
            assert_eq!(server.open(), 3);
            for _ in 0..10 {
                drop(pool.acquire().await.unwrap());
                sleep(ms(10)).await;
            }
            assert_eq!((server.open(), server.made()), (1, 3));
        });
    });
}
