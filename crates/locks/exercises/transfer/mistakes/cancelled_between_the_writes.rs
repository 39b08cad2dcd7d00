//! "The guards protect the writes": they protect from other tasks, but not from a caller that gives up in between.
//!
//! Caught by: loses no money when the caller gives up

use super::given::{Account, Refused};

pub async fn transfer(from: Account, to: Account, amount: u64) -> Result<(), Refused> {
    if from.number() == to.number() {
        return Ok(());
    }
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
    source.write(rest).await?;
    if let Err(refused) = target.write(gets).await {
        source.write(before).await?;
        return Err(refused);
    }
    Ok(())
}
