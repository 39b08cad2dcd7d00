//! "Spawned is at once": each step is awaited before the next one is spawned.
//!
//! Caught by: runs all steps at once

use exam::Failure;

use super::given::Step;

pub async fn all_or_none(steps: Vec<Step>) -> Result<Vec<String>, Vec<Failure>> {
    let mut texts = Vec::new();
    for step in steps {
        texts.push(step.run().await.map_err(|failure| vec![failure])?);
    }
    Ok(texts)
}
