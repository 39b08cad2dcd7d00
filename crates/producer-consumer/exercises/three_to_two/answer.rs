//! Three producers, two consumers, and a queue between them. README.md beside this file describes the task.

use exam::{Failure, Service};
use futures::stream::BoxStream;

/// Passes the items of the sources through a queue with two places to two consumers. Returns the results of all items, in any order.
///
/// `source.next().await` returns an item, or `None` at the end. `work.call(&item)` makes a future of the item's result.
pub async fn three_to_two(sources: [BoxStream<'static, String>; 3], work: Service) -> Vec<Result<String, Failure>> {
    todo!()
}
