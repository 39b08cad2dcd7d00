//! Connections that nobody may get again.

use super::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

#[test]
fn a_connection_that_comes_back_broken_is_dropped() {
    everywhere(|world| {
        world.run(async {
            let server = Server::new();
            let pool = pool_of(1, &server);
            let lent = pool.acquire().await.unwrap();
            server.break_all();
            drop(lent);
            assert_eq!(server.open(), 0);
            assert_eq!(pool.acquire().await.unwrap().number, 2);
        });
    });
}

#[test]
fn a_connection_that_breaks_while_idle_is_dropped_before_it_is_lent() {
    everywhere(|world| {
        world.run(async {
            let server = Server::new();
            let pool = pool_of(2, &server);
            drop((pool.acquire().await.unwrap(), pool.acquire().await.unwrap()));
            server.break_all();
            assert_eq!(server.open(), 2);
            assert_eq!(pool.acquire().await.unwrap().number, 3);
            assert_eq!(server.open(), 1);
        });
    });
}

#[test]
fn a_caller_cancelled_in_the_middle_of_a_request_leaves_a_connection_that_nobody_gets() {
    everywhere(|world| {
        world.run(async {
            let server = Server::new();
            let pool = pool_of(1, &server);
            let request = async {
                let mut link = pool.acquire().await.unwrap();
                link.busy = true;
                std::future::pending::<()>().await;
                link.busy = false;
            };
            assert!(is_pending(request));
            assert_eq!(server.open(), 0);
            assert_eq!(pool.acquire().await.unwrap().number, 2);
        });
    });
}

#[test]
fn a_connection_that_is_discarded_is_dropped_and_its_place_is_free() {
    everywhere(|world| {
        world.run(async {
            let server = Server::new();
            let pool = pool_of(1, &server);
            pool.acquire().await.unwrap().discard();
            assert_eq!((server.open(), free(&pool)), (0, 1));
            assert_eq!(server.made(), 2);
        });
    });
}

#[test]
fn the_naive_pool_lends_a_broken_connection_again() {
    everywhere(|world| {
        world.run(async {
            let server = Server::new();
            let pool = naive::Pool::new(server.clone(), limits(1));
            let mut link = pool.acquire().await.unwrap();
            link.busy = true;
            pool.release(link);
            assert!(pool.acquire().await.unwrap().busy);
        });
    });
}

/// Asks through a pipe, and reads the next answer that comes.
async fn query(link: &mut DuplexStream, who: &[u8; 3]) -> [u8; 3] {
    let mut answer = [0; 3];
    link.write_all(who).await.unwrap();
    link.read_exact(&mut answer).await.unwrap();
    answer
}

#[test]
fn a_connection_lent_again_in_the_middle_of_a_request_reads_the_answer_of_another_caller() {
    everywhere(|world| {
        world.run(async {
            let (mut link, mut server) = tokio::io::duplex(16);
            // The server answers each question with the name of the one who asked.
            let (go, told) = oneshot::channel();
            let answering = tokio::spawn(async move {
                told.await.unwrap();
                let mut who = [0; 3];
                // Bob leaves before he has read his own answer.
                while server.read_exact(&mut who).await.is_ok() && server.write_all(&who).await.is_ok() {}
            });
            assert!(is_pending(query(&mut link, b"ann")));
            go.send(()).unwrap();
            // A pool that does not look lends the same connection to bob.
            assert_eq!(&query(&mut link, b"bob").await, b"ann");
            drop(link);
            answering.await.unwrap();
        });
    });
}
