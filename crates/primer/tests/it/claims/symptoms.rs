//! The causes that the page names for what a program does: it hangs, does not end, loses messages.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;

use room::{everywhere, on_one_thread};
use timeline::LaneExt;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use tokio::runtime::Builder;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Barrier, Notify, RwLock, Semaphore, broadcast, mpsc, oneshot, watch};
use tokio::task::{JoinSet, yield_now};
use tokio::time::sleep;

use super::{is_pending, ms};

#[test]
fn a_second_read_waits_for_a_writer_that_waits_for_the_first_read() {
    everywhere(|world| {
        world.run(async {
            let accounts = RwLock::new(vec![1, 2, 3]);
            let first = accounts.read().await;
            let mut write = Box::pin(accounts.write());
            assert!(is_pending(&mut write), "the writer waits for the first read");
            let mut second = Box::pin(accounts.read());
            assert!(is_pending(&mut second), "the second read waits in line after the writer");
            drop(second);
            drop(first);
            write.await.push(4);
        });
    });
}

#[test]
fn a_borrow_of_a_watch_makes_the_sender_wait() {
    let (sender, receiver) = watch::channel(0);
    let sent = AtomicBool::new(false);
    let about_to_send = std::sync::Barrier::new(2);
    thread::scope(|scope| {
        let borrowed = receiver.borrow();
        scope.spawn(|| {
            about_to_send.wait();
            sender.send_replace(1);
            sent.store(true, Ordering::SeqCst);
        });
        about_to_send.wait();
        for _ in 0..1_000 {
            thread::yield_now();
            assert!(!sent.load(Ordering::SeqCst), "the value was replaced under a borrow");
        }
        assert_eq!(*borrowed, 0);
        drop(borrowed);
    });
    assert_eq!(*receiver.borrow(), 1);
}

#[test]
fn lagged_is_not_the_end_of_a_broadcast() {
    everywhere(|world| {
        let (heard_by_while_let, heard_by_match) = world.run(async {
            let (sender, mut receiver) = broadcast::channel(4);
            let mut another = sender.subscribe();
            for item in 0..20 {
                sender.send(item).unwrap();
            }
            drop(sender);
            let (mut while_let, mut matched) = (0, 0);
            while let Ok(_item) = receiver.recv().await {
                while_let += 1;
            }
            loop {
                match another.recv().await {
                    Ok(_item) => matched += 1,
                    Err(RecvError::Lagged(_missed)) => {}
                    Err(RecvError::Closed) => break,
                }
            }
            (while_let, matched)
        });
        assert_eq!((heard_by_while_let, heard_by_match), (0, 4));
    });
}

#[test]
fn a_closed_channel_in_a_select_loop_is_ready_every_time() {
    everywhere(|world| {
        let (nothing, something) = world.run(async {
            let (sender, mut orders) = mpsc::channel::<u32>(1);
            drop(sender);
            let (mut nothing, mut something) = (0, 0);
            // The loop of the fault would go on for ever: this one is counted.
            for _turn in 0..1_000 {
                tokio::select! {
                    order = orders.recv() => if order.is_none() { nothing += 1 },
                    () = std::future::pending() => something += 1,
                }
            }
            (nothing, something)
        });
        assert_eq!((nothing, something), (1_000, 0));
    });
}

#[test]
fn an_else_branch_ends_a_select_loop_when_the_channel_is_closed() {
    everywhere(|world| {
        let handled = world.run(async {
            let (sender, mut orders) = mpsc::channel(8);
            for order in 0..3 {
                sender.send(order).await.unwrap();
            }
            drop(sender);
            let mut handled = Vec::new();
            loop {
                tokio::select! {
                    Some(order) = orders.recv() => handled.push(order),
                    else => break handled,
                }
            }
        });
        assert_eq!(handled, [0, 1, 2]);
    });
}

/// A client whose task was spawned on the runtime that asked first, as by a `static` shared by tests.
async fn ask() -> Result<u32, String> {
    type Question = oneshot::Sender<u32>;
    static CLIENT: OnceLock<mpsc::Sender<Question>> = OnceLock::new();
    let client = CLIENT.get_or_init(|| {
        let (client, mut questions) = mpsc::channel::<Question>(8);
        tokio::spawn(async move {
            while let Some(question) = questions.recv().await {
                let _ = question.send(42);
            }
        });
        client
    });
    let (question, answer) = oneshot::channel();
    client.send(question).await.map_err(|error| error.to_string())?;
    answer.await.map_err(|error| error.to_string())
}

#[test]
fn a_client_shared_by_two_runtimes_ends_with_the_first() {
    let answers = [(); 2].map(|()| Builder::new_current_thread().build().unwrap().block_on(ask()));
    assert_eq!(answers, [Ok(42), Err("channel closed".to_owned())]);
}

