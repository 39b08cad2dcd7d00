//! "Forty at once is all": the next one is asked when one of them has answered, and its failure is known late.
//!
//! Caught by: does the same with a hundred services

use exam::{Failure, Service};
use futures::stream::{self, StreamExt, TryStreamExt};

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let calls: Vec<_> =
        services.iter().enumerate().map(async |(number, service)| Ok((number, service.ask().await?))).collect();
    let mut answers: Vec<(usize, String)> = stream::iter(calls).buffer_unordered(40).try_collect().await?;
    answers.sort();
    Ok(answers.into_iter().map(|(_, answer)| answer).collect())
}
