//! "I lock the first argument, then the second": two transfers in opposite directions each hold one lock and wait for the other.
//!
//! Caught by: ends when transfers go both ways at once

use super::given::{Account, Refused};

pub async fn transfer(from: Account, to: Account, amount: u64) -> Result<(), Refused> {
    if from.number() == to.number() {
        return Ok(());
    }
    let mut source = from.lock().await;
    let mut target = to.lock().await;
    let (before, gets) = (source.balance(), target.balance() + amount);
    let rest = before.checked_sub(amount).ok_or(Refused::TooLittle)?;
    let writes = async move {
        source.write(rest).await?;
        if let Err(refused) = target.write(gets).await {
            source.write(before).await?;
            return Err(refused);
        }
        Ok(())
    };
    tokio::spawn(writes).await.unwrap()
}
