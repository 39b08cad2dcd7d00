//! The shell around every story, tried on this one.

use std::io::Read;
use std::process::{Command, Output, Stdio};

use timeline::Recording;

fn gather(flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gather"));
    command.args(flags).env_remove("COLUMNS");
    command
}

fn run(flags: &[&str]) -> Output {
    gather(flags).output().unwrap()
}

fn complaint(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A wrong flag prints nothing of the story, one sentence that says what to type, and exits with 2.
fn assert_refused(flags: &[&str], sentence: &str) {
    let output = run(flags);
    assert_eq!(output.status.code(), Some(2), "{flags:?}");
    assert!(output.stdout.is_empty(), "{flags:?}");
    let complaint = complaint(&output);
    assert!(complaint.contains(sentence) && complaint.lines().count() == 1, "{flags:?}: {complaint}");
}

#[test]
fn a_wrong_flag_is_explained() {
    assert_refused(&["--requests", "0"], "--requests takes a whole number from 2 to 100, not 0.");
    assert_refused(&["--requests", "-1"], "--requests takes a whole number from 2 to 100, not -1.");
    assert_refused(&["--requests=many"], "not many.");
    assert_refused(&["--requests"], "none was given.");
    assert_refused(&["--limit", "3"], "no flag --limit; this topic's own are --requests, --slowest, --broken.");
    assert_refused(&["-x"], "there is no flag -x.");
    assert_refused(&["naive"], "naive is no flag.");
    assert_refused(&["--seed", "-1"], "--seed takes a whole number");
    assert_refused(&["--fast", "--naive=yes"], "--naive");
}

#[test]
fn on_the_virtual_clock_the_story_is_the_chapters_unless_a_seed_is_given() {
    let recorded = include_str!("../../recorded/story.txt").replace('\r', "");
    for _ in 0..2 {
        assert_eq!(String::from_utf8(run(&["--fast"]).stdout).unwrap().replace('\r', ""), recorded);
    }
}

#[test]
fn a_story_that_is_stopped_leaves_the_old_picture() {
    let picture = std::env::temp_dir().join(format!("gather-old-picture-{}.svg", std::process::id()));
    std::fs::write(&picture, "the old picture").unwrap();
    let mut story = gather(&["--svg", picture.to_str().unwrap()]).stdout(Stdio::piped()).spawn().unwrap();
    // The heading is printed after the files were opened.
    story.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
    story.kill().unwrap();
    story.wait().unwrap();
    assert_eq!(std::fs::read_to_string(&picture).unwrap(), "the old picture");
    // And one that ends well leaves nothing of it.
    std::fs::write(&picture, "old ".repeat(100_000)).unwrap();
    assert!(run(&["--fast", "--svg", picture.to_str().unwrap()]).status.success());
    assert!(std::fs::read_to_string(&picture).unwrap() == include_str!("../../recorded/story.svg"));
    std::fs::remove_file(&picture).unwrap();
}

#[test]
fn a_file_that_cannot_be_written_is_named_before_the_story_begins() {
    assert_refused(&["--fast", "--svg", "no/such/folder/picture.svg"], "no/such/folder/picture.svg cannot be written");
}

#[test]
fn without_python_the_twin_says_what_it_needs() {
    for flag in ["--asyncio", "--both"] {
        let output = gather(&["--fast", flag]).env("PATH", "").output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(complaint(&output).contains("needs python3 3.11 or newer"), "{}", complaint(&output));
    }
}

#[test]
fn help_lists_the_topics_own_knobs_and_the_shared_flags() {
    let output = run(&["--help"]);
    let text = String::from_utf8(output.stdout).unwrap();
    for flag in ["--requests", "--slowest", "--broken", "--fast", "--seed", "--naive", "--asyncio", "--both", "--svg"] {
        assert!(text.contains(flag), "{flag} is missing:\n{text}");
    }
    assert!(output.status.success());
}

#[test]
fn help_is_no_wider_than_the_terminal() {
    let output = gather(&["--help"]).env("COLUMNS", "50").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.lines().all(|line| line.len() <= 50), "{text}");
    let column = |word: &str| text.lines().find_map(|line| line.find(word)).unwrap();
    assert_eq!(column("service takes"), column("milliseconds"), "{text}");
}

#[test]
fn a_closed_pipe_ends_the_story_quietly() {
    let mut story = gather(&["--fast"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(story.stdout.take());
    let mut complaint = String::new();
    story.stderr.take().unwrap().read_to_string(&mut complaint).unwrap();
    assert!(story.wait().unwrap().success());
    assert_eq!(complaint, "");
}

#[test]
fn the_files_of_a_recording_are_written() {
    let folder = std::env::temp_dir().join(format!("gather-files-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let (svg, json, chrome) = (file("it.svg"), file("it.json"), file("it.trace"));
    let output = run(&["--fast", "--seed", "1", "--svg", &svg, "--json", &json, "--chrome", &chrome]);
    assert!(output.status.success());
    let read = |path: &str| std::fs::read_to_string(path).unwrap();
    let recording = Recording::from_json(&read(&json)).unwrap();
    assert!(recording == crate::story::room().recorded("story"), "another recording");
    assert!(read(&svg) == include_str!("../../recorded/story.svg"), "another drawing");
    assert!(read(&chrome) == recording.to_chrome(), "another trace");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_number_of_requests_does_not_change_the_total() {
    let total = |requests: &str| {
        let output = run(&["--fast", "--seed", "1", "--broken", "0", "--requests", requests]);
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().find(|line| line.contains("in total")).unwrap().split(" in total").next().unwrap().to_owned()
    };
    assert!(total("4").starts_with("3."), "{}", total("4"));
    assert!(total("40").starts_with("3."), "{}", total("40"));
}
