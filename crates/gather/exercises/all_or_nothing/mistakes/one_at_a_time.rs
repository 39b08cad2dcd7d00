//! "`?` stops at the first error, and that is enough": it makes one call after another.
//!
//! Caught by: asks all services at once

use exam::{Failure, Service};

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let mut answers = Vec::new();
    for service in &services {
        answers.push(service.ask().await?);
    }
    Ok(answers)
}
