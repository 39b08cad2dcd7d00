//! "A client that has left needs no place": the queue accepts more than the task allows.
//!
//! Caught by: does no work for clients that have left

use std::collections::VecDeque;

use futures::stream::{FuturesUnordered, StreamExt};

use super::given::{Arrivals, Plan, Report, Request};

pub async fn enough(plan: Plan, mut arrivals: Arrivals) -> Report {
    let takes = plan.takes.as_nanos();
    let workers = (takes * u128::from(plan.per_second) * 100).div_ceil(1_000_000_000 * u128::from(plan.busy));
    let queue = (plan.longest_wait.as_nanos() * workers / takes) as usize;
    let workers = workers as usize;
    let mut report = Report { workers, ..Report::default() };
    let mut waiting: VecDeque<Request> = VecDeque::new();
    let mut working = FuturesUnordered::new();
    let mut open = true;
    while open || !working.is_empty() {
        tokio::select! {
            biased;
            Some(answered) = working.next() => *(if answered { &mut report.answered } else { &mut report.gone }) += 1,
            request = arrivals.next(), if open => match request {
                Some(request) => {
                    let before = waiting.len();
                    waiting.retain(|request| !request.is_gone());
                    report.gone += before - waiting.len();
                    if working.len() < workers || waiting.len() < queue {
                        waiting.push_back(request);
                    } else {
                        request.refuse();
                        report.refused += 1;
                    }
                }
                None => open = false,
            },
        }
        while working.len() < workers
            && let Some(request) = waiting.pop_front()
        {
            if request.is_gone() {
                report.gone += 1;
            } else {
                working.push(request.work());
            }
        }
    }
    report
}
