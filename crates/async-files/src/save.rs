//! Saves a file whole or not at all.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Write};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::task::spawn_blocking;

/// How many names may be taken already before [`Temporary::create`] gives up.
const NAMES: usize = 1_000;

/// Replaces a file, or makes it: afterwards it holds all of these bytes, or what it held before.
///
/// That holds after an error, a crash of the program and a loss of power as well:
///
/// 1. The bytes go to a temporary file in the same folder, whose name nobody else has, and are synced there.
/// 2. A rename puts the file in place of the old one, in one step.
/// 3. The folder is synced, so that the rename survives a loss of power too. (Only on Unix. Windows cannot sync a folder.)
///
/// The file keeps its permissions. A symbolic link is replaced, and not followed.
/// The program needs to have the right to make files in the folder.
///
/// Cancel safe: yes. All of it is one closure on the pool, which begins or does not begin, and then runs to its end.
///
/// Source: [`rename(2)`](https://man7.org/linux/man-pages/man2/rename.2.html), [`fsync(2)`](https://man7.org/linux/man-pages/man2/fsync.2.html);
/// `os.replace` and `os.fsync` in Python.
///
/// # Errors
///
/// If a step fails. Only after an error of the last one does the new text stand there; in all other cases the file is as it was.
/// The temporary file is removed.
///
/// ```
/// use async_files::atomic_save;
/// use tokio::fs;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("settings.json");
/// atomic_save(&path, r#"{"theme": "dark"}"#).await?;
/// assert_eq!(fs::read_to_string(&path).await?, r#"{"theme": "dark"}"#);
/// # Ok(())
/// # }
/// ```
pub async fn atomic_save(path: impl Into<PathBuf>, bytes: impl Into<Vec<u8>>) -> io::Result<()> {
    let (path, bytes) = (path.into(), bytes.into());
    match spawn_blocking(move || replace(&path, &bytes)).await {
        Ok(saved) => saved,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(_cancelled) => Err(io::Error::other("the runtime has shut down")),
        },
    }
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (mut file, temporary) = Temporary::create(folder, name)?;
    file.write_all(bytes)?;
    if let Ok(old) = fs::metadata(path) {
        file.set_permissions(old.permissions())?;
    }
    // Before the rename: a file system may make the new name last before the bytes.
    file.sync_all()?;
    drop(file);
    temporary.rename(path)?;
    sync_folder(folder)
}

/// A file that is removed when this is dropped. After a rename there is none of this name, and nobody else makes one.
struct Temporary(PathBuf);

impl Temporary {
    /// A new file in this folder. No other writer has its name, in this process or in another one.
    fn create(folder: &Path, name: &OsStr) -> io::Result<(File, Self)> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        for _ in 0..NAMES {
            let mut unique = OsString::from(".");
            unique.push(name);
            unique.push(format!(".{}-{}.tmp", process::id(), NUMBER.fetch_add(1, Ordering::Relaxed)));
            let path = folder.join(unique);
            match File::create_new(&path) {
                // Left behind by a process that crashed and had the same id.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
                Ok(file) => return Ok((file, Self(path))),
            }
        }
        Err(io::Error::new(io::ErrorKind::AlreadyExists, "no name is free for a temporary file"))
    }

    fn rename(self, target: &Path) -> io::Result<()> {
        fs::rename(&self.0, target)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // Nothing is there after a rename; and after an error there is one to report already.
        let _ = fs::remove_file(&self.0);
    }
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
