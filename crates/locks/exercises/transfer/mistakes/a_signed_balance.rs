//! "With `i64` I can see whether the balance falls below zero": a very large amount becomes a negative one.
//!
//! Caught by: refuses what the account does not have

use std::panic::resume_unwind;

use super::given::{Account, Refused};

/// Transfers `amount` completely, or not at all.
pub async fn transfer(from: Account, to: Account, amount: u64) -> Result<(), Refused> {
    if from.number() == to.number() {
        return Ok(());
    }
    // All transfers use this order: none holds a larger number while it waits for a smaller one.
    let (mut source, mut target);
    if from.number() < to.number() {
        source = from.lock().await;
        target = to.lock().await;
    } else {
        target = to.lock().await;
        source = from.lock().await;
    }
    let (before, gets) = (source.balance(), target.balance().wrapping_add(amount));
    if (before as i64) - (amount as i64) < 0 {
        return Err(Refused::TooLittle);
    }
    let rest = before - amount;
    // A task of its own holds both locks: if the caller leaves, the writes go on.
    let writes = tokio::spawn(async move {
        source.write(rest).await?;
        if let Err(refused) = target.write(gets).await {
            source.write(before).await?;
            return Err(refused);
        }
        Ok(())
    });
    writes.await.unwrap_or_else(|error| resume_unwind(error.into_panic()))
}
