//! The runtime and its flavours.

use std::panic::catch_unwind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use room::{World, everywhere, on_one_thread, with_several_workers};
use tokio::runtime::{Handle, Runtime, RuntimeFlavor};
use tokio::sync::oneshot;
use tokio::task::{LocalSet, block_in_place, spawn_local, try_id, yield_now};
use tokio::time::sleep;

use super::ms;

/// A runtime of this world, as `#[tokio::main]` makes one.
fn runtime(world: World) -> Runtime {
    world.builder().build().unwrap()
}

#[test]
fn tokio_main_makes_a_multi_thread_runtime_with_a_worker_for_each_core() {
    #[tokio::main]
    async fn main() -> (RuntimeFlavor, usize) {
        (Handle::current().runtime_flavor(), Handle::current().metrics().num_workers())
    }
    // The variable `TOKIO_WORKER_THREADS` would say otherwise.
    if std::env::var_os("TOKIO_WORKER_THREADS").is_none() {
        assert_eq!(main(), (RuntimeFlavor::MultiThread, thread::available_parallelism().unwrap().get()));
    }
}

#[test]
fn the_current_thread_flavour_has_one_thread_the_callers() {
    #[tokio::main(flavor = "current_thread")]
    async fn main() -> thread::ThreadId {
        tokio::spawn(async { thread::current().id() }).await.unwrap()
    }
    assert_eq!(main(), thread::current().id());
}

#[tokio::test]
async fn tokio_test_makes_a_current_thread_runtime() {
    assert_eq!(Handle::current().runtime_flavor(), RuntimeFlavor::CurrentThread);
}

#[test]
fn the_body_of_main_is_not_a_task_and_runs_on_the_main_thread() {
    async fn body() -> (Option<tokio::task::Id>, thread::ThreadId) {
        yield_now().await;
        (try_id(), thread::current().id())
    }
    #[tokio::main]
    async fn main() -> (Option<tokio::task::Id>, thread::ThreadId) {
        body().await
    }
    assert_eq!(main(), (None, thread::current().id()));
    everywhere(|world| assert_eq!(world.run(body()), (None, thread::current().id())));
}

#[test]
fn a_spawned_task_has_an_id() {
    everywhere(|world| {
        world.run(async {
            let task = tokio::spawn(async { try_id() });
            let id = task.id();
            assert_eq!(task.await.unwrap(), Some(id));
        });
    });
}

struct Flag(Arc<AtomicBool>);

impl Drop for Flag {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn when_main_returns_tasks_that_wait_are_dropped() {
    everywhere(|world| {
        let (dropped, finished) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let (held, end) = (Flag(Arc::clone(&dropped)), Arc::clone(&finished));
        runtime(world).block_on(async {
            let (begun, has_begun) = oneshot::channel();
            tokio::spawn(async move {
                let _held = held;
                begun.send(()).unwrap();
                sleep(ms(60_000)).await;
                end.store(true, Ordering::Relaxed);
            });
            has_begun.await.unwrap();
        });
        assert!(dropped.load(Ordering::Relaxed));
        assert!(!finished.load(Ordering::Relaxed));
    });
}

#[test]
fn on_several_threads_a_task_in_the_middle_of_a_poll_is_dropped_at_the_end_of_that_poll() {
    with_several_workers(|world| {
        let dropped = Arc::new(AtomicBool::new(false));
        let (held, (sender, seen)) = (Flag(Arc::clone(&dropped)), mpsc::channel());
        runtime(world).block_on(async {
            let (begun, has_begun) = mpsc::channel();
            let (release, released) = mpsc::channel();
            tokio::spawn(async move {
                let _held = held;
                begun.send(()).unwrap();
                released.recv().unwrap();
                sender.send("the end of the poll").unwrap();
                sleep(ms(60_000)).await;
                sender.send("the end of the task").unwrap();
            });
            has_begun.recv().unwrap();
            thread::spawn(move || release.send(()).unwrap());
        });
        assert!(dropped.load(Ordering::Relaxed));
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["the end of the poll"]);
    });
}

#[test]
fn a_panic_in_the_body_of_main_is_not_caught_by_the_runtime() {
    everywhere(|world| {
        let ended = catch_unwind(|| {
            runtime(world).block_on(async {
                yield_now().await;
                panic!("a bug");
            });
        });
        assert!(ended.is_err());
    });
}

#[test]
fn a_runtime_runs_several_futures_one_after_another() {
    everywhere(|world| {
        let runtime = runtime(world);
        let (sender, receiver) = oneshot::channel();
        runtime.block_on(async { sender.send(1).unwrap() });
        assert_eq!(runtime.block_on(receiver), Ok(1));
    });
}

#[test]
fn outside_a_runtime_spawn_panics_and_try_current_is_an_error() {
    assert!(Handle::try_current().is_err());
    let spawned = catch_unwind(|| tokio::spawn(async {}));
    assert!(spawned.is_err());
}

