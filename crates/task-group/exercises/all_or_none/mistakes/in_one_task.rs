//! "`try_collect` stops them all": it does, but it also drops a second failure that is ready.
//!
//! Caught by: reports every failure

use exam::Failure;
use futures::stream::{FuturesUnordered, TryStreamExt};

use super::given::Step;

pub async fn all_or_none(steps: Vec<Step>) -> Result<Vec<String>, Vec<Failure>> {
    let steps: FuturesUnordered<_> =
        steps.iter().enumerate().map(async |(number, step)| Ok((number, step.run().await?))).collect();
    let mut texts: Vec<_> = steps.try_collect().await.map_err(|failure| vec![failure])?;
    texts.sort_unstable_by_key(|(number, _)| *number);
    Ok(texts.into_iter().map(|(_, text)| text).collect())
}
