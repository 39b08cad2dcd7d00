//! "To collect all errors, I need all results": no step stops when another one fails.
//!
//! Caught by: stops the others at the first failure

use exam::Failure;
use futures::future::join_all;

use super::given::Step;

pub async fn all_or_none(steps: Vec<Step>) -> Result<Vec<String>, Vec<Failure>> {
    let (mut texts, mut failures) = (Vec::new(), Vec::new());
    for ended in join_all(steps.iter().map(Step::run)).await {
        match ended {
            Ok(text) => texts.push(text),
            Err(failure) => failures.push(failure),
        }
    }
    if failures.is_empty() { Ok(texts) } else { Err(failures) }
}
