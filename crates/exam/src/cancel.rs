//! Cancellation at every await.

use std::future::{Future, poll_fn};
use std::task::Poll;

use crate::fault::{Fault, Judgement, fault};

/// At fewer points than this, nothing was tried that deserves the name.
const FEWEST: usize = 2;

/// At more, the future makes no progress.
const MOST: usize = 10_000;

/// Cancels a fresh future at its first await, the next one at its second, and so on until one runs to its end.
///
/// `make` builds the world that the future works on, and the future.
/// The future is polled until it has returned `Pending` so many times, and dropped there.
/// Then `invariant` judges the world, with the number of the await, from 1; also after the run that came to its end.
/// Returns at how many awaits a future was cancelled.
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
///     sum => fault(format!("Cancelled at await {at}, {sum} is left of 100."), "Between the two updates lies an await."),
/// });
/// assert_eq!(judged.await.unwrap_err().what, "Cancelled at await 2, 90 is left of 100.");
/// # });
/// ```
///
/// # Errors
///
/// The first fault that `invariant` finds, or that there are fewer than two awaits at which to cancel.
pub async fn cancel_at_every_await<World, F: Future>(
    mut make: impl FnMut() -> (World, F),
    mut invariant: impl AsyncFnMut(World, usize) -> Judgement,
) -> Result<usize, Fault> {
    for at in 1..=MOST {
        let (world, future) = make();
        let mut future = Box::pin(future);
        let mut awaits = 0;
        let ended = poll_fn(|context| match future.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(true),
            Poll::Pending => {
                awaits += 1;
                if awaits == at { Poll::Ready(false) } else { Poll::Pending }
            }
        });
        let ended = ended.await;
        drop(future);
        invariant(world, at).await?;
        match at - 1 {
            cancelled if ended && cancelled >= FEWEST => return Ok(cancelled),
            cancelled if ended => {
                return fault(
                    format!("Your answer ran to its end with {cancelled} awaits at which it could be cancelled."),
                    "It is to wait as it goes: an await is where a future lets others run, and where it can be cancelled.",
                );
            }
            _ => {}
        }
    }
    fault(
        format!("Your answer waited {MOST} times and came to no end."),
        "It is polled again and again, and makes no progress.",
    )
}
