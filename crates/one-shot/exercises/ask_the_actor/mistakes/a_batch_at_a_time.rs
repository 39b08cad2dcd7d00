//! "I take all questions that are there, and look up these names together": the next question waits for the slowest of them.
//!
//! Caught by: lets no caller wait for the look-up of another caller

use exam::Service;
use futures::future::join_all;
use tokio::select;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::given::{Gone, Ticket};

/// A handle to the task that owns the seats. A clone asks the same task.
#[derive(Clone)]
pub struct Office {
    questions: mpsc::UnboundedSender<Question>,
}

struct Question {
    caller: String,
    reply: oneshot::Sender<Ticket>,
}

impl Office {
    /// Spawns the task, and returns a handle for callers and the task's `JoinHandle`.
    pub fn open(names: Service) -> (Self, JoinHandle<()>) {
        let (questions, inbox) = mpsc::unbounded_channel();
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
        self.questions.send(question).map_err(|_refused| Gone)?;
        ticket.await.map_err(|_dropped| Gone)
    }
}

async fn give_seats(mut inbox: mpsc::UnboundedReceiver<Question>, names: Service) {
    let (mut given, mut batch) = (0, Vec::new());
    while inbox.recv_many(&mut batch, usize::MAX).await > 0 {
        let mut look_ups = Vec::new();
        for Question { caller, mut reply } in batch.drain(..) {
            if reply.is_closed() {
                continue;
            }
            given += 1;
            let (seat, look_up) = (given, names.call(&caller));
            look_ups.push(async move {
                let name = select! {
                    () = reply.closed() => return,
                    name = look_up => name,
                };
                _ = reply.send(Ticket { seat, name });
            });
        }
        join_all(look_ups).await;
    }
}
