//! Saving a file whole or not at all.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use async_files::{atomic_save, naive};
use futures::future::join_all;
use futures::poll;
use room::everywhere;
use tokio::task::spawn_blocking;

use super::{Held, file_with, with_a_pool_of_one};

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn a_saved_file_holds_the_new_text_and_nothing_is_left_beside_it() {
    everywhere(|world| {
        let (folder, path) = file_with("a long old text");
        world.run(async {
            atomic_save(&path, "new").await.unwrap();
            atomic_save(folder.path().join("another"), "one").await.unwrap();
        });
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(std::fs::read(folder.path().join("another")).unwrap(), b"one");
        assert_eq!(names(folder.path()).len(), 2);
    });
}

#[test]
fn a_reader_sees_the_old_text_or_the_new_one() {
    everywhere(|world| {
        let texts = [vec![b'a'; 100_000], vec![b'b'; 200_000]];
        let (_folder, path) = file_with(&texts[0]);
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, seen) = (Arc::clone(&stop), path.clone());
        let expected = texts.clone();
        let reader = thread::spawn(move || {
            let mut looks = 0;
            while looks == 0 || !stopped.load(Ordering::SeqCst) {
                // Windows refuses to open a file in the instant of its replacement.
                if let Ok(text) = std::fs::read(&seen) {
                    assert!(expected.contains(&text), "{} bytes", text.len());
                    looks += 1;
                }
            }
        });
        world.run(async {
            for round in 1..=20 {
                atomic_save(&path, texts[round % 2].clone()).await.unwrap();
            }
        });
        stop.store(true, Ordering::SeqCst);
        reader.join().unwrap();
    });
}

#[test]
fn a_reader_of_the_naive_version_may_see_an_empty_file() {
    everywhere(|world| {
        let (_folder, path) = file_with("old");
        with_a_pool_of_one(world, async {
            let before = Held::pool().await;
            let mut save = Box::pin(naive::save(&path, "new"));
            assert!(poll!(&mut save).is_pending());
            // In line: the file is opened, then the pool is held again.
            let mut after = Box::pin(Held::pool());
            assert!(poll!(&mut after).is_pending());
            before.release().await;
            let held = after.await;
            save.await.unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), b"");
            held.release().await;
        });
    });
}

#[test]
fn the_opened_file_of_a_reader_keeps_the_old_text() {
    everywhere(|world| {
        let (_folder, path) = file_with("old");
        let opened = std::fs::File::open(&path).unwrap();
        world.run(async { atomic_save(&path, "new").await.unwrap() });
        assert_eq!(std::io::read_to_string(opened).unwrap(), "old");
    });
}

#[test]
fn writers_of_one_file_do_not_disturb_each_other() {
    everywhere(|world| {
        let (folder, path) = file_with("");
        let texts: Vec<_> = (0..20).map(|number| number.to_string().repeat(10_000)).collect();
        let saved = world.run(async { join_all(texts.iter().map(|text| atomic_save(&path, text.as_str()))).await });
        // Windows may refuse a rename while another one replaces the same file.
        assert!(cfg!(windows) || saved.iter().all(Result::is_ok), "{saved:?}");
        assert!(texts.contains(&std::fs::read_to_string(&path).unwrap()));
        assert_eq!(names(folder.path()).len(), 1);
    });
}

#[test]
fn after_an_error_the_old_file_is_there_and_nothing_else() {
    everywhere(|world| {
        let (folder, path) = file_with("old");
        // Nobody can put a file in the place of a folder with something in it.
        let target = folder.path().join("folder");
        std::fs::create_dir(&target).unwrap();
        std::fs::write(target.join("inside"), "").unwrap();
        world.run(async {
            assert!(atomic_save(&target, "new").await.is_err());
            let error = atomic_save(folder.path().join("missing").join("file"), "new").await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::NotFound);
            assert!(atomic_save(folder.path().join(".."), "new").await.is_err());
        });
        assert_eq!(names(folder.path()).len(), 2, "{:?}", names(folder.path()));
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
    });
}

#[test]
fn a_save_that_has_begun_runs_to_its_end_when_its_caller_gives_up() {
    everywhere(|world| {
        let (folder, path) = file_with("old");
        let runtime = world.builder().max_blocking_threads(1).build().unwrap();
        runtime.block_on(async {
            let held = Held::pool().await;
            let mut save = Box::pin(atomic_save(&path, "new"));
            assert!(poll!(&mut save).is_pending());
            drop(save);
            held.release().await;
            spawn_blocking(|| ()).await.unwrap();
        });
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()).len(), 1);
    });
}

#[test]
fn a_save_that_is_never_polled_changes_nothing() {
    everywhere(|world| {
        let (_folder, path) = file_with("old");
        world.run(async { drop(atomic_save(&path, "new")) });
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
    });
}

#[test]
#[cfg(unix)]
fn a_saved_file_keeps_its_permissions_on_unix() {
    use std::os::unix::fs::PermissionsExt;
    everywhere(|world| {
        let (_folder, path) = file_with("old");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        world.run(async {
            atomic_save(&path, "new").await.unwrap();
            assert_eq!(tokio::fs::metadata(&path).await.unwrap().permissions().mode() & 0o777, 0o600);
        });
    });
}

#[test]
#[cfg(unix)]
fn while_a_private_file_is_saved_nobody_else_may_read_the_new_text_on_unix() {
    use std::os::unix::fs::PermissionsExt;
    everywhere(|world| {
        let (folder, path) = file_with("old");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, path_of_all) = (Arc::clone(&stop), folder.path().to_owned());
        let watcher = thread::spawn(move || {
            while !stopped.load(Ordering::SeqCst) {
                for entry in std::fs::read_dir(&path_of_all).unwrap() {
                    // It may be gone already.
                    let Ok(metadata) = entry.unwrap().metadata() else { continue };
                    assert_eq!(metadata.permissions().mode() & 0o077, 0);
                }
            }
        });
        world.run(async {
            for _ in 0..2 {
                atomic_save(&path, vec![7; 4 << 20]).await.unwrap();
            }
        });
        stop.store(true, Ordering::SeqCst);
        watcher.join().unwrap();
    });
}

#[test]
#[cfg(unix)]
fn a_symbolic_link_is_replaced_on_unix() {
    everywhere(|world| {
        let (folder, path) = file_with("old");
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        world.run(async { atomic_save(&link, "new").await.unwrap() });
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(std::fs::read(&link).unwrap(), b"new");
    });
}
