//! "A text is lines": the file gets other line ends than the text, and one more at its end.
//!
//! Caught by: keeps forty saves apart, and takes what comes

use super::given::{Disk, Failed};

/// Saves the text in the file of this name, wholly or not at all.
pub async fn save(disk: Disk, name: String, text: String) -> Result<(), Failed> {
    let temporary = format!("{name}.{}.tmp", disk.unique_number());
    if let Err(failed) = replace(&disk, &temporary, &name, &text).await {
        // There is an error to return already; whether this one works as well changes nothing.
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
    // Before the rename: the new name may last before the text.
    file.sync().await?;
    disk.rename(temporary, name).await
}
