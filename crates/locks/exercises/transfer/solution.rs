//! One good answer.

use std::panic::resume_unwind;

use super::given::{Account, Refused};

/// Transfers `amount`, wholly or not at all.
pub async fn transfer(from: Account, to: Account, amount: u64) -> Result<(), Refused> {
    if from.number() == to.number() {
        return Ok(());
    }
    // One order for everybody: nobody waits for a smaller number with a larger one in hand.
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
    // A task of its own, which holds both locks: the caller may leave, and the writes go on.
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
