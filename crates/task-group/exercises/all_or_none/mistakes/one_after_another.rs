//! "If I spawn the steps, they run at the same time": it awaits each step before it spawns the next.
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
