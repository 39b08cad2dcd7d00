//! Streams: values that come over time, one for each call of `next`.
//!
//! The counterpart of Python's async generators and of `async for`.
//!
//! ```sh
//! cargo run -p streams
//! ```
#![doc = include_str!("../README.md")]

use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use async_stream::try_stream;
use futures::Stream;
use futures::stream;
use tokio::sync::mpsc;
use tokio::task::JoinError;
use tokio_util::task::AbortOnDropHandle;

pub mod naive;

/// One page of a long list, with the cursor of the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T, C> {
    /// The items on this page.
    pub items: Vec<T>,
    /// The cursor of the next page. `None` on the last page.
    pub next: Option<C>,
}

/// The pages of a list, starting at the cursor `first`. Each page is fetched when you ask for it, and not before.
///
/// This is the first way to write a stream: a state, and a function from the state to the next item.
/// If you drop the stream, it drops the running fetch, and `fetch` with everything that it holds.
/// After an error, and after the last page, the stream returns `None`.
///
/// Cancel safe: yes. The running fetch stays in the stream, so the next call of `next` continues it.
///
/// Source: [`futures::stream::try_unfold`](https://docs.rs/futures/0.3/futures/stream/fn.try_unfold.html).
///
/// ```
/// # use std::{io, pin::pin};
/// # use futures::TryStreamExt;
/// # use streams::Page;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> io::Result<()> {
/// let fetch = async |cursor| Ok::<_, io::Error>(Page { items: vec![cursor * 10], next: (cursor < 3).then_some(cursor + 1) });
/// let mut pages = pin!(streams::pages(1, fetch));
/// assert_eq!(pages.try_next().await?, Some(vec![10]));
/// # Ok(()) }
/// ```
pub fn pages<C, T, E, F>(first: C, mut fetch: impl FnMut(C) -> F) -> impl Stream<Item = Result<Vec<T>, E>>
where
    F: Future<Output = Result<Page<T, C>, E>>,
{
    stream::try_unfold(Some(first), move |cursor| {
        let page = cursor.map(&mut fetch);
        async move {
            let Some(page) = page else { return Ok(None) };
            let Page { items, next } = page.await?;
            Ok(Some((items, next)))
        }
    })
}

/// Like [`pages`], but a task fetches the next pages while you work with this one.
///
/// This is the second way: a task that sends, and a channel.
/// The call spawns the task, so the task fetches before you ask for a page.
/// It fetches until one page waits in the channel, and one more page waits for a place there.
/// If you drop the stream, it aborts the task, and so the running fetch.
/// (The abort is a request: the task stops at its next await that has to wait.)
///
/// Cancel safe: yes, because a page leaves the channel only when `next` returns it.
///
/// # Panics
///
/// Outside a Tokio runtime. Also in `next`, if `fetch` panicked in the task, or if the task's runtime shut down before the end of the list.
///
/// Source: [`tokio::sync::mpsc::channel`](https://docs.rs/tokio/1/tokio/sync/mpsc/fn.channel.html), [`AbortOnDropHandle`](https://docs.rs/tokio-util/0.7/tokio_util/task/struct.AbortOnDropHandle.html).
///
/// ```
/// # use std::{io, pin::pin};
/// # use futures::TryStreamExt;
/// # use streams::Page;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> io::Result<()> {
/// let fetch = |cursor| async move { Ok::<_, io::Error>(Page { items: vec![cursor * 10], next: (cursor < 3).then_some(cursor + 1) }) };
/// let pages: Vec<_> = streams::pages_ahead(1, fetch).try_collect().await?;
/// assert_eq!(pages, [[10], [20], [30]]);
/// # Ok(()) }
/// ```
pub fn pages_ahead<C, T, E, F>(
    first: C,
    mut fetch: impl FnMut(C) -> F + Send + 'static,
) -> impl Stream<Item = Result<Vec<T>, E>>
where
    C: Send + 'static,
    T: Send + 'static,
    E: Send + 'static,
    F: Future<Output = Result<Page<T, C>, E>> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel(1);
    let fetch_all = async move {
        let mut cursor = Some(first);
        while let Some(at) = cursor {
            let (items, next) = match fetch(at).await {
                Ok(page) => (Ok(page.items), page.next),
                Err(error) => (Err(error), None),
            };
            cursor = next;
            if sender.send(items).await.is_err() {
                break;
            }
        }
    };
    let task = AbortOnDropHandle::new(tokio::spawn(fetch_all));
    stream::unfold(Some((receiver, task)), async |state| {
        let (mut receiver, task) = state?;
        if let Some(items) = receiver.recv().await {
            return Some((items, Some((receiver, task))));
        }
        // The channel also closes if the task did not complete. That is not the end of the list.
        match task.await.map_err(JoinError::try_into_panic) {
            Ok(()) => None,
            Err(Ok(panic)) => resume_unwind(panic),
            Err(Err(error)) => panic!("the task that fetches has ended with its runtime: {error}"),
        }
    })
}

