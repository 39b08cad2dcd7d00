//! "Without a receiver the tasks stop": they notice when they send, and then the call has already ended.
//!
//! Caught by: leaves nothing running after the third offer

use exam::Service;
use tokio::sync::mpsc;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let (send, mut offers) = mpsc::channel(3);
    for insurer in insurers {
        let send = send.clone();
        tokio::spawn(async move {
            if let Ok(offer) = insurer.ask().await {
                let _ = send.send(offer).await;
            }
        });
    }
    drop(send);
    let mut first = Vec::new();
    while let Some(offer) = offers.recv().await {
        first.push(offer);
        if first.len() == 3 {
            break;
        }
    }
    first
}
