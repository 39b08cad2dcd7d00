//! "If the first write panics, nothing has changed, so I refuse": a panic is a bug, and the caller must learn of it.
//!
//! Caught by: passes on that a write panicked

use std::panic::{AssertUnwindSafe, resume_unwind};

use futures::FutureExt;

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
        let first = AssertUnwindSafe(source.write(rest)).catch_unwind().await;
        first.unwrap_or(Err(Refused::TooLittle))?;
        if let Err(refused) = target.write(gets).await {
            source.write(before).await?;
            return Err(refused);
        }
        Ok(())
    });
    writes.await.unwrap_or_else(|error| resume_unwind(error.into_panic()))
}
