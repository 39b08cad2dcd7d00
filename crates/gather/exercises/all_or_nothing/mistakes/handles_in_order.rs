//! "All tasks run already, so I can await one handle after the other": the failure waits for its turn.
//!
//! Caught by: returns at the first failure

use exam::{Failure, Service};

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let handles: Vec<_> = services.iter().map(|service| tokio::spawn(service.ask())).collect();
    let mut answers = Vec::new();
    for handle in handles {
        answers.push(handle.await.expect("no service panics")?);
    }
    Ok(answers)
}
