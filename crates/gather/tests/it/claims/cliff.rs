//! Futures of one task that become ready together are polled a quadratic number of times.

use futures::future::join_all;
use tokio::sync::oneshot;
use tokio::task::coop::{consume_budget, unconstrained};
use tokio::time::{Instant, sleep_until};

use super::polls::Polls;
use super::*;

/// How many operations one poll of a task may complete before Tokio makes it yield.
const BUDGET: u64 = 128;

const SIZES: [u64; 3] = [1_000, 2_000, 4_000];

impl Polls {
    /// So many futures that receive a message which was sent before.
    fn receivers(&self, count: u64) -> Vec<impl Future<Output = ()> + Send + use<>> {
        let receive = || {
            let (sender, receiver) = oneshot::channel();
            sender.send(()).unwrap();
            self.count(async { receiver.await.unwrap() })
        };
        (0..count).map(|_| receive()).collect()
    }

    /// So many futures that sleep until the same instant.
    fn sleepers(&self, count: u64) -> Vec<impl Future<Output = ()> + Send + use<>> {
        let due = Instant::now() + ms(10);
        (0..count).map(|_| self.count(sleep_until(due))).collect()
    }
}

/// Round after round everybody who is left, of whom a budget's worth completes.
fn quadratic(count: u64) -> u64 {
    (0..count.div_ceil(BUDGET)).map(|round| count - round * BUDGET).sum()
}

/// One poll to complete, and at each end of a budget the two that make `FuturesUnordered` yield.
fn at_most_linear(count: u64) -> u64 {
    count + 2 * count.div_ceil(BUDGET)
}

/// How often so many receivers are polled that are joined in a spawned task.
fn polls_in_a_spawned_task<F>(world: World, count: u64, join: impl Fn(Vec<BoxFuture<'static, ()>>) -> F) -> u64
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    let polls = Polls::default();
    let joined = join(polls.receivers(count).into_iter().map(FutureExt::boxed).collect());
    world.run(async { tokio::spawn(joined).await.unwrap() });
    polls.get()
}

#[test]
fn futures_that_are_ready_together_in_one_task_cost_quadratic_polls_on_one_thread() {
    on_one_thread(|world| {
        for count in SIZES {
            assert_eq!(polls_in_a_spawned_task(world, count, join_all), quadratic(count));
            let polls = Polls::default();
            world.run(join_all(polls.receivers(count)));
            assert_eq!(polls.get(), quadratic(count), "in the future given to block_on");
        }
    });
}

#[test]
fn ten_thousand_futures_that_are_ready_together_in_one_task_cost_396_thousand_polls_on_one_thread() {
    on_one_thread(|world| assert_eq!(polls_in_a_spawned_task(world, 10_000, join_all), 395_632));
}

#[test]
fn futures_that_are_ready_together_in_one_task_cost_about_as_many_polls_with_several_workers() {
    with_several_workers(|world| {
        for count in [4_000, 10_000] {
            // While one worker still wakes them, another may poll those that are awake: a few polls fewer.
            let polls = polls_in_a_spawned_task(world, count, join_all);
            assert!(polls > quadratic(count) / 4, "{polls} polls of {count}");
        }
    });
}

#[test]
fn futures_in_the_future_given_to_block_on_cost_linear_polls_with_several_workers() {
    with_several_workers(|world| {
        for count in SIZES {
            let polls = Polls::default();
            world.run(join_all(polls.receivers(count)));
            assert!(polls.get() <= at_most_linear(count));
        }
    });
}

#[test]
fn sleepers_in_one_task_cost_quadratic_polls_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        for count in SIZES {
            let polls = Polls::default();
            world.run(async { join_all(polls.sleepers(count)).await });
            assert_eq!(polls.get(), count + quadratic(count));
        }
    });
}

#[test]
fn spawned_sleepers_cost_at_most_two_polls_each() {
    everywhere(|world| {
        for count in SIZES {
            let polls = Polls::default();
            world.run(async { spawned(polls.sleepers(count)).await });
            assert!(polls.get() <= 2 * count);
        }
    });
}

#[test]
fn unconstrained_futures_that_are_ready_cost_one_poll_each() {
    everywhere(|world| {
        for count in SIZES {
            let polls = polls_in_a_spawned_task(world, count, |futures| unconstrained(join_all(futures)));
            assert_eq!(polls, count);
        }
    });
}

/// Gathers a thousand futures that are ready at once, and returns how many turns another task had until then.
fn turns_of_another_task<F: Future>(world: World, gather: impl FnOnce(Vec<BoxFuture<'static, ()>>) -> F) -> u64 {
    world.run(async {
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
fn unconstrained_lets_no_other_task_run_on_one_thread() {
    on_one_thread(|world| assert_eq!(turns_of_another_task(world, |ready| unconstrained(join_all(ready))), 0));
}

#[test]
fn the_budget_lets_other_tasks_run_on_one_thread() {
    on_one_thread(|world| assert!(turns_of_another_task(world, join_all) >= 1_000 / BUDGET));
}
