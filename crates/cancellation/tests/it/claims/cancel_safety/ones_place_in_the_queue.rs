//! Ones place in the queue.

use super::*;

/// Two wait in this order, the first is perhaps dropped and made anew, and then one of them is served.
fn who_is_served<F: Future>(made_anew: bool, wait: impl Fn() -> F, serve_one: impl FnOnce()) -> &'static str {
    let (mut first, mut second) = (spawn(wait()), spawn(wait()));
    assert!(first.poll().is_pending());
    assert!(second.poll().is_pending());
    if made_anew {
        first = spawn(wait());
        assert!(first.poll().is_pending());
    }
    serve_one();
    match (first.poll().is_ready(), second.poll().is_ready()) {
        (true, false) => "the first",
        (false, true) => "the second",
        both => panic!("not one was served: {both:?}"),
    }
}

#[test]
fn is_lost_by_lock() {
    let serve = |made_anew| {
        let mutex = Mutex::new(());
        let guard = mutex.try_lock().unwrap();
        who_is_served(made_anew, || mutex.lock(), || drop(guard))
    };
    assert_eq!((serve(false), serve(true)), ("the first", "the second"));
}

#[test]
fn is_lost_by_acquire() {
    let serve = |made_anew| {
        let semaphore = Semaphore::new(0);
        who_is_served(made_anew, || semaphore.acquire(), || semaphore.add_permits(1))
    };
    assert_eq!((serve(false), serve(true)), ("the first", "the second"));
}

#[test]
fn is_lost_by_notified() {
    let serve = |made_anew| {
        let notify = Notify::new();
        who_is_served(made_anew, || notify.notified(), || notify.notify_one())
    };
    assert_eq!((serve(false), serve(true)), ("the first", "the second"));
}

#[test]
fn is_lost_by_reserve_and_nothing_else() {
    let serve = |made_anew| {
        let (sender, mut receiver) = mpsc::channel(1);
        sender.try_send("first").unwrap();
        let receive = || assert_eq!(receiver.try_recv(), Ok("first"));
        who_is_served(made_anew, || sender.reserve(), receive)
    };
    assert_eq!((serve(false), serve(true)), ("the first", "the second"));
}

#[test]
fn a_notify_waiters_in_between_is_lost_by_notified() {
    let notify = Notify::new();
    let mut waiting = spawn(notify.notified());
    assert_pending!(waiting.poll());
    drop(waiting);
    notify.notify_waiters();
    assert_pending!(spawn(notify.notified()).poll());
}
