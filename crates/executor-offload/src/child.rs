//! What this program does when it is started as the child process of its own story.

use std::io::{self, Read, Write};

use crate::sum_of_squares;

/// The argument that makes this program a child; what it shall do follows it.
pub const CHILD_FLAG: &str = "--child";

/// Does a child's work if these are a child's arguments, and says whether they were.
///
/// `sum N` prints the sum of the squares below `N`, then waits until its standard input ends;
/// `echo` prints its process id to its standard error, then repeats its standard input there; `crash` ends as a bug would end it;
/// `panic` panics in rayon's own `spawn`, then waits until its standard input ends.
///
/// `arguments` are the program's, without its name.
///
/// # Errors
///
/// If its standard input or output fails, or if the work is unknown.
pub fn run(arguments: impl IntoIterator<Item = String>) -> io::Result<bool> {
    let mut arguments = arguments.into_iter();
    if arguments.next().as_deref() != Some(CHILD_FLAG) {
        return Ok(false);
    }
    match (arguments.next().as_deref(), arguments.next().and_then(|below| below.parse().ok())) {
        (Some("sum"), Some(below)) => {
            println!("{}", sum_of_squares(0..below));
            io::stdout().flush()?;
            io::copy(&mut io::stdin().lock(), &mut io::sink())?;
        }
        (Some("echo"), None) => echo()?,
        (Some("crash"), None) => std::process::abort(),
        (Some("panic"), None) => {
            rayon::spawn(|| std::panic::resume_unwind(Box::new("nobody catches this")));
            io::copy(&mut io::stdin().lock(), &mut io::sink())?;
        }
        _ => return Err(io::Error::other(format!("{CHILD_FLAG} needs sum and a number, echo, crash or panic"))),
    }
    Ok(true)
}

/// Byte by byte, so that each is answered before the next is asked for.
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
