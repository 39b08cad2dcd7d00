//! "A container is a container": a `SetOnce` has no sender whose end it could tell.
//!
//! Caught by: tells every caller when its task is gone

use std::sync::Arc;
use std::time::Duration;

use exam::Service;
use tokio::select;
use tokio::sync::{SetOnce, mpsc};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;

use super::given::{Gone, Ticket};

/// Asks the task that owns the seats; a clone asks the same task.
#[derive(Clone)]
pub struct Office {
    questions: mpsc::Sender<Question>,
}

struct Question {
    caller: String,
    reply: Arc<SetOnce<Ticket>>,
}

impl Office {
    /// Spawns the task, and returns a handle for callers and the one of the task.
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
        // Forgets those that have ended.
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
