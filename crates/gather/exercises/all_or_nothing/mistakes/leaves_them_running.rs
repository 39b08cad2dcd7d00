//! "When I return, my tasks end": a task that sends into a channel goes on without a receiver.
//!
//! Caught by: leaves nothing running after a failure

use exam::{Failure, Service};
use tokio::sync::mpsc;

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let (send, mut results) = mpsc::channel(services.len());
    for (number, service) in services.iter().enumerate() {
        let (call, send) = (service.ask(), send.clone());
        tokio::spawn(async move {
            let result = call.await;
            let _ = send.send((number, result)).await;
        });
    }
    drop(send);
    let mut answers = vec![String::new(); services.len()];
    while let Some((number, result)) = results.recv().await {
        answers[number] = result?;
    }
    Ok(answers)
}
