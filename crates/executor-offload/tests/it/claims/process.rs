//! Child processes: their answers, their crashes, their ends.

use std::error::Error;
use std::io::{BufRead, BufReader, PipeReader, PipeWriter, Read, Write, pipe};
use std::pin::Pin;
use std::process::Stdio;
use std::sync::mpsc;
use std::thread;

use executor_offload::child::CHILD_FLAG;
use executor_offload::{ChildError, in_child, naive};
use room::{World, on_the_real_clock};
use tokio::process::Command;
use tokio::time::timeout;

use super::{LIMIT, WHILE_IT_IS_HELD};

/// This topic's program, started as a child with these arguments.
pub(super) fn program<const N: usize>(arguments: [&str; N]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_executor-offload"));
    command.arg(CHILD_FLAG).args(arguments);
    command
}

#[test]
fn a_child_process_returns_its_output() {
    on_the_real_clock(|world| {
        let sum = world.run(async { in_child(program(["sum", "4"]).stdin(Stdio::null())).await });
        assert_eq!(sum.unwrap().trim(), "14");
    });
}

#[test]
fn a_child_process_that_crashes_is_an_error_and_not_our_crash() {
    on_the_real_clock(|world| {
        let crashed = world.run(async { in_child(&mut program(["crash"])).await });
        let Err(ChildError::Failed(status)) = crashed else { panic!("it crashed") };
        assert!(!status.success());
        #[cfg(unix)]
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(6), "it was ended by SIGABRT");
    });
}

#[test]
fn a_panic_in_rayon_spawn_ends_the_whole_process() {
    on_the_real_clock(|world| {
        // Its input never ends, so nothing but the panic can end it.
        let (input, _hold) = pipe().unwrap();
        let ended = world.run(async { in_child(program(["panic"]).stdin(input).stderr(Stdio::null())).await });
        let Err(ChildError::Failed(status)) = ended else { panic!("it panicked") };
        assert!(!status.success());
        #[cfg(unix)]
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(6), "it was ended by SIGABRT");
    });
}

#[test]
fn a_panic_handler_of_the_pool_keeps_a_panic_in_spawn_from_ending_the_process() {
    let (sends, sent) = mpsc::channel();
    let handler = move |panic: Box<dyn std::any::Any + Send>| sends.send(panic).unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).panic_handler(handler).build().unwrap();
    pool.spawn(|| std::panic::resume_unwind(Box::new("the handler gets this")));
    let panic = sent.recv_timeout(LIMIT).unwrap();
    assert_eq!(panic.downcast_ref(), Some(&"the handler gets this"));
}

#[test]
fn a_child_process_that_refuses_its_arguments_is_an_error() {
    on_the_real_clock(|world| {
        let failed = world.run(async { in_child(program(["dance"]).stderr(Stdio::null())).await });
        let Err(ChildError::Failed(status)) = failed else { panic!("it failed") };
        assert_eq!(status.code(), Some(1));
    });
}

#[test]
fn a_program_that_is_not_there_is_an_error() {
    on_the_real_clock(|world| {
        let not_there = world.run(async { in_child(&mut Command::new("no-such-program")).await });
        assert!(matches!(not_there, Err(ChildError::NotRun(_))));
    });
}

#[test]
fn an_error_of_a_child_process_says_what_happened_and_hides_no_error_of_the_system() {
    on_the_real_clock(|world| {
        let ends = |mut command: Command| world.run(async { in_child(&mut command).await.unwrap_err() });

        let not_there = ends(Command::new("no-such-program"));
        assert_eq!(not_there.to_string(), "the child process could not be run");
        let ChildError::NotRun(error) = &not_there else { panic!("{not_there}") };
        assert_eq!(not_there.source().unwrap().to_string(), error.to_string());

        let crashed = ends(program(["crash"]));
        let ChildError::Failed(status) = &crashed else { panic!("{crashed}") };
        assert_eq!(crashed.to_string(), format!("the child process failed: {status}"));
        assert!(crashed.source().is_none());
    });
}

#[test]
fn kill_on_drop_is_off_by_default() {
    assert!(!Command::new("anything").get_kill_on_drop());
}

#[test]
fn a_dropped_child_process_is_killed() {
    on_the_real_clock(|world| {
        Echo::start(world, "echo", |command| Box::pin(in_child(command)), Echo::assert_is_gone);
    });
}

#[test]
fn naive_in_child_leaves_the_process_running() {
    on_the_real_clock(|world| {
        Echo::start(world, "echo", |command| Box::pin(naive::in_child(command)), Echo::assert_lives_on);
    });
}

#[test]
fn kill_on_drop_leaves_the_children_of_the_child_running() {
    on_the_real_clock(|world| {
        Echo::start(world, "parent", |command| Box::pin(in_child(command)), Echo::assert_lives_on);
    });
}

#[test]
#[cfg(target_os = "linux")]
fn a_dropped_child_process_is_reaped_while_a_runtime_runs() {
    on_the_real_clock(|world| {
        let id = Echo::start(world, "echo", |command| Box::pin(in_child(command)), |echo| echo.id);
        world.run(async {
            // A zombie would keep its entry until we end; the runtime reaps it while it is polled.
            while state_of(id).is_some() {
                tokio::time::sleep(super::PAUSE).await;
            }
        });
    });
}

