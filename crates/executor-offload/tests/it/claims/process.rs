//! Child processes: their answers, their crashes, their ends.

use std::io::{PipeReader, PipeWriter, Read, Write, pipe};
use std::pin::Pin;
use std::process::Stdio;

use executor_offload::child::CHILD_FLAG;
use executor_offload::{ChildError, in_child, naive};
use timeline::{Clock, record};
use tokio::process::Command;

/// This topic's program, started as a child with these arguments.
pub(super) fn program<const N: usize>(arguments: [&str; N]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_executor-offload"));
    command.arg(CHILD_FLAG).args(arguments);
    command
}

#[test]
fn a_child_process_hands_back_what_it_wrote() {
    record(Clock::Real, async {
        let mut command = program(["sum", "4"]);
        assert_eq!(in_child(command.stdin(Stdio::null())).await.unwrap().trim(), "14");
    });
}

#[test]
fn a_child_process_that_crashes_is_an_error_and_not_our_crash() {
    record(Clock::Real, async {
        let Err(ChildError::Failed(status)) = in_child(&mut program(["crash"])).await else { panic!("it crashed") };
        assert!(!status.success());
        #[cfg(unix)]
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(6), "it was ended by SIGABRT");
    });
}

#[test]
fn a_panic_in_rayon_spawn_ends_the_whole_process() {
    record(Clock::Real, async {
        // Its input never ends, so nothing but the panic can end it.
        let (input, _hold) = pipe().unwrap();
        let mut command = program(["panic"]);
        let Err(ChildError::Failed(status)) = in_child(command.stdin(input).stderr(Stdio::null())).await else {
            panic!("it panicked");
        };
        assert!(!status.success());
    });
}

#[test]
fn a_child_process_that_refuses_its_arguments_is_an_error() {
    record(Clock::Real, async {
        let mut command = program(["dance"]);
        let Err(ChildError::Failed(status)) = in_child(command.stderr(Stdio::null())).await else {
            panic!("it failed")
        };
        assert_eq!(status.code(), Some(1));
    });
}

#[test]
fn a_program_that_is_not_there_is_an_error() {
    record(Clock::Real, async {
        assert!(matches!(in_child(&mut Command::new("no-such-program")).await, Err(ChildError::NotRun(_))));
    });
}

#[test]
fn kill_on_drop_is_off_by_default() {
    assert!(!Command::new("anything").get_kill_on_drop());
}

#[test]
fn a_dropped_child_process_is_killed() {
    Echo::start(
        |command| Box::pin(in_child(command)),
        |mut echo| {
            // Nobody answers: all that it held is gone, its ends of the pipes too, so this is the end of the file.
            let _ = echo.input.write_all(b"y");
            assert_eq!(echo.output.read(&mut [0]).unwrap(), 0);
        },
    );
}

#[test]
fn naive_in_child_leaves_the_process_running() {
    Echo::start(
        |command| Box::pin(naive::in_child(command)),
        |mut echo| {
            assert_eq!(echo.answer_to(b'y'), b'y');
            // With the end of its input it ends by itself.
            drop(echo.input);
            assert_eq!(echo.output.read(&mut [0]).unwrap(), 0);
        },
    );
}

#[test]
#[cfg(target_os = "linux")]
fn a_dropped_child_process_is_reaped() {
    use std::time::Duration;
    use tokio::time::{sleep, timeout};

    let id = Echo::start(|command| Box::pin(in_child(command)), |echo| echo.id);
    let process = std::path::PathBuf::from(format!("/proc/{id}"));
    record(Clock::Real, async {
        // A zombie would keep its entry until we end; the runtime reaps it while it is polled.
        let reaped = async {
            while process.exists() {
                sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(Duration::from_secs(30), reaped).await.expect("it is reaped");
    });
}

type Running<'a> = Pin<Box<dyn Future<Output = Result<String, ChildError>> + 'a>>;

/// A child that echoed, and whose future was then dropped.
struct Echo {
    input: PipeWriter,
    output: PipeReader,
    id: u32,
}

impl Echo {
    /// Starts it through `run`, waits until it has answered, drops the future, and goes on with `then`.
    ///
    /// `then` has the runtime still: on Windows its end waits for the output of a child that is left running.
    fn start<T>(run: impl FnOnce(&mut Command) -> Running<'_>, then: impl FnOnce(Self) -> T) -> T {
        let ((input, hold), (output, echoes)) = (pipe().unwrap(), pipe().unwrap());
        let (went_on, _) = record(Clock::Real, async {
            let mut command = program(["echo"]);
            command.stdin(input).stderr(echoes);
            let mut running = run(&mut command);
            assert!(futures::poll!(&mut running).is_pending());
            let mut echo = Self { input: hold, output, id: 0 };
            let mut id = String::new();
            while !id.ends_with('\n') {
                id.push(char::from(echo.byte()));
            }
            echo.id = id.trim().parse().unwrap();
            assert_eq!(echo.answer_to(b'x'), b'x');
            drop(running);
            // It holds our copy of the child's end of the pipe.
            drop(command);
            then(echo)
        });
        went_on
    }

    fn answer_to(&mut self, question: u8) -> u8 {
        self.input.write_all(&[question]).unwrap();
        self.byte()
    }

    fn byte(&mut self) -> u8 {
        let mut byte = [0];
        self.output.read_exact(&mut byte).unwrap();
        byte[0]
    }
}
