//! The whole program of the chapter, as a process that gets signals.

#![allow(clippy::expect_used, reason = "in a test a panic is the report")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

use super::{kill, ms};

const PROGRAM: &str = "src/bin/server.rs";

/// A server that runs.
struct Server {
    process: Child,
    errors: BufReader<ChildStderr>,
    address: SocketAddr,
}

/// What a server left behind.
struct Ended {
    status: ExitStatus,
    /// The lines of the journal, sorted.
    journal: Vec<String>,
    errors: String,
}

impl Server {
    /// Starts the program with a free port, and these milliseconds of notice and grace.
    fn start(notice: u64, grace: u64) -> Self {
        Self::start_with(&["0", &notice.to_string(), &grace.to_string()])
    }

    fn start_with(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
        command.args(arguments);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut errors = BufReader::new(process.stderr.take().unwrap());
        let mut line = String::new();
        errors.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ").unwrap().parse().unwrap();
        Self { process, errors, address }
    }

    fn kill(&self, signal: &str) {
        kill(signal, self.process.id());
    }

    fn client(&self) -> Client {
        Client::connect(self.address).unwrap()
    }

    fn ended(mut self) -> Ended {
        let (mut journal, mut errors) = (String::new(), String::new());
        self.process.stdout.take().unwrap().read_to_string(&mut journal).unwrap();
        self.errors.read_to_string(&mut errors).unwrap();
        let mut journal: Vec<_> = journal.lines().map(str::to_owned).collect();
        journal.sort();
        Ended { status: self.process.wait().unwrap(), journal, errors }
    }
}

impl Ended {
    /// The requests of this kind in the journal.
    fn requests(&self, kind: &str) -> Vec<&str> {
        self.journal.iter().filter_map(|line| line.strip_prefix(kind)).collect()
    }
}

struct Client(BufReader<TcpStream>);

impl Client {
    fn connect(server: SocketAddr) -> Option<Self> {
        TcpStream::connect(server).ok().map(|stream| Self(BufReader::new(stream)))
    }

    fn send(&mut self, request: &str) -> Option<()> {
        self.0.get_mut().write_all(format!("{request}\n").as_bytes()).ok()
    }

    /// The whole line; `None` if the server has closed the connection.
    fn receive(&mut self) -> Option<String> {
        let mut line = String::new();
        self.0.read_line(&mut line).ok()?;
        line.strip_suffix('\n').map(str::to_owned)
    }

    fn ask(&mut self, request: &str) -> Option<String> {
        self.send(request)?;
        self.receive()
    }
}

/// Asks again and again until the server is gone, and returns the requests that were answered.
fn keeps_asking(server: SocketAddr, name: usize, mut dice: SplitMix64) -> Vec<String> {
    let mut answered = Vec::new();
    for number in 0.. {
        // Half of the requests come on a connection of their own.
        let Some(mut client) = Client::connect(server) else { break };
        for part in ["a", "b"] {
            let request = format!("{} {name} {number} {part}", dice.next_u64() % 12);
            let Some(answer) = client.ask(&request) else { break };
            assert_eq!(answer, format!("done {request}"));
            answered.push(request);
        }
    }
    answered
}

#[test]
fn at_twenty_random_moments_every_accepted_request_is_answered() {
    for seed in 0..20 {
        let mut dice = SplitMix64::seed_from_u64(seed);
        let server = Server::start(dice.next_u64() % 20, 60_000);
        let clients: Vec<_> = (0..6)
            .map(|name| {
                let (address, dice) = (server.address, SplitMix64::seed_from_u64(dice.next_u64()));
                thread::spawn(move || keeps_asking(address, name, dice))
            })
            .collect();
        thread::sleep(Duration::from_micros(dice.next_u64() % 60_000));
        server.kill(if dice.next_u64().is_multiple_of(2) { "-TERM" } else { "-INT" });
        let mut answered: Vec<_> = clients.into_iter().flat_map(|client| client.join().unwrap()).collect();
        answered.sort();
        let ended = server.ended();
        assert_eq!((ended.status.code(), ended.errors.as_str()), (Some(0), "0 aborted\n"), "seed {seed}");
        assert_eq!(ended.requests("took "), answered, "accepted and answered, seed {seed}");
        assert_eq!(ended.requests("done "), answered, "in the journal and answered, seed {seed}");
        assert_eq!(ended.requests("mail "), answered, "what goes on after the answer, seed {seed}");
    }
}

