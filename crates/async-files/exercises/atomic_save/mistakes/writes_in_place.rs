//! "The file exists, so I write to it": a reader may find it empty or incomplete.
//!
//! Caught by: keeps the old text until the new one is complete

use super::given::{Disk, Failed};

pub async fn save(disk: Disk, name: String, text: String) -> Result<(), Failed> {
    let mut file = disk.create(&name).await?;
    file.write(&text).await?;
    file.flush().await?;
    file.sync().await?;
    disk.sync_folder().await
}
