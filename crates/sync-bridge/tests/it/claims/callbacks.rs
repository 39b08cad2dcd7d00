//! A library calls back from a thread of its own.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::sync::mpsc;
use std::thread;

use room::{everywhere, on_the_real_clock};
use sync_bridge::{Callback, from_callbacks, naive};
use tokio::sync::mpsc::error::TrySendError;
use tokio::task::yield_now;

use super::{LIMIT, WHILE_IT_IS_HELD, panic_of};

/// A library that calls back with these numbers, from a thread of its own, and says after each that it was taken.
fn library(
    numbers: impl IntoIterator<Item = u32> + Send + 'static,
) -> (impl FnOnce(Callback<u32>), mpsc::Receiver<u32>) {
    let (taken, is_taken) = mpsc::channel();
    let register = move |mut callback: Callback<u32>| {
        thread::spawn(move || {
            for number in numbers {
                if callback(number).is_break() {
                    return;
                }
                // The test may be over.
                let _ = taken.send(number);
            }
        });
    };
    (register, is_taken)
}

#[test]
fn the_items_of_callbacks_come_in_order_and_end_with_the_library() {
    on_the_real_clock(|world| {
        world.run(async {
            let (register, _) = library(0..100);
            let mut items = from_callbacks(4, register);
            let mut seen = Vec::new();
            while let Some(item) = items.recv().await {
                assert!(items.len() <= 4);
                seen.push(item);
            }
            assert!(seen.into_iter().eq(0..100));
        });
    });
}

#[test]
fn a_callback_waits_while_the_channel_is_full() {
    on_the_real_clock(|world| {
        world.run(async {
            let (register, taken) = library(1..=3);
            let mut items = from_callbacks(2, register);
            assert_eq!([taken.recv_timeout(LIMIT), taken.recv_timeout(LIMIT)], [Ok(1), Ok(2)]);
            assert!(taken.recv_timeout(WHILE_IT_IS_HELD).is_err(), "the third one waits");
            assert_eq!(items.recv().await, Some(1));
            assert_eq!(taken.recv_timeout(LIMIT), Ok(3));
        });
    });
}

#[test]
fn a_callback_learns_that_nobody_listens() {
    let (mut callback, items) = {
        let (sender, callbacks) = mpsc::channel();
        let items = from_callbacks(1, move |callback| sender.send(callback).unwrap());
        (callbacks.recv().unwrap(), items)
    };
    assert_eq!(callback(1), ControlFlow::Continue(()));
    drop(items);
    assert_eq!(callback(2), ControlFlow::Break(()));
}

#[test]
fn a_callback_in_async_code_panics() {
    everywhere(|world| {
        let call = |mut callback: Callback<u32>| _ = callback(1);
        let words = panic_of(|| world.run(async { from_callbacks(1, call) }));
        assert!(words.starts_with("Cannot block the current thread from within a runtime."), "{words}");
    });
}

#[test]
fn try_send_may_be_called_anywhere_and_returns_the_item_when_the_channel_is_full() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut items) = tokio::sync::mpsc::channel(1);
            assert_eq!(sender.try_send(1), Ok(()));
            assert_eq!(sender.try_send(2), Err(TrySendError::Full(2)));
            let elsewhere = sender.clone();
            assert!(thread::spawn(move || elsewhere.try_send(3)).join().unwrap().is_err());
            assert_eq!(items.recv().await, Some(1));
        });
    });
}

#[test]
fn the_recv_of_the_standard_library_holds_up_the_other_futures() {
    everywhere(|world| {
        let log = RefCell::new(Vec::new());
        let (sender, items) = mpsc::channel();
        let library = thread::spawn(move || sender.send(1));
        let waits = async {
            log.borrow_mut().push("waits");
            assert_eq!(naive::next(&items).await, Some(1));
            log.borrow_mut().push("has an item");
        };
        let other = async {
            log.borrow_mut().push("another future");
            yield_now().await;
        };
        world.run(async { tokio::join!(biased; waits, other) });
        library.join().unwrap().unwrap();
        assert_eq!(log.into_inner(), ["waits", "has an item", "another future"]);
    });
}
