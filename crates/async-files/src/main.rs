//! The story of async-files: `cargo run -p async-files`, and `-- --help` for its flags.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};
use std::time::Duration;
use std::{env, io};

use async_files::{Follow, Lines, atomic_save, copy, naive, write};
use story::{Knob, Scene, Story, Told};
use timeline::LaneExt;
use tinyjson::JsonValue;
use tokio::fs::{self, File};
use tokio::io::BufReader;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tracing::info;

const PIECE: Knob = Knob::new("piece", 4_096, 16..=1_048_576, "bytes of the log that one trip to the pool reads");

const LINES: usize = 150_000;
const LONGEST: usize = 200;
const BEAT: Duration = Duration::from_millis(20);
const WRITES: Duration = Duration::from_millis(90);
const LOOKS: Duration = Duration::from_millis(30);

fn main() -> ExitCode {
    Story::new("async-files", env!("CARGO_MANIFEST_DIR"))
        .about("Two files are read, changed and written; one takes no bytes; a log is read and copied; another file grows.")
        .knobs(&[PIECE])
        .needs_the_real_clock("the threads that read and write files cannot see the virtual clock")
        .naive(
            |_| "the heart stands still while the errors are counted; the full disk is not noticed; half a line is taken for a line.",
            wrong,
        )
        .asyncio(|_| "each trip goes to a thread as well; a plain file keeps the bytes in a buffer of its own until it is flushed.")
        .tell(
            |_| "each poll of `errors` is a trip to the pool and back, and the heart beats on; the full disk is an error.",
            right,
        )
}

async fn right(scene: Scene) -> Told {
    let files = Files::make()?;
    let piece = usize::try_from(scene.get(&PIECE))?;
    let mut heart = heart();
    upper_case(&files.0).try_lane("upper case").await?;
    count_up(&files.0).try_lane("counter").await?;
    errors(&files.0, piece).try_lane("errors").await?;
    if full_disk(&files.0).try_lane("full disk").await.is_err() {
        info!("the full disk is an error");
    }
    copy_log(&files.0).try_lane("copy").await?;
    let (grow, lines) = mpsc::channel(1);
    let follows = follow(&files.0, grow).try_lane("follow");
    tokio::try_join!(follows, grows(&files.0, lines).try_lane("writer"))?;
    heart.shutdown().await;
    Ok(())
}

async fn wrong(_: Scene) -> Told {
    let files = Files::make()?;
    let mut heart = heart();
    let errors = naive::lines_with("ERROR", files.0.join("log")).try_lane("errors").await;
    if errors.is_err() {
        info!("the errors are not counted: the log is not all UTF-8");
    }
    naive_full_disk(&files.0).try_lane("full disk").await?;
    let (grow, lines) = mpsc::channel(1);
    let follows = naive_follow(&files.0, grow).try_lane("follow");
    tokio::try_join!(follows, grows(&files.0, lines).try_lane("writer"))?;
    heart.shutdown().await;
    Ok(())
}

/// Read, change, write: the text of a file in upper case.
async fn upper_case(folder: &Path) -> io::Result<()> {
    let text = fs::read_to_string(folder.join("greeting")).await?;
    atomic_save(folder.join("greeting"), text.to_uppercase()).await?;
    info!("wrote {}", fs::read_to_string(folder.join("greeting")).await?);
    Ok(())
}

/// Read, change, write: a number in JSON.
async fn count_up(folder: &Path) -> Told {
    let mut counter: JsonValue = fs::read_to_string(folder.join("counter.json")).await?.parse()?;
    if let Some(runs) = counter["runs"].get_mut::<f64>() {
        *runs += 1.0;
    }
    atomic_save(folder.join("counter.json"), counter.stringify()?).await?;
    info!("wrote {}", fs::read_to_string(folder.join("counter.json")).await?);
    Ok(())
}

