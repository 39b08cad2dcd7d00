//! Many files at once.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_files::read_all;
use room::everywhere;
use tempfile::TempDir;

fn folder_of(count: usize) -> (TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<_> = (0..count).map(|number| folder.path().join(number.to_string())).collect();
    for (number, path) in paths.iter().enumerate() {
        std::fs::write(path, number.to_string()).unwrap();
    }
    (folder, paths)
}

#[test]
fn many_files_come_in_the_order_of_their_paths() {
    everywhere(|world| {
        let (_folder, paths) = folder_of(100);
        let texts: Vec<_> = (0..100).map(|number: usize| number.to_string().into_bytes()).collect();
        assert_eq!(world.run(read_all(paths.clone(), 8)).unwrap(), texts);
        assert_eq!(world.run(read_all(paths, 0)).unwrap(), texts);
    });
}

#[test]
fn at_most_so_many_files_are_read_at_once() {
    everywhere(|world| {
        let (_folder, paths) = folder_of(20);
        let asked = AtomicUsize::new(0);
        // Paths are taken as places become free: the first look takes four.
        let paths = paths.into_iter().inspect(|_| _ = asked.fetch_add(1, Ordering::SeqCst));
        let runtime = world.builder().max_blocking_threads(1).build().unwrap();
        runtime.block_on(async {
            let held = super::Held::pool().await;
            let mut reads = Box::pin(read_all(paths, 4));
            assert!(futures::poll!(&mut reads).is_pending());
            assert_eq!(asked.load(Ordering::SeqCst), 4);
            held.release().await;
            assert_eq!(reads.await.unwrap().len(), 20);
        });
    });
}

#[test]
fn an_error_among_many_files_says_its_path() {
    everywhere(|world| {
        let (folder, mut paths) = folder_of(3);
        paths.push(folder.path().join("missing"));
        let error = world.run(read_all(paths, 2)).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
        assert!(error.to_string().contains("missing"), "{error}");
    });
}
