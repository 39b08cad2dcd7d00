//! What the checks of `rate-limit/ten_a_second` play.

use exam::{LaneExt, Reply, Service, ms};
use futures::future::join_all;
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

use super::given::{Backend, Busy, Call};

pub(super) type Input = (mpsc::Receiver<Call>, Backend);
type Serve = exam::Call<Input, ()>;

/// The clients: after how many milliseconds each calls, and its patience.
type Clients = &'static [(u64, u64)];

/// What each client got.
pub(super) type Replies = Vec<Option<Result<String, Busy>>>;

pub(super) const LONG: u64 = 3_000_000;
/// A client with this patience leaves as soon as it has called. The first one would be refused.
pub(super) const LEAVING: [u64; 2] = [7, 2_999_999];
/// Forty, a little more than 100 ms apart.
pub(super) const SPACED: Clients = &{
    let mut clients = [(0, LONG); 40];
    let mut index = 0;
    while index < clients.len() {
        clients[index].0 = 113 * index as u64;
        index += 1;
    }
    clients
};
pub(super) const SIX: Clients = &[(0, LONG), (0, LONG), (0, LONG), (0, LONG), (0, LONG), (0, LONG)];
pub(super) const PAUSE: Clients = &[
    (60_000, LONG),
    (60_000, LONG),
    (60_000, LONG),
    (60_000, LONG),
    (60_499, LONG),
    (60_499, LONG),
    (60_499, LONG),
    (60_499, LONG),
];
/// After a pause as long as the task says.
pub(super) const LONG_PAUSE: Clients = &[(LONG, LONG), (LONG, LONG), (LONG, LONG), (LONG, LONG)];
pub(super) const BORDER: Clients = &[(0, LONG), (280, LONG), (280, LONG), (400, LONG), (400, LONG), (400, LONG)];
/// As many in one line as the task says. Two of them leave at once, the last ones have less patience, and two come when others have their answers.
pub(super) const LINE: Clients = &{
    let mut clients = [(0, LONG); 2_000];
    clients[1_994] = (1_500_000, LONG);
    clients[1_995] = (10, LEAVING[0]);
    clients[1_996] = (20, LEAVING[1]);
    clients[1_997] = (30, 250_000);
    clients[1_998] = (40, 60_000);
    clients[1_999] = (1_500_000, 60_000);
    clients
};
/// Six at once. Then fewer, at moments within an interval.
pub(super) const MIXED: Clients = &[
    (0, LONG),
    (0, LONG),
    (0, LONG),
    (0, LONG),
    (0, LONG),
    (0, LONG),
    (550, LONG),
    (561, LONG),
    (571, LONG),
    (1_313, LONG),
];
pub(super) const IMPATIENT: Clients = &[(0, 0), (0, LONG), (0, LONG), (0, LONG), (0, 200), (10, 289), (20, 279)];
pub(super) const REFUSED: Clients =
    &[(0, LONG), (0, LONG), (0, LONG), (5, 0), (15, 50), (25, 70), (35, 65), (45, LONG)];

/// Plays these clients, with a backend that takes this many milliseconds. The channel ends when all have called.
pub(super) async fn clients(serve: &Serve, clients: Clients, takes: u64) -> Replies {
    let (sender, calls) = mpsc::channel(16);
    // The first answer comes late, so that others overtake it.
    let backend = Backend(Service::new("ask", Reply::ok(ms(takes), "")).on("1", Reply::ok(ms(takes * 3), "")));
    let clients: Vec<_> = (1..)
        .zip(clients)
        .map(|(number, &(at, patience))| {
            // Two callers may ask for the same thing.
            let id = number % 1_000;
            let sender = sender.clone();
            async move {
                sleep(ms(at)).await;
                let (reply, answer) = oneshot::channel();
                // The answer may have returned too early.
                _ = sender.send(Call { id, patience: ms(patience), reply }).await;
                drop(sender);
                if LEAVING.contains(&patience) {
                    return None;
                }
                async move { answer.await.ok() }.lane(format!("client {number}")).await
            }
        })
        .collect();
    drop(sender);
    tokio::join!(serve((calls, backend)).lane("serve"), join_all(clients)).1
}
