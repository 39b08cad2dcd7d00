//! Time limits, callers who leave, and connections that cannot be made.

use super::*;
use exam::cancel_at_every_await;

#[test]
fn acquire_gives_up_after_its_patience_while_it_waits() {
    everywhere(|world| {
        world.run(async {
            let pool = Pool::new(Server::new(), Limits { patience: ms(20), ..limits(1) });
            let lent = pool.acquire().await.unwrap();
            assert_eq!(pool.acquire().await.unwrap_err(), Failed::TimedOut);
            drop(lent);
            assert_eq!(free(&pool), 1);
        });
    });
}

#[test]
fn acquire_gives_up_after_its_patience_while_it_connects() {
    everywhere(|world| {
        world.run(async {
            let server = Server::slow();
            let pool = Pool::new(server.clone(), Limits { patience: ms(20), ..limits(1) });
            assert_eq!(pool.acquire().await.unwrap_err(), Failed::TimedOut);
            assert_eq!(server.open(), 0);
            server.accept();
            assert_eq!(free(&pool), 1);
        });
    });
}

#[test]
fn one_limit_covers_the_wait_and_the_connect_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let start = Instant::now();
            let server = Server::slow();
            server.accept();
            let pool = Pool::new(server, Limits { patience: ms(100), ..limits(1) });
            let lent = pool.acquire().await.unwrap();
            let gives_way = async {
                sleep(ms(60)).await;
                lent.discard();
            };
            let ((), failed) = tokio::join!(gives_way, pool.acquire());
            assert_eq!(failed.unwrap_err(), Failed::TimedOut);
            assert_eq!(start.elapsed(), ms(100));
        });
    });
}

#[test]
fn a_caller_who_leaves_while_waiting_leaks_no_place_and_is_skipped() {
    everywhere(|world| {
        world.run(async {
            let pool = pool_of(1, &Server::new());
            let lent = pool.acquire().await.unwrap();
            let (mut leaves, mut stays) = (Box::pin(pool.acquire()), Box::pin(pool.acquire()));
            assert!(poll!(&mut leaves).is_pending() && poll!(&mut stays).is_pending());
            // It leaves when its place is promised already: the worst moment.
            drop(lent);
            drop(leaves);
            drop(stays.now_or_never().unwrap().unwrap());
            assert_eq!(free(&pool), 1);
        });
    });
}

#[test]
fn a_caller_who_leaves_while_connecting_leaks_no_place() {
    everywhere(|world| {
        world.run(async {
            let server = Server::slow();
            let pool = pool_of(1, &server);
            let mut leaves = Box::pin(pool.acquire());
            assert!(poll!(&mut leaves).is_pending());
            let mut stays = Box::pin(pool.acquire());
            assert!(poll!(&mut stays).is_pending());
            drop(leaves);
            assert_eq!(server.open(), 0);
            server.accept();
            assert_eq!(stays.await.unwrap().number, 2);
        });
    });
}

#[test]
fn a_caller_cancelled_at_any_await_leaks_nothing_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let cancelled = world.run(async {
            let make = || {
                let server = Server::slow();
                let pool = pool_of(1, &server);
                let caller = {
                    let (pool, server) = (pool.clone(), server.clone());
                    async move {
                        server.accept();
                        let first = pool.acquire().await.unwrap();
                        let waits = async {
                            let link = pool.acquire().await.unwrap();
                            yield_now().await;
                            drop(link);
                        };
                        let gives_way = async {
                            sleep(ms(1)).await;
                            first.discard();
                            sleep(ms(1)).await;
                            server.accept();
                        };
                        tokio::join!(waits, gives_way);
                    }
                };
                ((pool, server), caller)
            };
            let nothing_leaks = async |(pool, server): (Pool<Server>, Server), _| {
                server.accept();
                assert_eq!(free(&pool), 1);
                assert!(server.peak() <= 1);
                Ok(())
            };
            cancel_at_every_await(make, nothing_leaks).await.unwrap()
        });
        assert!(cancelled >= 3, "{cancelled}");
    });
}

#[test]
fn if_a_connection_cannot_be_made_its_place_goes_to_the_next_caller() {
    everywhere(|world| {
        world.run(async {
            let server = Server::slow();
            server.refuse_next();
            let pool = pool_of(1, &server);
            let (mut fails, mut waits) = (Box::pin(pool.acquire()), Box::pin(pool.acquire()));
            assert!(poll!(&mut fails).is_pending() && poll!(&mut waits).is_pending());
            server.accept();
            assert_eq!(fails.await.unwrap_err(), Failed::Connect("refused"));
            server.accept();
            assert_eq!(waits.await.unwrap().number, 2);
        });
    });
}

#[test]
fn if_connecting_panics_its_place_goes_to_the_next_caller() {
    struct Panics(AtomicUsize);

    impl Connector for Panics {
        type Connection = ();
        type Error = ();

        async fn connect(&self) -> Result<(), ()> {
            assert!(self.0.fetch_add(1, SeqCst) > 0, "on purpose");
            Ok(())
        }

        fn is_reusable(&self, (): &()) -> bool {
            true
        }
    }

    everywhere(|world| {
        world.run(async {
            let pool = Pool::new(Panics(AtomicUsize::new(0)), limits(1));
            let first = pool.clone();
            let ended = tokio::spawn(async move { first.acquire().await.is_ok() }).await;
            assert!(ended.unwrap_err().is_panic());
            assert!(pool.acquire().await.is_ok());
        });
    });
}

#[test]
fn the_errors_say_what_went_wrong() {
    let failed = [Failed::TimedOut, Failed::Closed, Failed::Connect("refused")].map(|failed| failed.to_string());
    assert_eq!(failed, ["no connection in time", "the pool is closed", "cannot connect: refused"]);
}
