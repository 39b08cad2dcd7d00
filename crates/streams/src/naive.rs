//! The versions that go wrong.

use futures::{Stream, StreamExt, stream};
use tokio::sync::mpsc;

use crate::Page;

/// Goes wrong: it fetches every page before it returns the first one, also the pages that you never ask for.
pub fn pages<C, T, E, F>(first: C, mut fetch: impl FnMut(C) -> F) -> impl Stream<Item = Result<Vec<T>, E>>
where
    F: Future<Output = Result<Page<T, C>, E>>,
{
    let fetch_all = async move {
        let (mut pages, mut cursor) = (Vec::new(), Some(first));
        while let Some(at) = cursor {
            match fetch(at).await {
                Ok(page) => {
                    pages.push(Ok(page.items));
                    cursor = page.next;
                }
                Err(error) => {
                    pages.push(Err(error));
                    break;
                }
            }
        }
        pages
    };
    stream::once(fetch_all).flat_map(stream::iter)
}

/// Goes wrong: the channel is unbounded and nothing owns the task. So the task fetches every page, even if nothing reads them.
/// If the task panics, the stream ends as if the list were complete.
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
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut cursor = Some(first);
        while let Some(at) = cursor {
            let (items, next) = match fetch(at).await {
                Ok(page) => (Ok(page.items), page.next),
                Err(error) => (Err(error), None),
            };
            cursor = next;
            let _nobody_reads = sender.send(items);
        }
    });
    stream::unfold(receiver, async |mut receiver| receiver.recv().await.map(|items| (items, receiver)))
}
