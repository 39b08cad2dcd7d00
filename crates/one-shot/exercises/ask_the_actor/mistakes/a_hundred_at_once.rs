//! "A hundred look-ups at the same time are enough": the next caller waits for the look-up of another one.
//!
//! Caught by: looks up two thousand names at once

use exam::Service;
use tokio::select;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};

use super::given::{Gone, Ticket};

struct Question {
    caller: String,
    reply: oneshot::Sender<Ticket>,
}

#[derive(Clone)]
pub struct Office {
    desk: mpsc::Sender<Question>,
}

impl Office {
    pub fn open(names: Service) -> (Self, JoinHandle<()>) {
        let (desk, inbox) = mpsc::channel(8);
        (Self { desk }, tokio::spawn(serve(inbox, names)))
    }

    pub async fn book(&self, caller: &str) -> Result<Ticket, Gone> {
        let (reply, answer) = oneshot::channel();
        self.desk.send(Question { caller: caller.to_owned(), reply }).await.map_err(|_| Gone)?;
        answer.await.map_err(|_| Gone)
    }
}

async fn serve(mut inbox: mpsc::Receiver<Question>, names: Service) {
    let mut look_ups = JoinSet::new();
    let mut seat = 0;
    loop {
        select! {
            Some(_ended) = look_ups.join_next() => {}
            question = inbox.recv(), if look_ups.len() < 100 => {
                let Some(Question { caller, mut reply }) = question else { break };
                if reply.is_closed() {
                    continue;
                }
                seat += 1;
                let (seat, name) = (seat, names.call(&caller));
                look_ups.spawn(async move {
                    select! {
                        () = reply.closed() => {}
                        name = name => { _ = reply.send(Ticket { seat, name }); }
                    }
                });
            }
        }
    }
}
