//! "If the last caller leaves, I take its number back": the seat stays taken.
//!
//! Caught by: gives no other caller the seat of a caller that left during the look-up

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use exam::Service;
use tokio::select;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};

use super::given::{Gone, Ticket};

/// A handle to the task that owns the seats. A clone asks the same task.
#[derive(Clone)]
pub struct Office {
    questions: mpsc::Sender<Question>,
}

struct Question {
    caller: String,
    reply: oneshot::Sender<Ticket>,
}

impl Office {
    /// Spawns the task, and returns a handle for callers and the task's `JoinHandle`.
    pub fn open(names: Service) -> (Self, JoinHandle<()>) {
        let (questions, inbox) = mpsc::channel(16);
        (Self { questions }, tokio::spawn(give_seats(inbox, names)))
    }

    /// Asks for a seat.
    ///
    /// # Errors
    ///
    /// The task is gone.
    pub async fn book(&self, caller: &str) -> Result<Ticket, Gone> {
        let (reply, ticket) = oneshot::channel();
        let question = Question { caller: caller.to_owned(), reply };
        self.questions.send(question).await.map_err(|_refused| Gone)?;
        ticket.await.map_err(|_dropped| Gone)
    }
}

async fn give_seats(mut inbox: mpsc::Receiver<Question>, names: Service) {
    let (given, mut look_ups) = (Arc::new(AtomicU32::new(0)), JoinSet::new());
    while let Some(Question { caller, mut reply }) = inbox.recv().await {
        // Removes the look-ups that have ended.
        while look_ups.try_join_next().is_some() {}
        if reply.is_closed() {
            continue;
        }
        let given = Arc::clone(&given);
        let (seat, look_up) = (given.fetch_add(1, Ordering::Relaxed) + 1, names.call(&caller));
        look_ups.spawn(async move {
            let name = select! {
                () = reply.closed() => {
                    _ = given.compare_exchange(seat, seat - 1, Ordering::Relaxed, Ordering::Relaxed);
                    return;
                }
                name = look_up => name,
            };
            _ = reply.send(Ticket { seat, name });
        });
    }
}
