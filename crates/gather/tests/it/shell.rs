//! The shell around every story, tried on this one.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
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

/// A wrong flag or file prints nothing of the story, a sentence that says what is wrong, and exits with 2.
fn assert_refused(flags: &[&str], sentence: &str) {
    let output = run(flags);
    assert_eq!(output.status.code(), Some(2), "{flags:?}");
    assert!(output.stdout.is_empty(), "{flags:?}");
    let complaint = complaint(&output);
    assert!(complaint.contains(sentence), "{flags:?}: {complaint}");
}

#[test]
fn a_wrong_flag_is_explained() {
    assert_refused(&["--requests", "0"], "--requests takes a whole number from 2 to 100, not 0.");
    assert_refused(&["--requests", "-1"], "--requests takes a whole number from 2 to 100, not -1.");
    assert_refused(&["--requests=many"], "not many.");
    assert_refused(&["--requests"], "none was given.");
    assert_refused(&["--limit", "3"], "no flag --limit; this topic's own are --requests, --slowest, --broken.");
    assert_refused(&["-x"], "there is no flag -x; this topic's own are --requests, --slowest, --broken.");
    assert_refused(&["-fast"], "there is no flag -fast: did you mean --fast?");
    assert_refused(&["naive"], "naive is not a flag: did you mean --naive?");
    assert_refused(&["naively"], "naively is not a flag: did you mean --naive?");
    assert_refused(&["bread"], "bread is not a flag; this topic's own are --requests");
    for (typed, meant) in [("--nave", "--naive"), ("--request", "--requests"), ("--brokn=1", "--broken")] {
        // The command has a line of its own: a terminal does not break it, and no full stop is copied with it.
        let all = format!(
            "gather: there is no flag {}: did you mean {meant}?\nSee: cargo run -p gather -- --help\n",
            typed.trim_end_matches("=1")
        );
        assert_eq!(complaint(&run(&[typed])), all);
        assert_refused(&[typed], &all);
    }
    assert_refused(&["--seed", "-1"], "--seed takes a whole number");
    assert_refused(&["--fast", "--naive=yes"], "gather: --naive takes no value: leave out =yes.\n");
    assert_refused(&["--requests", ""], "not an empty word.");
    assert_refused(&["--requests", "\x1b[31m\n3"], r"not \u{1b}[31m\n3.");
    assert_refused(&["--svg", "--fast"], "--svg takes the name of the file to write; --fast looks like a flag");
}

