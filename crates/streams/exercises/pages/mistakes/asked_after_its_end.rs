//! "No reader polls after `None`": an `unfold` that is polled after its end panics.
//!
//! Caught by: stays at its end

use std::collections::VecDeque;

use exam::Failure;
use futures::StreamExt;
use futures::stream::{self, BoxStream};

use super::given::Catalogue;

pub fn items(catalogue: Catalogue) -> BoxStream<'static, Result<String, Failure>> {
    let start = (Some(1), VecDeque::new(), catalogue);
    stream::unfold(start, async |(mut next, mut left, catalogue)| {
        if left.is_empty() {
            let number = next?;
            match catalogue.page(number).await {
                Ok(page) => left.extend(page),
                Err(failure) => return Some((Err(failure), (None, left, catalogue))),
            }
            next = Some(number + 1);
        }
        let item = left.pop_front()?;
        Some((Ok(item), (next, left, catalogue)))
    })
    .boxed()
}
