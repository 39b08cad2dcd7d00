//! What the checks of `executor-offload/crash_barrier` play.

use std::collections::BTreeSet;
use std::env;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::PathBuf;
use std::pin::pin;
use std::process;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use exam::{LaneExt, ms};
use executor_offload::ChildError;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;
use tokio::time::{self, sleep, timeout};

use super::{JOB, is_to_be_said, words};
use Scene::{EndsUnseen, GivenUp, HandShake, Job, Patience, Program, Starts};

/// What an answer returned, in words.
pub(super) type Words = Result<String, io::ErrorKind>;

/// A program runs for this many beats of 5 ms before its caller gives up.
const BEATS: u32 = 40;

/// How often a loop checks, every 20 ms, for an event that may not come. On a busy machine that takes longer.
const LOOKS: u32 = 150;

/// How often the program ends unseen: an answer that picks at random is wrong once in so many times.
const ENDS: u32 = 8;

/// What the answer starts, and what happens then.
#[derive(Clone, Copy)]
pub(super) enum Scene {
    /// The program runs this job to its end.
    Job(&'static str),
    /// The program is this one.
    Program(fn() -> PathBuf),
    /// The program asks another task of the runtime for a byte.
    HandShake,
    /// The program asks for a byte in this job, and gets it when nearly an hour has passed on the answer's clock.
    Patience(&'static str),
    /// Again and again, the program writes and ends while the thread of the answer is busy.
    EndsUnseen,
    /// How often the program was started for this job.
    Starts(&'static str),
    /// The caller gives up when the program has run for a while: whether it ended then.
    GivenUp,
}

/// What the program does.
pub(super) fn run(job: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    match job.split_once(' ').unwrap_or((job, "")) {
        ("write", _) => {
            io::stderr().write_all(b"(the old program grumbles)\n")?;
            output.write_all(b"a\r\n\npreview\n")
        }
        ("nothing", _) => io::stderr().write_all(b"(it is an empty file)\n"),
        ("say", _) => write!(output, "{:?}", env::args().skip(1).collect::<Vec<_>>()),
        ("write-much", _) => {
            // Without a pipe, it goes to the terminal, which shows nothing.
            io::stderr().write_all(&vec![0; 100_000])?;
            let line = ["x".repeat(999), "\n".to_owned()].concat();
            output.write_all(line.repeat(70_000).as_bytes())
        }
        ("write-bytes", _) => output.write_all(b"\xef\xbb\xbfM\xfcller\x1b[0m\0.png\n\0"),
        ("write-letters", _) => output.write_all(format!("x{}", "ä".repeat(100_000)).as_bytes()),
        ("environment", _) => write!(output, "{} variables, {}", env::vars_os().count(), env::current_dir()?.display()),
        ("signal", name) => {
            output.write_all(b"half a prev")?;
            output.flush()?;
            becomes(process::Command::new("sh").args(["-c", &format!("kill -s {name} $$")]))
        }
        ("burst", address) => {
            let mut other = TcpStream::connect(address)?;
            other.read_exact(&mut [0])?;
            // Fits into a pipe that nobody reads.
            output.write_all(&vec![b'x'; 40_000])
        }
        ("fail", code) => {
            output.write_all(b"half a prev")?;
            output.flush()?;
            process::exit(code.parse().unwrap_or(3));
        }
        ("crash-late", _) => {
            output.write_all(b"a\npreview\n")?;
            output.flush()?;
            process::abort()
        }
        ("crash", _) => process::abort(),
        // Closes a connection, and goes on with another job.
        ("seen", rest) => {
            let (address, job) = rest.split_once(' ').unwrap_or_default();
            TcpStream::connect(address)?;
            run(job)
        }
        ("close", address) => {
            output.write_all(b"half a prev")?;
            output.flush()?;
            // Goes on without its standard output.
            let job = format!("{JOB}fail-later {address}");
            becomes(process::Command::new(env::current_exe()?).arg(job).stdout(process::Stdio::null()))
        }
        ("fail-later", address) => {
            TcpStream::connect(address)?.read_exact(&mut [0])?;
            process::exit(3);
        }
        ("shake-hands", address) => {
            let mut other = TcpStream::connect(address)?;
            // The connection that it waits for does not come.
            other.set_read_timeout(Some(Duration::from_secs(2)))?;
            let came = other.read_exact(&mut [0]).is_ok();
            output.write_all(if came { b"a hand came" } else { b"no hand came" })
        }
        ("two-pieces", address) => {
            output.write_all(b"the first half, ")?;
            output.flush()?;
            TcpStream::connect(address)?.read_exact(&mut [0])?;
            output.write_all(b"and the second")
        }
        ("stay", address) => {
            let mut other = TcpStream::connect(address)?;
            other.write_all(&[1])?;
            // Until the check closes the connection.
            other.read_to_end(&mut Vec::new())?;
            other.shutdown(Shutdown::Both)
        }
        _ => Err(io::Error::other("no such job")),
    }
}

/// The same process goes on as this program.
#[cfg(unix)]
fn becomes(program: &mut process::Command) -> io::Result<()> {
    use std::os::unix::process::CommandExt;
    Err(program.exec())
}

#[cfg(not(unix))]
fn becomes(program: &mut process::Command) -> io::Result<()> {
    process::exit(program.status()?.code().unwrap_or(3))
}

pub(super) async fn play(scene: Scene, preview: impl AsyncFn(PathBuf, String) -> Result<String, ChildError>) -> Words {
    let kind = |error: io::Error| error.kind();
    let program = env::current_exe().map_err(kind)?;
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(kind)?;
    let address = listener.local_addr().map_err(kind)?;
    let job = async |job: String| {
        let job = if is_to_be_said(&job) { job } else { format!("{JOB}{job}") };
        let mut answer = pin!(preview(program.clone(), job).try_lane("preview"));
        for _ in 0..LOOKS {
            if let Ok(result) = timeout(ms(20), &mut answer).await {
                return Ok(words(&result));
            }
        }
        Ok("nothing: it waits, and the program waits too".to_owned())
    };
    match scene {
        Job(name) => job(name.to_owned()).await,
        Program(path) => Ok(words(&preview(path(), String::new()).await)),
        HandShake => {
            let gives = async move {
                let (mut other, _) = listener.accept().await?;
                other.write_all(&[1]).await?;
                other.read_to_end(&mut Vec::new()).await
            };
            let giving = tokio::spawn(gives.try_lane("another task"));
            let answer = job(format!("shake-hands {address}")).await;
            giving.abort();
            answer
        }
        Patience(name) => {
            // While a blocking call is under way, the clock does not jump to the next timer: it moves only here.
            let (end, held) = mpsc::channel::<()>();
            spawn_blocking(move || held.recv());
            time::pause();
            let gives = tokio::spawn(async move {
                let (mut other, _) = listener.accept().await?;
                for _ in 0..50 {
                    time::advance(Duration::from_mins(1)).await;
                }
                time::resume();
                other.write_all(&[1]).await?;
                other.read_to_end(&mut Vec::new()).await
            });
            let answer = preview(program.clone(), format!("{JOB}{name} {address}")).try_lane("preview").await;
            gives.abort();
            drop(end);
            Ok(words(&answer))
        }
        EndsUnseen => {
            let program = async || {
                let mut other = listener.accept().await?.0.into_std()?;
                other.set_nonblocking(false)?;
                other.set_read_timeout(Some(Duration::from_secs(2)))?;
                other.write_all(&[1])?;
                // Blocks the thread of the answer, until the program has ended.
                other.read_to_end(&mut Vec::new())?;
                thread::sleep(ms(5));
                io::Result::Ok(())
            };
            let mut answers = BTreeSet::new();
            for _ in 0..ENDS {
                let (answer, _) = tokio::join!(job(format!("burst {address}")), program());
                answers.insert(answer?);
            }
            Ok(Vec::from_iter(answers).join(" or "))
        }
        Starts(name) => {
            let _ended = job(format!("seen {address} {name}")).await;
            let mut starts = 0;
            while let Ok(Ok(_)) = timeout(ms(20), listener.accept()).await {
                starts += 1;
            }
            Ok(starts.to_string())
        }
        GivenUp => {
            // A task of its own, so that its wakes do not count for the answer.
            let begun = tokio::spawn(async move {
                let (mut other, _) = listener.accept().await?;
                other.read_exact(&mut [0]).await?;
                for _ in 0..BEATS {
                    sleep(ms(5)).await;
                }
                io::Result::Ok(other)
            });
            let mut other = tokio::select! {
                result = preview(program.clone(), format!("{JOB}stay {address}")).try_lane("preview") => return Ok(words(&result)),
                other = begun => other.map_err(io::Error::from).flatten().map_err(kind)?,
            };
            // A process that has ended has closed its connection in any case. Otherwise the check closes it here.
            let ended = async {
                for _ in 0..LOOKS / 3 {
                    if timeout(ms(20), other.read(&mut [0])).await.is_ok() {
                        return Ok("killed".to_owned());
                    }
                }
                Err(io::ErrorKind::TimedOut)
            };
            ended.try_lane("until the program ends").await
        }
    }
}
