//! "Streams can do that without a queue": the sources are polled only while a worker is free.
//!
//! Caught by: makes a source wait when the queue is full, and not earlier

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::{self, BoxStream};

pub async fn three_to_two(sources: [BoxStream<'static, String>; 3], work: Service) -> Vec<Result<String, Failure>> {
    stream::select_all(sources).map(|item| work.call(&item)).buffer_unordered(2).collect().await
}
