//! Signals, and what ends only with the runtime.
//!
//! A signal belongs to the whole process. So most of these claims run a part of this test binary again, as a child.

use std::future::pending;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;

use futures::FutureExt;
use graceful_shutdown::{Signal, Signals};
use room::on_the_real_clock;
use tokio::io::{AsyncReadExt, stdin};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;
use tokio::signal::ctrl_c;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::timeout;

use super::{kill, ms};

/// Set in a child: the name of the part that it is to play.
const PART: &str = "GRACEFUL_SHUTDOWN_PART";

/// This test binary as a child that plays a part, and says "ready" when its time has come.
fn child(part: &str) -> (Child, impl Read) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "claims::signals::the_part_of_a_child", "--nocapture"]).env(PART, part);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("ready") {
        line.clear();
        assert!(output.read_line(&mut line).unwrap() > 0, "the child ended before it was ready");
    }
    (child, output)
}

/// Ends a child that nothing else can end.
fn killed(mut child: Child) -> ExitStatus {
    kill("-KILL", child.id());
    child.wait().unwrap()
}

/// Nothing, unless this process is a child.
#[test]
fn the_part_of_a_child() {
    let Ok(part) = std::env::var(PART) else { return };
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    match part.as_str() {
        "hears one ctrl_c" => runtime.block_on(async {
            let mut first = Box::pin(ctrl_c());
            assert!((&mut first).now_or_never().is_none());
            println!("ready");
            first.await.unwrap();
            println!("heard");
            pending::<()>().await;
        }),
        "does not listen" => {
            println!("ready");
            thread::sleep(super::FOR_EVER);
        }
        "many at once" => runtime.block_on(async {
            println!("ready");
            let mut signals = signal(SignalKind::user_defined1()).unwrap();
            for _ in 0..30 {
                // Blocks the only thread, so that the runtime sees most of them at once.
                kill("-USR1", std::process::id());
            }
            let mut heard = 0;
            while timeout(ms(100), signals.recv()).await.is_ok() {
                heard += 1;
            }
            std::process::exit(heard);
        }),
        "stdin" | "stdin with a limit" => {
            runtime.block_on(async {
                let mut input = [0];
                let mut reading = tokio::spawn(async move { stdin().read(&mut input).await });
                tokio::task::yield_now().await;
                assert!((&mut reading).now_or_never().is_none());
                println!("ready");
            });
            match part.as_str() {
                "stdin" => drop(runtime),
                _ => runtime.shutdown_timeout(ms(1)),
            }
            std::process::exit(7);
        }
        other => panic!("no part is called {other}"),
    }
}

#[test]
fn without_a_listener_ctrl_c_ends_the_process() {
    let (mut child, _output) = child("does not listen");
    kill("-INT", child.id());
    assert_eq!(child.wait().unwrap().signal(), Some(2));
}

#[test]
fn after_the_first_ctrl_c_is_received_three_more_have_no_effect() {
    let (mut child, output) = child("hears one ctrl_c");
    kill("-INT", child.id());
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).unwrap();
    assert_eq!(line, "heard\n");
    for _ in 0..3 {
        kill("-INT", child.id());
        thread::sleep(ms(20));
    }
    assert!(child.try_wait().unwrap().is_none(), "it still runs");
    assert_eq!(killed(child).signal(), Some(9));
}

#[test]
fn the_end_of_the_runtime_waits_for_a_read_of_stdin() {
    let waits = || {
        let (mut child, _output) = child("stdin");
        thread::sleep(ms(50));
        let runs = child.try_wait().unwrap().is_none();
        drop(child.stdin.take());
        assert_eq!(child.wait().unwrap().code(), Some(7));
        runs
    };
    // The end may come before the pool's thread has begun to read.
    assert!((0..20).any(|_| waits()), "it always ended while its input was open");
}

#[test]
fn shutdown_timeout_does_not_wait_for_a_read_of_stdin() {
    let (mut child, _output) = child("stdin with a limit");
    let _open = child.stdin.take();
    assert_eq!(child.wait().unwrap().code(), Some(7));
}

#[test]
fn the_listener_hears_sigterm_and_sigint_on_the_real_clock() {
    // One test for all: what these signals do belongs to the whole process.
    on_the_real_clock(|world| {
        world.run(async {
            let mut signals = Signals::listen().unwrap();
            for (name, signal) in [("-TERM", Signal::Terminate), ("-INT", Signal::Interrupt)] {
                kill(name, std::process::id());
                assert_eq!(signals.recv().await, signal);
            }
            // A dropped `recv` loses nothing.
            assert!(signals.recv().now_or_never().is_none());
            kill("-TERM", std::process::id());
            assert_eq!(signals.recv().await, Signal::Terminate);
        });
    });
}

#[test]
fn thirty_signals_that_come_while_the_only_thread_is_busy_are_heard_as_fewer() {
    // In a process of its own, because another runtime of this one could look between the two.
    let (mut child, _output) = child("many at once");
    let heard = child.wait().unwrap().code().unwrap();
    assert!((1..30).contains(&heard), "{heard} were heard");
}

#[test]
fn a_client_that_was_not_accepted_is_reset_when_the_listener_is_dropped_on_the_real_clock() {
    on_the_real_clock(|world| {
        world.run(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            // The kernel has completed the connection, and nobody has accepted it.
            let mut client = TcpStream::connect(address).await.unwrap();
            drop(listener);
            let error = client.read_u8().await.unwrap_err();
            assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
            let refused = TcpStream::connect(address).await.unwrap_err();
            assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
        });
    });
}
