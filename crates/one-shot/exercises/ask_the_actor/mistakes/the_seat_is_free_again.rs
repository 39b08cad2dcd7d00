//! "A caller that leaves frees its seat": the seat stays taken, and no other caller may get its number.
//!
//! Caught by: gives no other caller the seat of a caller that left during the look-up

use exam::Service;
use tokio::select;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};

use super::given::{Gone, Ticket};

/// Asks the task that owns the seats; a clone asks the same task.
#[derive(Clone)]
pub struct Office {
    questions: mpsc::Sender<Question>,
}

struct Question {
    caller: String,
    reply: oneshot::Sender<Ticket>,
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
        let (reply, ticket) = oneshot::channel();
        let question = Question { caller: caller.to_owned(), reply };
        self.questions.send(question).await.map_err(|_refused| Gone)?;
        ticket.await.map_err(|_dropped| Gone)
    }
}

async fn give_seats(mut inbox: mpsc::Receiver<Question>, names: Service) {
    let (mut given, mut look_ups) = (0, JoinSet::<Option<u32>>::new());
    let mut free = Vec::new();
    while let Some(Question { caller, mut reply }) = inbox.recv().await {
        // Forgets those that have ended.
        while let Some(ended) = look_ups.try_join_next() {
            if let Ok(Some(seat)) = ended {
                free.push(seat);
            }
        }
        if reply.is_closed() {
            continue;
        }
        let seat = free.pop().unwrap_or_else(|| {
            given += 1;
            given
        });
        let look_up = names.call(&caller);
        look_ups.spawn(async move {
            let name = select! {
                () = reply.closed() => return Some(seat),
                name = look_up => name,
            };
            _ = reply.send(Ticket { seat, name });
            None
        });
    }
}
