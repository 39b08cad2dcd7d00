//! Which requests are taken, and what the second signal does.

use std::future::{pending, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::FutureExt;
use graceful_shutdown::{Signal, Work, naive, unless_again};
use room::everywhere;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};

use super::{FOR_EVER, ms};

/// A request is answered through its sender.
type Request = oneshot::Sender<&'static str>;

async fn answer(request: Request) {
    _ = request.send("answered");
}

/// Sends a request, and returns the answer; `None` if it was refused.
async fn ask(server: &mpsc::Sender<Request>) -> Option<&'static str> {
    let (request, answer) = oneshot::channel();
    server.send(request).await.ok()?;
    answer.await.ok()
}

#[test]
fn requests_are_taken_during_the_notice_and_refused_after_it() {
    everywhere(|world| {
        world.run(async {
            let (work, (server, requests)) = (Work::new(), mpsc::channel(8));
            let taking = work.clone();
            work.spawn(async move { taking.take(requests, answer).await });
            assert_eq!(ask(&server).await, Some("answered"));
            let mut drain = Box::pin(work.drain(ms(50), FOR_EVER));
            assert!(futures::poll!(&mut drain).is_pending());
            assert_eq!(ask(&server).await, Some("answered"));
            assert_eq!(drain.await, 0);
            assert_eq!(ask(&server).await, None);
        });
    });
}

#[test]
fn a_request_that_waits_in_the_channel_when_the_server_stops_learns_of_it_at_once() {
    everywhere(|world| {
        world.run(async {
            let (work, (server, requests)) = (Work::new(), mpsc::channel(8));
            work.stopping().cancel();
            let (request, refused) = oneshot::channel();
            server.send(request).await.unwrap();
            work.take(requests, answer).await;
            assert!(refused.await.is_err(), "its sender was dropped with the channel");
        });
    });
}

#[test]
fn a_request_that_was_taken_is_answered_before_the_drain_ends() {
    everywhere(|world| {
        world.run(async {
            let (work, (server, requests)) = (Work::new(), mpsc::channel(8));
            let (taking, (begins, mut begun)) = (work.clone(), mpsc::channel(8));
            let answered = Arc::new(AtomicBool::new(false));
            let answering = Arc::clone(&answered);
            work.spawn(async move {
                let handle = |request: Request| {
                    let (begins, answered) = (begins.clone(), Arc::clone(&answering));
                    async move {
                        begins.send(()).await.unwrap();
                        sleep(ms(10)).await;
                        answer(request).await;
                        answered.store(true, Ordering::Relaxed);
                    }
                };
                taking.take(requests, handle).await;
            });
            let drain = async {
                begun.recv().await.unwrap();
                (work.drain(ms(0), FOR_EVER).await, answered.load(Ordering::Relaxed))
            };
            assert_eq!(tokio::join!(ask(&server), drain), (Some("answered"), (0, true)));
        });
    });
}

#[test]
fn taking_ends_when_every_sender_is_gone() {
    everywhere(|world| {
        world.run(async {
            let (server, requests) = mpsc::channel(8);
            drop(server);
            Work::new().take(requests, answer).await;
        });
    });
}

#[test]
fn the_naive_server_stays_ready_and_takes_requests_while_it_drains() {
    everywhere(|world| {
        world.run(async {
            let (work, (server, requests)) = (naive::Work::new(), mpsc::channel(8));
            let taking = work.clone();
            let taken = work.spawn(async move { taking.take(requests, answer).await });
            assert_eq!(ask(&server).await, Some("answered"));
            work.drain(ms(0), ms(0)).await;
            assert!(work.is_ready());
            assert_eq!(ask(&server).await, Some("answered"));
            drop(server);
            taken.await.unwrap();
        });
    });
}

#[test]
fn the_naive_drain_waits_for_a_request_without_a_limit() {
    everywhere(|world| {
        world.run(async {
            let (work, (server, requests)) = (naive::Work::new(), mpsc::channel(8));
            server.send(()).await.unwrap();
            drop(server);
            work.take(requests, |()| pending()).await;
            assert!(timeout(ms(30), work.drain(ms(0), ms(1))).await.is_err());
        });
    });
}

#[test]
fn a_second_signal_ends_the_wait_for_the_drain() {
    everywhere(|world| {
        world.run(async {
            let work = Work::new();
            let task = work.spawn(pending::<()>());
            let again = sleep(ms(5)).map(|()| Signal::Terminate);
            let ended = unless_again(work.drain(ms(0), FOR_EVER), again).await;
            assert_eq!(ended.map_err(Signal::exit_code), Err(143));
            assert!(!task.is_finished());
        });
    });
}

#[test]
fn a_drain_that_ends_first_needs_no_second_signal_and_one_that_is_there_comes_first() {
    everywhere(|world| {
        world.run(async {
            assert_eq!(unless_again(Work::new().drain(ms(0), FOR_EVER), pending()).await, Ok(0));
            assert_eq!(unless_again(ready(()), ready(Signal::Interrupt)).await, Err(Signal::Interrupt));
            assert_eq!(Signal::Interrupt.exit_code(), 130);
        });
    });
}

#[test]
fn the_naive_server_does_not_hear_a_second_signal() {
    everywhere(|world| {
        world.run(async {
            let deaf = naive::unless_again(pending::<()>(), ready(Signal::Terminate));
            assert!(timeout(ms(30), deaf).await.is_err());
        });
    });
}
