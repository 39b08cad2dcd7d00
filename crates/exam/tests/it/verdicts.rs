//! What an exam says. Each exam runs in a separate process, because it prints, counts panics, and may be ended by its watchdog.

use std::env;
use std::future::pending;
use std::mem;
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicBool, Ordering};

use cpu_time::ProcessTime;
use exam::{Exam, Failure, Reply, Service, fault, ms, unless_it_panics};
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

type Results = Vec<Result<String, Failure>>;

/// The answers that are tried, by name.
async fn answer(services: Vec<Service>) -> Results {
    match env::var("ANSWER").unwrap_or_default().as_str() {
        "good" => solution(services).await,
        "one after another" => {
            let mut results = Vec::new();
            for service in services {
                results.push(service.ask().await);
            }
            results
        }
        "left alone" => {
            let results = solution(services.clone()).await;
            tokio::spawn(async move { services[0].ask().await });
            tokio::task::yield_now().await;
            results
        }
        "aborted" => {
            let results = solution(services.clone()).await;
            tokio::spawn(async move { services[0].ask().await }).abort();
            results
        }
        "forgets a call" => {
            let mut calls = Box::pin(services[0].ask());
            let _ = timeout(ms(100), &mut calls).await;
            mem::forget(calls);
            solution(services[1..].to_vec()).await
        }
        "looks every millisecond" => {
            let looks = async {
                for _ in 0..250 {
                    sleep(ms(1)).await;
                }
            };
            tokio::join!(solution(services), looks).0
        }
        "a millisecond late" => {
            sleep(ms(1)).await;
            solution(services).await
        }
        "returns late" => {
            let results = solution(services).await;
            sleep(ms(200)).await;
            results
        }
        "is wrong" => {
            let mut results = solution(services).await;
            results.reverse();
            results
        }
        "locked twice" => {
            let lock = Mutex::new(());
            let _first = lock.lock().await;
            let _second = lock.lock().await;
            solution(services).await
        }
        "waits for a sender" => {
            let (send, mut receive) = mpsc::channel::<()>(1);
            let waiting = Service::new("waiting", Reply::never());
            let _ = tokio::join!(waiting.ask(), receive.recv());
            drop(send);
            solution(services).await
        }
        "panics" => panic!("a bug"),
        "panics at length" => panic!("a bug in {:#?}", (0..60).collect::<Vec<_>>()),
        "a task panics" => {
            let _ = tokio::spawn(async { panic!("a bug in a task") }).await;
            Vec::new()
        }
        "unwraps a panic" => {
            tokio::spawn(async { panic!("a bug in a task") }).await.expect("the task ends well");
            Vec::new()
        }
        "todo" => todo!(),
        "asks twice" => {
            let _ = tokio::join!(services[0].ask(), services[1].ask(), services[1].ask());
            Vec::new()
        }
        "hangs" => pending().await,
        "endless loop" => loop {
            std::hint::spin_loop();
        },
        "prints for ever" => loop {
            println!("again");
        },
        "only yields" => loop {
            tokio::task::yield_now().await;
        },
        "blocked thread" => {
            std::thread::sleep(std::time::Duration::from_hours(1));
            Vec::new()
        }
        "more and more" => {
            // Several threads, so that even on a busy machine it gets its memory before its time is over.
            for _ in 0..8 {
                std::thread::spawn(|| -> Results { more_and_more() });
            }
            more_and_more()
        }
        other => answer_in_time(other, services).await,
    }
}

/// The answers that take long, or never end.
async fn answer_in_time(name: &str, services: Vec<Service>) -> Results {
    match name {
        "blocked for a moment" => {
            std::thread::sleep(ms(300));
            solution(services).await
        }
        "works for a second" => {
            // Once, in the first check.
            static DONE: AtomicBool = AtomicBool::new(false);
            let before = ProcessTime::now();
            while !DONE.load(Ordering::Relaxed) && before.elapsed() < ms(1_000) {
                std::hint::spin_loop();
            }
            DONE.store(true, Ordering::Relaxed);
            solution(services).await
        }
        "blocking call in flight" => {
            tokio::task::spawn_blocking(|| std::thread::sleep(std::time::Duration::from_hours(1))).await.unwrap();
            Vec::new()
        }
        "calls for ever" => loop {
            let _ = services[0].ask().await;
            sleep(ms(10_000)).await;
        },
        "never done" => loop {
            sleep(ms(1)).await;
        },
        "waits in the answer" => loop {
            sleep(ms(200)).await;
        },
        "waits in a task" => {
            let task = async {
                loop {
                    sleep(ms(1_000)).await;
                }
            };
            tokio::spawn(task).await.unwrap()
        }
        "sleeps for two hours" => {
            sleep(ms(7_200_000)).await;
            solution(services).await
        }
        other => answer_to_a_panic(other, services).await,
    }
}

