//! "A bounded channel is a queue with that many places": it does not know about idle workers.
//! Caught by: refuses no request while there is room

use super::given::{Arrivals, Plan, Report, Request};
use tokio::task::JoinSet;

pub async fn enough(plan: Plan, mut arrivals: Arrivals) -> Report {
    let work = u128::from(plan.per_second) * plan.takes.as_nanos();
    let count = (work * 100).div_ceil(1_000_000_000 * u128::from(plan.busy)) as usize;
    let queue = count * plan.longest_wait.as_nanos() as usize / plan.takes.as_nanos() as usize;
    let (sender, receiver) = async_channel::bounded::<Request>(queue.max(1));
    let mut report = Report { workers: count, ..Report::default() };
    let mut workers = JoinSet::new();
    for _ in 0..count {
        let receiver = receiver.clone();
        workers.spawn(async move {
            let mut counts = [0, 0];
            while let Ok(request) = receiver.recv().await {
                let answered = !request.is_gone() && request.work().await;
                counts[usize::from(answered)] += 1;
            }
            counts
        });
    }
    while let Some(request) = arrivals.next().await {
        if let Err(refused) = sender.try_send(request) {
            refused.into_inner().refuse();
            report.refused += 1;
        }
    }
    drop(sender);
    for [gone, answered] in workers.join_all().await {
        report.gone += gone;
        report.answered += answered;
    }
    report
}
