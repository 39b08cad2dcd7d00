#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use super::*;

/// The result for these lines in gather's README.
fn rewritten(lines: &str) -> Anything<String> {
    let workspace = Workspace::open(Path::new("../../docs")).unwrap();
    let readme = workspace.root.join("crates/gather/README.md");
    Chapter::new(&workspace, &readme)?.rewrite(lines)
}

fn assert_becomes(line: &str, expected: &str) {
    let text = rewritten(line).unwrap();
    assert!(text.contains(expected), "{line} became\n{text}\nwithout {expected}");
}

fn assert_refused(lines: &str, sentence: &str) {
    let error = rewritten(lines).unwrap_err().to_string();
    assert!(error.contains(sentence), "{error}");
}

#[test]
fn a_picture_of_a_recording_becomes_a_player_with_the_picture_in_it() {
    let text = rewritten("![so \"it\" was](recorded/story.svg)\n![twin](recorded/twin.svg)").unwrap();
    assert!(text.contains(r#"<timeline-player topic="gather" show="story" id="timeline-story">"#));
    assert!(text.contains(r#"<img src="files/crates/gather/recorded/story.svg" alt="so &quot;it&quot; was">"#));
    assert_eq!(text.matches("timelines.js").count(), 1, "the recordings come once");
    let other = "![w](../wait/recorded/story.svg)\n![w](../wait/recorded/naive.svg)";
    let text = rewritten(&format!("![so](recorded/story.svg)\n{other}")).unwrap();
    assert!(text.contains(r#"<timeline-player topic="wait" show="naive" id="timeline-naive" cover>"#), "{text}");
    assert_eq!(text.matches("timelines.js").count(), 2, "the recordings of each topic come once");
}

#[test]
fn links_lead_to_chapters_to_pages_of_source_and_to_moments() {
    assert_becomes("[wait](../wait/README.md#traps)", "[wait](wait.md#traps)");
    assert_becomes("[how](../../CONTRIBUTING.md)", "[how](contributing.md)");
    assert_becomes("[main](src/main.rs)", "[main](files/crates/gather/src/main.rs.html)");
    assert_becomes("[then](recorded/story.svg#t=1.4)", "[then](#timeline-story&amp;t=1.4)");
    assert_becomes("[map](../wait/recorded/story.svg)", "[map](files/crates/wait/recorded/story.svg)");
    assert_becomes("![knee](../capacity/knee.svg)", "![knee](files/crates/capacity/knee.svg)");
    assert_becomes("[out](https://docs.rs/tokio)", "[out](https://docs.rs/tokio)");
    assert_refused("[gone](../gone/README.md)", "a link to nowhere: ../gone/README.md");
}

#[test]
fn a_claim_leads_to_the_line_of_its_test() {
    let page = "files/crates/gather/tests/it/claims/errors.rs.html";
    let test = read(Path::new("../gather/tests/it/claims/errors.rs")).unwrap();
    let place = 1 + test.lines().position(|line| line.contains("fn one_failure_leaves_the_others_alone(")).unwrap();
    for claim in ["One failure leaves the others alone", "one `failure leaves` the others alone"] {
        assert_becomes(&format!("see [{claim}](tests/it/claims/errors.rs)"), &format!("]({page}#L{place})"));
    }
    assert_becomes("[one failure](tests/it/claims/errors.rs)", &format!("]({page})"));
    assert_eq!(line_of("fn other() {}\nfn tokios_end() {}", "`Tokio`'s end"), Some(2));
    assert_eq!(line_of("fn tokios_end() {}", "<a href=x><code>Tokio</code></a>'s end"), Some(1));
}

#[test]
fn names_of_tests_and_files_lead_to_them() {
    assert_becomes("Proof: `one_failure_leaves_the_others_alone`", "files/crates/gather/tests/it/claims/");
    assert_becomes("Proof: `one_failure_leaves_the_others_alone`", "<a class=\"proof\" href");
    assert_becomes("`src/naive.rs`", "<a href=\"files/crates/gather/src/naive.rs.html\"><code>src/naive.rs</code></a>");
    assert_becomes("`all_or_nothing`", "<a href=\"../doc/gather/fn.all_or_nothing.html\">");
    assert_becomes("`some_other_name`, and a ` alone", "`some_other_name`, and a ` alone");
}

#[test]
fn the_link_to_the_proofs_is_removed_because_each_name_is_a_link() {
    let two =
        "[Proof](tests/it/claims): `one_failure_leaves_the_others_alone`, `join_all_keeps_the_order_of_the_inputs`.";
    let text = rewritten(two).unwrap();
    assert!(text.starts_with("Proof:\u{a0}<a class=\"proof\"") && text.contains("</a> <a class=\"proof\""), "{text}");
    assert!(text.lines().next().unwrap().ends_with("</a>"), "with the full stop: {text}");
    assert_becomes("See `all_or_nothing`.", "</a>.");
}

#[test]
fn a_name_of_a_test_is_a_proof_only_after_the_word_or_in_its_column() {
    let name = "`one_failure_leaves_the_others_alone`";
    let badge = |lines: &str| rewritten(lines).unwrap().matches("class=\"proof\"").count();
    assert_eq!(badge(name), 0);
    assert_eq!(badge(&format!("So it is. [Proof](tests/it/claims):\n{name}.")), 1, "also in the next line");
    assert_eq!(badge(&format!("[Proof](tests/it/claims): {name}.\n\n{name}")), 1, "not in the next paragraph");
    let head = "| Call | \\| | [Proof](tests/it/claims) |\n|---|---|---|\n";
    assert_eq!(badge(&format!("{head}| {name} | `\\|` | no |")), 0);
    assert_eq!(badge(&format!("{head}| {name} | `\\|` | {name}, {name} |")), 2);
}

/// A heading is a link to itself, and a link in a link has no words of its own.
#[test]
fn a_name_in_a_heading_is_not_a_link() {
    assert!(rewritten("Read `all_or_nothing`.").unwrap().contains("fn.all_or_nothing.html"));
    assert!(!rewritten("### `all_or_nothing`, whole").unwrap().contains("fn.all_or_nothing.html"));
}

#[test]
fn a_summary_shows_code_as_code() {
    assert_becomes(
        "<summary>Hint 4, for \"then `None`\", \"`a < b`\"</summary>",
        "<summary>Hint 4, for \"then <code>None</code>\", \"<code>a &lt; b</code>\"</summary>",
    );
    assert_becomes("<summary>A ` alone</summary>", "<summary>A ` alone</summary>");
}

#[test]
fn code_stays_as_it_is() {
    let code = "```rust\nlet x = \"[wait](../wait/README.md)\"; // `src/naive.rs`\n```";
    assert_becomes(code, code);
    assert_becomes("```rs\nlet x = 1;\n```", "```rust\nlet x = 1;\n```");
    assert_becomes("`[wait](../wait/README.md)`", "`[wait](../wait/README.md)`");
    assert_becomes(
        "`` ` and [gone](../gone) ``, [wait](../wait/README.md)",
        "`` ` and [gone](../gone) ``, [wait](wait.md)",
    );
    assert_becomes("[`wait`](../wait/README.md), ` and ``", "[`wait`](wait.md), ` and ``");
    assert_becomes("a ` alone, and [wait](../wait/README.md)", "a ` alone, and [wait](wait.md)");
}

#[test]
fn a_question_encloses_its_choices_and_answers() {
    let question =
        "**Predict first.** What?\n\n1. This\n\n<details>\n<summary>Answers</summary>\n\n1. Yes\n\n</details>";
    let text = rewritten(&format!("{question}\n\nOn.")).unwrap();
    let marked = question.replace("</summary>", "</summary>\u{2063}") + "\u{2063}";
    assert!(text.contains(&format!("<predict-first>\n\n{marked}\n\n</predict-first>\n\nOn.")), "{text}");
    assert_refused("**Predict first.** What?\n\n1. This", "a question without answers");
}

#[test]
fn asyncio_and_tokio_stand_side_by_side() {
    let text = rewritten("## In asyncio\n\nA.\n\n## In Tokio\n\nB.\n\n## What differs\n\nC.").unwrap();
    let expected = "<div class=\"side-by-side\">\n<div>\n\n## In asyncio\n\nA.\n\n</div>\n<div>\n\n## In Tokio\n\nB.\n\n</div>\n</div>\n\n## What differs";
    assert!(text.contains(expected), "{text}");
    assert!(!rewritten("## In Tokio\n\nB.").unwrap().contains("<div"));
    assert_becomes("```text\n## In asyncio\n```", "```text\n## In asyncio\n```");
}

#[test]
fn an_exercise_shows_the_code_to_begin_with_what_is_given_and_the_command_before_its_hints() {
    let folder = tempfile::tempdir().unwrap();
    let exercise = folder.path().join("crates/gather/exercises/two_stages");
    std::fs::create_dir_all(&exercise).unwrap();
    std::fs::create_dir(folder.path().join("docs")).unwrap();
    for (file, text) in
        [("README.md", ""), ("start.rs", "//! What.\n\nfn begin() {}\n"), ("given.rs", "//! What.\n\nstruct Given;\n")]
    {
        std::fs::write(exercise.join(file), text).unwrap();
    }
    let workspace = Workspace::open(&folder.path().join("docs")).unwrap();
    let chapter = Chapter::new(&workspace, &exercise.join("README.md")).unwrap();
    let text = chapter.rewrite("# two_stages\n\nDo it.\n\n<details>\nOne.\n</details>\n\n<details>").unwrap();
    let parts = [
        "Do it.",
        "crates/gather/exercises/two_stages/answer.rs",
        "```rust\nfn begin() {}\n```",
        "<code>given.rs</code></summary>\n\n```rust\nstruct Given;\n```\n\n</details>",
        "cargo workbook try gather/two_stages",
        "[gather](gather.md)",
        "<details>\nOne.",
    ];
    let places = parts.map(|part| text.find(part).unwrap_or_else(|| panic!("no {part} in\n{text}")));
    assert!(places.is_sorted(), "{text}");
    assert_eq!(text.matches("fn begin").count(), 1, "{text}");
    assert_becomes("[do it](exercises/two_stages/README.md)", "[do it](gather-two_stages.md)");
}

#[test]
fn an_exercise_links_to_the_types_that_it_gives() {
    let workspace = Workspace::open(Path::new("../../docs")).unwrap();
    let page = |exercise: &str| {
        let readme = workspace.root.join(format!("crates/{exercise}/README.md"));
        Chapter::new(&workspace, &readme).unwrap().rewrite("The types are in `given.rs`.").unwrap()
    };
    let text = page("connection-pool/exercises/lend");
    assert!(
        text.contains(
            "are in <a href=\"files/crates/connection-pool/exercises/lend/given.rs.html\"><code>given.rs</code></a>."
        ),
        "{text}"
    );
    let text = page("gather/exercises/two_stages");
    assert!(text.contains("are in `given.rs`."), "{text}");
}

#[test]
fn a_recording_cannot_name_files_outside_of_the_workspace() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("workspace");
    let recorded = root.join("crates/gather/recorded");
    std::fs::create_dir_all(&recorded).unwrap();
    std::fs::create_dir_all(root.join("docs")).unwrap();
    std::fs::write(folder.path().join("secret.rs"), "SECRET").unwrap();
    std::fs::write(root.join("open.rs"), "OPEN").unwrap();
    std::fs::write(root.join("crates/gather/README.md"), "<!-- pattern: story it.rs it -->").unwrap();
    std::fs::write(root.join("crates/gather/it.rs"), "fn it() {}").unwrap();
    let workspace = Workspace::open(&root.join("docs")).unwrap();
    let recording = read(Path::new("../gather/recorded/story.json")).unwrap();
    let place = "crates/gather/src/main.rs:";
    assert!(recording.contains(place));
    for (named, found) in [("open.rs", true), ("../secret.rs", false), ("crates/../open.rs", false)] {
        std::fs::write(recorded.join("story.json"), recording.replace(place, &format!("{named}:"))).unwrap();
        let script = timelines::script(&workspace, "gather").unwrap();
        assert_eq!(script.contains("OPEN"), found, "{named}");
        assert!(!script.contains("SECRET"), "{named}");
    }
    let outside = folder.path().canonicalize().unwrap().join("secret.rs");
    let absolute = recording.replace(place, &format!("{}:", outside.display()));
    std::fs::write(recorded.join("story.json"), absolute).unwrap();
    assert!(!timelines::script(&workspace, "gather").unwrap().contains("SECRET"));
}
