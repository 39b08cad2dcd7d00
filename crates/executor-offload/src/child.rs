//! What this program does when its own story or a test starts it as a child process.

use std::env;
use std::io::{self, Read, Write};
use std::process::{self, Stdio};
use std::thread;

use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::runtime::{Builder, Runtime};
use tokio::task::yield_now;

use crate::sum_of_squares;

/// The argument that makes this program a child. The name of its work follows.
pub const CHILD_FLAG: &str = "--child";

/// Does a child's work if these are a child's arguments. Returns whether they are.
///
/// - `sum N` prints the sum of the squares below `N`, then waits until its standard input ends.
/// - `crash` ends the process as a bug would.
/// - `panic` panics in rayon's own `spawn`, then waits until its standard input ends.
/// - `echo` prints its process id to its standard error, then repeats its standard input there.
/// - `parent` runs `echo` as its own child, and waits for it.
/// - `orphan` drops its own child together with its runtime, prints the child's process id to its standard error,
///   and waits until its standard input ends.
/// - `stdin`, `stdin-background` and `stdin-thread` return from their `main` while a task, or a thread, reads the standard input;
///   the second one ends its runtime with `shutdown_background`.
///
/// `arguments` are the program's arguments, without its name.
///
/// # Errors
///
/// If the standard input or output fails, if the operating system refuses a process or a runtime, or if the work is unknown.
pub fn run(arguments: impl IntoIterator<Item = String>) -> io::Result<bool> {
    let mut arguments = arguments.into_iter();
    if arguments.next().as_deref() != Some(CHILD_FLAG) {
        return Ok(false);
    }
    match (arguments.next().as_deref(), arguments.next().and_then(|below| below.parse().ok())) {
        (Some("sum"), Some(below)) => {
            println!("{}", sum_of_squares(0..below));
            io::stdout().flush()?;
            until_the_input_ends()?;
        }
        (Some("echo"), None) => echo()?,
        (Some("crash"), None) => std::process::abort(),
        (Some("panic"), None) => {
            rayon::spawn(|| std::panic::resume_unwind(Box::new("nobody catches this")));
            until_the_input_ends()?;
        }
        (Some("parent"), None) => drop(process::Command::new(env::current_exe()?).args([CHILD_FLAG, "echo"]).status()?),
        (Some("orphan"), None) => orphan()?,
        (Some("stdin"), None) => stdin_in_a_task(drop)?,
        (Some("stdin-background"), None) => stdin_in_a_task(Runtime::shutdown_background)?,
        (Some("stdin-thread"), None) => {
            thread::spawn(until_the_input_ends);
            eprintln!("main returns");
        }
        _ => return Err(io::Error::other(format!("{CHILD_FLAG} needs the name of a child's work"))),
    }
    Ok(true)
}

fn until_the_input_ends() -> io::Result<u64> {
    io::copy(&mut io::stdin().lock(), &mut io::sink())
}

fn orphan() -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let id = runtime.block_on(async {
        let mut command = Command::new(env::current_exe()?);
        command.args([CHILD_FLAG, "echo"]).stdin(Stdio::piped()).stderr(Stdio::null());
        Ok::<_, io::Error>(command.kill_on_drop(true).spawn()?.id())
    })?;
    drop(runtime);
    eprintln!("{}", id.unwrap_or_default());
    until_the_input_ends()?;
    Ok(())
}

/// What `#[tokio::main]` does with a `main` that spawns a task and returns.
fn stdin_in_a_task(shut_down: fn(Runtime)) -> io::Result<()> {
    let runtime = Builder::new_current_thread().build()?;
    runtime.block_on(async {
        tokio::spawn(async { tokio::io::stdin().read(&mut [0]).await });
        yield_now().await;
    });
    eprintln!("main returns");
    shut_down(runtime);
    Ok(())
}

/// Repeats its input byte by byte, so that each byte is answered at once.
fn echo() -> io::Result<()> {
    // Standard error is not buffered.
    let (mut input, mut output) = (io::stdin().lock(), io::stderr().lock());
    writeln!(output, "{}", std::process::id())?;
    let mut byte = [0];
    while input.read(&mut byte)? == 1 {
        output.write_all(&byte)?;
    }
    Ok(())
}
