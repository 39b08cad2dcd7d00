//! "With two offers I can stop at a panic": the third offer was still to come.
//!
//! Caught by: passes on that a call panicked, or does without it

use exam::Service;
use tokio::task::JoinSet;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut set = JoinSet::new();
    for s in &insurers {
        set.spawn(s.ask());
    }
    let mut three = Vec::new();
    while three.len() < 3 {
        match set.join_next().await {
            Some(Ok(r)) => three.extend(r),
            Some(Err(_)) if three.len() < 2 => {}
            _ => break,
        }
    }
    three
}
