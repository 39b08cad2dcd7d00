//! An abort is a request: a task ends at its next await.

use std::future::pending;
use std::pin::pin;
use std::sync::{Arc, mpsc as blocking};

use futures::FutureExt;
use futures::future::BoxFuture;
use gather::{naive, spawned, spawned_all_or_nothing};
use room::{World, everywhere, on_one_thread, run_asyncio, with_several_workers};
use tokio::sync::oneshot;
use tokio::task::{JoinSet, yield_now};
use tokio::time::{sleep, timeout};

use super::{Answer, Failure, answer, ms};

/// How many tasks the counts are about.
const MANY: usize = 100;

/// Counts the tasks that are alive.
#[derive(Default)]
struct Alive(Arc<()>);

impl Alive {
    /// So many futures that never end by themselves.
    fn sleepers(&self, count: usize) -> impl Iterator<Item = BoxFuture<'static, Answer>> {
        (0..count).map(|_| self.counted(pending()))
    }

    fn counted(&self, future: impl Future<Output = Answer> + Send + 'static) -> BoxFuture<'static, Answer> {
        let guard = Arc::clone(&self.0);
        async move {
            let answer = future.await;
            drop(guard);
            answer
        }
        .boxed()
    }

    fn count(&self) -> usize {
        Arc::strong_count(&self.0) - 1
    }

    async fn until_none(&self) {
        while self.count() > 0 {
            sleep(ms(1)).await;
        }
    }
}

/// A computation that does not await between its two halves.
struct Computation {
    begun: oneshot::Receiver<()>,
    second_half: blocking::Sender<()>,
    ended: oneshot::Receiver<()>,
}

impl Computation {
    fn new() -> (Self, BoxFuture<'static, Answer>) {
        let ((begins, begun), (second_half, goes_on), (ends, ended)) =
            (oneshot::channel(), blocking::channel(), oneshot::channel());
        let future = async move {
            begins.send(()).unwrap();
            goes_on.recv().unwrap();
            ends.send(()).unwrap();
            Ok(0)
        };
        (Self { begun, second_half, ended }, future.boxed())
    }
}

#[test]
fn when_spawned_all_or_nothing_returns_an_error_every_task_has_ended() {
    everywhere(|world| {
        let alive = Alive::default();
        let fails = async {
            yield_now().await;
            Err(Failure::Refused(1))
        };
        world.run(async {
            let tasks = alive.sleepers(MANY).chain([alive.counted(fails)]);
            assert_eq!(spawned_all_or_nothing(tasks).await, Err(Failure::Refused(1)));
            // No await in between: who is alive now was alive when the call returned.
            assert_eq!(alive.count(), 0);
        });
    });
}

#[test]
fn spawned_all_or_nothing_waits_for_a_task_that_computes_with_several_workers() {
    with_several_workers(|world| {
        let alive = Alive::default();
        world.run(async {
            let (Computation { begun, second_half, .. }, computes) = Computation::new();
            let fails = async move {
                begun.await.unwrap();
                Err(Failure::Refused(1))
            };
            let mut call = pin!(spawned_all_or_nothing([alive.counted(computes), alive.counted(fails)]));
            timeout(ms(20), &mut call).await.unwrap_err();
            second_half.send(()).unwrap();
            assert_eq!(call.await, Err(Failure::Refused(1)));
            assert_eq!(alive.count(), 0);
        });
    });
}

/// Drops a call whose tasks have all begun, and returns how many are alive then. Waits for the end of all.
fn alive_after_a_drop<C: Future>(world: World, call: impl Fn(Vec<BoxFuture<'static, Answer>>) -> C) -> usize {
    let alive = Alive::default();
    world.run(async {
        let mut call = Box::pin(call(alive.sleepers(MANY).collect()));
        assert!(futures::poll!(&mut call).is_pending());
        sleep(ms(1)).await;
        drop(call);
        // No await in between.
        let count = alive.count();
        alive.until_none().await;
        count
    })
}

#[test]
fn tasks_end_after_their_call_is_dropped() {
    everywhere(|world| {
        alive_after_a_drop(world, spawned);
        alive_after_a_drop(world, spawned_all_or_nothing);
    });
}

#[test]
fn all_tasks_are_still_alive_just_after_their_call_is_dropped_on_one_thread() {
    on_one_thread(|world| {
        assert_eq!(alive_after_a_drop(world, spawned), MANY);
        assert_eq!(alive_after_a_drop(world, spawned_all_or_nothing), MANY);
    });
}

/// Drops a call while its task computes, and waits for the end of the computation.
fn computes_on_after_a_drop<C: Future>(world: World, call: impl Fn([BoxFuture<'static, Answer>; 1]) -> C) {
    world.run(async {
        let (computation, computes) = Computation::new();
        let mut call = Box::pin(call([computes]));
        assert!(futures::poll!(&mut call).is_pending());
        computation.begun.await.unwrap();
        drop(call);
        computation.second_half.send(()).unwrap();
        computation.ended.await.unwrap();
    });
}

#[test]
fn a_task_that_computes_goes_on_after_its_call_is_dropped_with_several_workers() {
    with_several_workers(|world| {
        computes_on_after_a_drop(world, spawned);
        computes_on_after_a_drop(world, spawned_all_or_nothing);
    });
}

#[test]
fn a_join_set_that_you_keep_can_wait_for_the_tasks_that_it_aborts() {
    everywhere(|world| {
        let alive = Alive::default();
        world.run(async {
            let mut tasks: JoinSet<_> = alive.sleepers(MANY).collect();
            timeout(ms(5), tasks.join_next()).await.unwrap_err();
            tasks.shutdown().await;
            assert_eq!(alive.count(), 0);
        });
    });
}

/// Drops a call after 5 ms, waits for the end of its tasks, and returns which were cancelled and which finished.
fn after_a_timeout<C: Future>(world: World, call: impl Fn([BoxFuture<'static, Answer>; 2]) -> C) -> [Vec<String>; 2] {
    let alive = Alive::default();
    let ((), recording) = world.record(async {
        let call = call([30, 10].map(|after| alive.counted(answer(after))));
        assert!(timeout(ms(5), call).await.is_err());
        alive.until_none().await;
    });
    [recording.cancelled(), recording.finish_order()].map(|names| names.into_iter().map(str::to_owned).collect())
}

#[test]
fn dropping_spawned_aborts_its_tasks() {
    everywhere(|world| assert_eq!(after_a_timeout(world, spawned), [vec!["30", "10"], vec![]]));
}

#[test]
fn dropping_the_naive_spawned_leaves_its_tasks_running() {
    everywhere(|world| assert_eq!(after_a_timeout(world, naive::spawned), [vec![], vec!["10", "30"]]));
}

#[test]
fn asyncio_task_group_waits_for_the_tasks_that_it_cancels() {
    run_asyncio(
        "
alive = 0
async def count(work):
    global alive
    alive += 1
    try:
        await work
    finally:
        await asyncio.sleep(0.01)
        alive -= 1

async def refuse():
    await asyncio.sleep(0)
    raise ConnectionError

async def group(*work):
    async with asyncio.TaskGroup() as tasks:
        for each in work:
            tasks.create_task(count(each))

async def main():
    sleepers = [asyncio.Event().wait() for _ in range(100)]
    try:
        await group(refuse(), *sleepers)
    except* ConnectionError:
        assert alive == 0, alive

    sleepers = [asyncio.Event().wait() for _ in range(100)]
    try:
        await asyncio.wait_for(group(*sleepers), 0.01)
    except TimeoutError:
        assert alive == 0, alive",
    );
}
