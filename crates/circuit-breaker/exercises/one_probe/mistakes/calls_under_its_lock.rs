//! "A lock makes it safe": it is held until the call has ended.
//!
//! Caught by: allows calls at the same time

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::given::{Answer, Failed};

/// Refuses calls of a backend that is down.
pub struct Breaker {
    circuit: Mutex<Circuit>,
}

struct Circuit {
    in_a_row: u32,
    until: Option<Instant>,
}

impl Breaker {
    /// A closed circuit.
    pub fn new() -> Self {
        Self { circuit: Mutex::new(Circuit { in_a_row: 0, until: None }) }
    }

    /// Returns what `work` returns, or `Err(Failed::Refused)` without polling it.
    pub async fn call(&self, work: impl Future<Output = Answer>) -> Answer {
        let mut circuit = self.circuit.lock().await;
        if circuit.until.is_some_and(|until| Instant::now() < until) {
            return Err(Failed::Refused);
        }
        let answer = work.await;
        if let Err(Failed::Down(_)) = answer {
            circuit.in_a_row += 1;
            if circuit.in_a_row >= 3 {
                circuit.until = Some(Instant::now() + Duration::from_millis(500));
            }
        } else {
            *circuit = Circuit { in_a_row: 0, until: None };
        }
        answer
    }
}
