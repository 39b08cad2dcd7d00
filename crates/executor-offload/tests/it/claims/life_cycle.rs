//! What becomes of work when its caller, its pool or its runtime ends.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Barrier, RwLock};
use std::thread;

use executor_offload::{WorkError, on_blocking_pool};
use futures::FutureExt;
use futures::executor::block_on;
use room::{World, everywhere, run_python};
use tokio::runtime::Runtime;
use tokio::task::spawn_blocking;

use super::{LIMIT, PAUSE, WHILE_IT_IS_HELD};

fn runtime_with_one_blocking_thread(world: World) -> Runtime {
    world.builder().max_blocking_threads(1).build().unwrap()
}

/// Work that says when it begins, and ends when it is told to (or when nobody is left to tell it).
fn work_until_released() -> (impl FnOnce() + Send + 'static, Receiver<()>, Sender<()>) {
    let (begins, begun) = mpsc::channel();
    let (release, released) = mpsc::channel();
    let work = move || {
        let _ = begins.send(());
        let _ = released.recv();
    };
    (work, begun, release)
}

/// Shuts down a runtime whose only blocking thread runs held work, releases the work, and says whether the shutdown had returned before.
fn returns_before_the_release(world: World, shut_down: fn(Runtime), patience: std::time::Duration) -> bool {
    let runtime = runtime_with_one_blocking_thread(world);
    let (work, begun, release) = work_until_released();
    let running = runtime.spawn_blocking(work);
    begun.recv().unwrap();
    let pool = runtime.handle().clone();
    let (returns, returned) = mpsc::channel();
    let shutting_down = thread::spawn(move || {
        shut_down(runtime);
        returns.send(()).unwrap();
    });
    // Its only thread is taken, so that more work has an end only where it is refused: the shutdown has begun.
    while !pool.spawn_blocking(|| ()).is_finished() {
        thread::sleep(PAUSE);
    }

    let returned = returned.recv_timeout(patience).is_ok();
    assert!(!running.is_finished(), "it is held");
    release.send(()).unwrap();
    shutting_down.join().unwrap();
    assert!(returned || running.is_finished(), "the shutdown waited for it");
    returned
}

#[test]
fn a_caller_that_gives_up_does_not_stop_the_work() {
    everywhere(|world| {
        world.run(async {
            let (work, begun, release) = work_until_released();
            let (ends, ended) = mpsc::channel();
            let work = on_blocking_pool(move || {
                work();
                ends.send("ended").unwrap();
            });
            assert!(work.now_or_never().is_none());
            begun.recv().unwrap();
            release.send(()).unwrap();
            assert_eq!(ended.recv_timeout(LIMIT).unwrap(), "ended");
        });
    });
}

#[test]
fn a_caller_that_gives_up_does_not_take_back_queued_work() {
    everywhere(|world| {
        let runtime = runtime_with_one_blocking_thread(world);
        runtime.block_on(async {
            let (work, begun, release) = work_until_released();
            let running = spawn_blocking(work);
            begun.recv().unwrap();
            let (runs, ran) = mpsc::channel();
            let queued = on_blocking_pool(move || runs.send("it ran").unwrap());
            assert!(queued.now_or_never().is_none());
            release.send(()).unwrap();
            running.await.unwrap();
            assert_eq!(ran.recv_timeout(LIMIT).unwrap(), "it ran");
        });
    });
}

#[test]
fn dropping_the_runtime_waits_for_work_that_has_begun() {
    everywhere(|world| assert!(!returns_before_the_release(world, drop, WHILE_IT_IS_HELD)));
}

#[test]
fn shutdown_background_does_not_wait_for_work_that_has_begun() {
    everywhere(|world| assert!(returns_before_the_release(world, Runtime::shutdown_background, LIMIT)));
}

#[test]
fn work_that_has_not_begun_may_never_run_when_the_runtime_is_dropped() {
    // Whether it runs is a race between the shutdown and a thread that wakes: some tries lose it.
    everywhere(|world| assert!((0..1_000).any(|_| never_run_after_a_drop(world) > 0)));
}

/// Hands work over to threads that are idle, drops the runtime at once, and counts the work that never ran.
fn never_run_after_a_drop(world: World) -> usize {
    const THREADS: usize = 4;
    let runtime = world.builder().build().unwrap();
    let meeting = Arc::new(Barrier::new(THREADS));
    let meet = |_| {
        let meeting = meeting.clone();
        runtime.spawn_blocking(move || meeting.wait())
    };
    let warm_up: Vec<_> = (0..THREADS).map(meet).collect();
    assert!(warm_up.into_iter().all(|work| block_on(work).is_ok()));

    let ran = Arc::new(AtomicUsize::new(0));
    let hand_over = |_| {
        let ran = ran.clone();
        runtime.spawn_blocking(move || {
            thread::sleep(PAUSE);
            ran.fetch_add(1, Ordering::SeqCst);
        })
    };
    let works: Vec<_> = (0..THREADS).map(hand_over).collect();
    drop(runtime);

    let ends = works.into_iter().map(|work| block_on(work).map_err(WorkError::from));
    let count = ends.filter(|end| matches!(end, Err(WorkError::NeverRan))).count();
    assert_eq!(ran.load(Ordering::SeqCst), THREADS - count);
    count
}

