//! Finds the entry of the book that explains an error of rustc.

/// The page, the number of an entry, and the words that appear in its error and in no other one.
const ENTRIES: [(&str, u8, &[&str]); 18] = [
    (ERRORS, 1, &["error[E0728]"]),
    (ERRORS, 2, &["error[E0308]", "found future"]),
    (ERRORS, 2, &["error: unused implementer of `Future`"]),
    (ERRORS, 3, &["error[E0277]", "the `?` operator can only be used in"]),
    (ERRORS, 4, &["error[E0308]", "found a different future"]),
    (ERRORS, 5, &["error[E0499]", "join!("]),
    (ERRORS, 6, &["error[E0521]", "escapes outside of method", "spawn("]),
    (ERRORS, 8, &["error[E0277]", "cannot be unpinned"]),
    (ERRORS, 9, &["error[E0733]"]),
    (ERRORS, 10, &["error[E0038]", "...because method", "is `async`"]),
    (SPAWN, 1, &["error[E0373]", "async block may outlive"]),
    (SPAWN, 2, &["error[E0521]", "escapes outside of function", "spawn("]),
    (SPAWN, 3, &["error[E0382]", "moved due to use in coroutine"]),
    (SPAWN, 3, &["error[E0382]", "due to use in coroutine", "in previous iteration of loop"]),
    (SPAWN, 4, &["cannot be sent between threads safely", "has type `Rc<"]),
    (SPAWN, 5, &["cannot be sent between threads safely", "Guard<", "await occurs here"]),
    (SPAWN, 7, &["error[E0277]", "cannot be sent between threads safely", "`(dyn std::error::Error"]),
    (SPAWN, 8, &["error[E0597]", "spawn(", "is borrowed for `'static`"]),
];

const ERRORS: &str = "docs/src/compile-errors.md";
pub(crate) const SPAWN: &str = "docs/src/spawn-errors.md";

/// The page and the number of the entry about this error, given in rustc's words without colours.
pub(crate) fn entry(words: &str) -> Option<(&'static str, u8)> {
    let about = |(_, _, parts): &&(_, _, &[&str])| parts.iter().all(|part| words.contains(part));
    ENTRIES.iter().find(about).map(|(page, number, _)| (*page, *number))
}

#[cfg(test)]
mod tests {
    use super::{ERRORS, SPAWN, entry};

    #[test]
    fn each_entry_is_found_by_the_words_that_it_shows() {
        let errors = include_str!("../../../docs/src/compile-errors.md");
        for (page, text) in [(ERRORS, errors), (SPAWN, include_str!("../../../docs/src/spawn-errors.md"))] {
            for (number, section) in (1..).zip(text.split("\n## ").skip(1)) {
                // Two variants of an entry: a guard in an `if let`, and an `Rc` in a joined future.
                let right = match (page, number) {
                    (ERRORS, 7) => (SPAWN, 5),
                    (SPAWN, 6) => (SPAWN, 4),
                    entry => entry,
                };
                for words in section.split("```text\n").skip(1).filter(|words| words.starts_with("error")) {
                    let words = words.split("```").next().unwrap_or_default();
                    assert_eq!(entry(words), Some(right), "{page}, {number}");
                }
            }
        }
    }

    #[test]
    fn another_error_of_the_same_code_has_no_entry() {
        let words = "error[E0277]: `?` couldn't convert the error to `std::io::Error`\n the trait `From<FromUtf8Error>` is not implemented for `std::io::Error`";
        assert_eq!(entry(words), None);
        assert_eq!(entry("error[E0308]: mismatched types\n expected `u32`, found `Vec<Service>`"), None);
    }
}
