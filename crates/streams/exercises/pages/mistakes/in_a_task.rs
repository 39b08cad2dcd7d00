//! "A task and a channel make a stream": the task does not wait until the reader asks.
//!
//! Caught by: fetches nothing before the reader asks

use exam::Failure;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use super::given::Catalogue;

pub fn items(catalogue: Catalogue) -> BoxStream<'static, Result<String, Failure>> {
    let (sender, receiver) = mpsc::channel(1);
    let task = AbortOnDropHandle::new(tokio::spawn(async move {
        for number in 1.. {
            match catalogue.page(number).await {
                Ok(page) if page.is_empty() => return,
                Ok(page) => {
                    for item in page {
                        let _ = sender.send(Ok(item)).await;
                    }
                }
                Err(failure) => {
                    let _ = sender.send(Err(failure)).await;
                    return;
                }
            }
        }
    }));
    stream::unfold((receiver, task), async |(mut receiver, task)| Some((receiver.recv().await?, (receiver, task))))
        .boxed()
}
