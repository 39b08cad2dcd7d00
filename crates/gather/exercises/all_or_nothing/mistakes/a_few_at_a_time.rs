//! "`try_buffered` runs a stream of futures": it has a limit of ten, and the task asks for none.
//!
//! Caught by: does the same with a thousand services

use exam::{Failure, Service};
use futures::stream::{self, StreamExt, TryStreamExt};

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let calls =
        stream::iter(services.iter().enumerate().map(async |(number, service)| Ok((number, service.ask().await?))));
    let mut answers: Vec<(usize, String)> = calls.buffer_unordered(10).try_collect().await?;
    answers.sort_unstable();
    Ok(answers.into_iter().map(|(_, answer)| answer).collect())
}
