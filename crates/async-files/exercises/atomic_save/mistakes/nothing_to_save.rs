//! "An empty text needs no save": the caller asked for an empty file.
//!
//! Caught by: keeps a hundred saves apart, and accepts any text and a slow disk

use super::given::{Disk, Failed};

/// Saves the text in the file of this name, completely or not at all.
pub async fn save(disk: Disk, name: String, text: String) -> Result<(), Failed> {
    if text.is_empty() {
        return Ok(());
    }
    let temporary = format!("{name}.{}.tmp", disk.unique_number());
    if let Err(failed) = replace(&disk, &temporary, &name, &text).await {
        // The first error is returned in any case, so the result of this call does not matter.
        let _ = disk.remove(&temporary).await;
        return Err(failed);
    }
    disk.sync_folder().await
}

async fn replace(disk: &Disk, temporary: &str, name: &str, text: &str) -> Result<(), Failed> {
    let mut file = disk.create(temporary).await?;
    file.write(text).await?;
    file.flush().await?;
    // Before the rename, because the new name may survive a loss of power without the text.
    file.sync().await?;
    disk.rename(temporary, name).await
}
