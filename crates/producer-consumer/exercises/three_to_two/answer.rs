//! Three producers, two consumers, and a queue that ends by itself: README.md beside this file says what is wanted.

use exam::{Failure, Service};
use futures::stream::BoxStream;

/// Takes what the sources make through a queue for two items to two consumers, and returns what came of the items, in any order.
///
/// `source.next().await` returns an item, or `None` at the end; `work.call(&item)` makes a future of what comes of it.
pub async fn three_to_two(sources: [BoxStream<'static, String>; 3], work: Service) -> Vec<Result<String, Failure>> {
    todo!()
}