/// Like [`pages`], but written as a loop with `yield`, like an async generator in Python.
///
/// This is the third way: a macro makes the stream.
/// `yield` produces an item. `?` produces the error and ends the stream.
///
/// Cancel safe: yes. The loop is suspended in the stream, so the next call of `next` continues it.
///
/// Source: [`async_stream::try_stream`](https://docs.rs/async-stream/0.3/async_stream/macro.try_stream.html).
///
/// ```
/// # use std::{io, pin::pin};
/// # use futures::TryStreamExt;
/// # use streams::Page;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> io::Result<()> {
/// let fetch = async |cursor| Ok::<_, io::Error>(Page { items: vec![cursor * 10], next: (cursor < 3).then_some(cursor + 1) });
/// let pages: Vec<_> = streams::pages_in_a_loop(1, fetch).try_collect().await?;
/// assert_eq!(pages, [[10], [20], [30]]);
/// # Ok(()) }
/// ```
pub fn pages_in_a_loop<C, T, E, F>(first: C, mut fetch: impl FnMut(C) -> F) -> impl Stream<Item = Result<Vec<T>, E>>
where
    F: Future<Output = Result<Page<T, C>, E>>,
{
    try_stream! {
        let mut cursor = Some(first);
        while let Some(at) = cursor {
            let page = fetch(at).await?;
            yield page.items;
            cursor = page.next;
        }
    }
}

/// Like [`pages`], but with [`poll_next`](Stream::poll_next) written by hand.
///
/// Cancel safe: yes. The running fetch is a field of the stream.
///
/// Source: [`futures::Stream`](https://docs.rs/futures/0.3/futures/stream/trait.Stream.html).
///
/// ```
/// # use std::io;
/// # use futures::TryStreamExt;
/// # use streams::{Page, PagesByHand};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> io::Result<()> {
/// let fetch = async |cursor| Ok::<_, io::Error>(Page { items: vec![cursor * 10], next: (cursor < 3).then_some(cursor + 1) });
/// let mut pages = PagesByHand::new(1, fetch); // no pin: its future is in a box
/// assert_eq!(pages.try_next().await?, Some(vec![10]));
/// # Ok(()) }
/// ```
#[derive(Debug)]
#[must_use = "a stream does nothing unless it is polled"]
pub struct PagesByHand<C, Fetch, F> {
    cursor: Option<C>,
    fetch: Fetch,
    under_way: Option<Pin<Box<F>>>,
}

impl<C, Fetch: FnMut(C) -> F, F> PagesByHand<C, Fetch, F> {
    /// The pages, starting at the cursor `first`.
    pub fn new(first: C, fetch: Fetch) -> Self {
        Self { cursor: Some(first), fetch, under_way: None }
    }
}

impl<C, T, E, Fetch, F> Stream for PagesByHand<C, Fetch, F>
where
    C: Unpin,
    Fetch: FnMut(C) -> F + Unpin,
    F: Future<Output = Result<Page<T, C>, E>>,
{
    type Item = Result<Vec<T>, E>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.under_way.is_none() {
            this.under_way = this.cursor.take().map(|cursor| Box::pin((this.fetch)(cursor)));
        }
        let Some(page) = &mut this.under_way else { return Poll::Ready(None) };
        let page = ready!(page.as_mut().poll(context));
        this.under_way = None;
        Poll::Ready(Some(page.map(|page| {
            this.cursor = page.next;
            page.items
        })))
    }
}
