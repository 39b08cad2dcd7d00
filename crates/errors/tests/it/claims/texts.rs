//! What an error says, and what gets lost on the way.

use std::any::Any;
use std::panic::{catch_unwind, panic_any};

use anyhow::Context;

use super::*;

fn panic_of(panics: impl FnOnce() + std::panic::UnwindSafe) -> Box<dyn Any + Send> {
    catch_unwind(panics).unwrap_err()
}

#[test]
fn a_fixed_panic_message_is_a_str_and_a_formatted_one_is_a_string() {
    let (fixed, formatted) = (panic_of(|| panic!("fixed")), panic_of(|| panic!("number {}", std::process::id())));
    assert!(fixed.is::<&str>() && !fixed.is::<String>());
    assert!(formatted.is::<String>() && !formatted.is::<&str>());
    assert!(naive::panic_message(&*formatted) == "without a message" && naive::panic_message(&*fixed) == "fixed");
    assert_eq!(panic_message(fixed), "fixed");
    assert_eq!(panic_message(formatted), format!("number {}", std::process::id()));
}

#[test]
fn unwrap_of_an_err_and_an_index_out_of_bounds_panic_with_a_string() {
    let nothing: Vec<u8> = Vec::new();
    let index = nothing.len();
    assert!(panic_of(move || _ = nothing[index]).is::<String>());
    let refused: Result<(), Refused> = [Err(Refused::Busy)][index];
    assert!(panic_of(move || refused.unwrap()).is::<String>());
}

#[test]
fn unwrap_of_a_none_panics_with_a_str() {
    let nothing: Option<u8> = Vec::new().pop();
    assert!(panic_of(move || _ = nothing.unwrap()).is::<&str>());
}

#[test]
fn a_panic_with_any_other_value_has_no_message() {
    assert_eq!(panic_message(panic_of(|| panic_any(404))), "without a message");
}

#[test]
fn the_text_of_a_join_error_has_the_message_and_the_number_of_the_task() {
    everywhere(|world| {
        let (id, error) = world.run(async {
            let task = tokio::spawn(async { panic!("a bug") });
            let id = task.id();
            let Err::<(), _>(error) = task.await else { panic!("it is to panic") };
            (id, error)
        });
        assert_eq!(error.to_string(), format!("task {id} panicked with message \"a bug\""));
    });
}

#[test]
fn a_join_error_that_becomes_an_io_error_loses_the_message() {
    async fn as_io(task: JoinHandle<()>) -> io::Result<()> {
        Ok(task.await?)
    }
    everywhere(|world| {
        let error = world.run(async { as_io(tokio::spawn(async { panic!("a bug") })).await.unwrap_err() });
        assert_eq!(report(&error), "task panicked");
    });
}

#[test]
fn to_string_shows_the_first_error_and_report_shows_all_of_them() {
    let error = JobError::Failed(NoAnswer(Refused::Busy));
    assert_eq!(naive::report(&error), "failed");
    assert_eq!(report(&error), "failed: no answer: busy");
}

#[test]
fn an_error_made_of_text_has_no_source_and_no_type() {
    let error: Box<dyn Error> = NoAnswer(Refused::Busy).to_string().into();
    assert!(error.source().is_none() && !error.is::<NoAnswer>());
    let error: Box<dyn Error> = NoAnswer(Refused::Busy).into();
    assert!(error.source().is_some() && error.is::<NoAnswer>());
}

#[test]
fn a_context_keeps_the_sources_and_a_downcast_finds_the_type() {
    let error = Err::<(), _>(NoAnswer(Refused::Busy)).context("the prices are missing").unwrap_err();
    assert_eq!(error.to_string(), "the prices are missing");
    assert_eq!(format!("{error:#}"), "the prices are missing: no answer: busy");
    assert_eq!(report(error.as_ref()), "the prices are missing: no answer: busy");
    assert_eq!(error.downcast_ref::<NoAnswer>().map(|error| error.0), Some(Refused::Busy));
    assert_eq!(error.root_cause().downcast_ref(), Some(&Refused::Busy));
}

#[test]
fn a_main_that_returns_a_typed_error_prints_rust_and_with_anyhow_it_prints_sentences() {
    // `main` prints an error with `Debug`.
    assert_eq!(format!("{:?}", NoAnswer(Refused::Busy)), "NoAnswer(Busy)");
    let error = anyhow::Error::new(NoAnswer(Refused::Busy)).context("the prices are missing");
    let printed = format!("{error:?}");
    assert!(printed.starts_with("the prices are missing\n\nCaused by:\n    0: no answer\n    1: busy"), "{printed}");
}
