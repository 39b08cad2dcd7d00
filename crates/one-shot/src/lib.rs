//! A result that comes later: the counterpart of `asyncio.Future`, and an actor that uses it to answer questions.
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

/// A question for the task that owns the state, with the sender for the answer.
///
/// A task that owns state and answers questions is called an actor. Its inbox is a channel of these:
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
    /// The question.
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
    /// `Ok` does not mean that the caller has read the answer: the caller can still leave before that.
    ///
    /// # Errors
    ///
    /// The answer, if the caller has left.
    pub fn answer(self, answer: A) -> Result<(), A> {
        self.reply.send(answer)
    }

    /// Works until there is a result or the caller leaves.
    /// Returns the result with the sender for the answer, or `None` if the caller has left.
    ///
    /// If the caller leaves, the work is dropped at its await. If both happen at once, the result is `None`.
    ///
    /// Cancel safe: no, because a dropped call drops the work and the sender for the answer. The caller then gets [`Gone`].
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
/// As long as the inbox has room, the actor gets the questions in the order in which the calls are first polled.
/// If the inbox is full, a call waits for a place. It puts its question in when it is polled again, so the order can change.
///
/// Cancel safe: only partly. The actor sees that the caller has left, but it may have changed its state before.
///
/// # Errors
///
/// [`Gone`], if the actor has ended or drops the question. Then no answer will come.
pub async fn ask<Q, A>(desk: &mpsc::Sender<Asked<Q, A>>, question: Q) -> Result<A, Gone> {
    let (reply, answer) = oneshot::channel();
    desk.send(Asked { question, reply }).await.map_err(|_refused| Gone)?;
    answer.await.map_err(|_dropped| Gone)
}

/// Waits for the next question whose caller still waits. Returns `None` when every sender of questions is dropped.
///
/// Cancel safe: yes, because there is no await between taking a question and returning it.
pub async fn next_wanted<Q, A>(inbox: &mut mpsc::Receiver<Asked<Q, A>>) -> Option<Asked<Q, A>> {
    loop {
        let asked = inbox.recv().await?;
        if asked.is_wanted() {
            return Some(asked);
        }
    }
}

/// Calls `look` until it finds something. Between two calls, it waits until `changed` is notified.
///
/// It first makes the `Notified`, then looks, and then waits. So it does not miss a change that happens while it looks.
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

/// No answer will come: the actor has ended, or has dropped the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

impl Display for Gone {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("nobody will answer")
    }
}

impl Error for Gone {}
