//! "The answers come back through one channel": each caller takes the next answer, which may belong to another caller.
//!
//! Caught by: gives each caller its own ticket

use std::sync::Arc;

use exam::Service;
use tokio::sync::{Mutex, mpsc};
use tokio::task::{JoinHandle, JoinSet};

use super::given::{Gone, Ticket};

/// A handle to the task that owns the seats. A clone asks the same task.
#[derive(Clone)]
pub struct Office {
    questions: mpsc::Sender<String>,
    tickets: Arc<Mutex<mpsc::Receiver<Ticket>>>,
}

impl Office {
    /// Spawns the task, and returns a handle for callers and the task's `JoinHandle`.
    pub fn open(names: Service) -> (Self, JoinHandle<()>) {
        let ((questions, inbox), (replies, tickets)) = (mpsc::channel(16), mpsc::channel(16));
        let tickets = Arc::new(Mutex::new(tickets));
        (Self { questions, tickets }, tokio::spawn(give_seats(inbox, replies, names)))
    }

    /// Asks for a seat.
    ///
    /// # Errors
    ///
    /// The task is gone.
    pub async fn book(&self, caller: &str) -> Result<Ticket, Gone> {
        self.questions.send(caller.to_owned()).await.map_err(|_refused| Gone)?;
        self.tickets.lock().await.recv().await.ok_or(Gone)
    }
}

async fn give_seats(mut inbox: mpsc::Receiver<String>, replies: mpsc::Sender<Ticket>, names: Service) {
    let (mut given, mut look_ups) = (0, JoinSet::new());
    while let Some(caller) = inbox.recv().await {
        // Removes the look-ups that have ended.
        while look_ups.try_join_next().is_some() {}
        given += 1;
        let (seat, look_up, reply) = (given, names.call(&caller), replies.clone());
        look_ups.spawn(async move {
            _ = reply.send(Ticket { seat, name: look_up.await }).await;
        });
    }
}
