//! "With one lock at a time there is no deadlock": between the two locks the money is in no account, and an auditor adds up.
//!
//! Caught by: shows every auditor all of the money

use super::given::{Account, Refused};

pub async fn transfer(from: Account, to: Account, amount: u64) -> Result<(), Refused> {
    if from.number() == to.number() {
        return Ok(());
    }
    let writes = async move {
        let mut source = from.lock().await;
        let rest = source.balance().checked_sub(amount).ok_or(Refused::TooLittle)?;
        source.write(rest).await?;
        drop(source);
        let mut target = to.lock().await;
        let gets = target.balance() + amount;
        let written = target.write(gets).await;
        drop(target);
        if let Err(refused) = written {
            let mut source = from.lock().await;
            let back = source.balance() + amount;
            source.write(back).await?;
            return Err(refused);
        }
        Ok(())
    };
    tokio::spawn(writes).await.unwrap()
}
