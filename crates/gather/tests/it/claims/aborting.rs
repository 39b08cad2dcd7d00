//! An abort is a request: a task ends at its next await.

use std::pin::pin;
use std::sync::mpsc as blocking;

use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::*;

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
            Err(Failure::Refused)
        };
        world.run(async {
            let tasks = alive.sleepers(MANY).chain([alive.counted(fails)]);
            assert_eq!(spawned_all_or_nothing(tasks).await, Err(Failure::Refused));
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
            let (Computation { begun, second_half, ended: _ended }, computes) = Computation::new();
            let fails = async move {
                begun.await.unwrap();
                Err(Failure::Refused)
            };
            let mut call = pin!(spawned_all_or_nothing([alive.counted(computes), alive.counted(fails)]));
            timeout(ms(20), &mut call).await.unwrap_err();
            second_half.send(()).unwrap();
            assert_eq!(call.await, Err(Failure::Refused));
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

/// Drops a call while its tasks wait, lets them answer, and returns how many were cancelled and how many answered.
fn after_a_timeout<C: Future>(
    world: World,
    call: impl Fn([BoxFuture<'static, Answer>; 2]) -> C,
    ends_by_itself: bool,
) -> (usize, usize) {
    let alive = Alive::default();
    let ((), recording) = world.record(async {
        let token = CancellationToken::new();
        let call = call([(); 2].map(|()| alive.counted(answer_once(&token))));
        assert!(timeout(ms(5), call).await.is_err());
        if ends_by_itself {
            alive.until_none().await;
        }
        token.cancel();
        alive.until_none().await;
    });
    (recording.cancelled().len() + recording.never_started().len(), recording.finish_order().len())
}

#[test]
fn dropping_spawned_aborts_its_tasks() {
    everywhere(|world| assert_eq!(after_a_timeout(world, spawned, true), (2, 0)));
}

#[test]
fn dropping_the_naive_spawned_leaves_its_tasks_running() {
    everywhere(|world| assert_eq!(after_a_timeout(world, naive::spawned, false), (0, 2)));
}

#[test]
fn try_join_all_over_spawned_handles_detaches_the_rest() {
    everywhere(|world| {
        let alive = Alive::default();
        let (result, recording) = world.record(async {
            let returned = CancellationToken::new();
            let requests = [answer_once(&returned), refuse(&CancellationToken::new()), answer_once(&returned)];
            let result = naive::spawned_all_or_nothing(requests.map(|request| alive.counted(request))).await;
            returned.cancel();
            alive.until_none().await;
            result
        });
        assert_eq!(result, Err(Failure::Refused));
        assert_eq!(recording.ended(Outcome::Finished), ["waits", "waits"]);
    });
}

#[test]
fn the_end_of_the_runtime_drops_what_a_naive_call_has_left_running() {
    everywhere(|world| {
        let alive = Alive::default();
        let runtime = world.builder().build().unwrap();
        let fails = alive.counted(async { Err(Failure::Refused) });
        let result = runtime.block_on(naive::spawned_all_or_nothing(alive.sleepers(1).chain([fails])));
        assert_eq!(result, Err(Failure::Refused));
        drop(runtime);
        assert_eq!(alive.count(), 0);
    });
}
