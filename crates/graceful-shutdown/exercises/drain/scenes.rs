//! What the checks of `graceful-shutdown/drain` play.

use exam::{LaneExt, Reply, Service, ms};
use futures::future::join_all;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::given::{End, Request, Shop};

pub(super) type Input = (mpsc::Receiver<()>, mpsc::Receiver<Request>, Shop);
type Serve = exam::Call<Input, End>;

/// How the server ended, and which clients got an answer.
pub(super) type Ended = (Option<End>, Vec<bool>);

/// When clients 1, 2, ... come, and when the signals come, in milliseconds.
pub(super) type Times = &'static [u64];

/// How long the clients and the caller wait.
pub(super) const LONG: u64 = 3_000_000;
/// A time at which even request 6 has ended. Then the flush takes long.
pub(super) const LATE: u64 = 1_850_000;

/// More than Tokio lets a task receive in one poll.
pub(super) const FULL: usize = 400;

pub(super) const OWNER: &str =
    "A spawned task goes on when its handle is dropped. A `JoinSet` aborts its tasks when it is dropped.";

/// Plays these clients and signals.
pub(super) async fn play(serve: &Serve, clients: Times, signals: Times) -> Ended {
    let flush = if signals == [LATE] { 900_000 } else { 230 };
    play_in(shop(flush), serve, clients, signals).await
}

/// Plays many requests that never end.
pub(super) async fn hundreds_hang(serve: &Serve) -> Ended {
    let hang = Shop { work: Service::new("work", Reply::never()), ..shop(230) };
    play_in(hang, serve, &[0; 300], &[90]).await
}

async fn play_in(shop: Shop, serve: &Serve, clients: Times, signals: Times) -> Ended {
    let (signal, signalled) = mpsc::channel(4);
    let (sender, requests) = mpsc::channel(16);
    let clients = clients.iter().zip(1..).map(|(&at, number)| {
        let sender = &sender;
        async move {
            sleep(ms(at)).await;
            let (reply, answer) = oneshot::channel();
            let answer = Some(answer).filter(|_| number != 8);
            let client = async {
                let sent = sender.send(Request { number, reply }).await.is_ok();
                let Some(answer) = answer else { return false };
                sent && answer.await.is_ok()
            };
            let patience = if number == 7 { 100 } else { LONG };
            timeout(ms(patience), client.lane(format!("client {number}"))).await.unwrap_or(false)
        }
    });
    let start = Instant::now();
    let signals = async {
        for (number, &at) in signals.iter().enumerate() {
            sleep_until(start + ms(at)).lane(format!("signal {}", number + 1)).await;
            _ = signal.send(()).await; // The server may have ended too early.
        }
    };
    let served = timeout(ms(LONG), serve((signalled, requests, shop)).lane("serve"));
    let (end, answered, ()) = tokio::join!(served, join_all(clients), signals);
    (end.ok(), answered)
}

/// The signal and many requests come before the server starts.
pub(super) async fn full_channel(serve: &Serve) {
    let (signal, signalled) = mpsc::channel(4);
    let (sender, requests) = mpsc::channel(FULL);
    let _answers: Vec<_> = (100..)
        .take(FULL)
        .filter_map(|number| {
            let (reply, answer) = oneshot::channel();
            sender.try_send(Request { number, reply }).ok().map(|()| answer)
        })
        .collect();
    _ = signal.try_send(());
    serve((signalled, requests, shop(230))).lane("serve").await;
}

fn shop(flush: u64) -> Shop {
    let takes = |after| Reply::ok(ms(after), "");
    let work = Service::new("work", takes(310)).on("2", takes(330)).on("3", takes(400)).on("4", Reply::never());
    let work = work.on("5", takes(1_700)).on("6", takes(900_000)).on("9", Reply::panics(ms(40), "a bug"));
    let mail = Service::new("mail", takes(180))
        .on("2", takes(270))
        .on("5", takes(900))
        .on("6", takes(900_000))
        .on("10", Reply::panics(ms(50), "a bug"));
    Shop { work, mail, flush: Service::new("flush", takes(flush)) }
}
