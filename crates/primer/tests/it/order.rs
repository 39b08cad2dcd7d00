//! "Before you start" uses no word of async Rust before it explains it.

use crate::pages::page;

/// Each word, and where the page explains it.
const EXPLAINED: [(&str, &str); 18] = [
    ("await", "At `.await` it pauses until the value is there"),
    ("runtime", "the **runtime**"),
    ("block_on", "`block_on` runs that block to its end"),
    ("Result", "returns a `Result`: either"),
    ("unwrap", "`unwrap()` also takes the value out"),
    ("panic", "it **panics**"),
    ("future", "you get a **future**"),
    ("poll", "the runtime **polls** it"),
    ("spawn", "`tokio::spawn` is `create_task`"),
    ("handle", "returns a **handle**"),
    ("Send", "- `Send`: what the task holds"),
    ("'static", "- `'static`: the task borrows nothing"),
    ("async move", "`async move` is an async block"),
    ("Arc", "an `Arc` counts its owners"),
    ("worker", "is a **worker**"),
    ("guard", "returns a **guard**"),
    ("Mutex", "A `Mutex` is a lock"),
    ("pin", "To **pin** a future is to promise"),
];

/// The number of the section in which this place of the page is.
fn section(page: &str, place: usize) -> usize {
    page[..place].matches("\n## ").count()
}

/// Where a word first begins, in prose or in code; `panics` and `polled` are the same words as `panic` and `poll`.
fn first_use(page: &str, word: &str) -> usize {
    let is_start = |(place, _): &(usize, &str)| !page[..*place].ends_with(|letter: char| letter.is_alphanumeric());
    page.match_indices(word).find(is_start).unwrap_or_else(|| panic!("the page does not use {word}")).0
}

#[test]
fn before_you_start_explains_each_word_in_the_section_that_uses_it_first() {
    let page = page("before-you-start");
    for (word, explanation) in EXPLAINED {
        let explained = page.find(explanation).unwrap_or_else(|| panic!("where does the page explain {word}?"));
        let used = first_use(&page, word);
        let (used, explained) = (section(&page, used), section(&page, explained));
        assert!(used >= explained, "section {used} uses {word}, section {explained} explains it");
    }
}
