//! One task owns the seats. README.md beside this file describes the task.

use exam::Service;
use tokio::task::JoinHandle;

use super::given::{Gone, Ticket};

/// A handle to the task that owns the seats. A clone asks the same task.
#[derive(Clone)]
pub struct Office {}

impl Office {
    /// Spawns the task, and returns a handle for callers and the task's `JoinHandle`.
    ///
    /// `names.call(caller)` makes a future of the caller's full name.
    pub fn open(names: Service) -> (Self, JoinHandle<()>) {
        todo!()
    }

    /// Asks for a seat: a `Ticket { seat, name }`.
    ///
    /// # Errors
    ///
    /// The task is gone.
    pub async fn book(&self, caller: &str) -> Result<Ticket, Gone> {
        todo!()
    }
}