#[test]
fn notify_waiters_is_lost_on_a_future_that_is_made_after_it() {
    everywhere(|world| {
        let (late, early) = world.run(async {
            let notify = Notify::new();
            let early = notify.notified();
            notify.notify_waiters();
            let late = notify.notified();
            (is_pending(late), is_pending(early))
        });
        assert_eq!((late, early), (true, false));
    });
}

#[test]
fn a_permit_that_the_task_does_not_use_stays_outside_it() {
    everywhere(|world| {
        let met = world.run(async {
            let (places, mut tasks) = (Arc::new(Semaphore::new(3)), JoinSet::new());
            let meeting = Arc::new(Barrier::new(8));
            for _ in 0..8 {
                let _permit = Arc::clone(&places).acquire_owned().await.unwrap();
                let meeting = Arc::clone(&meeting);
                // It ends only when all eight run at once.
                tasks.spawn(async move { meeting.wait().await });
            }
            tasks.join_all().await.len()
        });
        assert_eq!(met, 8);
    });
}

#[test]
fn a_permit_that_is_dropped_in_the_task_limits_it() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let (places, mut tasks) = (Arc::new(Semaphore::new(3)), JoinSet::new());
            for _ in 0..8 {
                let permit = Arc::clone(&places).acquire_owned().await.unwrap();
                tasks.spawn(async move {
                    sleep(ms(2)).lane("request").await;
                    drop(permit);
                });
            }
            tasks.join_all().await;
        });
        assert_eq!(recording.peak("request"), 3);
    });
}

/// A task's end: tells its partner, and notes whether the partner was gone already.
struct Farewell {
    partner: mpsc::Sender<()>,
    partner_gone: Arc<AtomicUsize>,
}

impl Drop for Farewell {
    fn drop(&mut self) {
        if self.partner.try_send(()).is_err() {
            self.partner_gone.fetch_add(1, Ordering::SeqCst);
        }
    }
}

#[test]
fn on_one_thread_the_end_of_a_runtime_drops_its_tasks_one_after_another() {
    on_one_thread(|world| {
        let partner_gone = Arc::new(AtomicUsize::new(0));
        let runtime = world.builder().build().unwrap();
        runtime.block_on(async {
            let ((tell_b, told_b), (tell_a, told_a)) = (mpsc::channel::<()>(1), mpsc::channel::<()>(1));
            for (partner, told) in [(tell_b, told_a), (tell_a, told_b)] {
                let farewell = Farewell { partner, partner_gone: Arc::clone(&partner_gone) };
                let (begun, has_begun) = oneshot::channel();
                tokio::spawn(async move {
                    // Dropped in this order: first the farewell, then the channel's end.
                    let _told = told;
                    let _farewell = farewell;
                    begun.send(()).unwrap();
                    std::future::pending::<()>().await;
                });
                has_begun.await.unwrap();
            }
        });
        drop(runtime);
        assert_eq!(partner_gone.load(Ordering::SeqCst), 1, "the second to be dropped finds the first one gone");
    });
}

/// Receives, which is cancel safe, and then awaits once more: as a whole this is not cancel safe.
async fn next_stored(events: &mut mpsc::Receiver<u32>) -> Option<u32> {
    let event = events.recv().await?;
    yield_now().await;
    Some(event)
}

#[test]
fn an_async_fn_that_receives_and_then_awaits_is_not_cancel_safe() {
    everywhere(|world| {
        let left = world.run(async {
            let (sender, mut events) = mpsc::channel(8);
            for event in [1, 2] {
                sender.send(event).await.unwrap();
            }
            // It takes the first event, waits, and is dropped: a `select!` does that to the branch that loses.
            assert!(is_pending(next_stored(&mut events)));
            events.recv().await
        });
        assert_eq!(left, Some(2), "the first event is in neither place");
    });
}

#[test]
fn a_write_to_a_tokio_file_returns_before_the_bytes_are_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.txt");
    // One thread in the pool, so that a closure in it holds up every write.
    let runtime = Builder::new_current_thread().max_blocking_threads(1).build().unwrap();
    let in_the_file = || std::fs::read_to_string(&path).unwrap();
    runtime.block_on(async {
        let mut file = File::create(&path).await.unwrap();
        let (release, released) = std::sync::mpsc::channel::<()>();
        let holds_the_pool = tokio::task::spawn_blocking(move || released.recv());
        file.write_all(b"the last line").await.unwrap();
        assert_eq!(in_the_file(), "", "the write has returned, and waits for a thread of the pool");
        release.send(()).unwrap();
        file.flush().await.unwrap();
        assert_eq!(in_the_file(), "the last line");
        holds_the_pool.await.unwrap().unwrap();
    });
}
