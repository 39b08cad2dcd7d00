//! "The task has failed, so I put the money back": if the caller leaves before that, the money is lost.
//!
//! Caught by: loses no money when the caller gives up

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
    let (before, gets) = (source.balance(), target.balance() + amount);
    let rest = before.checked_sub(amount).ok_or(Refused::TooLittle)?;
    // A task of its own holds both locks: if the caller leaves, the writes go on.
    let writes = tokio::spawn(async move {
        source.write(rest).await?;
        if let Err(refused) = target.write(gets).await {
            return Ok(Some((source, target, refused)));
        }
        Ok(None)
    });
    match writes.await.unwrap_or_else(|error| resume_unwind(error.into_panic()))? {
        None => Ok(()),
        Some((mut source, _target, refused)) => {
            source.write(before).await?;
            Err(refused)
        }
    }
}
