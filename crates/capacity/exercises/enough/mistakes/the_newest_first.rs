//! "A `Vec` is a queue, with `push` and `pop`": it is a stack, and starts the newest request.
//! Caught by: starts the requests in their order

use super::given::{Arrivals, Plan, Report, Request};
use futures::stream::{FuturesUnordered, StreamExt};

pub async fn enough(plan: Plan, mut arrivals: Arrivals) -> Report {
    let work = u128::from(plan.per_second) * plan.takes.as_nanos();
    let count = (work * 100).div_ceil(1_000_000_000 * u128::from(plan.busy)) as usize;
    let queue = count * plan.longest_wait.as_nanos() as usize / plan.takes.as_nanos() as usize;
    let mut report = Report { workers: count, ..Report::default() };
    let mut waiting: Vec<Request> = Vec::new();
    let mut working = FuturesUnordered::new();
    let mut open = true;
    while open || !working.is_empty() {
        while working.len() < count && !waiting.is_empty() {
            match waiting.pop() {
                Some(request) if !request.is_gone() => working.push(request.work()),
                _ => report.gone += 1,
            }
        }
        tokio::select! {
            request = arrivals.next(), if open => match request {
                None => open = false,
                Some(request) if working.len() + waiting.len() < count + queue => waiting.push(request),
                Some(request) => { request.refuse(); report.refused += 1 }
            },
            Some(answered) = working.next() => if answered { report.answered += 1 } else { report.gone += 1 },
        }
    }
    report
}