/// Nobody sees when a server has read a request. So a test that was too early is repeated.
fn until_it_was_read<T>(test: impl FnMut(u32) -> Option<T>) -> T {
    (0..50).find_map(test).expect("in fifty attempts, the server read no request before the signal")
}

#[test]
fn a_second_signal_ends_the_process_at_once_with_128_and_its_number() {
    for (signal, number) in [("-TERM", 143), ("-INT", 130)] {
        let code = until_it_was_read(|_| {
            let server = Server::start(0, 60_000);
            let (mut idle, mut busy) = (server.client(), server.client());
            assert_eq!(idle.ask("hello").as_deref(), Some("ready"));
            assert_eq!(busy.ask("hello").as_deref(), Some("ready"));
            busy.send("60000").unwrap();
            thread::sleep(ms(20));
            server.kill("-TERM");
            // It drains: the idle client is sent away.
            assert_eq!(idle.receive(), None);
            server.kill(signal);
            let code = server.ended().status.code();
            assert_eq!(busy.receive(), None);
            // 0: there was nothing under way.
            code.filter(|code| *code != 0)
        });
        assert_eq!(code, number);
    }
}

#[test]
fn a_second_signal_loses_what_is_under_way_and_no_line_of_an_answered_request() {
    let ended = until_it_was_read(|_| {
        let server = Server::start(0, 60_000);
        let (mut quick, mut busy) = (server.client(), server.client());
        busy.send("60000 busy").unwrap();
        for number in 0..20 {
            assert_eq!(quick.ask(&format!("0 {number}")), Some(format!("done 0 {number}")));
        }
        server.kill("-INT");
        // It drains: the idle client is sent away.
        assert_eq!(quick.receive(), None);
        server.kill("-INT");
        assert_eq!(busy.receive(), None);
        Some(server.ended()).filter(|ended| ended.status.code() != Some(0))
    });
    assert_eq!(ended.status.code(), Some(130));
    let mut answered: Vec<_> = (0..20).map(|number| format!("0 {number}")).collect();
    answered.sort();
    assert_eq!(ended.requests("done "), answered);
    answered.push("60000 busy".to_owned());
    assert_eq!(ended.requests("took "), answered);
}

#[test]
fn a_request_is_not_answered_if_the_journal_cannot_be_written() {
    let mut server = Server::start(0, 60_000);
    drop(server.process.stdout.take());
    assert_eq!(server.client().ask("0"), None);
    server.process.kill().unwrap();
    server.process.wait().unwrap();
}

#[test]
fn an_idle_client_does_not_hold_up_the_server() {
    let server = Server::start(0, 60_000);
    let mut idle = server.client();
    assert_eq!(idle.ask("hello").as_deref(), Some("ready"));
    server.kill("-TERM");
    assert_eq!(idle.receive(), None);
    assert_eq!(server.ended().status.code(), Some(0));
}

#[test]
fn a_client_that_sends_too_long_a_line_is_sent_away_and_the_others_are_not() {
    let server = Server::start(0, 60_000);
    let (mut good, mut bad, mut endless) = (server.client(), server.client(), server.client());
    assert_eq!(good.ask(&"x".repeat(1_000)).as_deref(), Some("ready"));
    assert_eq!(bad.ask("hello").as_deref(), Some("ready"));
    assert_eq!(bad.ask(&"x".repeat(1_001)), None);
    // Nor does the server wait for the end of a line.
    endless.0.get_mut().write_all("x".repeat(2_000).as_bytes()).unwrap();
    assert_eq!(endless.receive(), None);
    assert_eq!(good.ask("1 more").as_deref(), Some("done 1 more"));
    server.kill("-TERM");
    let ended = server.ended();
    assert_eq!(ended.status.code(), Some(0));
    let longest = ended.journal.iter().map(String::len).max();
    assert_eq!(longest, Some("took ".len() + 1_000));
}

