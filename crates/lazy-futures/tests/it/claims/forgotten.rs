//! A future that nobody awaits.

use super::*;

/// What rustc says of this statement in an async fn.
fn said_of(statement: &str) -> String {
    rustc_says(&format!("pub async fn caller() {{ {statement} }}"))
}

#[test]
fn rustc_warns_of_a_call_without_an_await() {
    let said = said_of("work();");
    assert!(said.contains("unused implementer of `Future` that must be used"), "{said}");
    assert!(said.contains("futures do nothing unless you `.await` or poll them"), "{said}");
    assert!(said.contains("unused_must_use"), "{said}");
}

#[test]
fn rustc_is_silent_about_a_future_that_is_stored_or_dropped() {
    let silent = [
        "let _ = work();",
        "let _work = work();",
        "let mut jobs = Vec::new(); jobs.push(work());",
        "drop(work());",
        "for job in [work()] { let _job = job; }",
    ];
    for statement in silent {
        assert_eq!(said_of(statement), "", "{statement}");
    }
    assert_eq!(said_of("work().await;"), "");
}

#[test]
fn rustc_warns_of_a_variable_without_an_underscore_and_not_of_a_vec() {
    let said = said_of("let work = work();");
    assert!(said.contains("unused variable"), "{said}");
    assert_eq!(said_of("let mut jobs = vec![work()]; jobs.push(work());").matches("warning").count(), 0);
}

#[test]
fn must_use_makes_rustc_warn_of_a_handle() {
    let handle = "pub struct Handle; pub async fn caller() { start(); } pub fn start() -> Handle { Handle }";
    assert_eq!(rustc_says(handle), "");
    let said = rustc_says(&handle.replace("pub fn start", "#[must_use] pub fn start"));
    assert!(said.contains("unused return value of `start` that must be used"), "{said}");
    for silent in ["let _ = start();", "drop(start());"] {
        let code = format!(
            "pub struct Handle; pub async fn caller() {{ {silent} }} #[must_use] pub fn start() -> Handle {{ Handle }}"
        );
        assert_eq!(rustc_says(&code), "", "{silent}");
    }
}

#[test]
#[deny(unused_must_use)]
fn work_that_is_only_stored_or_dropped_never_runs() {
    everywhere(|world| {
        let (ran, recording) = world.record(async {
            let ran = AtomicUsize::new(0);
            let work = |name| {
                async {
                    ran.fetch_add(1, SeqCst);
                }
                .lane(name)
            };
            let mut jobs = Vec::new();
            let _work = work("in a variable");
            jobs.push(work("in a vec"));
            drop(work("dropped"));
            sleep(ms(10)).await;
            ran.load(SeqCst)
        });
        assert_eq!(ran, 0);
        assert_eq!(recording.never_started(), ["in a variable", "in a vec", "dropped"]);
    });
}

#[test]
#[expect(clippy::let_underscore_future, reason = "what the claim is about")]
#[deny(unused_must_use)]
fn let_underscore_silences_rustc_and_not_clippy() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let _ = async {}.lane("work");
        });
        assert_eq!(recording.never_started(), ["work"]);
    });
}

#[test]
#[deny(unused_must_use, clippy::all)]
fn nothing_warns_of_a_task_whose_handle_is_dropped_even_if_it_panics() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let (ends, ended) = oneshot::channel::<()>();
            tokio::spawn(async move {
                let _ends = ends;
                async { panic!("boom") }.lane("task").await
            });
            ended.await.unwrap_err();
        });
        assert_eq!(recording.lane("task").unwrap().outcome, Some(Outcome::Panicked));
    });
}

#[test]
fn post_runs_although_its_handle_is_not_awaited() {
    everywhere(|world| {
        world.run(async {
            let (sends, sent) = oneshot::channel();
            let _handle = post(async move { sends.send("arrived").unwrap() });
            assert_eq!(sent.await, Ok("arrived"));
        });
    });
}

#[test]
fn the_naive_post_runs_a_task_and_not_the_letter() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            naive::post(async {}.lane("letter")).await.unwrap();
        });
        assert_eq!(recording.never_started(), ["letter"]);
        let ((), recording) = world.record(async {
            post(async {}.lane("letter")).await.unwrap();
        });
        assert_eq!(recording.finish_order(), ["letter"]);
    });
}
