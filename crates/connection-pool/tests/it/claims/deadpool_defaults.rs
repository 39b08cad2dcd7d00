//! What deadpool does unless you tell it otherwise.

use std::thread::available_parallelism;

use deadpool::Runtime;
use deadpool::managed::{BuildError, Manager, Metrics, Pool, PoolError, RecycleError, RecycleResult, TimeoutType};

use super::{
    Connector, FutureExt, Link, Server, everywhere, is_pending, ms, on_the_paused_clock, poll, sleep, timeout,
};

impl Manager for Server {
    type Type = Link;
    type Error = &'static str;

    async fn create(&self) -> Result<Link, &'static str> {
        self.connect().await
    }

    async fn recycle(&self, link: &mut Link, _: &Metrics) -> RecycleResult<&'static str> {
        if self.is_reusable(link) { Ok(()) } else { Err(RecycleError::message("broken")) }
    }
}

fn deadpool_of(most: usize, server: &Server) -> Pool<Server> {
    Pool::builder(server.clone()).max_size(most).build().unwrap()
}

#[test]
fn deadpool_lends_two_connections_for_each_processor_unless_told_otherwise() {
    let pool: Pool<Server> = Pool::builder(Server::new()).build().unwrap();
    assert_eq!(pool.status().max_size, 2 * available_parallelism().unwrap().get());
}

#[test]
fn deadpool_has_no_time_limits_unless_told_otherwise() {
    let limits = deadpool_of(1, &Server::new()).timeouts();
    assert_eq!((limits.wait, limits.create, limits.recycle), (None, None, None));
    on_the_paused_clock(|world| {
        world.run(async {
            let pool = deadpool_of(1, &Server::slow());
            assert!(timeout(ms(1_000_000), pool.get()).await.is_err());
        });
    });
}

#[test]
fn deadpool_with_a_time_limit_needs_to_know_the_runtime() {
    let builder = || Pool::<Server>::builder(Server::new()).max_size(1).wait_timeout(Some(ms(20)));
    assert!(matches!(builder().build(), Err(BuildError::NoRuntimeSpecified)));
    everywhere(|world| {
        world.run(async {
            let pool: Pool<Server> = builder().runtime(Runtime::Tokio1).build().unwrap();
            let _lent = pool.get().await.unwrap();
            assert!(matches!(pool.get().await, Err(PoolError::Timeout(TimeoutType::Wait))));
        });
    });
}

#[test]
fn deadpool_lends_the_connection_first_that_came_back_first() {
    everywhere(|world| {
        world.run(async {
            let pool = deadpool_of(2, &Server::new());
            let (first, second) = (pool.get().await.unwrap(), pool.get().await.unwrap());
            drop(first);
            drop(second);
            assert_eq!(pool.get().await.unwrap().number, 1);
            assert_eq!(pool.get().await.unwrap().number, 2);
        });
    });
}

#[test]
fn deadpool_asks_recycle_when_it_lends_and_not_when_a_connection_comes_back() {
    everywhere(|world| {
        world.run(async {
            let server = Server::new();
            let pool = deadpool_of(1, &server);
            pool.get().await.unwrap().busy = true;
            assert_eq!(server.open(), 1);
            let link = pool.get().await.unwrap();
            assert_eq!((link.number, server.open()), (2, 1));
        });
    });
}

#[test]
fn deadpool_lets_nothing_expire_until_you_call_retain() {
    everywhere(|world| {
        world.run(async {
            let server = Server::new();
            let pool = deadpool_of(1, &server);
            drop(pool.get().await.unwrap());
            sleep(ms(20)).await;
            assert_eq!(pool.get().await.unwrap().number, 1);
            let gone = pool.retain(|_, _| false);
            assert_eq!((gone.removed.len(), pool.status().size), (1, 0));
        });
    });
}

#[test]
fn deadpool_close_wakes_the_waiting_callers_and_waits_for_no_connection() {
    everywhere(|world| {
        world.run(async {
            let server = Server::new();
            let pool = deadpool_of(1, &server);
            let lent = pool.get().await.unwrap();
            let mut waits = Box::pin(pool.get());
            assert!(poll!(&mut waits).is_pending());
            // No future: it returns while a connection is lent.
            pool.close();
            assert_eq!(server.open(), 1);
            assert!(matches!(waits.now_or_never(), Some(Err(PoolError::Closed))));
            assert!(matches!(pool.get().now_or_never(), Some(Err(PoolError::Closed))));
            drop(lent);
            assert_eq!(server.open(), 0);
        });
    });
}

#[test]
fn deadpool_leaks_no_place_when_a_caller_leaves_or_cannot_connect() {
    everywhere(|world| {
        world.run(async {
            let server = Server::slow();
            let pool = deadpool_of(1, &server);
            assert!(is_pending(pool.get()));
            server.refuse_next();
            server.accept();
            assert!(matches!(pool.get().await, Err(PoolError::Backend("refused"))));
            server.accept();
            assert_eq!(pool.get().await.unwrap().number, 3);
        });
    });
}

#[test]
fn deadpool_serves_whoever_came_first() {
    everywhere(|world| {
        world.run(async {
            let pool = deadpool_of(1, &Server::new());
            let lent = pool.get().await.unwrap();
            let (mut first, mut second) = (Box::pin(pool.get()), Box::pin(pool.get()));
            assert!(poll!(&mut first).is_pending() && poll!(&mut second).is_pending());
            drop(lent);
            assert!(is_pending(pool.get()));
            assert!(poll!(&mut second).is_pending());
            drop(first.now_or_never().unwrap().unwrap());
            assert!(second.now_or_never().unwrap().is_ok());
        });
    });
}