#[test]
fn a_handle_spawns_from_a_thread_outside_the_runtime() {
    everywhere(|world| {
        let runtime = runtime(world);
        let handle = runtime.handle().clone();
        let task = thread::spawn(move || handle.spawn(async { 1 })).join().unwrap();
        assert_eq!(runtime.block_on(task).unwrap(), 1);
    });
}

#[test]
fn the_runtime_counts_its_tasks_and_does_not_list_them() {
    everywhere(|world| {
        world.run(async {
            let metrics = Handle::current().metrics();
            assert_eq!(metrics.num_alive_tasks(), 0);
            let (release, released) = oneshot::channel::<()>();
            let task = tokio::spawn(released);
            assert_eq!(metrics.num_alive_tasks(), 1);
            release.send(()).unwrap();
            task.await.unwrap().unwrap();
            // A worker may still be busy with the task's end.
            while metrics.num_alive_tasks() > 0 {
                yield_now().await;
            }
        });
    });
}

#[test]
fn a_local_task_need_not_be_send() {
    everywhere(|world| {
        let name = std::rc::Rc::new("users");
        let local = async move { spawn_local(async move { name.len() }).await.unwrap() };
        assert_eq!(world.run(LocalSet::new().run_until(local)), 5);
    });
}

#[test]
fn a_local_runtime_spawns_what_is_not_send() {
    #[tokio::main(flavor = "local")]
    async fn main() -> usize {
        let name = std::rc::Rc::new("users");
        spawn_local(async move { name.len() }).await.unwrap()
    }
    assert_eq!(main(), 5);
}

#[test]
fn spawn_local_panics_outside_of_a_local_set() {
    everywhere(|world| {
        let spawned = catch_unwind(|| world.run(async { drop(spawn_local(async {})) })).unwrap_err();
        let message = spawned.downcast_ref::<&str>().unwrap();
        assert!(message.contains("LocalSet"), "{message}");
    });
}

#[test]
fn block_in_place_panics_on_the_current_thread_runtime() {
    on_one_thread(|world| {
        let blocked = catch_unwind(|| world.run(async { block_in_place(|| 1) }));
        assert!(blocked.is_err());
    });
}

#[test]
fn block_in_place_on_several_threads_lets_the_other_tasks_go_on_elsewhere() {
    with_several_workers(|world| {
        world.run(async {
            let (release, released) = tokio::sync::watch::channel(false);
            let mut blocked = Vec::new();
            // As many as there are workers: each of them blocks until the other task has run.
            for _ in 0..Handle::current().metrics().num_workers() {
                let (begun, has_begun) = oneshot::channel();
                let mut released = released.clone();
                blocked.push(tokio::spawn(async move {
                    block_in_place(|| {
                        begun.send(()).unwrap();
                        Handle::current().block_on(released.wait_for(|released| *released)).map(|_| ()).unwrap();
                    });
                }));
                has_begun.await.unwrap();
            }
            tokio::spawn(async move { release.send(true).unwrap() }).await.unwrap();
            for task in blocked {
                task.await.unwrap();
            }
        });
    });
}

#[test]
fn a_main_that_returns_an_err_ends_with_the_exit_code_1() {
    use std::process::{ExitCode, Termination};
    // What the standard library does with the value of `main`; it prints with `Debug` on standard error.
    let ended = Err::<(), _>(std::io::Error::other("no settings")).report();
    assert_eq!(ended, ExitCode::FAILURE);
}

#[test]
fn a_runtime_is_current_only_inside_its_own_block_on() {
    everywhere(|world| {
        let runtime = runtime(world);
        assert!(Handle::try_current().is_err());
        assert!(runtime.block_on(async { Handle::try_current().is_ok() }));
        assert!(Handle::try_current().is_err());
    });
}

/// How many threads this world's runtime starts for this future, besides its workers.
fn threads_for(world: World, future: impl Future) -> usize {
    let started = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&started);
    let count = move || _ = counter.fetch_add(1, Ordering::Relaxed);
    let runtime = world.builder().on_thread_start(count).build().unwrap();
    let workers = if let World::Workers(count) = world { count } else { 0 };
    while started.load(Ordering::Relaxed) < workers {
        thread::yield_now();
    }
    runtime.block_on(future);
    started.load(Ordering::Relaxed) - workers
}

#[test]
fn files_are_read_on_the_blocking_pool() {
    everywhere(|world| {
        assert_eq!(threads_for(world, yield_now()), 0);
        assert_eq!(threads_for(world, async { tokio::fs::read(file!()).await.is_ok() }), 1);
    });
}

#[test]
fn host_names_are_resolved_on_the_blocking_pool() {
    everywhere(|world| {
        // An address is not a name: there is nothing to look up.
        assert_eq!(threads_for(world, async { tokio::net::lookup_host("127.0.0.1:80").await.is_ok() }), 0);
        assert_eq!(threads_for(world, async { tokio::net::lookup_host("localhost:80").await.is_ok() }), 1);
    });
}
