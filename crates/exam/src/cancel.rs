//! Cancellation at every await.

use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use crate::fault::{Fault, Judgement, fault};

/// With fewer awaits than this, nothing is proven.
const FEWEST: usize = 2;

/// With more awaits than this, the future makes no progress.
const MOST: usize = 10_000;

/// Cancels a fresh future at its first await, the next one at its second, and so on until a future runs to its end.
///
/// `make` builds the world that the future works on, and the future.
/// Each future is polled until it has returned `Pending` that many times, and is then dropped.
/// A second one is dropped after its next wake, before it is polled again: it may lose the item that woke it.
/// After each drop `invariant` judges the world. It gets the number of the await, from 1. It also judges the run that reached its end.
/// Returns the number of awaits at which a future was cancelled.
///
/// ```
/// use std::cell::Cell;
/// use std::rc::Rc;
/// use exam::{cancel_at_every_await, fault, ms};
/// use tokio::time::sleep;
///
/// # timeline::record(timeline::Clock::Virtual, async {
/// // Takes ten from one account, and gives it to the other too late.
/// let make = || {
///     let accounts = Rc::new([Cell::new(50), Cell::new(50)]);
///     let world = Rc::clone(&accounts);
///     (world, async move {
///         sleep(ms(1)).await;
///         accounts[0].update(|money| money - 10);
///         sleep(ms(1)).await;
///         accounts[1].update(|money| money + 10);
///     })
/// };
/// let judged = cancel_at_every_await(make, async |accounts, at| match accounts.iter().map(Cell::get).sum() {
///     100 => Ok(()),
///     sum => fault(format!("Cancelled at await {at}, {sum} is left of 100."), "There is an await between the two updates."),
/// });
/// assert_eq!(judged.await.unwrap_err().what, "Cancelled at await 2, 90 is left of 100.");
/// # });
/// ```
///
/// # Errors
///
/// The first fault that `invariant` finds, or a fault if there are fewer than two awaits at which to cancel.
pub async fn cancel_at_every_await<World, F: Future>(
    mut make: impl FnMut() -> (World, F),
    mut invariant: impl AsyncFnMut(World, usize) -> Judgement,
) -> Result<usize, Fault> {
    for at in 1..=MOST {
        let mut ended = false;
        for until_woken in [false, true] {
            let (world, future) = make();
            ended = cancelled_at(at, until_woken, future).await;
            invariant(world, at).await?;
            if ended {
                break;
            }
        }
        match at - 1 {
            cancelled if ended && cancelled >= FEWEST => return Ok(cancelled),
            cancelled if ended => {
                return fault(
                    format!(
                        "Your answer had {cancelled} awaits at which it could be cancelled, where at least {FEWEST} are needed."
                    ),
                    "You can cancel a future only at an await that is not ready. Other tasks also run only there.",
                );
            }
            _ => {}
        }
    }
    fault(
        format!("Your answer waited {MOST} times and did not end."),
        "It was polled again and again, and made no progress.",
    )
}

/// Polls a future until it is pending for the `at`th time, then drops it, or with `until_woken` only after its next wake.
/// Returns whether the future ended before that.
async fn cancelled_at(at: usize, until_woken: bool, future: impl Future) -> bool {
    struct Wakes {
        woken: AtomicBool,
        outer: Waker,
    }

    impl Wake for Wakes {
        fn wake(self: Arc<Self>) {
            self.woken.store(true, Ordering::SeqCst);
            self.outer.wake_by_ref();
        }
    }

    let mut future = Box::pin(future);
    let mut awaits = 0;
    let mut wakes = None;
    poll_fn(|context| {
        if awaits < at {
            // New for each poll, because only a wake after the last poll is one that no poll has answered.
            let new = Arc::new(Wakes { woken: AtomicBool::new(false), outer: context.waker().clone() });
            wakes = Some(Arc::clone(&new));
            if future.as_mut().poll(&mut Context::from_waker(&Waker::from(new))).is_ready() {
                return Poll::Ready(true);
            }
            awaits += 1;
        }
        let woken = wakes.as_ref().is_some_and(|wakes| wakes.woken.load(Ordering::SeqCst));
        if awaits == at && (woken || !until_woken) { Poll::Ready(false) } else { Poll::Pending }
    })
    .await
}