#[test]
fn a_flag_that_changes_nothing_is_refused() {
    assert_refused(&["--requests", "3", "--requests", "4"], "--requests is given twice.");
    assert_refused(&["--fast", "--fast"], "--fast is given twice.");
    assert_refused(&["--requests", "4", "--broken", "5"], "--broken 5 has no effect: --requests is 4.");
    assert_refused(&["--broken", "5"], "--broken 5 has no effect: --requests is 4.");
    // The broken one is the third, unless the reader says otherwise: no flag asks for it.
    assert!(run(&["--fast", "--requests", "2"]).status.success());
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

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("gather-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_story_that_is_killed_leaves_no_empty_file() {
    let folder = folder("killed");
    let mut story = gather(&["--svg", folder.join("it.svg").to_str().unwrap()]).stdout(Stdio::piped()).spawn().unwrap();
    story.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
    story.kill().unwrap();
    story.wait().unwrap();
    assert_eq!(names_in(&folder), [""; 0]);
    let (json, nowhere) = (folder.join("it.json"), folder.join("no/it.trace"));
    assert_refused(&["--json", json.to_str().unwrap(), "--chrome", nowhere.to_str().unwrap()], "cannot be written");
    assert_eq!(names_in(&folder), [""; 0]);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_closed_pipe_does_not_keep_a_file_from_being_written() {
    let folder = folder("pipe");
    let picture = folder.join("it.svg");
    let mut story = gather(&["--fast", "--svg", picture.to_str().unwrap()]).stdout(Stdio::piped()).spawn().unwrap();
    drop(story.stdout.take());
    assert!(story.wait().unwrap().success());
    assert!(std::fs::read_to_string(&picture).unwrap() == include_str!("../../recorded/story.svg"));
    assert_eq!(names_in(&folder), ["it.svg"]);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[cfg(unix)]
#[test]
fn ctrl_c_writes_the_files() {
    let folder = folder("ctrl-c");
    let json = folder.join("it.json");
    let mut story =
        gather(&["--slowest", "60000", "--json", json.to_str().unwrap()]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(story.stdout.take().unwrap()).lines();
    // The story's first line comes before its first lane. A lane says that it was answered.
    assert!(lines.by_ref().map_while(Result::ok).any(|line| line.contains("answered")));
    assert!(Command::new("kill").args(["-INT", &story.id().to_string()]).status().unwrap().success());
    let text: Vec<_> = lines.map(Result::unwrap).collect();
    assert!(text.contains(&"stopped by Ctrl-C".to_owned()), "{text:?}");
    assert_eq!(story.wait().unwrap().code(), Some(130));
    let recording = Recording::from_json(&std::fs::read_to_string(&json).unwrap()).unwrap();
    assert_eq!(recording.never_ended().first(), Some(&"every_result"));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[cfg(unix)]
#[test]
fn a_linked_picture_is_replaced_where_it_is() {
    let folder = folder("link");
    let (picture, link) = (folder.join("it.svg"), folder.join("link.svg"));
    std::fs::write(&picture, "old").unwrap();
    std::os::unix::fs::symlink(&picture, &link).unwrap();
    assert!(run(&["--fast", "--svg", link.to_str().unwrap()]).status.success());
    assert!(link.is_symlink());
    assert!(std::fs::read_to_string(&picture).unwrap() == include_str!("../../recorded/story.svg"));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn look_follows_what_happened() {
    let look = |flags: &[&str]| {
        let text = String::from_utf8(run(flags).stdout).unwrap();
        text.split_once("Look: ").unwrap().1.replace('\n', " ")
    };
    assert!(look(&["--fast"]).contains("at the failure"));
    assert!(!look(&["--fast", "--broken", "0"]).contains("failure"));
    assert!(look(&["--fast", "--naive"]).contains("after the failure"));
    assert!(!look(&["--fast", "--naive", "--broken", "0"]).contains("failure"));
    // Of two stories, each has its own sentence, if both do not say the same.
    let both = look(&["--fast", "--both"]);
    assert!(both.contains("are cancelled. Look, in asyncio: ") || room::run_python("print(1)").is_empty(), "{both}");
}

#[test]
fn odd_widths_are_taken_for_usual_ones() {
    let story = |columns: &str| {
        let output = gather(&["--fast"]).env("COLUMNS", columns).output().unwrap();
        assert!(output.status.success(), "COLUMNS={columns}: {}", complaint(&output));
        output.stdout
    };
    assert!(story("0") == story("80"));
    assert!(story("4294967296") == story("1000"));
}

#[test]
fn the_variables_of_the_environment_decide_about_colour() {
    let colourful = |variables: &[(&str, &str)]| {
        let mut command = gather(&["--fast"]);
        command.env_remove("NO_COLOR").env_remove("CLICOLOR").env_remove("CLICOLOR_FORCE").envs(variables.to_vec());
        command.output().unwrap().stdout.contains(&0x1b)
    };
    assert!(!colourful(&[]), "a pipe");
    assert!(colourful(&[("CLICOLOR_FORCE", "1")]));
    assert!(!colourful(&[("CLICOLOR_FORCE", "0")]));
    assert!(!colourful(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}

#[cfg(unix)]
#[test]
fn a_python_that_does_not_work_does_not_hide_another() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder("pythons");
    let python = |name: &str, script: &str| {
        let file = folder.join(name);
        std::fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    };
    let asked = || complaint(&gather(&["--fast", "--asyncio"]).env("PATH", &folder).output().unwrap());
    python("python3", "exit 127");
    assert!(asked().contains("python3 --version ended with exit status: 127 and named no version."), "{}", asked());
    python("python3", "echo Python 3.8.1");
    python("python", "[ \"$1\" = --version ] && echo Python 3.11.0");
    assert!(asked().contains("the asyncio twin ended with"), "{}", asked());
    std::fs::remove_dir_all(&folder).unwrap();
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
    assert_eq!(complaint(&output), format!("written: {svg}\nwritten: {json}\nwritten: {chrome}\n"));
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
