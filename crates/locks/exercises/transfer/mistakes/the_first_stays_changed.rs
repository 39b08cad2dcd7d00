//! "I pass an error on with `?`": if the second write fails, the first one has already happened, and the money is lost.
//!
//! Caught by: changes nothing when a write is refused

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
    let writes = async move {
        source.write(rest).await?;
        target.write(gets).await
    };
    tokio::spawn(writes).await.unwrap()
}
