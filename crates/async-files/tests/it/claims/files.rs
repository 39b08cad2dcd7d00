//! What a `File` of Tokio does, and when.

use std::io::{self, ErrorKind};
use std::path::Path;

use async_files::{naive, write};
use futures::poll;
use room::everywhere;
use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};

use super::{Held, file_with, with_a_pool_of_one};

/// A file that takes no bytes: it is open for reading only.
async fn takes_no_bytes(path: &Path) -> File {
    File::open(path).await.unwrap()
}

#[test]
fn every_read_waits_for_the_pool_even_a_read_of_one_byte() {
    everywhere(|world| {
        let (_folder, path) = file_with("tea");
        with_a_pool_of_one(world, async {
            let mut file = File::open(&path).await.unwrap();
            assert_eq!(file.read_u8().await.unwrap(), b't');
            let held = Held::pool().await;
            let mut read = Box::pin(file.read_u8());
            assert!(poll!(&mut read).is_pending());
            held.release().await;
            assert_eq!(read.await.unwrap(), b'e');
        });
    });
}

#[test]
fn a_buf_reader_reads_what_it_has_without_the_pool() {
    everywhere(|world| {
        let (_folder, path) = file_with("tea");
        with_a_pool_of_one(world, async {
            let mut file = BufReader::new(File::open(&path).await.unwrap());
            assert_eq!(file.read_u8().await.unwrap(), b't');
            let held = Held::pool().await;
            assert_eq!(file.read_u8().await.unwrap(), b'e');
            held.release().await;
        });
    });
}

#[test]
fn the_functions_of_tokio_fs_wait_for_the_pool() {
    everywhere(|world| {
        let (folder, path) = file_with("tea");
        with_a_pool_of_one(world, async {
            let held = Held::pool().await;
            let mut open = Box::pin(File::open(&path));
            let mut read = Box::pin(fs::read(&path));
            let mut metadata = Box::pin(fs::metadata(&path));
            let mut rename = Box::pin(fs::rename(&path, folder.path().join("other")));
            assert!(poll!(&mut open).is_pending());
            assert!(poll!(&mut read).is_pending());
            assert!(poll!(&mut metadata).is_pending());
            assert!(poll!(&mut rename).is_pending());
            held.release().await;
            assert!(open.await.is_ok() && metadata.await.is_ok());
            assert_eq!(read.await.unwrap(), b"tea");
            rename.await.unwrap();
        });
    });
}

#[test]
fn the_first_write_returns_while_the_pool_is_busy_and_the_second_one_waits() {
    everywhere(|world| {
        let (_folder, path) = file_with("");
        with_a_pool_of_one(world, async {
            let mut file = File::create(&path).await.unwrap();
            let held = Held::pool().await;
            file.write_all(b"tea").await.unwrap();
            assert!(poll!(Box::pin(file.write_all(b"cake"))).is_pending());
            held.release().await;
        });
    });
}

#[test]
fn a_file_that_is_dropped_without_flush_loses_the_error() {
    everywhere(|world| {
        let (_folder, path) = file_with("tea");
        world.run(async {
            let mut file = takes_no_bytes(&path).await;
            assert!(file.write_all(b"cake").await.is_ok());
            drop(file);
            let mut file = takes_no_bytes(&path).await;
            assert!(naive::write(&mut file, b"cake").await.is_ok());
        });
        assert_eq!(std::fs::read(&path).unwrap(), b"tea");
    });
}

#[test]
fn a_write_all_of_more_than_2_mib_returns_the_error_of_its_first_part() {
    everywhere(|world| {
        let (_folder, path) = file_with("tea");
        world.run(async {
            assert!(takes_no_bytes(&path).await.write_all(&vec![7; 2 << 20]).await.is_ok());
            assert!(takes_no_bytes(&path).await.write_all(&vec![7; (2 << 20) + 1]).await.is_err());
        });
    });
}

#[test]
fn flush_returns_the_error_of_the_write() {
    everywhere(|world| {
        let (_folder, path) = file_with("tea");
        world.run(async {
            let mut file = takes_no_bytes(&path).await;
            file.write_all(b"cake").await.unwrap();
            assert!(file.flush().await.is_err());
            assert!(write(&mut takes_no_bytes(&path).await, b"cake").await.is_err());
            let mut file = takes_no_bytes(&path).await;
            naive::write(&mut file, b"cake").await.unwrap();
            assert!(file.flush().await.is_err(), "the naive version leaves this to its caller");
        });
    });
}

