//! The version that goes wrong.

use tokio::time::Instant;

use crate::{Breaker, Failed, Refused, State};

/// Like [`Breaker::call`], in the form that tutorials show. It goes wrong in four ways.
///
/// After the pause, it lets all callers through until the first of them has ended. Then it needs as many failures as at the start to open again.
/// It never forgets a failure: a success does not end a row. And a call that began before the circuit opened can close it.
///
/// # Errors
///
/// See [`Failed`].
pub async fn call<T, E>(breaker: &Breaker, work: impl Future<Output = Result<T, E>>) -> Result<T, Failed<E>> {
    {
        let mut circuit = breaker.circuit();
        if circuit.state == State::Open {
            let now = Instant::now();
            if now < circuit.until {
                return Err(Refused { retry_after: circuit.until - now }.into());
            }
            // All further callers find it half-open, and call the backend too.
            breaker.change(&mut circuit, State::HalfOpen, now);
        }
    }
    let result = work.await;
    let mut circuit = breaker.circuit();
    if result.is_err() {
        // The number of failures since the breaker was made.
        circuit.recent.push_back(true);
        if circuit.recent.len() >= breaker.policy.failures {
            breaker.change(&mut circuit, State::Open, Instant::now() + breaker.policy.pause);
        }
    } else if circuit.state != State::Closed {
        breaker.change(&mut circuit, State::Closed, Instant::now());
    }
    result.map_err(Failed::Backend)
}
