//! Cancellation at every await.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use exam::{Fault, Judgement, cancel_at_every_await, fault, ms};
use timeline::{Clock, record};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::yield_now;
use tokio::time::sleep;

/// Moves numbers from one list to another. The careful version holds no number across an await.
async fn moving(from: Rc<RefCell<Vec<u32>>>, to: Rc<RefCell<Vec<u32>>>, careful: bool) {
    loop {
        if careful {
            sleep(ms(1)).await;
        }
        let Some(number) = from.borrow_mut().pop() else { return };
        if !careful {
            sleep(ms(1)).await;
        }
        to.borrow_mut().push(number);
    }
}

fn judged(careful: bool) -> Result<usize, exam::Fault> {
    let make = || {
        let lists = [Rc::new(RefCell::new(vec![1, 2, 3])), Rc::new(RefCell::new(Vec::new()))];
        let [from, to] = lists.clone();
        (lists, moving(from, to, careful))
    };
    let whole = async |lists: [Rc<RefCell<Vec<u32>>>; 2], at| -> Judgement {
        let left = lists[0].borrow().len() + lists[1].borrow().len();
        if left == 3 { Ok(()) } else { fault(format!("cancelled at await {at}, {left} are left"), "") }
    };
    record(Clock::Virtual, cancel_at_every_await(make, whole)).0
}

#[test]
fn an_item_held_across_an_await_is_lost_at_the_first_cancellation() {
    assert_eq!(judged(false).unwrap_err().what, "cancelled at await 1, 2 are left");
}

#[test]
fn an_item_not_held_across_an_await_is_never_lost() {
    assert_eq!(judged(true), Ok(4));
}

#[test]
fn a_future_with_a_single_await_proves_nothing() {
    let once = || ((), yield_now());
    let (judged, _) = record(Clock::Virtual, cancel_at_every_await(once, async |(), _| Ok(())));
    assert!(judged.unwrap_err().what.contains("had 1 awaits"));
}

/// How many items were received, how many were not yet sent, and the channel with the items in between.
type World = (Rc<Cell<usize>>, Arc<AtomicUsize>, Rc<Mutex<mpsc::UnboundedReceiver<()>>>);

/// Receives three items, one per millisecond. The careful reader uses a channel, which keeps items that were not received.
/// The other reader asks for each item with a oneshot, whose sender forgets what it has sent.
async fn receiving(careful: bool) -> Result<usize, Fault> {
    let make = || {
        let (items, queue) = mpsc::unbounded_channel();
        let (ask, mut asked) = mpsc::unbounded_channel::<oneshot::Sender<()>>();
        let got = Rc::new(Cell::new(0));
        let left = Arc::new(AtomicUsize::new(3));
        let queue = Rc::new(Mutex::new(queue));
        let (sender, world) = (Arc::clone(&left), (Rc::clone(&got), left, Rc::clone(&queue)));
        tokio::spawn(async move {
            while let Some(reply) = asked.recv().await {
                sleep(ms(1)).await;
                if if careful { items.send(()).is_ok() } else { reply.send(()).is_ok() } {
                    sender.fetch_sub(1, Ordering::SeqCst);
                }
            }
        });
        let reads = async move {
            for _ in 0..3 {
                let (reply, answer) = oneshot::channel();
                ask.send(reply).unwrap();
                if careful {
                    queue.lock().await.recv().await.unwrap();
                } else {
                    answer.await.unwrap();
                }
                got.update(|got| got + 1);
            }
        };
        (world, reads)
    };
    let invariant = async |(got, left, queue): World, at| {
        sleep(ms(10)).await;
        match got.get() + left.load(Ordering::SeqCst) + queue.lock().await.len() {
            3 => Ok(()),
            sum => fault(format!("cancelled at await {at}, {sum} of 3 are there"), ""),
        }
    };
    cancel_at_every_await(make, invariant).await
}

#[test]
fn an_item_that_was_sent_but_not_read_is_lost() {
    let (judged, _) = record(Clock::Virtual, receiving(false));
    assert_eq!(judged.unwrap_err().what, "cancelled at await 1, 2 of 3 are there");
}

#[test]
fn an_item_that_stays_in_its_channel_is_not_lost() {
    let (judged, _) = record(Clock::Virtual, receiving(true));
    assert_eq!(judged, Ok(3));
}
