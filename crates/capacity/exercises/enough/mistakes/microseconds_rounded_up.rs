//! "I round each request up to a microsecond, to be safe": that is one worker too many.
//!
//! Caught by: has not one worker too many

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::given::{Arrivals, Plan, Report};

/// Handles the requests of a day, and reports what happened to them.
///
/// `arrivals.next().await` is the next request. A request has `work().await`, `refuse()` and `is_gone()`.
pub async fn enough(plan: Plan, mut arrivals: Arrivals) -> Report {
    const SECOND: u128 = 1_000_000_000;
    // Whole nanoseconds, so that nothing is rounded before the end.
    let work = u128::from(plan.per_second) * plan.takes.as_nanos().div_ceil(1_000) * 1_000;
    let count = (work * 100).div_ceil(SECOND * u128::from(plan.busy));
    let queue = count * plan.longest_wait.as_nanos() / plan.takes.as_nanos();
    let permits = |count| usize::try_from(count).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS);
    let workers = Arc::new(Semaphore::new(permits(count)));
    let places = Arc::new(Semaphore::new(permits(count + queue)));

    let mut report = Report { workers: permits(count), ..Report::default() };
    let mut requests = JoinSet::new();
    while let Some(request) = arrivals.next().await {
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            request.refuse();
            report.refused += 1;
            continue;
        };
        let workers = Arc::clone(&workers);
        requests.spawn(async move {
            let _place = place;
            let _worker = workers.acquire().await;
            !request.is_gone() && request.work().await
        });
    }
    for answered in requests.join_all().await {
        *(if answered { &mut report.answered } else { &mut report.gone }) += 1;
    }
    report
}
