//! "There are always two accounts": if both are the same, the second lock waits for the first.
//!
//! Caught by: accepts a transfer from an account to itself

use super::given::{Account, Refused};

pub async fn transfer(from: Account, to: Account, amount: u64) -> Result<(), Refused> {
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
