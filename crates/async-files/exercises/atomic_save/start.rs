//! A file that is saved whole or not at all: README.md beside this file says what is wanted.

use super::given::{Disk, Failed};

/// Saves the text in the file of this name, wholly or not at all.
///
/// `disk.create(&name)`, `disk.rename(&from, &to)`, `disk.remove(&name)` and `disk.sync_folder()` make futures of a `Result`, as do
/// `file.write(&text)`, `file.flush()` and `file.sync()`. `disk.unique_number()` is a number that nobody else gets.
pub async fn save(disk: Disk, name: String, text: String) -> Result<(), Failed> {
    todo!()
}
