//! "If the second account fails, I restore the first one": it means the account with the smaller number, but the money can go the other way.
//!
//! Caught by: changes nothing when a write is refused

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
    let before = source.balance();
    let rest = before.checked_sub(amount).ok_or(Refused::TooLittle)?;
    let gets = target.balance() + amount;
    // A task of its own holds both locks: if the caller leaves, the writes go on.
    let writes = tokio::spawn(async move {
        source.write(rest).await?;
        if let Err(refused) = target.write(gets).await {
            if from.number() < to.number() {
                source.write(before).await?;
            }
            return Err(refused);
        }
        Ok(())
    });
    writes.await.unwrap_or_else(|error| resume_unwind(error.into_panic()))
}
