//! "A task goes on": the first write goes on, but no line starts the second one.
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
    let mut source = tokio::spawn(async move { source.write(rest).await.map(|()| source) }).await.unwrap()?;
    let written = tokio::spawn(async move { target.write(gets).await }).await.unwrap();
    if let Err(refused) = written {
        source.write(before).await?;
        return Err(refused);
    }
    Ok(())
}
