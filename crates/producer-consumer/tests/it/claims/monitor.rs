//! Reading the length without keeping the queue open.

use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;

use futures::poll;
use producer_consumer::{naive, run, watch_length};
use room::{World, everywhere, on_the_paused_clock};
use timeline::{LaneExt, Recording};
use tokio::sync::mpsc::{self, Sender};
use tokio::time::{sleep, timeout};

use super::{ms, paced, work};

/// One producer, one consumer, and a monitor: the lengths seen, and what happened within the limit.
fn monitored<F: Future<Output = ()>>(
    world: World,
    watch: impl FnOnce(&Sender<u32>, Box<dyn FnMut(usize)>) -> F,
) -> (Vec<usize>, Recording) {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let writer = Rc::clone(&seen);
    let ((), recording) = world.record(async {
        let (sender, receiver) = mpsc::channel(2);
        let monitor = watch(&sender, Box::new(move |length| writer.borrow_mut().push(length))).lane("monitor");
        let run = run((sender, receiver), [paced(ms(6), 1..=6)], 1, work);
        let _ended = timeout(ms(300), async { tokio::join!(run, monitor) }).await;
    });
    (seen.take(), recording)
}

#[test]
fn the_receiver_knows_the_length() {
    everywhere(|world| {
        world.run(async {
            let (sender, receiver) = mpsc::channel(2);
            assert_eq!(receiver.len(), 0);
            sender.send(1).await.unwrap();
            assert_eq!(receiver.len(), 1);
        });
    });
}

#[test]
fn a_weak_sender_knows_the_length_and_does_not_keep_the_queue_open() {
    everywhere(|world| {
        let (seen, recording) = monitored(world, |queue, seen| watch_length(queue, ms(9), seen));
        assert_eq!((seen[0], seen.iter().max()), (0, Some(&2)));
        assert_eq!(recording.finish_order(), ["producer 1", "monitor", "consumer 1"]);
    });
}

#[test]
fn a_monitor_looks_at_once_and_then_regularly_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let (seen, _) = monitored(world, |queue, seen| watch_length(queue, ms(9), seen));
        assert_eq!(seen, [0, 0, 1, 2, 2, 2, 2, 2]);
    });
}

#[test]
fn a_monitor_that_comes_late_skips_the_looks_that_it_has_missed() {
    everywhere(|world| {
        world.run(async {
            let (sender, _receiver) = mpsc::channel::<u32>(2);
            let looks = RefCell::new(0);
            let mut monitor = pin!(watch_length(&sender, ms(20), |_| *looks.borrow_mut() += 1));
            timeout(ms(5), &mut monitor).await.unwrap_err();
            sleep(ms(110)).await; // Nobody polls the monitor.
            assert!(poll!(&mut monitor).is_pending());
            assert_eq!(*looks.borrow(), 2, "one at once, and one for the five that were due");
        });
    });
}

#[test]
fn a_monitor_that_holds_a_sender_keeps_the_consumers_waiting_for_ever() {
    everywhere(|world| {
        let (seen, recording) = monitored(world, |queue, seen| naive::watch_length(queue, ms(9), seen));
        assert_eq!((seen[0], seen.iter().max(), seen.last()), (0, Some(&2), Some(&0)));
        assert_eq!(recording.finish_order(), ["producer 1"]);
    });
}

#[test]
fn a_reserved_place_counts_for_the_senders_and_not_for_the_receiver() {
    everywhere(|world| {
        world.run(async {
            let (sender, receiver) = mpsc::channel::<u32>(3);
            let _place = sender.reserve().await.unwrap();
            assert_eq!(sender.max_capacity() - sender.capacity(), 1);
            assert_eq!(receiver.len(), 0);
        });
    });
}
