//! A circuit breaker: when a backend is down, it refuses callers at once, and lets one probe at a time ask whether the backend is up again.
//!
//! ```sh
//! cargo run -p circuit-breaker
//! ```
#![doc = include_str!("../README.md")]

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use thiserror::Error;
use tokio::sync::watch;
use tokio::time::Instant;

pub mod naive;

/// The longest pause. A longer one is cut to this, because a clock cannot count for ever.
const LONGEST: Duration = Duration::from_hours(24 * 365);

/// When a [`Breaker`] opens, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    failures: usize,
    of_last: usize,
    pause: Duration,
    slow: Duration,
}

impl Policy {
    /// Opens after this many failures in a row, and lets a probe through after `pause`.
    ///
    /// A probe loses its place after another `pause`. So choose a `pause` that is longer than the time limit of a call:
    /// otherwise no probe can close the circuit while other callers come.
    ///
    /// # Panics
    ///
    /// If `failures` is 0.
    #[must_use]
    pub fn in_a_row(failures: usize, pause: Duration) -> Self {
        Self::out_of(failures, failures, pause)
    }

    /// Opens when `failures` of the last `of_last` calls have failed. Successes in between do not help.
    ///
    /// You do not need a minimum number of calls: `out_of(5, 10, ..)` needs at least five failures.
    ///
    /// # Panics
    ///
    /// If `failures` is 0, or more than `of_last`.
    #[must_use]
    pub fn out_of(failures: usize, of_last: usize, pause: Duration) -> Self {
        assert!((1..=of_last).contains(&failures), "{failures} of the last {of_last} calls can never fail");
        Self { failures, of_last, pause: pause.min(LONGEST), slow: Duration::MAX }
    }

    /// Counts a call that takes longer than this as a failure, whatever it returns. The caller gets what it returned.
    #[must_use]
    pub fn slow_after(self, slow: Duration) -> Self {
        Self { slow, ..self }
    }
}

/// What a [`Breaker`] does with the next caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It lets all callers through, and counts failures.
    Closed,
    /// It refuses all callers. The first caller after the pause is the probe.
    Open,
    /// The probe is running, and all other callers are refused.
    HalfOpen,
}

/// Refuses calls of a backend that is down. Share one breaker between all callers of the backend, in an `Arc` or a `static`.
///
/// Source: Michael Nygard, *Release It!*; [Martin Fowler](https://martinfowler.com/bliki/CircuitBreaker.html).
///
/// ```
/// use std::time::Duration;
/// use circuit_breaker::{Breaker, Failed, Policy};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let breaker = Breaker::new(Policy::in_a_row(2, Duration::from_secs(30)));
/// for _ in 0..2 {
///     let failed = breaker.call(async { Err::<(), _>("the connection was refused") }).await;
///     assert_eq!(failed, Err(Failed::Backend("the connection was refused")));
/// }
/// let refused = breaker.call(async { Ok::<_, &str>("never asked for") }).await;
/// assert!(matches!(refused, Err(Failed::Refused(_))));
/// # }
/// ```
#[derive(Debug)]
pub struct Breaker {
    policy: Policy,
    circuit: Mutex<Circuit>,
    states: watch::Sender<State>,
}

/// Invariant: the state does not change within a round, and a half-open round has one pass.
#[derive(Debug)]
struct Circuit {
    state: State,
    /// Counts the state changes.
    round: u64,
    /// If the circuit is not closed: when the next caller may probe.
    until: Instant,
    /// If the circuit is closed: which of the last calls have failed.
    recent: VecDeque<bool>,
}

impl Circuit {
    /// Records how a call ended, and counts the failures among the last calls.
    fn failures(&mut self, failed: bool, of_last: usize) -> usize {
        if self.recent.len() == of_last {
            self.recent.pop_front();
        }
        self.recent.push_back(failed);
        self.recent.iter().filter(|failed| **failed).count()
    }
}

