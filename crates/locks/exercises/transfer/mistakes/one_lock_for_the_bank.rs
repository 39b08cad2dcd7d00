//! "One lock for the whole bank cannot deadlock": true, but every transfer waits for every other one.
//!
//! Caught by: does not block other accounts

use tokio::sync::Mutex;

use super::given::{Account, Refused};

static BANK: Mutex<()> = Mutex::const_new(());

pub async fn transfer(from: Account, to: Account, amount: u64) -> Result<(), Refused> {
    if from.number() == to.number() {
        return Ok(());
    }
    let bank = BANK.lock().await;
    let mut source = from.lock().await;
    let mut target = to.lock().await;
    let (before, gets) = (source.balance(), target.balance() + amount);
    let rest = before.checked_sub(amount).ok_or(Refused::TooLittle)?;
    let writes = async move {
        let _bank = bank;
        source.write(rest).await?;
        if let Err(refused) = target.write(gets).await {
            source.write(before).await?;
            return Err(refused);
        }
        Ok(())
    };
    tokio::spawn(writes).await.unwrap()
}
