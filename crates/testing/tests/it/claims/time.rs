//! What moves the paused clock, and what does not.

use std::future::pending;
use std::io::{Read, Write};
use std::net;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use futures::FutureExt;
use futures::future::BoxFuture;
use room::{on_the_paused_clock, with_several_workers};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::{spawn_blocking, yield_now};
use tokio::time::{Instant, advance, pause, sleep, timeout};

use super::{ms, panic_of};

const HOUR: u64 = 3_600_000;

#[test]
fn on_the_paused_clock_an_hour_is_over_when_all_tasks_wait() {
    on_the_paused_clock(|world| {
        world.run(async {
            let (started, outside) = (Instant::now(), std::time::Instant::now());
            sleep(ms(HOUR / 2)).await;
            assert_eq!(started.elapsed(), ms(HOUR / 2));
            // The clock of the standard library is the real one.
            assert!(outside.elapsed() < ms(HOUR / 2));
        });
    });
}

#[test]
fn on_the_paused_clock_a_deadlock_is_a_timeout_at_once() {
    on_the_paused_clock(|world| {
        let outside = std::time::Instant::now();
        world.run(async {
            let (_kept, never) = oneshot::channel::<()>();
            assert!(timeout(ms(HOUR / 2), never).await.is_err());
        });
        assert!(outside.elapsed() < ms(HOUR / 2));
    });
}

/// Counts the turns of a task that sleeps a second in each.
fn turns() -> Arc<AtomicU32> {
    let turns = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&turns);
    tokio::spawn(async move {
        loop {
            sleep(ms(1_000)).await;
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    turns
}

#[test]
fn when_advance_returns_the_task_that_it_wakes_has_not_run_yet_today() {
    on_the_paused_clock(|world| {
        world.run(async {
            let turns = turns();
            // The task gets its first turn, and begins to sleep.
            yield_now().await;
            advance(ms(1_000)).await;
            assert_eq!(turns.load(Ordering::Relaxed), 0);
            yield_now().await;
            assert_eq!(turns.load(Ordering::Relaxed), 1);
        });
    });
}

#[test]
fn an_advance_of_three_seconds_is_one_turn_of_a_loop_and_a_sleep_of_three_seconds_is_three() {
    on_the_paused_clock(|world| {
        let counted = |moves: fn() -> BoxFuture<'static, ()>| {
            world.run(async move {
                let turns = turns();
                yield_now().await;
                moves().await;
                for _ in 0..10 {
                    yield_now().await;
                }
                turns.load(Ordering::Relaxed)
            })
        };
        assert_eq!(counted(|| advance(ms(3_500)).boxed()), 1);
        assert_eq!(counted(|| sleep(ms(3_500)).boxed()), 3);
    });
}

#[test]
fn on_the_paused_clock_a_task_that_was_not_polled_yet_begins_its_sleep_after_the_advance() {
    on_the_paused_clock(|world| {
        world.run(async {
            let started = Instant::now();
            let task = tokio::spawn(async { sleep(ms(1_000)).await });
            advance(ms(1_000)).await;
            task.await.unwrap();
            assert_eq!(started.elapsed(), ms(2_000));
        });
    });
}

#[test]
fn a_blocking_call_holds_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let started = Instant::now();
            let call = spawn_blocking(|| thread::sleep(ms(20)));
            // A real 20 ms, and in virtual time not one of them.
            timeout(ms(1), call).await.unwrap().unwrap();
            assert_eq!(started.elapsed(), ms(0));
        });
    });
}

#[test]
fn the_paused_clock_does_not_wait_for_a_thread() {
    on_the_paused_clock(|world| {
        world.run(async {
            let (go, wait) = mpsc::channel::<()>();
            let (answer, answered) = oneshot::channel();
            let peer = thread::spawn(move || {
                wait.recv().unwrap();
                _ = answer.send(());
            });
            assert!(timeout(ms(HOUR / 2), answered).await.is_err());
            go.send(()).unwrap();
            peer.join().unwrap();
        });
    });
}

#[test]
fn the_paused_clock_does_not_wait_for_a_socket() {
    on_the_paused_clock(|world| {
        world.run(async {
            let listener = net::TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            let (go, wait) = mpsc::channel::<()>();
            let peer = thread::spawn(move || {
                let (mut stream, _) = listener.accept().unwrap();
                stream.read_exact(&mut [0; 5]).unwrap();
                wait.recv().unwrap();
                _ = stream.write_all(b"PONG\n");
            });
            let stream = TcpStream::connect(address).await.unwrap();
            let answer = testing::ask(stream, "PING", ms(HOUR / 2)).await;
            assert_eq!(answer.unwrap_err().kind(), std::io::ErrorKind::TimedOut);
            go.send(()).unwrap();
            peer.join().unwrap();
        });
    });
}

#[test]
fn a_peer_at_the_other_end_of_a_duplex_answers_in_time_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let (client, mut server) = duplex(64);
            let peer = async {
                let mut question = [0; 5];
                server.read_exact(&mut question).await.unwrap();
                sleep(ms(900)).await;
                server.write_all(b"PONG\n").await.unwrap();
            };
            let started = Instant::now();
            let (answer, ()) = tokio::join!(testing::ask(client, "PING", ms(1_000)), peer);
            assert_eq!((answer.unwrap().as_str(), started.elapsed()), ("PONG", ms(900)));
        });
    });
}

#[test]
fn the_clock_of_several_workers_cannot_be_paused() {
    with_several_workers(|world| {
        let panic = panic_of(|| world.run(async { pause() })).unwrap();
        assert!(panic.contains("requires the `current_thread` Tokio runtime"), "{panic}");
    });
}

#[test]
fn on_the_paused_clock_a_timeout_around_a_test_that_never_ends_makes_it_fail() {
    on_the_paused_clock(|world| {
        let panic = panic_of(|| {
            world.run(async { timeout(ms(HOUR / 2), pending::<()>()).await.expect("the test is stuck") });
        });
        assert!(panic.unwrap().starts_with("the test is stuck"));
    });
}
