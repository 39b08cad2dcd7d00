//! The budget that all calls of a service share.

use std::sync::atomic::{AtomicU64, Ordering};

/// The cost of one further attempt, in hundredths.
const ATTEMPT: u64 = 100;

/// How many further attempts all calls of a service may make together.
///
/// Each call adds a fraction of an attempt, and each further attempt takes a whole one.
/// So in an outage the load grows by that fraction, and not by the number of attempts.
///
/// Source: [Finagle's retry budget](https://twitter.github.io/finagle/guide/Clients.html#retries), and [gRPC's retry throttling](https://github.com/grpc/proposal/blob/master/A6-client-retries.md#throttling-retry-attempts-and-hedged-rpcs), which counts in a similar way.
///
/// ```
/// let budget = retry::Budget::new(1, 50);
/// assert!(budget.spend()); // it begins full
/// assert!(!budget.spend());
/// budget.earn();
/// assert!(!budget.spend()); // one call adds one half
/// budget.earn();
/// assert!(budget.spend());
/// ```
#[derive(Debug)]
pub struct Budget {
    most: u64,
    percent: u64,
    /// Hundredths of an attempt.
    left: AtomicU64,
}

impl Budget {
    /// A budget that holds `most` attempts, and starts full. Each call adds `percent` hundredths of an attempt.
    #[must_use]
    pub fn new(most: u32, percent: u32) -> Self {
        let most = u64::from(most) * ATTEMPT;
        Self { most, percent: percent.into(), left: most.into() }
    }

    /// Adds the fraction for one call. [`retry`](crate::retry) does that when it begins.
    pub fn earn(&self) {
        // The threads share only this number, so the weakest ordering is enough.
        self.left.update(Ordering::Relaxed, Ordering::Relaxed, |left| (left + self.percent).min(self.most));
    }

    /// Takes a whole attempt, if one is left. Returns whether it could.
    #[must_use]
    pub fn spend(&self) -> bool {
        let taken = self.left.try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(ATTEMPT));
        taken.is_ok()
    }
}
