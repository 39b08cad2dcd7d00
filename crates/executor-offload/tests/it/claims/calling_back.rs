//! From the pool back into the runtime, and what must not be waited for where.

use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use executor_offload::{in_two_steps, naive, on_own_thread, on_rayon, with_runtime};
use futures::FutureExt;
use room::{World, everywhere, on_the_real_clock, with_several_workers};
use tokio::runtime::Handle;
use tokio::task::yield_now;
use tokio::time::timeout;

use super::WHILE_IT_IS_HELD;

#[test]
fn work_on_the_pool_can_wait_for_a_task() {
    everywhere(|world| {
        let length = world.run(with_runtime(|runtime| {
            let task = runtime.spawn(async { "made by a task" });
            runtime.block_on(task).unwrap().len()
        }));
        assert_eq!(length.unwrap(), 14);
    });
}

#[test]
fn rayon_and_your_own_threads_need_a_handle_to_call_tokio() {
    on_the_real_clock(|world| {
        world.run(async {
            let without = || Handle::try_current().is_err();
            assert!(on_rayon(without).await.unwrap());
            assert!(on_own_thread("work", without).await.unwrap());

            let runtime = Handle::current();
            assert_eq!(on_rayon(move || runtime.block_on(async { 1 })).await.unwrap(), 1);
        });
    });
}

#[test]
fn the_pool_sends_through_a_bounded_channel_and_waits_when_it_is_full() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = tokio::sync::mpsc::channel(1);
            let work = tokio::task::spawn_blocking(move || {
                for number in 0..100 {
                    sender.blocking_send(number).unwrap();
                }
            });
            let mut numbers = Vec::new();
            while let Some(number) = receiver.recv().await {
                assert!(receiver.len() <= 1);
                numbers.push(number);
            }
            work.await.unwrap();
            assert!(numbers.into_iter().eq(0..100));
        });
    });
}

#[test]
fn block_on_of_tokio_inside_the_runtime_panics() {
    everywhere(|world| {
        world.run(async {
            let waiting = naive::with_runtime(|runtime| runtime.block_on(async { 1 }));
            let panic = AssertUnwindSafe(waiting).catch_unwind().await.unwrap_err();
            let words = panic.downcast_ref::<&str>().unwrap();
            assert!(words.starts_with("Cannot start a runtime from within a runtime."), "{words}");
        });
    });
}

#[test]
fn block_on_of_futures_inside_the_runtime_blocks_the_thread_silently() {
    everywhere(|world| {
        let log = RefCell::new(Vec::new());
        let (release, released) = futures::channel::oneshot::channel();
        let other_thread = thread::spawn(move || release.send(()));
        let blocks = async {
            log.borrow_mut().push("blocks");
            futures::executor::block_on(released).unwrap();
            log.borrow_mut().push("goes on");
        };
        let other = async {
            log.borrow_mut().push("another future of the task");
            yield_now().await;
        };
        world.run(async { tokio::join!(biased; blocks, other) });
        other_thread.join().unwrap().unwrap();
        assert_eq!(log.into_inner(), ["blocks", "goes on", "another future of the task"]);
    });
}

#[test]
fn block_on_of_futures_gets_128_answers_in_one_poll_of_a_task() {
    room::everywhere(|world| {
        let answered = world.run(async {
            let task = tokio::spawn(async {
                let answer = |_: &u32| {
                    let (sender, mut receiver) = tokio::sync::oneshot::channel();
                    sender.send(()).expect("the receiver is here");
                    // Polls as `block_on` does, from within this one poll of the task; the real one would wait for ever.
                    let mut context = Context::from_waker(Waker::noop());
                    (0..1_000).any(|_| receiver.poll_unpin(&mut context).is_ready())
                };
                (1..=200).take_while(answer).count()
            });
            task.await.expect("it does not panic")
        });
        assert_eq!(answered, 128);
    });
}

/// Takes answers as `block_on` does, until the budget is used up. Returns whether the waker was woken within this poll, and later.
fn without_budget() -> (bool, Arc<Woken>) {
    let woken = Arc::new(Woken::default());
    let waker = Arc::clone(&woken).into();
    let mut context = Context::from_waker(&waker);
    let answers = (0..200).map(|_| {
        let (sender, mut receiver) = tokio::sync::oneshot::channel();
        sender.send(()).expect("the receiver is here");
        receiver.poll_unpin(&mut context)
    });
    assert!(answers.take_while(Poll::is_ready).count() <= 128);
    (woken.0.load(Ordering::SeqCst), woken)
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[test]
fn a_task_without_budget_is_woken_after_its_poll() {
    everywhere(|world| {
        let task = async {
            let (within, woken) = without_budget();
            // The end of the poll is what the real `block_on` never reaches.
            while !woken.0.load(Ordering::SeqCst) {
                yield_now().await;
            }
            within
        };
        assert!(!world.run(async { tokio::spawn(task).await.unwrap() }));
    });
}

#[test]
fn without_budget_the_future_of_main_is_woken_at_once_with_several_workers() {
    with_several_workers(|world| assert!(world.run(async { without_budget().0 })));
}

#[test]
fn two_steps_need_no_second_thread() {
    // Not on the paused clock, whose time stands still while a thread of the pool is busy: two steps that hang would hang the test.
    on_the_real_clock(|world| {
        let sum = with_one_blocking_thread(world, async {
            timeout(20 * WHILE_IT_IS_HELD, in_two_steps(|| 20, |number| number + 1)).await
        });
        assert_eq!(sum.expect("it ends").unwrap(), 21);
    });
}

#[test]
fn naive_in_two_steps_never_ends_when_the_pool_is_full_of_waiters() {
    on_the_real_clock(|world| {
        let (first_ran, second_ran) = (Arc::<AtomicBool>::default(), Arc::<AtomicBool>::default());
        let (first, second) = (Arc::clone(&first_ran), Arc::clone(&second_ran));
        let ended = with_one_blocking_thread(world, async {
            let first = move || first.store(true, Ordering::SeqCst);
            let caller = naive::in_two_steps(first, move |()| second.store(true, Ordering::SeqCst));
            let caller = tokio::spawn(caller);
            while !first_ran.load(Ordering::SeqCst) {
                yield_now().await;
            }
            // The only thread waits for the second step, and the second step for the only thread; any time is long enough to see it.
            let end = timeout(WHILE_IT_IS_HELD, caller).await;
            // Looked at before the shutdown, at which the threads of the workers may run it.
            (end.is_ok(), second_ran.load(Ordering::SeqCst))
        });
        assert_eq!(ended, (false, false));
    });
}

#[test]
fn rayon_does_other_work_while_it_waits_for_its_own() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    // One thread, and work inside work inside work: rayon's own waiting is no waste of a thread.
    let sum = pool.install(|| rayon::join(|| rayon::join(|| 1, || 2), || 3));
    assert_eq!(sum, ((1, 2), 3));
}

/// Runs a future on a runtime whose blocking pool has one thread.
fn with_one_blocking_thread<T>(world: World, future: impl Future<Output = T>) -> T {
    let runtime = world.builder().max_blocking_threads(1).build().unwrap();
    let output = runtime.block_on(future);
    // Dropping it would wait for a thread that waits for ever.
    runtime.shutdown_background();
    output
}