impl Breaker {
    /// A closed breaker. It reads Tokio's clock.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        let state = State::Closed;
        let circuit = Circuit { state, round: 0, until: Instant::now(), recent: VecDeque::new() };
        Self { policy, circuit: Mutex::new(circuit), states: watch::Sender::new(state) }
    }

    /// Awaits this call of the backend, or refuses it. Every error counts as a failure of the backend.
    ///
    /// If the call is refused, `work` is dropped and never polled. Put the time limit into `work`: see [`Breaker::call_if`].
    ///
    /// Cancel safe: if `work` is. See [`Pass`] for how a cancelled call counts.
    ///
    /// # Errors
    ///
    /// See [`Failed`].
    pub async fn call<T, E>(&self, work: impl Future<Output = Result<T, E>>) -> Result<T, Failed<E>> {
        self.call_if(work, |_| true).await
    }

    /// Like [`Breaker::call`], but only these errors count as failures of the backend.
    ///
    /// Any other error is an answer: the backend is up. So "no such page" and "bad request" count as successes.
    ///
    /// Cancel safe: if `work` is. If a `timeout` around this method drops a call, that call does not count. So put the `timeout` into `work`: `async { timeout(limit, work).await? }`.
    /// Without the `?`, an error of `work` is inside an `Ok`, and counts as a success.
    ///
    /// # Errors
    ///
    /// See [`Failed`].
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use circuit_breaker::{Breaker, Failed, Policy, State};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let breaker = Breaker::new(Policy::in_a_row(1, Duration::from_secs(30)));
    /// let not_found = breaker.call_if(async { Err::<(), _>(404) }, |status| *status >= 500).await;
    /// assert_eq!(not_found, Err(Failed::Backend(404)));
    /// assert_eq!(breaker.state(), State::Closed);
    /// # }
    /// ```
    pub async fn call_if<T, E>(
        &self,
        work: impl Future<Output = Result<T, E>>,
        counts: impl FnOnce(&E) -> bool,
    ) -> Result<T, Failed<E>> {
        let pass = self.enter()?;
        let result = work.await;
        match &result {
            Err(error) if counts(error) => pass.failed(),
            _ => pass.succeeded(),
        }
        result.map_err(Failed::Backend)
    }

    /// Asks for permission to make one call. Use it if your call is more than one future.
    /// Tell the [`Pass`] how the call ended.
    ///
    /// # Errors
    ///
    /// If the circuit is open, or another caller is the probe.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use circuit_breaker::{Breaker, Policy};
    /// let breaker = Breaker::new(Policy::in_a_row(1, Duration::from_secs(30)));
    /// breaker.enter()?.failed();
    /// assert!(breaker.enter().is_err());
    /// # Ok::<(), circuit_breaker::Refused>(())
    /// ```
    pub fn enter(&self) -> Result<Pass<'_>, Refused> {
        let now = Instant::now();
        let mut circuit = self.circuit();
        if circuit.state != State::Closed {
            if now < circuit.until {
                return Err(Refused { retry_after: circuit.until - now });
            }
            // A probe without a verdict after this time has lost its place: it may hang for ever.
            self.change(&mut circuit, State::HalfOpen, now + self.policy.pause);
        }
        Ok(Pass { breaker: self, round: circuit.round, began: now })
    }

    /// What the breaker does with the next caller. It stays open after the pause, until a caller comes and is the probe.
    #[must_use]
    pub fn state(&self) -> State {
        *self.states.borrow()
    }

    /// A channel with the state, for a log or a health page. A receiver that looks rarely sees only the newest state.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<State> {
        self.states.subscribe()
    }

    /// No code of the caller runs under this lock, and no panic leaves a change half done.
    fn circuit(&self) -> MutexGuard<'_, Circuit> {
        self.circuit.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, circuit: &mut Circuit, state: State, until: Instant) {
        circuit.state = state;
        circuit.round += 1;
        circuit.until = until;
        circuit.recent.clear();
        self.states.send_replace(state);
    }
}

/// The permission to make one call. [`Breaker::enter`] makes it.
///
/// If you drop a pass without a verdict, the call does not count. If the pass belonged to the probe, the next caller is the probe.
/// That happens when the caller is cancelled, or panics.
#[derive(Debug)]
#[must_use = "a pass that is dropped counts for nothing: say how the call ended"]
pub struct Pass<'a> {
    breaker: &'a Breaker,
    round: u64,
    began: Instant,
}

impl Pass<'_> {
    /// The backend has answered. If it took longer than [`Policy::slow_after`] allows, this counts as a failure.
    pub fn succeeded(self) {
        self.verdict(self.began.elapsed() > self.breaker.policy.slow);
    }

    /// The backend has failed.
    pub fn failed(self) {
        self.verdict(true);
    }

    fn verdict(&self, failed: bool) {
        let Policy { failures, of_last, pause, .. } = self.breaker.policy;
        let mut circuit = self.breaker.circuit();
        if circuit.round != self.round {
            return; // The call began before the state changed, and says nothing about the backend of today.
        }
        let opens = match circuit.state {
            State::Closed => circuit.failures(failed, of_last) >= failures,
            State::Open | State::HalfOpen => failed,
        };
        if opens {
            self.breaker.change(&mut circuit, State::Open, Instant::now() + pause);
        } else if circuit.state == State::HalfOpen {
            self.breaker.change(&mut circuit, State::Closed, Instant::now());
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        let mut circuit = self.breaker.circuit();
        // A verdict of the probe has begun another round.
        if circuit.round == self.round && circuit.state == State::HalfOpen {
            self.breaker.change(&mut circuit, State::Open, Instant::now());
        }
    }
}

/// Why [`Breaker::call`] has no value.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Failed<E> {
    /// The backend was not called.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The backend was called, and this is its error.
    #[error("{0}")]
    Backend(E),
}

/// The backend was not called, because the circuit is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the circuit is open: try again in {retry_after:?}")]
pub struct Refused {
    /// Until then, every caller is refused. The first caller after that is the probe.
    pub retry_after: Duration,
}