#[test]
fn a_client_too_many_waits_until_another_one_leaves() {
    let server = Server::start_with(&["0", "0", "60000", "2"]);
    let (mut first, mut second, mut third) = (server.client(), server.client(), server.client());
    for client in [&mut first, &mut second] {
        assert_eq!(client.ask("hello").as_deref(), Some("ready"));
    }
    third.send("1 third").unwrap();
    // While two are served, the third gets no answer, however often the others ask.
    for number in 0..100 {
        assert_eq!(first.ask(&format!("0 {number}")), Some(format!("done 0 {number}")));
    }
    third.0.get_ref().set_read_timeout(Some(ms(1))).unwrap();
    assert_eq!(third.receive(), None, "it was served");
    third.0.get_ref().set_read_timeout(None).unwrap();
    drop(first);
    assert_eq!(third.receive().as_deref(), Some("done 1 third"));
    assert_eq!(second.ask("1").as_deref(), Some("done 1"));
    server.kill("-TERM");
    assert_eq!(server.ended().status.code(), Some(0));
}

#[test]
fn a_request_that_takes_longer_than_the_grace_is_aborted_and_the_exit_code_is_1() {
    let ended = until_it_was_read(|_| {
        let server = Server::start(0, 100);
        let (mut quick, mut slow) = (server.client(), server.client());
        slow.send("60000 slow").unwrap();
        assert_eq!(quick.ask("1 quick").as_deref(), Some("done 1 quick"));
        thread::sleep(ms(20));
        server.kill("-TERM");
        assert_eq!(slow.receive(), None);
        Some(server.ended()).filter(|ended| ended.requests("took ").len() == 2)
    });
    assert_eq!((ended.status.code(), ended.errors.as_str()), (Some(1), "1 aborted\n"));
    // The journal is flushed all the same, and has what was done.
    assert_eq!(ended.journal, ["done 1 quick", "mail 1 quick", "took 1 quick", "took 60000 slow"]);
}

#[test]
fn during_the_notice_the_server_says_that_it_leaves_and_answers_new_clients() {
    let tried = [500, 2_000, 8_000].into_iter().find_map(|notice| {
        let server = Server::start(notice, 60_000);
        let mut client = server.client();
        assert_eq!(client.ask("health").as_deref(), Some("ready"));
        server.kill("-TERM");
        while client.ask("health")? == "ready" {}
        let answer = Client::connect(server.address)?.ask("1 new")?;
        let after_the_notice = client.receive();
        let late = Client::connect(server.address).and_then(|mut late| late.ask("1"));
        Some((answer, after_the_notice, late, server.ended().status.code()))
    });
    assert_eq!(
        tried.expect("a notice of eight seconds is long enough"),
        ("done 1 new".to_owned(), None, None, Some(0))
    );
}

#[test]
fn a_process_that_handles_no_signal_is_killed_by_the_first_one() {
    let mut process = Command::new("sleep").arg("60").spawn().unwrap();
    kill("-TERM", process.id());
    assert_eq!(process.wait().unwrap().signal(), Some(15));
}

#[cfg(target_os = "linux")]
#[test]
fn process_number_1_ignores_a_sigterm_that_it_does_not_handle_where_a_pid_namespace_can_be_made() {
    let script = "kill -TERM $$; echo alive";
    let outside = Command::new("sh").args(["-c", script]).output().unwrap();
    assert_eq!((outside.status.signal(), outside.stdout), (Some(15), Vec::new()));
    for namespace in ["-Urpf", "-pf"] {
        let inside = Command::new("unshare").args([namespace, "--kill-child", "sh", "-c", script]).output();
        if let Ok(inside) = inside
            && !String::from_utf8_lossy(&inside.stderr).starts_with("unshare:")
        {
            assert_eq!(String::from_utf8_lossy(&inside.stdout), "alive\n");
            return;
        }
    }
    eprintln!("SKIPPED: this system makes no pid namespace.");
}

#[test]
fn the_program_in_the_chapter_is_the_one_that_is_tested() {
    let [chapter, program] = ["README.md", PROGRAM]
        .map(|file| fs::read_to_string(format!("{}/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap());
    assert!(chapter.contains(&format!("```rust,no_run\n{program}```\n")), "copy {PROGRAM} into README.md");
}

#[test]
fn the_line_of_python_in_the_chapter_talks_to_the_server() {
    if room::run_python("print('here')").is_empty() {
        return;
    }
    let chapter = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let line = chapter.lines().find(|line| line.starts_with("python3 -c ")).unwrap();
    let server = Server::start(0, 60_000);
    let line = line.replace("7878", &server.address.port().to_string()).replace("3000", "3");
    let output = Command::new("sh").args(["-c", &line]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim_end(), "done 3", "{output:?}");
    server.kill("-TERM");
    assert_eq!(server.ended().requests("done "), ["3"]);
}
