//! The newest value.

use std::sync::mpsc as blocking;
use std::thread;

use super::*;

#[test]
fn a_watch_tells_that_its_sender_is_gone_and_keeps_the_last_value() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = watch::channel(0);
            sender.send(1).unwrap();
            drop(sender);
            // The last change is told before the end.
            assert!(receiver.changed().await.is_ok());
            assert!(receiver.changed().await.is_err());
            assert_eq!(*receiver.borrow(), 1);
        });
    });
}

#[test]
fn a_new_receiver_of_a_watch_has_seen_the_value_of_now() {
    everywhere(|world| {
        world.run(async {
            let (sender, _receiver) = watch::channel(0);
            sender.send(1).unwrap();
            let mut late = sender.subscribe();
            assert_eq!(*late.borrow(), 1);
            assert!(is_pending(late.changed()).await);
        });
    });
}

#[test]
fn a_send_beside_a_borrow_in_the_same_expression_waits_for_itself() {
    let (ends, ended) = blocking::channel();
    let (about, begun) = blocking::channel();
    // This thread never ends, and the process ends without it.
    thread::spawn(move || {
        let (sender, _receiver) = watch::channel(0);
        about.send(()).unwrap();
        sender.send_replace(*sender.borrow() + 1);
        _ = ends.send(());
    });
    begun.recv().unwrap();
    assert_eq!(ended.recv_timeout(ms(50)), Err(blocking::RecvTimeoutError::Timeout));
}

#[test]
fn send_modify_reads_and_writes_in_one_step() {
    let (sender, receiver) = watch::channel(1);
    sender.send_modify(|value| *value += 1);
    assert_eq!(*receiver.borrow(), 2);
}