fn more_and_more() -> ! {
    let mut all = Vec::new();
    loop {
        all.push(vec![1_u8; 1 << 20]);
    }
}

/// The answers that get a call that panics.
async fn answer_to_a_panic(name: &str, services: Vec<Service>) -> Results {
    match name {
        "calls what panics" => vec![broken().ask().await],
        "skips a panic" => {
            let mut calls: JoinSet<_> = services.iter().map(Service::ask).collect();
            let mut results = Vec::new();
            while let Some(ended) = calls.join_next().await {
                results.extend(ended);
            }
            results.sort();
            results
        }
        "in one task" => {
            let (first, second) = tokio::join!(services[0].ask(), services[1].ask());
            vec![first, second]
        }
        other => panic!("no answer is called {other}"),
    }
}

async fn solution(services: Vec<Service>) -> Results {
    let calls: Vec<_> = services.iter().map(|service| tokio::spawn(service.ask())).collect();
    let mut results = Vec::new();
    for call in calls {
        results.push(call.await.unwrap());
    }
    results
}

fn broken() -> Service {
    Service::new("broken", Reply::panics(ms(100), "divides by zero"))
}

/// The exam that the other tests start in a separate process.
#[test]
#[ignore = "the other tests run it, with an answer to be examined"]
fn an_exam() {
    let services =
        || vec![Service::new("slow", Reply::ok(ms(300), "a")), Service::new("quick", Reply::err(ms(200), "is shut"))];
    let code = Exam::new("topic/exercise", solution, answer)
        .check(
            "is quick",
            async move |call| call(services()).await,
            |mine, possible| mine.as_quick_as(possible, "Ask both, then wait."),
        )
        .if_it_never_ends("It waits for what this exercise knows.")
        .check(
            "leaves nothing",
            async move |call| call(services()).await,
            |mine, possible| {
                mine.leaves_nothing_running("Nobody owns it.")?;
                mine.made_the_calls_of(possible, "Once each.")?;
                mine.sleeps_while_nothing_comes(possible, "The result wakes you when it is ready.")?;
                if mine.output == possible.output { Ok(()) } else { fault("Wrong.", "") }
            },
        )
        .check(
            "hides no panic",
            async move |call| unless_it_panics(call([services(), vec![broken()]].concat().split_off(1))).await,
            |mine, _| mine.hides_no_panic(|results| Some(format!("{} result", results.len()))),
        )
        .verdict();
    std::process::exit(i32::from(code != ExitCode::SUCCESS));
}

/// An exam on the real clock: blocking work, and a handshake instead of times.
#[test]
#[ignore = "another test runs it, with an answer to be examined"]
fn a_real_exam() {
    let inline = env::var("ANSWER").is_ok_and(|answer| answer == "inline");
    let off_the_loop = async |job: Box<dyn FnOnce() -> bool + Send>| tokio::task::spawn_blocking(job).await.unwrap();
    let code = Exam::new("topic/real", off_the_loop, async move |job: Box<dyn FnOnce() -> bool + Send>| {
        if inline { job() } else { tokio::task::spawn_blocking(job).await.unwrap() }
    })
    .on_the_real_clock()
    .check(
        "lets others go on",
        async |call| {
            let (send, receive) = std::sync::mpsc::channel();
            let others = async move {
                tokio::task::yield_now().await;
                send.send(()).is_ok()
            };
            let job = move || receive.recv_timeout(std::time::Duration::from_secs(2)).is_ok();
            let job: Box<dyn FnOnce() -> bool + Send> = Box::new(job);
            tokio::join!(call(job), others).0
        },
        |mine, _| {
            if mine.output {
                Ok(())
            } else {
                fault("No other task could go on while the job ran.", "It blocks the thread.")
            }
        },
    )
    .verdict();
    std::process::exit(i32::from(code != ExitCode::SUCCESS));
}

