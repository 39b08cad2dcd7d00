//! "A zero byte is not text": it is part of it.
//!
//! Caught by: keeps a hundred saves apart, and accepts any text and a slow disk

use super::given::{Disk, Failed};

async fn replace(disk: &Disk, temporary: &str, name: &str, text: &str) -> Result<(), Failed> {
    let mut file = disk.create(temporary).await?;
    file.write(text).await?;
    file.flush().await?;
    file.sync().await?;
    disk.rename(temporary, name).await
}

pub async fn save(disk: Disk, name: String, text: String) -> Result<(), Failed> {
    let temporary = format!("{name}.{}.tmp", disk.unique_number());
    if let Err(f) = replace(&disk, &temporary, &name, &text.replace('\0', "")).await {
        let _ = disk.remove(&temporary).await;
        return Err(f);
    }
    disk.sync_folder().await
}
