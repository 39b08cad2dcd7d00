//! A result that comes later: the counterpart of `asyncio.Future`, and an actor that answers questions with it.
//!
//! ```sh
//! cargo run -p one-shot
//! ```
#![doc = include_str!("../README.md")]

use std::error::Error;
use std::fmt::{self, Debug, Display, Formatter};
use std::pin::pin;

use tokio::select;
use tokio::sync::{Notify, mpsc, oneshot};

pub mod naive;

/// A question for the task that owns the state, and the way to answer it.
///
/// A task that owns a state and answers questions is called an actor. Its inbox is a channel of these:
///
/// ```
/// use one_shot::{Asked, ask, next_wanted};
/// use tokio::sync::mpsc;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let (desk, mut inbox) = mpsc::channel::<Asked<&str, u32>>(8);
/// let counter = tokio::spawn(async move {
///     let mut visits = 0;
///     while let Some(asked) = next_wanted(&mut inbox).await {
///         visits += 1;
///         _ = asked.answer(visits);
///     }
///     visits
/// });
/// assert_eq!(ask(&desk, "Ada").await, Ok(1));
/// assert_eq!(ask(&desk, "Ben").await, Ok(2));
/// drop(desk);
/// assert_eq!(counter.await.unwrap(), 2);
/// # }
/// ```
#[derive(Debug)]
pub struct Asked<Q, A> {
    /// What the caller wants to know.
    pub question: Q,
    reply: oneshot::Sender<A>,
}

impl<Q, A> Asked<Q, A> {
    /// Whether the caller still waits.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        !self.reply.is_closed()
    }

    /// Answers the caller.
    ///
    /// `Ok` is no receipt: the caller can still leave before it reads the answer.
    ///
    /// # Errors
    ///
    /// The answer, if the caller has left.
    pub fn answer(self, answer: A) -> Result<(), A> {
        self.reply.send(answer)
    }

    /// Works until there is a result or the caller leaves. Returns the result and the way to answer, or `None` if the caller has left.
    ///
    /// If the caller leaves, the work is dropped at its await. If both happen at once, the caller has left.
    ///
    /// Cancel safe: no, because a dropped call drops the work and the way to answer. The caller then gets [`Gone`].
    ///
    /// Source: [`oneshot::Sender::closed`](https://docs.rs/tokio/latest/tokio/sync/oneshot/struct.Sender.html#method.closed).
    ///
    /// ```
    /// # use one_shot::{Asked, ask};
    /// # use tokio::sync::mpsc;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let (desk, mut inbox) = mpsc::channel::<Asked<u32, u32>>(1);
    /// let actor = async {
    ///     let asked = inbox.recv().await.unwrap();
    ///     let double = asked.question * 2;
    ///     let (asked, found) = asked.while_wanted(async move { double }).await.unwrap();
    ///     asked.answer(found).unwrap();
    /// };
    /// assert_eq!(tokio::join!(ask(&desk, 21), actor).0, Ok(42));
    /// # }
    /// ```
    pub async fn while_wanted<T>(mut self, work: impl Future<Output = T>) -> Option<(Self, T)> {
        let result = select! {
            biased;
            () = self.reply.closed() => None,
            result = work => Some(result),
        };
        result.map(|result| (self, result))
    }
}

/// Asks the actor behind this channel, and waits for its answer.
///
/// Questions come to the actor in the order in which the calls are first polled, as long as the inbox has room.
/// Calls that wait for a place put their questions in when they are polled again, in whatever order that is.
///
/// Cancel safe: yes in one sense only. The actor sees that the caller has left, but it may have changed its state before.
///
/// # Errors
///
/// [`Gone`], if the actor is gone, or drops the question: nobody will answer.
pub async fn ask<Q, A>(desk: &mpsc::Sender<Asked<Q, A>>, question: Q) -> Result<A, Gone> {
    let (reply, answer) = oneshot::channel();
    desk.send(Asked { question, reply }).await.map_err(|_refused| Gone)?;
    answer.await.map_err(|_dropped| Gone)
}

/// The next question whose caller still waits; `None` when nobody can ask any more.
///
/// Cancel safe: yes, because a question is taken and returned without an await in between.
pub async fn next_wanted<Q, A>(inbox: &mut mpsc::Receiver<Asked<Q, A>>) -> Option<Asked<Q, A>> {
    loop {
        let asked = inbox.recv().await?;
        if asked.is_wanted() {
            return Some(asked);
        }
    }
}

/// Looks until there is something, and sleeps between two looks until `changed` is notified.
///
/// First it makes the `Notified`, then it looks, then it waits. So it does not lose a change that happens while it looks.
/// It also calls [`enable`](tokio::sync::futures::Notified::enable), for [`Notify::notify_one`] with several waiters.
///
/// Cancel safe: yes, with [`Notify::notify_waiters`].
/// With [`Notify::notify_one`] and a `look` that awaits: no, because a call that is dropped while it looks may have used up the notification.
///
/// Source: [`Notify`](https://docs.rs/tokio/latest/tokio/sync/struct.Notify.html).
///
/// ```
/// # use std::cell::Cell;
/// # use tokio::sync::Notify;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let (is_open, changed) = (Cell::new(false), Notify::new());
/// let guest = one_shot::wait_until(&changed, || async { is_open.get().then_some("in") });
/// let porter = async {
///     is_open.set(true);
///     changed.notify_waiters();
/// };
/// assert_eq!(tokio::join!(guest, porter).0, "in");
/// # }
/// ```
pub async fn wait_until<T, F>(changed: &Notify, mut look: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    loop {
        let mut notified = pin!(changed.notified());
        notified.as_mut().enable();
        if let Some(found) = look().await {
            return found;
        }
        notified.await;
    }
}

/// Nobody will answer: the actor is gone, or has dropped the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

impl Display for Gone {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("nobody will answer")
    }
}

impl Error for Gone {}
