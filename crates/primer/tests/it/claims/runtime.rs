//! The runtime and its flavours.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use tokio::runtime::{Builder, Handle, Runtime, RuntimeFlavor};
use tokio::sync::oneshot;
use tokio::task::{LocalSet, block_in_place, spawn_local, yield_now};
use tokio::time::sleep;

use super::ms;

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
fn the_body_of_main_is_no_task_and_runs_on_the_main_thread() {
    #[tokio::main]
    async fn main() -> (Option<tokio::task::Id>, thread::ThreadId) {
        yield_now().await;
        (tokio::task::try_id(), thread::current().id())
    }
    assert_eq!(main(), (None, thread::current().id()));
}

#[tokio::test]
async fn a_spawned_task_has_an_id() {
    let task = tokio::spawn(async { tokio::task::try_id() });
    let id = task.id();
    assert_eq!(task.await.unwrap(), Some(id));
}

struct Flag(Arc<AtomicBool>);

impl Drop for Flag {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn when_main_returns_tasks_that_wait_are_dropped() {
    #[tokio::main(flavor = "current_thread")]
    async fn program(dropped: Flag, finished: Arc<AtomicBool>) {
        tokio::spawn(async move {
            let _dropped = dropped;
            sleep(ms(60_000)).await;
            finished.store(true, Ordering::Relaxed);
        });
        yield_now().await;
    }

    let (dropped, finished) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    program(Flag(Arc::clone(&dropped)), Arc::clone(&finished));
    assert!(dropped.load(Ordering::Relaxed));
    assert!(!finished.load(Ordering::Relaxed));
}

#[test]
fn one_that_is_being_polled_is_dropped_at_the_end_of_that_poll() {
    #[tokio::main(flavor = "multi_thread", worker_threads = 1)]
    async fn program(dropped: Flag, seen: std::sync::mpsc::Sender<&'static str>) {
        let (begun, has_begun) = std::sync::mpsc::channel();
        let (release, released) = std::sync::mpsc::channel();
        tokio::spawn(async move {
            let _dropped = dropped;
            begun.send(()).unwrap();
            released.recv().unwrap();
            seen.send("the end of the poll").unwrap();
            sleep(ms(60_000)).await;
            seen.send("the end of the task").unwrap();
        });
        has_begun.recv().unwrap();
        thread::spawn(move || release.send(()).unwrap());
    }

    let dropped = Arc::new(AtomicBool::new(false));
    let (sender, seen) = std::sync::mpsc::channel();
    program(Flag(Arc::clone(&dropped)), sender);
    assert!(dropped.load(Ordering::Relaxed));
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["the end of the poll"]);
}

#[test]
fn a_panic_in_the_body_of_main_unwinds_through_it() {
    #[tokio::main]
    async fn main() {
        yield_now().await;
        panic!("a bug");
    }
    assert!(std::panic::catch_unwind(main).is_err());
}

#[test]
fn a_runtime_runs_several_futures_one_after_another() {
    let runtime = Runtime::new().unwrap();
    let (sender, receiver) = oneshot::channel();
    runtime.block_on(async { sender.send(1).unwrap() });
    assert_eq!(runtime.block_on(receiver), Ok(1));
}

#[test]
fn outside_a_runtime_spawn_panics_and_try_current_is_an_error() {
    assert!(Handle::try_current().is_err());
    let spawned = std::panic::catch_unwind(|| tokio::spawn(async {}));
    assert!(spawned.is_err());
}

#[test]
fn a_handle_spawns_from_a_thread_that_is_none_of_the_runtimes() {
    let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let handle = runtime.handle().clone();
    let task = thread::spawn(move || handle.spawn(async { 1 })).join().unwrap();
    assert_eq!(runtime.block_on(task).unwrap(), 1);
}

#[tokio::test]
async fn the_runtime_counts_its_tasks_and_does_not_list_them() {
    let metrics = Handle::current().metrics();
    assert_eq!(metrics.num_alive_tasks(), 0);
    let task = tokio::spawn(async {});
    assert_eq!(metrics.num_alive_tasks(), 1);
    task.await.unwrap();
    assert_eq!(metrics.num_alive_tasks(), 0);
}

#[tokio::test]
async fn a_local_task_need_not_be_send() {
    let name = std::rc::Rc::new("users");
    let length = LocalSet::new().run_until(async move { spawn_local(async move { name.len() }).await.unwrap() }).await;
    assert_eq!(length, 5);
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

#[tokio::test]
#[should_panic(expected = "LocalSet")]
async fn spawn_local_panics_outside_of_a_local_set() {
    drop(spawn_local(async {}));
}

#[test]
fn block_in_place_panics_on_the_current_thread_runtime() {
    let runtime = Builder::new_current_thread().build().unwrap();
    let blocked =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| runtime.block_on(async { block_in_place(|| 1) })));
    assert!(blocked.is_err());
}

#[test]
fn block_in_place_lets_the_other_tasks_go_on_elsewhere() {
    let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let worked = runtime.block_on(async {
        tokio::spawn(async {
            let (sender, receiver) = std::sync::mpsc::channel();
            tokio::spawn(async move { sender.send("the other").unwrap() });
            // The only worker blocks until the other task has run.
            block_in_place(|| receiver.recv().unwrap())
        })
        .await
    });
    assert_eq!(worked.unwrap(), "the other");
}

#[test]
fn a_main_that_returns_an_err_ends_with_the_exit_code_1() {
    use std::process::{ExitCode, Termination};
    // What the standard library does with the value of `main`; it prints with `Debug` on standard error.
    let ended = Err::<(), _>(std::io::Error::other("no settings")).report();
    assert_eq!(ended, ExitCode::FAILURE);
}

#[test]
fn a_runtime_is_current_where_it_runs_something() {
    let runtime = Builder::new_current_thread().build().unwrap();
    assert!(Handle::try_current().is_err());
    assert!(runtime.block_on(async { Handle::try_current().is_ok() }));
    assert!(Handle::try_current().is_err());
}

/// How many threads a runtime that has none of its own starts for this future.
fn threads_for(future: impl Future) -> usize {
    let started = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&started);
    let count = move || _ = counter.fetch_add(1, Ordering::Relaxed);
    Builder::new_current_thread().enable_all().on_thread_start(count).build().unwrap().block_on(future);
    started.load(Ordering::Relaxed)
}

#[test]
fn files_are_read_on_the_blocking_pool() {
    assert_eq!(threads_for(yield_now()), 0);
    assert_eq!(threads_for(async { tokio::fs::read(file!()).await.is_ok() }), 1);
}

#[test]
fn names_are_looked_up_on_the_blocking_pool() {
    // An address is no name: nothing to look up.
    assert_eq!(threads_for(async { tokio::net::lookup_host("127.0.0.1:80").await.is_ok() }), 0);
    assert_eq!(threads_for(async { tokio::net::lookup_host("localhost:80").await.is_ok() }), 1);
}
