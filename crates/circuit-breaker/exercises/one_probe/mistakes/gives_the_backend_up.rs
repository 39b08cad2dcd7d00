//! "A backend that fails again and again stays down": after some probes, no caller is a probe.
//!
//! Caught by: opens the circuit again when the probe fails

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::given::{Answer, Failed};

const FAILURES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(500);

/// Refuses calls of a backend that is down.
pub struct Breaker {
    circuit: Mutex<Circuit>,
}

struct Circuit {
    state: State,
    /// Counts the changes of the state.
    round: u64,
}

enum State {
    Closed { in_a_row: u32 },
    Open { until: Instant },
    HalfOpen,
}

impl Circuit {
    fn change(&mut self, state: State) {
        self.state = state;
        self.round += 1;
    }
}

impl Breaker {
    /// A closed circuit.
    pub fn new() -> Self {
        Self { circuit: Mutex::new(Circuit { state: State::Closed { in_a_row: 0 }, round: 0 }) }
    }

    /// Returns what `work` returns, or `Err(Failed::Refused)` without polling it.
    pub async fn call(&self, work: impl Future<Output = Answer>) -> Answer {
        let pass = self.enter().ok_or(Failed::Refused)?;
        let answer = work.await;
        pass.end(matches!(answer, Err(Failed::Down(_))));
        answer
    }

    fn enter(&self) -> Option<Pass<'_>> {
        let mut circuit = self.circuit();
        match circuit.state {
            State::Closed { .. } => {}
            State::Open { until } if Instant::now() >= until && circuit.round < 12 => circuit.change(State::HalfOpen),
            State::Open { .. } | State::HalfOpen => return None,
        }
        Some(Pass { breaker: self, round: circuit.round })
    }

    fn circuit(&self) -> MutexGuard<'_, Circuit> {
        self.circuit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to make one call.
struct Pass<'a> {
    breaker: &'a Breaker,
    round: u64,
}

impl Pass<'_> {
    fn end(self, down: bool) {
        let mut circuit = self.breaker.circuit();
        if circuit.round != self.round {
            return;
        }
        match &mut circuit.state {
            State::Closed { in_a_row } => {
                *in_a_row = if down { *in_a_row + 1 } else { 0 };
                if *in_a_row == FAILURES {
                    circuit.change(State::Open { until: Instant::now() + PAUSE });
                }
            }
            _ if down => circuit.change(State::Open { until: Instant::now() + PAUSE }),
            _ => circuit.change(State::Closed { in_a_row: 0 }),
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        let mut circuit = self.breaker.circuit();
        // The probe has ended without a result.
        if circuit.round == self.round && matches!(circuit.state, State::HalfOpen) {
            circuit.change(State::Open { until: Instant::now() });
        }
    }
}
