//! "I find the caller by its name": two callers have the same name.
//!
//! Caught by: gives each caller its own ticket

use std::collections::HashMap;

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
    let (mut given, mut look_ups) = (0, JoinSet::new());
    let mut waiting = HashMap::new();
    loop {
        let Question { caller, reply } = select! {
            question = inbox.recv() => match question {
                Some(question) => question,
                None => return,
            },
            Some(Ok((caller, ticket))) = look_ups.join_next() => {
                if let Some(reply) = waiting.remove(&caller) {
                    let reply: oneshot::Sender<Ticket> = reply;
                    _ = reply.send(ticket);
                }
                continue;
            }
        };
        if reply.is_closed() {
            continue;
        }
        given += 1;
        let (seat, look_up) = (given, names.call(&caller));
        waiting.insert(caller.clone(), reply);
        look_ups.spawn(async move { (caller, Ticket { seat, name: look_up.await }) });
    }
}
