//! Text files: reads them, fingerprints them, and replaces them in one step.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process;

use crate::Told;

/// The text of a file. The line ends of every system become line feeds.
pub fn read(path: &Path) -> Told<String> {
    let text = fs::read_to_string(path).map_err(|error| match error.kind() {
        ErrorKind::InvalidData => format!("{} is not UTF-8 text. Save it as UTF-8 in your editor.", path.display()),
        _ => format!("{} cannot be read: {error}.", path.display()),
    })?;
    Ok(text.replace("\r\n", "\n"))
}

/// A short fingerprint of a text, the same on every system and with every compiler. It is FNV-1a: it finds accidents, not attacks.
pub(crate) fn hash(text: &str) -> String {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, step))
}

/// Writes a file in one step: a reader of the file sees either the old text or the new one.
pub fn replace(file: &Path, text: &(impl AsRef<[u8]> + ?Sized)) -> Told<()> {
    let failed = |error| format!("{} cannot be written: {error}.", file.display());
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder).map_err(failed)?;
    let mut beside = file.as_os_str().to_owned();
    beside.push(format!(".{}.new", process::id()));
    let done = fs::write(&beside, text).and_then(|()| fs::rename(&beside, file));
    if done.is_err() {
        // An error here changes nothing: the write itself has failed.
        let _ = fs::remove_file(&beside);
    }
    done.map_err(failed)
}
