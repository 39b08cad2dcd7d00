//! What the answer of `batching/loader` is given.

use exam::{Failure, Service};
use tokio::sync::oneshot;

/// A request for one record.
#[derive(Debug)]
pub struct Call {
    /// The record that is wanted.
    pub id: u32,
    /// Where the answer goes.
    pub reply: oneshot::Sender<Result<String, Failure>>,
}

/// A row of the store.
#[derive(Clone, Debug)]
pub struct Record {
    /// The number of the record.
    pub id: u32,
    /// What is in it.
    pub text: String,
}

/// Takes 100 ms for a call, however many ids are in it; clones are the same store.
#[derive(Clone, Debug)]
pub struct Store(pub(super) Service);

impl Store {
    /// Fetches the records of these ids. They come sorted by their ids, each once.
    ///
    /// # Errors
    ///
    /// What the store says when it fails.
    pub fn fetch(&self, mut ids: Vec<u32>) -> impl Future<Output = Result<Vec<Record>, Failure>> + Send + use<> {
        ids.sort_unstable();
        let call = self.0.call(&ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "));
        ids.dedup();
        async move {
            call.await?;
            Ok(ids.into_iter().map(|id| Record { id, text: text(id) }).collect())
        }
    }
}

fn text(id: u32) -> String {
    match id {
        0 => String::new(),
        11 => " record 11\n".to_owned(),
        id => format!("record {id}"),
    }
}
