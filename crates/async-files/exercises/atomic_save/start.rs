//! Saves a file completely, or not at all. README.md beside this file describes the task.

use super::given::{Disk, Failed};

/// Saves the text in the file of this name, completely or not at all.
///
/// `disk.create(&name)`, `disk.rename(&from, &to)`, `disk.remove(&name)` and `disk.sync_folder()` make futures of a `Result`, as do
/// `file.write(&text)`, `file.flush()` and `file.sync()`. `disk.unique_number()` returns each number only once.
pub async fn save(disk: Disk, name: String, text: String) -> Result<(), Failed> {
    todo!()
}
