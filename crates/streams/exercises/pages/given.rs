//! What the answer of `streams/pages` is given.

use exam::{Failure, Service};

/// A list in pages; clones are the same list.
#[derive(Clone, Debug)]
pub struct Catalogue(pub(super) Service);

impl Catalogue {
    /// Fetches a page. The first one has the number 1, and those after the last are empty.
    ///
    /// # Errors
    ///
    /// What the service says when it fails.
    pub fn page(&self, number: u32) -> impl Future<Output = Result<Vec<String>, Failure>> + Send + use<> {
        let call = self.0.call(&number.to_string());
        async move { Ok(call.await?.split_whitespace().map(str::to_owned).collect()) }
    }
}
