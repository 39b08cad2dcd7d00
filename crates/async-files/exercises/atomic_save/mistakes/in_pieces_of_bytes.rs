//! "A long text is written in pieces of 4 kB": a piece may end in the middle of a character.
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
    let write = async {
        let mut file = disk.create(&temporary).await?;
        for piece in text.as_bytes().chunks(4096) {
            file.write(&String::from_utf8_lossy(piece)).await?;
        }
        file.flush().await?;
        file.sync().await?;
        disk.rename(&temporary, &name).await
    };
    if let Err(f) = write.await {
        let _ = disk.remove(&temporary).await;
        return Err(f);
    }
    disk.sync_folder().await
}
