//! What becomes of work when its caller, its pool or its runtime ends.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, RwLock};
use std::thread;

use executor_offload::{WorkError, on_blocking_pool};
use futures::FutureExt;
use futures::executor::block_on;
use timeline::{Clock, record};
use tokio::runtime::{Builder, Runtime};

fn runtime_with_one_blocking_thread() -> Runtime {
    Builder::new_current_thread().max_blocking_threads(1).build().unwrap()
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

#[test]
fn a_caller_that_gives_up_does_not_stop_the_work() {
    record(Clock::Real, async {
        let (work, begun, release) = work_until_released();
        let (ends, ended) = mpsc::channel();
        let work = on_blocking_pool(move || {
            work();
            ends.send("ended").unwrap();
        });
        assert!(work.now_or_never().is_none());
        begun.recv().unwrap();
        release.send(()).unwrap();
        assert_eq!(ended.recv().unwrap(), "ended");
    });
}

#[test]
fn dropping_the_runtime_waits_for_work_that_has_begun() {
    let runtime = runtime_with_one_blocking_thread();
    let (work, begun, release) = work_until_released();
    let ended = Arc::new(AtomicBool::new(false));
    let ends = ended.clone();
    runtime.spawn_blocking(move || {
        work();
        ends.store(true, Ordering::SeqCst);
    });
    begun.recv().unwrap();
    let releaser = thread::spawn(move || release.send(()).unwrap());

    drop(runtime);

    assert!(ended.load(Ordering::SeqCst));
    releaser.join().unwrap();
}

#[test]
fn shutdown_background_does_not_wait_for_work_that_has_begun() {
    let runtime = runtime_with_one_blocking_thread();
    let (work, begun, release) = work_until_released();
    runtime.spawn_blocking(work);
    begun.recv().unwrap();

    runtime.shutdown_background();

    // The work still waits to be released: if shutting down waited for it, this line would never come.
    release.send(()).unwrap();
}

#[test]
fn queued_work_still_runs_when_the_runtime_is_dropped() {
    let runtime = runtime_with_one_blocking_thread();
    let (work, begun, release) = work_until_released();
    runtime.spawn_blocking(work);
    let queued = runtime.spawn_blocking(|| "it ran");
    begun.recv().unwrap();
    let releaser = thread::spawn(move || release.send(()).unwrap());

    drop(runtime);

    assert_eq!(block_on(queued).unwrap(), "it ran");
    releaser.join().unwrap();
}

#[test]
fn work_handed_over_after_the_shutdown_began_never_runs() {
    let runtime = runtime_with_one_blocking_thread();
    let handle = runtime.handle().clone();

    runtime.shutdown_background();

    let late = handle.spawn_blocking(|| unreachable!("the pool takes no more"));
    assert!(matches!(block_on(late).map_err(WorkError::from), Err(WorkError::NeverRan)));
}

#[test]
fn queued_work_can_be_aborted_and_work_that_has_begun_cannot() {
    let runtime = runtime_with_one_blocking_thread();
    let (work, begun, release) = work_until_released();
    let running = runtime.spawn_blocking(work);
    begun.recv().unwrap();
    let queued = runtime.spawn_blocking(|| unreachable!("it was aborted while it was queued"));

    queued.abort();
    running.abort();
    release.send(()).unwrap();

    assert!(block_on(queued).unwrap_err().is_cancelled());
    block_on(running).expect("it ran to its end");
}

#[test]
fn the_blocking_pool_queues_without_a_bound() {
    let runtime = runtime_with_one_blocking_thread();
    let (work, begun, release) = work_until_released();
    runtime.spawn_blocking(work);
    begun.recv().unwrap();

    // Nobody is refused, and nobody has to wait in order to hand over.
    let queued: Vec<_> = (0..10_000).map(|_| runtime.spawn_blocking(|| ())).collect();
    assert!(queued.iter().all(|work| !work.is_finished()));
    release.send(()).unwrap();
    assert!(queued.into_iter().all(|work| block_on(work).is_ok()));
}

#[test]
fn the_blocking_pool_has_at_most_512_threads_by_default() {
    let runtime = Builder::new_current_thread().build().unwrap();
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