/// What the exam says to this answer, and whether it passed.
pub(crate) fn verdict(answer: &str) -> (String, bool) {
    verdict_of("verdicts::an_exam", answer)
}

fn verdict_of(exam: &str, answer: &str) -> (String, bool) {
    verdict_in(exam, answer, &[("COLUMNS", "200")])
}

fn verdict_in(exam: &str, answer: &str, variables: &[(&str, &str)]) -> (String, bool) {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", exam, "--ignored", "--nocapture"]).env("ANSWER", answer).env_remove("EXAM_FULL");
    let output = command.envs(variables.iter().copied()).output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.success())
}

#[test]
fn a_verdict_fits_a_terminal_of_24_lines_by_80_columns() {
    let answers = [
        "one after another",
        "left alone",
        "waits for a sender",
        "calls for ever",
        "skips a panic",
        "panics",
        "panics at length",
    ];
    for answer in answers {
        let (text, _) = verdict_in("verdicts::an_exam", answer, &[("COLUMNS", "80")]);
        let (_, text) = text.split_once("topic/exercise").unwrap();
        let (text, rest) = text.split_once("cargo workbook try topic/exercise --full").unwrap();
        assert!(rest.lines().all(|line| !line.contains("cargo")), "each command has a line of its own:{rest}");
        let widest = text.lines().map(|line| line.chars().count()).max();
        assert!(text.lines().count() <= 23 && widest <= Some(80), "{answer}:\n{text}");
    }
}

#[test]
fn a_full_verdict_shows_all_checks_and_all_lanes() {
    let full = |answer| verdict_in("verdicts::an_exam", answer, &[("COLUMNS", "80"), ("EXAM_FULL", "1")]).0;
    let text = full("left alone");
    assert!(text.contains("  ✓ is quick\n  ✗ leaves nothing\n") && !text.contains("--full"), "{text}");
    let text = full("calls for ever");
    assert_eq!(text.matches("\nslow ").count(), 351, "{text}");
}

#[track_caller]
pub(crate) fn says(answer: &str, words: &[&str]) {
    let (text, passed) = verdict(answer);
    assert!(!passed, "{answer} passed:\n{text}");
    for word in words {
        assert!(text.contains(word), "{answer}: the verdict does not say {word:?}:\n{text}");
    }
}

#[track_caller]
pub(crate) fn passes(answer: &str) {
    let (text, passed) = verdict(answer);
    assert!(passed && text.contains("Solved."), "{answer} did not pass:\n{text}");
}

#[test]
fn calls_one_after_another_are_distinguished_from_calls_at_once() {
    says(
        "one after another",
        &[
            "✗ is quick",
            "Your 2 calls ran one after another: 0.50 s, where 0.30 s is possible.",
            "\nyour timeline\n",
            "\nthe reference solution's",
            "Ask both",
        ],
    );
    passes("good");
}

#[test]
fn a_late_return_is_shown_with_both_ends() {
    says(
        "returns late",
        &[
            "You returned after 0.50 s, where 0.30 s is possible.",
            "your timeline, over at 0.50 s\n",
            "the reference solution's, over at 0.30 s\n",
        ],
    );
}

#[test]
fn a_wrong_result_of_the_same_calls_has_no_timeline() {
    says("is wrong", &["✗ leaves nothing"]);
    let text = verdict("is wrong").0;
    assert!(!text.contains("your timeline") && !text.contains("\nslow "), "{text}");
}

#[test]
fn a_task_that_is_left_alone_is_distinguished_from_an_aborted_one() {
    says("left alone", &["✓ 1 check passed", "✗ leaves nothing", "1 task was still alive, with open calls: slow."]);
    passes("aborted");
}

#[test]
fn a_forgotten_call_is_distinguished_from_a_dropped_one() {
    says(
        "forgets a call",
        &[
            "✓ 1 check passed",
            "✗ drops the calls that it gives up",
            "Calls that your answer neither finished nor dropped: slow.",
        ],
    );
    passes("aborted");
}

