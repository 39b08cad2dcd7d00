//! "One lock for the read, one for the write": in between, others write, and their money is overwritten.
//!
//! Caught by: counts every transfer

use super::given::{Account, Refused};

pub async fn transfer(from: Account, to: Account, amount: u64) -> Result<(), Refused> {
    if from.number() == to.number() {
        return Ok(());
    }
    let before = from.lock().await.balance();
    let gets = to.lock().await.balance() + amount;
    let rest = before.checked_sub(amount).ok_or(Refused::TooLittle)?;
    let writes = async move {
        from.lock().await.write(rest).await?;
        if let Err(refused) = to.lock().await.write(gets).await {
            from.lock().await.write(before).await?;
            return Err(refused);
        }
        Ok(())
    };
    tokio::spawn(writes).await.unwrap()
}
