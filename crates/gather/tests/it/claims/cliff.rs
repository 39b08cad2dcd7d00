//! Sleepers in one task that become ready together are polled a quadratic number of times.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::FutureExt;
use futures::future::{BoxFuture, join_all};
use tokio::runtime::{Builder, Runtime};
use tokio::task::coop::{consume_budget, unconstrained};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until};

use super::ms;

/// How many operations one poll of a task may complete before Tokio makes it give way.
const BUDGET: u64 = 128;

const SIZES: [u64; 3] = [1_000, 2_000, 4_000];

/// The polls of so many sleepers.
#[derive(Clone, Default)]
struct Polls(Arc<AtomicU64>);

impl Polls {
    /// So many futures that sleep until the same instant.
    fn sleepers(&self, count: u64) -> Vec<impl Future<Output = ()> + Send + use<>> {
        let due = Instant::now() + ms(10);
        (0..count).map(|_| self.count(sleep_until(due))).collect()
    }

    fn count<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        let polls = self.clone();
        async move {
            let mut future = pin!(future);
            poll_fn(|context| {
                polls.0.fetch_add(1, Ordering::Relaxed);
                future.as_mut().poll(context)
            })
            .await
        }
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// One poll to fall asleep; then, round after round, everybody who is left, of whom a budget's worth gets up.
fn quadratic(count: u64) -> u64 {
    count + (0..count.div_ceil(BUDGET)).map(|round| count - round * BUDGET).sum::<u64>()
}

/// One poll to fall asleep, one to get up, and at each end of a budget the two that make `FuturesUnordered` give way.
fn at_most_linear(count: u64) -> u64 {
    2 * count + 2 * count.div_ceil(BUDGET)
}

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
}

/// One worker, which fires all the timers of one instant before it polls a task.
fn multi_thread() -> Runtime {
    Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap()
}

#[test]
fn sleepers_in_one_task_cost_quadratic_polls_on_the_current_thread() {
    for count in SIZES {
        let polls = Polls::default();
        current_thread().block_on(async { join_all(polls.sleepers(count)).await });
        assert_eq!(polls.get(), quadratic(count));
    }
}

#[test]
fn sleepers_in_one_task_cost_quadratic_polls_when_spawned_on_several_threads() {
    for count in SIZES {
        let polls = Polls::default();
        // The task sets the time itself: the one worker fires no timer before the task has polled all of them.
        let task = polls.clone();
        let gathering = async move { join_all(task.sleepers(count)).await };
        multi_thread().block_on(async { tokio::spawn(gathering).await.unwrap() });
        assert_eq!(polls.get(), quadratic(count));
    }
}

#[test]
fn sleepers_in_the_root_of_a_multi_thread_runtime_cost_linear_polls() {
    for count in SIZES {
        let polls = Polls::default();
        multi_thread().block_on(async { join_all(polls.sleepers(count)).await });
        assert!(polls.get() <= at_most_linear(count));
    }
}

#[test]
fn spawned_sleepers_cost_two_polls_each() {
    for count in SIZES {
        let polls = Polls::default();
        current_thread().block_on(async { gather::spawned(polls.sleepers(count)).await });
        assert_eq!(polls.get(), 2 * count);
    }
}

#[test]
fn unconstrained_sleepers_cost_two_polls_each() {
    for count in SIZES {
        let polls = Polls::default();
        current_thread().block_on(async { unconstrained(join_all(polls.sleepers(count))).await });
        assert_eq!(polls.get(), 2 * count);
    }
}

/// Gathers a thousand futures that are ready at once, and returns how many turns another task had until then.
fn turns_of_another_task<F: Future>(gather: impl FnOnce(Vec<BoxFuture<'static, ()>>) -> F) -> u64 {
    current_thread().block_on(async {
        let turns = Polls::default();
        let counted = turns.clone();
        tokio::spawn(async move {
            loop {
                counted.count(yield_now()).await;
            }
        });
        gather((0..1_000).map(|_| consume_budget().boxed()).collect()).await;
        turns.get()
    })
}

#[test]
fn unconstrained_lets_nobody_else_run_meanwhile() {
    assert_eq!(turns_of_another_task(|ready| unconstrained(join_all(ready))), 0);
}

#[test]
fn the_budget_lets_others_run_meanwhile() {
    assert!(turns_of_another_task(join_all) >= 1_000 / BUDGET);
}

#[test]
fn a_hundred_thousand_sleepers_in_one_task_are_39_million_polls() {
    assert_eq!(quadratic(100_000) / 1_000_000, 39);
}
