//! "Work takes half an hour at most": the task asks for no limit.
//!
//! Caught by: finishes what it has accepted

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::given::{Arrivals, Plan, Report};

const SECOND: u128 = 1_000_000_000;

fn sizes(plan: Plan) -> (usize, usize) {
    let work = u128::from(plan.per_second) * plan.takes.as_nanos();
    let count = (work * 100).div_ceil(SECOND * u128::from(plan.busy));
    let queue = count * plan.longest_wait.as_nanos() / plan.takes.as_nanos();
    let permits = |count| usize::try_from(count).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS);
    (permits(count), permits(count + queue))
}

pub async fn enough(plan: Plan, mut arrivals: Arrivals) -> Report {
    let (count, room) = sizes(plan);
    let workers = Arc::new(Semaphore::new(count));
    let places = Arc::new(Semaphore::new(room));
    let mut report = Report { workers: count, ..Report::default() };
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
            !request.is_gone()
                && tokio::time::timeout(Duration::from_secs(1_800), request.work()).await.unwrap_or(false)
        });
    }
    for answered in requests.join_all().await {
        *(if answered { &mut report.answered } else { &mut report.gone }) += 1;
    }
    report
}