#[test]
#[cfg(target_os = "linux")]
fn a_child_process_that_is_dropped_at_the_end_of_the_runtime_can_stay_a_zombie() {
    // One that dies before its handle is gone is reaped at once; most die later.
    assert!((0..20).any(|_| stays_a_zombie()));
}

/// Lets a program drop its child with its runtime, and says whether the child is a zombie as long as that program goes on.
#[cfg(target_os = "linux")]
fn stays_a_zombie() -> bool {
    let (input, hold) = pipe().unwrap();
    let (output, mut parent) = start("orphan", input);
    let id = line_of(output).parse().unwrap();
    let state = loop {
        match state_of(id) {
            Some('Z') | None => break state_of(id),
            Some(_) => thread::sleep(super::PAUSE),
        }
    };
    drop(hold);
    assert!(parent.wait().unwrap().success());
    state == Some('Z')
}

/// The state of a process, which is `Z` for a zombie.
#[cfg(target_os = "linux")]
fn state_of(id: u32) -> Option<char> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.chars().next()
}

#[test]
fn a_task_that_reads_tokios_stdin_keeps_the_process_alive_after_main_has_returned() {
    on_the_real_clock(|world| {
        let (input, hold) = pipe().unwrap();
        let (output, mut child) = start("stdin", input);
        assert_eq!(line_of(output), "main returns");
        world.run(async {
            let mut end = tokio::task::spawn_blocking(move || child.wait());
            assert!(timeout(WHILE_IT_IS_HELD, &mut end).await.is_err());
            drop(hold);
            assert!(end.await.unwrap().unwrap().success());
        });
    });
}

#[test]
fn shutdown_background_and_a_thread_of_its_own_let_the_process_end_before_its_stdin_does() {
    for how in ["stdin-background", "stdin-thread"] {
        let (input, _hold) = pipe().unwrap();
        let (output, mut child) = start(how, input);
        assert_eq!(line_of(output), "main returns");
        let (ends, ended) = mpsc::channel();
        thread::spawn(move || ends.send(child.wait()));
        assert!(ended.recv_timeout(LIMIT).expect(how).unwrap().success());
    }
}

/// Starts this topic's program as a child, without Tokio; and what it writes to its standard error.
fn start(work: &str, input: PipeReader) -> (PipeReader, std::process::Child) {
    let (output, writes) = pipe().unwrap();
    let mut command = program([work]).into_std();
    (output, command.stdin(input).stderr(writes).spawn().unwrap())
}

/// What is written there, read by a thread of its own: a test can stop waiting for it.
fn bytes_of(output: PipeReader) -> mpsc::Receiver<u8> {
    let (sends, bytes) = mpsc::channel();
    thread::spawn(move || {
        for byte in BufReader::new(output).bytes() {
            if sends.send(byte.unwrap()).is_err() {
                break;
            }
        }
    });
    bytes
}

fn line_of(output: PipeReader) -> String {
    BufReader::new(output).lines().next().unwrap().unwrap()
}

type Running<'a> = Pin<Box<dyn Future<Output = Result<String, ChildError>> + 'a>>;

/// A process that echoed; the future that waited for our child, the process or its parent, was then dropped.
struct Echo {
    input: PipeWriter,
    output: mpsc::Receiver<u8>,
    id: u32,
}

impl Echo {
    /// Starts it through `run`, waits until it has answered, drops the future, and goes on with `then`.
    ///
    /// `then` has the runtime still: on Windows its end waits for the output of a child that is left running.
    fn start<T>(
        world: World,
        work: &str,
        run: impl Fn(&mut Command) -> Running<'_>,
        then: impl FnOnce(Self) -> T,
    ) -> T {
        let ((input, hold), (output, echoes)) = (pipe().unwrap(), pipe().unwrap());
        world.run(async {
            let mut command = program([work]);
            command.stdin(input).stderr(echoes);
            let mut running = run(&mut command);
            assert!(futures::poll!(&mut running).is_pending());
            let mut echo = Self { input: hold, output: bytes_of(output), id: 0 };
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
        })
    }

    /// Nobody answers: all that it held is gone, its ends of the pipes too, so this is the end of the file.
    fn assert_is_gone(mut self) {
        let _ = self.input.write_all(b"y");
        assert_eq!(self.output.recv_timeout(LIMIT), Err(mpsc::RecvTimeoutError::Disconnected));
    }

    /// It answers, and with the end of its input it ends by itself.
    fn assert_lives_on(mut self) {
        assert_eq!(self.answer_to(b'y'), b'y');
        drop(self.input);
        assert_eq!(self.output.recv_timeout(LIMIT), Err(mpsc::RecvTimeoutError::Disconnected));
    }

    fn answer_to(&mut self, question: u8) -> u8 {
        self.input.write_all(&[question]).unwrap();
        self.byte()
    }

    fn byte(&mut self) -> u8 {
        self.output.recv_timeout(LIMIT).expect("the child writes")
    }
}
