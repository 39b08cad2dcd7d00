//! "Streams can do that without a queue": the sources are polled only while a worker is free.
//!
//! Caught by: lets the sources go on while there is room in the queue

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::{self, BoxStream};

pub async fn three_to_two(sources: [BoxStream<'static, String>; 3], work: Service) -> Vec<Result<String, Failure>> {
    stream::select_all(sources).map(|item| work.call(&item)).buffer_unordered(2).collect().await
}