/// Read, choose: the ERROR lines of a log that need not fit into memory.
async fn errors(folder: &Path, piece: usize) -> io::Result<()> {
    let log = File::open(folder.join("log")).await?;
    let mut lines = Lines::new(BufReader::with_capacity(piece, log), LONGEST);
    let (mut count, mut errors, mut cut) = (0, 0, 0);
    while let Some(line) = lines.next().await? {
        count += 1;
        errors += usize::from(line.text.contains("ERROR"));
        cut += usize::from(line.cut);
    }
    info!("{errors} of {count} lines are errors, {cut} was too long");
    Ok(())
}

/// A file that takes no bytes plays the full disk: it is open for reading only.
async fn full_disk(folder: &Path) -> io::Result<()> {
    let mut file = File::open(folder.join("counter.json")).await?;
    write(&mut file, b"lost").await?;
    info!("wrote to the full disk");
    Ok(())
}

async fn naive_full_disk(folder: &Path) -> io::Result<()> {
    let mut file = File::open(folder.join("counter.json")).await?;
    naive::write(&mut file, b"lost").await?;
    info!("wrote to the full disk");
    Ok(())
}

async fn copy_log(folder: &Path) -> io::Result<()> {
    let (mut from, mut to) = tokio::try_join!(File::open(folder.join("log")), File::create(folder.join("log.copy")))?;
    let (length, mut quarters) = (from.metadata().await?.len(), 0);
    copy(&mut from, &mut to, |copied| {
        while quarters < copied * 4 / length {
            quarters += 1;
            info!("{} % are copied", quarters * 25);
        }
    })
    .await?;
    Ok(())
}

/// Writes in halves of lines, each when the other side asks for it.
async fn grows(folder: &Path, mut asked: mpsc::Receiver<()>) -> io::Result<()> {
    let mut file = File::options().append(true).open(folder.join("growing")).await?;
    for half in ["tea ", "is ready\n", "cake ", "is not\n"] {
        if asked.recv().await.is_none() {
            break;
        }
        sleep(WRITES).await;
        info!("writes {half:?}");
        write(&mut file, half.as_bytes()).await?;
    }
    Ok(())
}

async fn follow(folder: &Path, grow: mpsc::Sender<()>) -> io::Result<()> {
    let mut follow = Follow::open(folder.join("growing"), LONGEST, LOOKS).await?;
    for _ in 0..2 {
        for _ in 0..2 {
            // Nobody asks any more only when the writer has failed, and then it says why.
            let _ = grow.send(()).await;
        }
        info!("reads {:?}", follow.next().await?.text);
    }
    Ok(())
}

async fn naive_follow(folder: &Path, grow: mpsc::Sender<()>) -> io::Result<()> {
    let mut file = File::open(folder.join("growing")).await?;
    for _ in 0..4 {
        let _ = grow.send(()).await;
        let line = loop {
            let line = naive::next_line(&mut file).await?;
            if !line.is_empty() {
                break line;
            }
            sleep(LOOKS).await;
        };
        info!("reads {line:?}");
    }
    Ok(())
}

/// Beats for as long as nobody keeps the thread.
fn heart() -> JoinSet<()> {
    let beat = async {
        loop {
            sleep(BEAT).await;
        }
    };
    let mut owner = JoinSet::new();
    owner.spawn(beat.lane("heart"));
    owner
}

/// A folder of files, which is removed at the end.
struct Files(PathBuf);

impl Files {
    fn make() -> io::Result<Self> {
        let files = Self(env::temp_dir().join(format!("async-files-{}", process::id())));
        std::fs::create_dir_all(&files.0)?;
        std::fs::write(files.0.join("greeting"), "hello, disk")?;
        std::fs::write(files.0.join("counter.json"), r#"{"runs":1}"#)?;
        std::fs::write(files.0.join("growing"), "")?;
        let mut log = io::BufWriter::new(std::fs::File::create(files.0.join("log"))?);
        for number in 0..LINES {
            let level = if number % 60_000 == 59_999 { "ERROR" } else { "INFO" };
            writeln!(log, "{number:06} {level} a visitor came, looked at the teapot, and left again")?;
        }
        writeln!(log, "{LINES:06} INFO {}", "very ".repeat(200))?;
        log.write_all(b"150001 ERROR a caf\xe9 that is not UTF-8\n")?;
        log.flush()?;
        Ok(files)
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
