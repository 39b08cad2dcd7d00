//! Never more than N.

use super::*;
use std::task::{Context, Wake, Waker};

/// So many callers ask at once, again and again, and cross each other in every way.
async fn many_callers(pool: Pool<Server>) {
    const CALLERS: usize = 12;
    let start = Arc::new(Barrier::new(CALLERS));
    let mut tasks = JoinSet::new();
    for number in 0..CALLERS {
        let (pool, start) = (pool.clone(), Arc::clone(&start));
        tasks.spawn(async move {
            start.wait().await;
            for turn in 0..30 {
                let link = pool.acquire().await.unwrap();
                if (number + turn) % 3 == 0 {
                    yield_now().await;
                }
                if (number + turn) % 5 == 0 {
                    link.discard();
                }
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
}

#[test]
fn there_are_never_more_than_n_connections_however_many_callers_race() {
    everywhere(|world| {
        let server = Server::new();
        world.run(async {
            let pool = pool_of(3, &server);
            many_callers(pool.clone()).await;
            assert_eq!(free(&pool), 3);
        });
        assert!(server.peak() <= 3, "{}", server.peak());
    });
}

#[test]
fn callers_who_come_while_others_connect_wait_for_a_place() {
    everywhere(|world| {
        world.run(async {
            let server = Server::slow();
            let pool = pool_of(2, &server);
            let mut callers: Vec<_> = (0..5).map(|_| Box::pin(pool.acquire())).collect();
            for caller in &mut callers {
                assert!(poll!(caller).is_pending());
            }
            assert_eq!(server.made(), 2);
        });
    });
}

#[test]
fn in_the_naive_pool_callers_who_come_together_make_too_many_connections() {
    everywhere(|world| {
        world.run(async {
            let server = Server::slow();
            let pool = naive::Pool::new(server.clone(), limits(2));
            let mut callers: Vec<_> = (0..5).map(|_| Box::pin(pool.acquire())).collect();
            for caller in &mut callers {
                assert!(poll!(caller).is_pending());
            }
            assert_eq!(server.made(), 5);
        });
    });
}

#[test]
fn a_slow_connect_holds_up_nobody_else() {
    everywhere(|world| {
        world.run(async {
            let server = Server::slow();
            let pool = pool_of(2, &server);
            server.accept();
            let lent = pool.acquire().await.unwrap();
            let mut connects = Box::pin(pool.acquire());
            assert!(poll!(&mut connects).is_pending());
            // Meanwhile one comes back, and somebody else borrows it.
            drop(lent);
            assert_eq!(pool.acquire().now_or_never().unwrap().unwrap().number, 1);
            server.accept();
            assert_eq!(connects.await.unwrap().number, 2);
        });
    });
}

#[test]
fn a_caller_who_connects_goes_on_although_a_connection_came_back_meanwhile() {
    everywhere(|world| {
        world.run(async {
            let server = Server::slow();
            let pool = pool_of(2, &server);
            server.accept();
            let lent = pool.acquire().await.unwrap();
            let mut connects = Box::pin(pool.acquire());
            assert!(poll!(&mut connects).is_pending());
            drop(lent);
            assert!(poll!(&mut connects).is_pending());
            server.accept();
            assert_eq!(connects.await.unwrap().number, 2);
        });
    });
}

/// When it is woken, it drops what is idle, and looks at how many connections are open.
struct Looks {
    pool: Pool<Server>,
    server: Server,
    open: AtomicUsize,
}

impl Wake for Looks {
    fn wake(self: Arc<Self>) {
        self.pool.expire();
        self.open.store(self.server.open(), SeqCst);
    }
}

#[test]
fn a_connection_is_back_in_the_list_before_its_place_is_free() {
    everywhere(|world| {
        world.run(async {
            let server = Server::new();
            let pool = Pool::new(server.clone(), Limits { idle: Duration::ZERO, ..limits(1) });
            let lent = pool.acquire().await.unwrap();
            let looks = Arc::new(Looks { pool: pool.clone(), server, open: AtomicUsize::new(usize::MAX) });
            let waker = Waker::from(Arc::clone(&looks));
            let mut waits = Box::pin(pool.acquire());
            assert!(waits.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
            drop(lent);
            assert_eq!(looks.open.load(SeqCst), 0);
        });
    });
}