#[test]
fn a_difference_of_less_than_a_hundredth_of_a_second_is_shown_in_milliseconds() {
    says("a millisecond late", &["✗ is quick", "301 ms, where 300 ms is possible."]);
}

#[test]
fn an_answer_that_polls_is_distinguished_from_one_that_is_woken() {
    says(
        "looks every millisecond",
        &["✗ leaves nothing", "The runtime woke up ", " times for your answer, where 6 times are enough."],
    );
    passes("good");
}

#[test]
fn a_deadlock_says_that_nothing_will_wake_the_answer() {
    says(
        "locked twice",
        &["✗ is quick", "Nothing happens after 0.00 s: no call is open, and your answer still waits."],
    );
    says("hangs", &["Your future returned `Pending` at 0.00 s, and nothing will wake it."]);
}

#[test]
fn a_deadlock_says_which_call_waits_since_when() {
    says("waits for a sender", &["Nothing happens after 0.00 s. Waiting: `waiting` since 0.00 s."]);
}

#[test]
fn a_check_says_in_its_own_words_why_an_answer_never_ends() {
    let why = "It waits for what this exercise knows.";
    says("waits for a sender", &[why]);
    says("calls for ever", &[why]);
    for answer in ["one after another", "panics"] {
        let (text, _) = verdict(answer);
        assert!(!text.contains(why), "{answer} ends:\n{text}");
    }
}

#[test]
fn a_loop_that_waits_and_a_long_sleep_are_not_called_stuck() {
    says("calls for ever", &["3600.00 s have passed. It woke up ", "350."]);
    for answer in ["waits in the answer", "waits in a task"] {
        // After an hour, or on a busy machine after the part of it that passes in three seconds.
        says(answer, &["Your answer does not end. On the virtual clock, "]);
    }
    says(
        "sleeps for two hours",
        &["still waits after an hour on the virtual clock. Its next timer ends after 7200.00 s."],
    );
}

#[test]
fn a_panic_is_shown_without_a_backtrace() {
    let (text, passed) = verdict("panics");
    assert!(!passed && text.contains("Your answer panicked: a bug (crates/exam/tests/it/verdicts.rs:"), "{text}");
    assert!(!text.contains("stack backtrace"), "{text}");
    says("unwraps a panic", &["Your answer panicked: the task ends well"]);
    says("a task panics", &["A task also panicked: a bug in a task"]);
    says("todo", &["There is still a `todo!()` to be replaced"]);
}

/// `assert_eq!` and `{:#?}` can print hundreds of lines.
#[test]
fn of_a_long_panic_the_beginning_and_the_place_are_shown() {
    let shown = |full| verdict_in("verdicts::an_exam", "panics at length", &[("COLUMNS", "80"), ("EXAM_FULL", full)]).0;
    let (text, full) = (shown("0"), shown("1"));
    assert!(
        text.contains("Your answer panicked: a bug in [\n    0,\n") && text.contains("    5,\n…\n] (crates/exam/"),
        "{text}"
    );
    assert!(text.contains("A panic means a bug.") && !text.contains(" 30,"), "{text}");
    assert!(full.contains("    30,\n") && !full.contains('…'), "{full}");
}

#[test]
fn a_panic_of_the_script_is_not_a_panic_of_the_answer() {
    let (text, passed) = verdict("calls what panics");
    assert!(!passed && text.contains("A call panicked, and then your answer panicked."), "{text}");
    assert!(!text.contains("service.rs"), "{text}");
}

#[test]
fn an_answer_that_hides_a_panic_is_distinguished_from_one_that_passes_it_on() {
    let (text, passed) = verdict("skips a panic");
    assert!(!passed && text.contains("`broken` panicked, and your answer returned 1 result. The caller"), "{text}");
    assert!(!text.contains("A task also panicked"), "{text}");
    passes("good");
    passes("in one task");
}

#[test]
fn a_superfluous_call_is_named() {
    says("asks twice", &["Your answer called `quick` twice, where once is right."]);
}

#[test]
fn on_the_real_clock_blocking_work_is_judged_by_a_handshake() {
    let (text, passed) = verdict_of("verdicts::a_real_exam", "off the loop");
    assert!(passed, "{text}");
    let (text, passed) = verdict_of("verdicts::a_real_exam", "inline");
    assert!(!passed && text.contains("No other task could go on while the job ran."), "{text}");
}
