//! "The name must be free before the rename": for a moment there is no file at all.
//!
//! Caught by: keeps the old text until the new one is complete

use super::given::{Disk, Failed};

/// Saves the text in the file of this name, completely or not at all.
pub async fn save(disk: Disk, name: String, text: String) -> Result<(), Failed> {
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
    let _ = disk.remove(name).await;
    disk.rename(temporary, name).await
}
