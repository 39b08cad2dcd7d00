//! "A text consists of lines": the file gets other line ends than the text, and one more at its end.
//!
//! Caught by: keeps a hundred saves apart, and accepts any text and a slow disk

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
    for line in text.lines() {
        file.write(line).await?;
        file.write("\n").await?;
    }
    file.flush().await?;
    // Before the rename, because the new name may survive a loss of power without the text.
    file.sync().await?;
    disk.rename(temporary, name).await
}
