//! Saves a file completely or not at all.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Write};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::task::spawn_blocking;

/// [`Temporary::create`] gives up after this many names that already exist.
const NAMES: usize = 1_000;

/// Replaces a file, or creates it. Afterwards it holds either all of these bytes, or what it held before.
///
/// That is also true after an error, a crash of the program, or a loss of power:
///
/// 1. The bytes go to a temporary file with a unique name in the same folder, and are synced.
/// 2. A rename replaces the old file with the temporary one, in one step.
/// 3. The folder is synced, so that the rename also survives a loss of power. (Only on Unix. Windows cannot sync a folder.)
///
/// The file keeps its permissions. Until they are set, only the owner may read the new file.
/// A symbolic link is replaced, not followed.
/// The program must be allowed to create files in the folder.
///
/// Cancel safe: yes. All steps are one closure on the pool. Once you have polled the future, the closure runs to completion, whether you wait or not.
///
/// Source: [`rename(2)`](https://man7.org/linux/man-pages/man2/rename.2.html), [`fsync(2)`](https://man7.org/linux/man-pages/man2/fsync.2.html);
/// `os.replace` and `os.fsync` in Python.
///
/// # Errors
///
/// If a step fails. If the last step fails, the file holds the new bytes. In all other cases the file is unchanged.
/// The temporary file is removed in all cases.
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
    let (mut file, mut temporary) = Temporary::create(folder, name)?;
    file.write_all(bytes)?;
    if let Ok(old) = fs::metadata(path) {
        // After the write, because a write would clear some of them.
        file.set_permissions(old.permissions())?;
    }
    // Before the rename: a file system may store the new name before it stores the bytes.
    file.sync_all()?;
    drop(file);
    temporary.rename(path)?;
    sync_folder(folder)
}

/// A file that is removed on drop, unless it was renamed: after that, another writer may already use the name.
struct Temporary {
    path: PathBuf,
    renamed: bool,
}

impl Temporary {
    /// Creates a file in this folder, with a name that no other writer is using.
    fn create(folder: &Path, name: &OsStr) -> io::Result<(File, Self)> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        // Only the owner may read it until it has the permissions of the old file.
        let private = folder.join(name).exists();
        for _ in 0..NAMES {
            let mut unique = OsString::from(".");
            unique.push(name);
            unique.push(format!(".{}-{}.tmp", process::id(), NUMBER.fetch_add(1, Ordering::Relaxed)));
            let path = folder.join(unique);
            match create_new(&path, private) {
                // From a process with the same id that crashed, or that runs in another container.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
                Ok(file) => return Ok((file, Self { path, renamed: false })),
            }
        }
        Err(io::Error::new(io::ErrorKind::AlreadyExists, "no name is free for a temporary file"))
    }

    fn rename(&mut self, target: &Path) -> io::Result<()> {
        fs::rename(&self.path, target)?;
        self.renamed = true;
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.renamed {
            // There is already an error to report.
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(unix)]
fn create_new(path: &Path, private: bool) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options().write(true).create_new(true).mode(if private { 0o600 } else { 0o666 }).open(path)
}

#[cfg(not(unix))]
fn create_new(path: &Path, _private: bool) -> io::Result<File> {
    File::create_new(path)
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

#[cfg(test)]
#[test]
fn after_the_rename_a_file_that_another_writer_makes_under_the_name_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (_file, mut temporary) = Temporary::create(folder.path(), OsStr::new("file")).unwrap();
    temporary.rename(&folder.path().join("file")).unwrap();
    let name = temporary.path.clone();
    fs::write(&name, "of a process with the same id in another container").unwrap();
    drop(temporary);
    assert!(name.exists());
}

#[cfg(all(test, unix))]
#[test]
fn beside_an_old_file_the_temporary_one_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("old"), "").unwrap();
    let modes = ["old", "new"].map(|name| {
        let (file, _temporary) = Temporary::create(folder.path(), OsStr::new(name)).unwrap();
        file.metadata().unwrap().permissions().mode() & 0o777
    });
    assert_eq!(modes[0], 0o600);
    // The same as for any new file.
    assert_eq!(modes[1], fs::metadata(folder.path().join("old")).unwrap().permissions().mode() & 0o777);
}
