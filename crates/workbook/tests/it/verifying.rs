//! `verify` finds what is wrong with exercises.

use crate::desk::{Desk, SOLUTION};

const ROOM: &str = "crates/demo/exercises/ask_all";

#[test]
fn verify_passes_a_good_exercise_and_names_each_fault_of_a_bad_one() {
    let desk = Desk::new();
    let mistake = |name: &str, check: &str, body: &str| {
        let text = SOLUTION.replace("//! One good answer.", &format!("//! A mistake.\n//!\n//! Caught by: {check}"));
        let text = text.replace("    join_all(services.iter().map(Service::ask)).await", body);
        let text = if body.contains("join_all") { text } else { text.replace("use futures::future::join_all;\n", "") };
        desk.write(&format!("{ROOM}/mistakes/{name}.rs"), &text);
    };
    let one_by_one = "    let mut all = Vec::new();\n    for service in services {\n        all.push(service.ask().await);\n    }\n    all";
    mistake("one_by_one", "asks all at once", one_by_one);
    mistake("nothing", "returns all results", "    Vec::new()");
    mistake("panics", "asks all at once", "    panic!(\"it never worked\")");
    desk.write("README.md", "[demo](crates/demo/README.md)\n\n```text\ndemo/ask_all\n  ✗ asks all at once\n```\n");
    let said = desk.workbook(&["verify"]);
    said.has(&["✓ demo/ask_all: 2 checks, 3 mistakes", "5 cases in"]);
    assert!(!said.text.contains("not judged"), "{}", said.text);
    said.succeeds();

    // Passes here, as a mistake does that the checks can see on another system only.
    let right = "    join_all(services.iter().map(Service::ask)).await";
    mistake("seen_elsewhere", "asks all at once, on Plan9", right);
    let said = desk.workbook(&["verify"]);
    said.has(&["✓ demo/ask_all: 2 checks, 4 mistakes", "not judged on ", ": demo/ask_all, seen_elsewhere"]);
    said.succeeds();
    desk.workbook(&["verify", "demo/ask_al"]).has(&["There is no exercise `demo/ask_al`: did you mean demo/ask_all?"]);

    mistake("right_after_all", "asks all at once", "    join_all(services.iter().map(Service::ask)).await");
    mistake("elsewhere", "asks all at once", "    vec![services[0].ask().await]");
    mistake("does_not_compile", "asks all at once", "    services");
    desk.write(&format!("{ROOM}/notes.txt"), "");
    desk.write(&format!("{ROOM}/mistakes/nameless.rs"), SOLUTION);
    desk.write(&format!("{ROOM}/answer.rs"), SOLUTION);
    desk.write(&format!("{ROOM}/check.rs"), &desk.read(&format!("{ROOM}/check.rs")).replace("ms(300)", "ms(301)"));
    let readme = desk.read(&format!("{ROOM}/README.md"));
    let readme = readme.replace("Hint 1,", "Hint one,").replace("returns all results", "returns some results");
    desk.write(&format!("{ROOM}/README.md"), &readme);
    desk.write("crates/demo/README.md", "No link.\n");
    desk.write("README.md", "[demo](crates/demo/README.md)\n\n```text\ndemo/ask_all\n  ✗ asks twice\n```\n");
    let said = desk.workbook(&["verify", "demo"]);
    assert_eq!(said.code, Some(1), "{}", said.text);
    said.has(&[
        "right_after_all: it should fail in `asks all at once`, but its outcome is: passed",
        "elsewhere: it should fail in `asks all at once`, but its outcome is: returns all results",
        "does_not_compile: it does not compile",
        "the file notes.txt does not belong here",
        "nameless.rs has no line `//! Caught by: `",
        "answer.rs differs from start.rs",
        "seal.txt is not up to date",
        "README.md, has no link to it",
        "the summary `Hint one, for \"asks all at once\"` is not like `Hint 1`",
        "README.md has a hint for `returns some results`, and there is no such check",
        "no hint of README.md is for `returns all results`",
        "README.md shows a verdict that none of the mistakes gets",
    ]);
}

#[test]
fn verify_of_one_exercise_leaves_out_the_others() {
    let desk = Desk::new();
    for file in ["README.md", "answer.rs", "check.rs", "solution.rs", "start.rs"] {
        desk.write(&format!("crates/demo/exercises/other/{file}"), &desk.read(&format!("{ROOM}/{file}")));
    }
    let manifest = desk.read("crates/demo/Cargo.toml");
    let (before, section) = manifest.split_once("[[test]]").unwrap();
    let section = section.split_once("\n[").map_or(section, |(section, _)| section).replace("ask_all", "other");
    let manifest = format!("{before}[[test]]{section}\n{}", &manifest[before.len()..]);
    desk.write("crates/demo/Cargo.toml", &manifest);
    desk.write(&format!("{ROOM}/mistakes/nameless.rs"), SOLUTION);
    desk.write("crates/demo/exercises/other/mistakes/nameless.rs", SOLUTION);
    desk.workbook(&["seal"]).succeeds();
    let said = desk.workbook(&["verify", "demo/ask_all"]);
    said.has(&["demo/ask_all: mistakes/nameless.rs has no line `//! Caught by: `"]);
    assert!(!said.text.contains("other"), "{}", said.text);
}

#[test]
fn a_swapped_solution_and_answer_are_reported() {
    let desk = Desk::new();
    let check = desk.read(&format!("{ROOM}/check.rs"));
    let swapped = check.replace("solution::ask_all", "other::ask_all").replace("answer::ask_all", "solution::ask_all");
    desk.write(&format!("{ROOM}/check.rs"), &swapped.replace("other::ask_all", "answer::ask_all"));
    desk.write(&format!("{ROOM}/mistakes/nameless.rs"), SOLUTION);
    desk.workbook(&["seal"]).succeeds();
    let said = desk.workbook(&["verify"]);
    assert_eq!(said.code, Some(1), "{}", said.text);
    said.has(&["The solution of this exercise is broken.", "swapped in `Exam::new`?"]);
}