#[test]
fn the_next_write_returns_the_error_of_the_one_before() {
    everywhere(|world| {
        let (_folder, path) = file_with("tea");
        world.run(async {
            let mut file = takes_no_bytes(&path).await;
            file.write_all(b"cake").await.unwrap();
            assert!(file.write_all(b"").await.is_ok(), "an empty write asks nobody");
            assert!(file.write_all(b"cake").await.is_err());
        });
    });
}

#[test]
#[cfg(unix)]
fn sync_all_does_not_return_the_error_of_the_write_on_unix() {
    everywhere(|world| {
        let (_folder, path) = file_with("tea");
        world.run(async {
            let mut file = takes_no_bytes(&path).await;
            file.write_all(b"cake").await.unwrap();
            assert!(file.sync_all().await.is_ok());
            assert!(file.flush().await.is_err(), "it is kept for the next operation that asks");
        });
    });
}

#[test]
#[cfg(target_os = "linux")]
fn on_a_full_disk_write_all_is_ok_and_flush_fails_on_linux() {
    everywhere(|world| {
        world.run(async {
            let mut full = File::options().write(true).open("/dev/full").await.unwrap();
            assert!(full.write_all(b"tea").await.is_ok());
            assert_eq!(full.flush().await.unwrap_err().kind(), ErrorKind::StorageFull);
            assert!(naive::save("/dev/full", b"tea").await.is_ok());
            assert_eq!(fs::write("/dev/full", b"tea").await.unwrap_err().kind(), ErrorKind::StorageFull);
        });
    });
}

#[test]
fn what_was_written_without_flush_is_not_there_yet_for_the_next_reader() {
    everywhere(|world| {
        let (_folder, path) = file_with("");
        with_a_pool_of_one(world, async {
            let mut file = File::create(&path).await.unwrap();
            let held = Held::pool().await;
            file.write_all(b"tea").await.unwrap();
            drop(file);
            assert_eq!(std::fs::read(&path).unwrap(), b"");
            held.release().await;
            // One thread: it has written before it reads.
            assert_eq!(fs::read(&path).await.unwrap(), b"tea");
        });
    });
}

#[test]
fn after_flush_it_is_there_for_every_reader() {
    everywhere(|world| {
        let (_folder, path) = file_with("");
        world.run(async {
            write(&mut File::create(&path).await.unwrap(), b"tea").await.unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), b"tea");
        });
    });
}

#[test]
fn a_write_all_that_is_cancelled_leaves_a_part() {
    everywhere(|world| {
        let (_folder, path) = file_with("");
        with_a_pool_of_one(world, async {
            let mut file = File::create(&path).await.unwrap();
            let bytes = vec![7; 10 << 20];
            let held = Held::pool().await;
            let mut write = Box::pin(file.write_all(&bytes));
            assert!(poll!(&mut write).is_pending());
            drop(write);
            held.release().await;
            file.flush().await.unwrap();
        });
        assert_eq!(std::fs::metadata(&path).unwrap().len(), 2_097_152);
    });
}

#[test]
fn a_fs_write_that_is_cancelled_in_the_pool_runs_to_its_end() {
    everywhere(|world| {
        let (_folder, path) = file_with("");
        let bytes = vec![7; 10 << 20];
        let runtime = world.builder().max_blocking_threads(1).build().unwrap();
        runtime.block_on(async {
            let mut write = Box::pin(fs::write(&path, &bytes));
            let _begun = poll!(&mut write);
            drop(write);
            // One thread: this comes after the write, if that has begun or is still in line.
            tokio::task::spawn_blocking(|| ()).await.unwrap();
        });
        assert_eq!(std::fs::metadata(&path).unwrap().len(), 10 << 20);
    });
}

#[test]
fn a_runtime_that_ends_writes_what_files_have_accepted() {
    everywhere(|world| {
        let (_folder, path) = file_with("");
        let runtime = world.builder().max_blocking_threads(1).build().unwrap();
        let held = runtime.block_on(async {
            let mut file = File::create(&path).await.unwrap();
            let held = Held::pool().await;
            file.write_all(b"tea").await.unwrap();
            held
        });
        assert_eq!(std::fs::read(&path).unwrap(), b"");
        drop(held.open);
        drop(runtime);
        assert_eq!(std::fs::read(&path).unwrap(), b"tea");
    });
}

#[test]
fn read_to_string_refuses_what_is_not_utf_8() {
    everywhere(|world| {
        let (_folder, path) = file_with(b"caf\xe9\n");
        world.run(async {
            let error: io::Error = fs::read_to_string(&path).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidData);
        });
    });
}
