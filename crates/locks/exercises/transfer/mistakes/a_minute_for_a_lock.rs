//! "A lock that is not free after a minute never will be": here a write takes longer.
//!
//! Caught by: sets no time limit

use std::panic::resume_unwind;
use std::time::Duration;

use tokio::time::timeout;

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
        target = timeout(Duration::from_secs(60), to.lock()).await.map_err(|_| Refused::TooLittle)?;
        source = from.lock().await;
    }
    let (before, gets) = (source.balance(), target.balance() + amount);
    let rest = before.checked_sub(amount).ok_or(Refused::TooLittle)?;
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
