//! "`write` adds the amount": it sets the balance, so the payee has only the amount.
//!
//! Caught by: transfers the money

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
    let rest = source.balance().checked_sub(amount).ok_or(Refused::TooLittle)?;
    let writes = async move {
        source.write(rest).await?;
        target.write(amount).await
    };
    tokio::spawn(writes).await.unwrap()
}