#[test]
fn awaited_work_has_run_before_the_runtime_is_dropped() {
    everywhere(|world| {
        let runtime = runtime_with_one_blocking_thread(world);
        let ran = Arc::new(AtomicUsize::new(0));
        let work = |_| {
            let ran = ran.clone();
            on_blocking_pool(move || ran.fetch_add(1, Ordering::SeqCst))
        };
        let all = runtime.block_on(async { futures::future::join_all((0..100).map(work)).await });
        drop(runtime);
        assert!(all.iter().all(Result::is_ok));
        assert_eq!(ran.load(Ordering::SeqCst), 100);
    });
}

/// Twice as many works as the pool has threads; nobody waits for them, and `main` returns.
const QUEUED: &str = r"
import asyncio
from concurrent.futures import ThreadPoolExecutor

ran = []

async def main():
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(max_workers=1))
    for number in range(100):
        loop.run_in_executor(None, ran.append, number)

asyncio.run(main())
assert ran == list(range(100)), ran
";

#[test]
fn asyncio_run_waits_for_queued_work_too() {
    run_python(QUEUED);
}

#[test]
fn work_handed_over_after_the_shutdown_began_never_runs() {
    everywhere(|world| {
        let runtime = runtime_with_one_blocking_thread(world);
        let handle = runtime.handle().clone();

        runtime.shutdown_background();

        let late = handle.spawn_blocking(|| unreachable!("the pool takes no more"));
        assert!(matches!(block_on(late).map_err(WorkError::from), Err(WorkError::NeverRan)));
    });
}

#[test]
fn queued_work_can_be_aborted_and_work_that_has_begun_cannot() {
    everywhere(|world| {
        let runtime = runtime_with_one_blocking_thread(world);
        let (work, begun, release) = work_until_released();
        let running = runtime.spawn_blocking(work);
        begun.recv().unwrap();
        let queued = runtime.spawn_blocking(|| unreachable!("it was aborted while it was queued"));

        queued.abort();
        running.abort();
        release.send(()).unwrap();

        assert!(block_on(queued).unwrap_err().is_cancelled());
        block_on(running).expect("it ran to its end");
    });
}

#[test]
fn the_blocking_pool_queues_without_a_bound() {
    everywhere(|world| {
        let runtime = runtime_with_one_blocking_thread(world);
        let (work, begun, release) = work_until_released();
        runtime.spawn_blocking(work);
        begun.recv().unwrap();

        // Nobody is refused, and nobody has to wait in order to hand over.
        let queued: Vec<_> = (0..10_000).map(|_| runtime.spawn_blocking(|| ())).collect();
        assert!(queued.iter().all(|work| !work.is_finished()));
        release.send(()).unwrap();
        assert!(queued.into_iter().all(|work| block_on(work).is_ok()));
    });
}

#[test]
fn the_blocking_pool_has_at_most_512_threads_by_default() {
    everywhere(|world| {
        let runtime = world.builder().build().unwrap();
        let (begins, begun) = mpsc::channel();
        let (gate, is_open) = (Arc::new(RwLock::new(false)), Arc::new(AtomicBool::new(false)));
        let closed = gate.write().unwrap();
        let works: Vec<_> = (0..513)
            .map(|_| {
                let (begins, gate, is_open) = (begins.clone(), gate.clone(), is_open.clone());
                runtime.spawn_blocking(move || {
                    let was_open = is_open.load(Ordering::SeqCst);
                    begins.send(()).unwrap();
                    drop(gate.read());
                    was_open
                })
            })
            .collect();

        // All of these are inside at once, and wait for the gate.
        assert_eq!(begun.iter().take(512).count(), 512);
        is_open.store(true, Ordering::SeqCst);
        drop(closed);

        let after_the_gate_opened = works.into_iter().map(|work| block_on(work).unwrap());
        assert_eq!(after_the_gate_opened.filter(|was_open| *was_open).count(), 1);
    });
}

#[test]
fn dropping_an_own_pool_lets_queued_work_run_and_does_not_wait_for_it() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let (work, begun, release) = work_until_released();
    let (ends, ended) = mpsc::channel();
    pool.spawn(work);
    pool.spawn(move || ends.send("it ran").unwrap());
    begun.recv().unwrap();

    drop(pool);

    // The first still waits to be released: if the drop waited for it, this line would never come.
    release.send(()).unwrap();
    assert_eq!(ended.recv().unwrap(), "it ran");
}
