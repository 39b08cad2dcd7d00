//! What reading a file costs, by the size of a trip: `cargo bench -p async-files`. Printed, not asserted.

#![allow(clippy::unwrap_used, reason = "in a measurement, a panic is the report")]

use std::fs::File as StdFile;
use std::hint::black_box;
use std::io::{BufReader as StdBufReader, Read};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt, BufReader};
use tokio::task::spawn_blocking;

/// The file is in the memory of the operating system, so what is measured is the way there.
const LENGTH: usize = 8 << 20;
/// So many bytes are read one by one.
const FEW: usize = 4 << 10;
const TIMES: usize = 5;

fn main() {
    // `cargo test --benches` runs this, too, without the flag, and there it has only to compile.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, vec![b'a'; LENGTH]).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    println!("8 MiB, the median of {TIMES}; a trip of a byte is measured with 4 KiB and multiplied");
    let per_byte = median(|| runtime.block_on(in_pieces(&path, 1, FEW)));
    line("Tokio, a byte a trip", per_byte * u32::try_from(LENGTH / FEW).unwrap());
    line("Tokio, a byte at a time out of a BufReader", median(|| runtime.block_on(bytes_of_a_buf_reader(&path))));
    for piece in [4 << 10, 64 << 10, 2 << 20] {
        let name = format!("Tokio, {} KiB a trip", piece >> 10);
        line(&name, median(|| runtime.block_on(in_pieces(&path, piece, LENGTH))));
    }
    line("Tokio, fs::read", median(|| runtime.block_on(async { drop(black_box(fs::read(&path).await.unwrap())) })));
    let one_trip = || {
        let path = path.clone();
        runtime.block_on(async { spawn_blocking(move || in_std_pieces(&path)).await.unwrap() });
    };
    line("std in one spawn_blocking, 4 KiB at a time", median(one_trip));
    line("std on this thread, 4 KiB at a time", median(|| in_std_pieces(&path)));
    python(&path);
}

fn line(name: &str, time: Duration) {
    println!("{name:45} {:>10.1} ms", time.as_secs_f64() * 1e3);
}

fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<_> = (0..TIMES)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[TIMES / 2]
}

async fn in_pieces(path: &Path, piece: usize, length: usize) {
    let mut file = File::open(path).await.unwrap();
    let mut bytes = vec![0; piece];
    let mut read = 0;
    while read < length {
        read += file.read(&mut bytes).await.unwrap();
    }
}

async fn bytes_of_a_buf_reader(path: &Path) {
    let mut file = BufReader::new(File::open(path).await.unwrap());
    while let Ok(byte) = file.read_u8().await {
        black_box(byte);
    }
}

fn in_std_pieces(path: &Path) {
    let mut file = StdBufReader::with_capacity(4 << 10, StdFile::open(path).unwrap());
    let mut bytes = vec![0; 4 << 10];
    while file.read(&mut bytes).unwrap() > 0 {
        black_box(&bytes);
    }
}

/// The same in Python, with aiofiles where it is installed.
fn python(path: &Path) {
    let script = r#"
import asyncio, statistics, sys, time
PATH, PIECE, TIMES = sys.argv[1], 4096, 5
def line(name, work):
    def once():
        start = time.perf_counter(); asyncio.run(work()); return time.perf_counter() - start
    print(f"{name:45} {statistics.median(once() for _ in range(TIMES)) * 1e3:10.1f} ms")
async def plain():
    with open(PATH, "rb", buffering=0) as file:
        while file.read(PIECE): pass
async def thread():
    with open(PATH, "rb", buffering=0) as file:
        while await asyncio.to_thread(file.read, PIECE): pass
async def aio():
    async with aiofiles.open(PATH, "rb", buffering=0) as file:
        while await file.read(PIECE): pass
line("Python, plain, 4 KiB at a time", plain)
line("Python, to_thread, 4 KiB a trip", thread)
try:
    import aiofiles
    line("Python, aiofiles, 4 KiB a trip", aio)
except ImportError:
    print("Python, aiofiles: not installed")
"#;
    match story::find_python() {
        Ok(python) => _ = Command::new(python).args(["-c", script]).arg(path).status(),
        Err(sentence) => println!("{sentence}"),
    }
}
