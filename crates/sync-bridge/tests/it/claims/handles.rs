//! What a `Handle`, and a `Runtime`, do for other threads, and what they do not.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use room::{everywhere, on_one_thread, with_several_workers};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::oneshot;
use tokio::task::{LocalSet, block_in_place, spawn_local};
use tokio::time::sleep;

use super::{LIMIT, WHILE_IT_IS_HELD, panic_of};

fn one_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Waits for a future on another thread, with this handle; its answer comes out of the channel.
fn wait_elsewhere<T: Send + 'static>(
    handle: &Handle,
    future: impl Future<Output = T> + Send + 'static,
) -> mpsc::Receiver<T> {
    let ((answer, answers), handle) = (mpsc::channel(), handle.clone());
    thread::spawn(move || answer.send(handle.block_on(future)));
    answers
}

#[test]
fn a_current_thread_runtime_that_nobody_drives_returns_what_is_ready_and_fires_no_timer() {
    let runtime = one_thread();
    assert_eq!(wait_elsewhere(runtime.handle(), async { 1 }).recv_timeout(LIMIT), Ok(1));

    let slept = wait_elsewhere(runtime.handle(), async { sleep(Duration::from_millis(1)).await });
    assert!(slept.recv_timeout(WHILE_IT_IS_HELD).is_err());
    // As soon as a thread drives it, the timer fires.
    runtime.block_on(async {
        while slept.try_recv().is_err() {
            sleep(Duration::from_millis(1)).await;
        }
    });
}

#[test]
fn a_current_thread_runtime_that_nobody_drives_runs_no_task() {
    let runtime = one_thread();
    let task = runtime.handle().spawn(async { 1 });
    let waits = wait_elsewhere(runtime.handle(), task);
    assert!(waits.recv_timeout(WHILE_IT_IS_HELD).is_err());
    runtime.block_on(async {
        while !matches!(waits.try_recv(), Ok(Ok(1))) {
            sleep(Duration::from_millis(1)).await;
        }
    });
}

#[test]
fn the_tasks_of_a_current_thread_runtime_stand_still_between_two_block_ons() {
    let runtime = one_thread();
    let (ran, has_run) = mpsc::channel();
    runtime.block_on(async { drop(tokio::spawn(async move { ran.send(1) })) });
    assert!(has_run.recv_timeout(WHILE_IT_IS_HELD).is_err());
    runtime.block_on(tokio::task::yield_now());
    assert_eq!(has_run.recv_timeout(LIMIT), Ok(1));
}

#[test]
fn two_threads_may_be_in_the_block_on_of_one_current_thread_runtime() {
    let (runtime, meeting) = (one_thread(), tokio::sync::Barrier::new(2));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| runtime.block_on(meeting.wait()));
        }
    });
}

#[test]
fn a_sleep_that_is_made_outside_of_the_async_block_panics() {
    everywhere(|world| {
        let runtime = world.builder().build().unwrap();
        let words = panic_of(|| runtime.block_on(sleep(Duration::from_millis(1))));
        assert!(words.starts_with("there is no reactor running"), "{words}");
        runtime.block_on(async { sleep(Duration::from_millis(1)).await });
    });
}

#[test]
fn a_thread_that_has_entered_a_runtime_may_make_timers_and_tasks() {
    everywhere(|world| {
        let runtime = world.builder().build().unwrap();
        let (timer, task) = {
            let _inside = runtime.enter();
            (sleep(Duration::from_millis(1)), tokio::spawn(async { 1 }))
        };
        assert_eq!(runtime.block_on(async { (timer.await, task.await.unwrap()).1 }), 1);
    });
}

#[test]
fn a_thread_that_spawns_with_a_handle_need_not_wait_for_the_result_with_several_workers() {
    with_several_workers(|world| {
        let runtime = world.builder().build().unwrap();
        let ((send, mut receive), (release, released)) = (oneshot::channel(), oneshot::channel());
        runtime.handle().spawn(async move {
            released.await.unwrap();
            send.send("an answer").unwrap();
        });
        // The task cannot end before, and this thread has come this far.
        assert_eq!(receive.try_recv(), Err(oneshot::error::TryRecvError::Empty));
        release.send(()).unwrap();
        let answer = loop {
            match receive.try_recv() {
                Err(oneshot::error::TryRecvError::Empty) => thread::yield_now(),
                ended => break ended,
            }
        };
        assert_eq!(answer, Ok("an answer"));
    });
}

#[test]
fn a_handle_whose_runtime_is_gone_cancels_what_it_spawns() {
    everywhere(|world| {
        let runtime = world.builder().build().unwrap();
        let handle = runtime.handle().clone();
        drop(runtime);
        let task = handle.spawn(async { 1 });
        assert!(handle.block_on(task).unwrap_err().is_cancelled());
    });
}

#[test]
fn a_timer_with_a_handle_whose_runtime_is_gone_panics() {
    everywhere(|world| {
        let runtime = world.builder().build().unwrap();
        let handle = runtime.handle().clone();
        drop(runtime);
        let words = panic_of(|| handle.block_on(async { sleep(Duration::from_millis(1)).await }));
        assert!(words.starts_with("A Tokio 1.x context was found, but it is being shutdown."), "{words}");
    });
}

#[test]
fn block_in_place_is_refused_in_a_local_set_with_several_workers() {
    with_several_workers(|world| {
        let local = LocalSet::new();
        let words = panic_of(|| world.run(local.run_until(async { block_in_place(|| 1) })));
        assert_eq!(words, "can call blocking only when running on the multi-threaded runtime");
        let task = world.run(LocalSet::new().run_until(async { spawn_local(async { block_in_place(|| 1) }).await }));
        assert!(task.unwrap_err().is_panic());
    });
}

#[test]
fn block_on_in_block_in_place_waits_for_a_task_with_several_workers() {
    with_several_workers(|world| {
        let asks = || block_in_place(|| Handle::current().block_on(async { tokio::spawn(async { 1 }).await.unwrap() }));
        assert_eq!(world.run(async { tokio::spawn(async move { asks() }).await.unwrap() }), 1);
    });
}

#[test]
fn a_loop_that_joins_a_thread_which_waits_for_the_loop_hangs_on_one_thread() {
    on_one_thread(|world| {
        let ended = world.run(async {
            let task = tokio::spawn(async { 1 });
            let waits = wait_elsewhere(&Handle::current(), task);
            // `join` of the thread would wait for ever: this waits for a while.
            let ended = waits.recv_timeout(WHILE_IT_IS_HELD).is_ok();
            // An await lets the task run, and with it the thread ends.
            while waits.try_recv().is_err() {
                tokio::task::yield_now().await;
            }
            ended
        });
        assert!(!ended);
    });
}
