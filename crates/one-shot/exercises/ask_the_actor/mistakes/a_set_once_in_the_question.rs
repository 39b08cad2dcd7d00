//! "A `SetOnce` also carries one value": it has no sender, so a dropped task leaves the caller waiting.
//!
//! Caught by: returns `Gone` to every caller when the task is aborted

use std::sync::Arc;
use std::time::Duration;

use exam::Service;
use tokio::select;
use tokio::sync::{SetOnce, mpsc};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;

use super::given::{Gone, Ticket};

/// A handle to the task that owns the seats. A clone asks the same task.
#[derive(Clone)]
pub struct Office {
    questions: mpsc::Sender<Question>,
}

struct Question {
    caller: String,
    reply: Arc<SetOnce<Ticket>>,
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
        let ticket = Arc::new(SetOnce::new());
        let question = Question { caller: caller.to_owned(), reply: Arc::clone(&ticket) };
        self.questions.send(question).await.map_err(|_refused| Gone)?;
        Ok(ticket.wait().await.clone())
    }
}

async fn give_seats(mut inbox: mpsc::Receiver<Question>, names: Service) {
    let (mut given, mut look_ups) = (0, JoinSet::new());
    while let Some(Question { caller, reply }) = inbox.recv().await {
        // Removes the look-ups that have ended.
        while look_ups.try_join_next().is_some() {}
        if Arc::strong_count(&reply) == 1 {
            continue;
        }
        given += 1;
        let (seat, look_up) = (given, names.call(&caller));
        look_ups.spawn(async move {
            let mut look_up = std::pin::pin!(look_up);
            let name = loop {
                select! {
                    () = sleep(Duration::from_millis(100)) => if Arc::strong_count(&reply) == 1 { return },
                    name = &mut look_up => break name,
                }
            };
            _ = reply.set(Ticket { seat, name });
        });
    }
}
