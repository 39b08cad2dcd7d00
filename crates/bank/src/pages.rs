//! Finds the entry of the book that explains an error of rustc.

/// The page, the number of an entry, and the words that appear in its error and in no other one.
const ENTRIES: [(&str, u8, &[&str]); 28] = [
    (ERRORS, 1, &["error[E0728]"]),
    (ERRORS, 2, &["error: unused implementer of `Future`"]),
    (ERRORS, 3, &["error[E0277]", "the `?` operator can only be used in"]),
    (ERRORS, 4, &["error[E0308]", "found a different future"]),
    (ERRORS, 5, &["error[E0499]", "join!("]),
    (ERRORS, 6, &["error[E0521]", "escapes outside of method", "spawn("]),
    (ERRORS, 8, &["error[E0277]", "cannot be unpinned"]),
    (ERRORS, 9, &["error[E0733]"]),
    (ERRORS, 10, &["error[E0038]", "...because method", "is `async`"]),
    (ERRORS, YIELD, &["error[E0658]: yield syntax"]),
    (ERRORS, YIELD, &["error[E0627]: yield expression"]),
    (ERRORS, YIELD, &["error[E0727]: `async` coroutines"]),
    (ERRORS, YIELD, &["error: `yield` can only be used in"]),
    (ERRORS, 12, &["error[E0507]", "a captured variable in an `Fn", "due to use in coroutine"]),
    (ERRORS, 12, &["error: captured variable cannot escape `Fn", "contains a reference to a captured variable"]),
    (ERRORS, 12, &["error: async closure does not implement `Fn"]),
    (ERRORS, 14, &["error[E0308]", "need to pin and box this expression"]),
    (SPAWN, 1, &["error[E0373]", "async block may outlive"]),
    (SPAWN, 2, &["error[E0521]", "escapes outside of function", "spawn("]),
    (SPAWN, 3, &["error[E0382]", "moved due to use in coroutine", "spawn"]),
    (SPAWN, 3, &["error[E0382]", "due to use in coroutine", "in previous iteration of loop", "spawn"]),
    (SPAWN, 4, &["cannot be sent between threads safely", "has type `Rc<"]),
    (SPAWN, 5, &["cannot be sent between threads safely", "Guard<", "await occurs here"]),
    (SPAWN, 7, &["error[E0277]", "cannot be sent between threads safely", "`(dyn std::error::Error"]),
    (SPAWN, 8, &["error[E0597]", "spawn(", "is borrowed for `'static`"]),
    // After those of `spawn`: a task that takes a handle has their error.
    (ERRORS, 13, &["error[E0382]", "has type `tokio::task::JoinHandle<", "value moved here", " => "]),
    (ERRORS, 13, &["error[E0382]", "has type `tokio::task::JoinHandle<", "moved due to this await"]),
    (ERRORS, 13, &["error[E0382]", "has type `JoinSet<", "moved due to this method call"]),
];

const ERRORS: &str = "docs/src/compile-errors.md";
pub(crate) const SPAWN: &str = "docs/src/spawn-errors.md";

/// The entry about `yield`. The other errors of the same function come from it.
const YIELD: u8 = 11;

/// Futures that are structs. Where one is not awaited, rustc often gives no advice.
const FUTURES: [&str; 33] = [
    "AbortOnDropHandle",
    "BoxFuture",
    "Collect",
    "Feed",
    "Flush",
    "JoinAll",
    "JoinHandle",
    "Next",
    "Notified",
    "Read",
    "ReadExact",
    "ReadLine",
    "ReadToEnd",
    "ReadToString",
    "ReadUntil",
    "Recv",
    "SelectAll",
    "SelectOk",
    "Send",
    "SendAll",
    "Shutdown",
    "Sleep",
    "Timeout",
    "TryCollect",
    "TryJoinAll",
    "TryNext",
    "WaitForCancellationFuture",
    "WaitForCancellationFutureOwned",
    "Write",
    "WriteAll",
    "WriteAllBuf",
    "TaskTrackerWaitFuture",
    "oneshot::Receiver",
];

/// Methods that the output of a future may have, and no future has.
const OF_OUTPUTS: [&str; 8] = ["`unwrap", "`expect", "`map_err", "`ok", "`is_ok", "`is_err", "`is_some", "`is_none"];

/// The page and the number of the entry about this error, given in rustc's words without colours.
pub(crate) fn entry(words: &str) -> Option<(&'static str, u8)> {
    let about = |(_, _, parts): &&(_, _, &[&str])| parts.iter().all(|part| words.contains(part));
    let known = ENTRIES.iter().find(about).map(|(page, number, _)| (*page, *number));
    known.or_else(|| forgets_await(words).then_some((ERRORS, 2)))
}

/// The entries about these errors, each once. If there is a `yield`, only its entry.
pub(crate) fn entries<'a>(errors: impl Iterator<Item = &'a str>) -> Vec<(&'static str, u8)> {
    let mut entries = Vec::new();
    for entry in errors.filter_map(entry) {
        if entry == (ERRORS, YIELD) {
            return vec![entry];
        }
        if !entries.contains(&entry) {
            entries.push(entry);
        }
    }
    entries
}

/// Whether something that is a future is used like its output.
fn forgets_await(words: &str) -> bool {
    if words.contains("help: consider `await`ing on the `Future`") {
        return true;
    }
    let first = words.lines().next().unwrap_or_default();
    // What follows these words, wherever rustc names a type.
    let types = |before: &'static str| {
        words.match_indices(before).filter_map(|(at, _)| words[at + before.len()..].split('`').next())
    };
    let any = |before: &'static str| types(before).any(is_future);
    if first.starts_with("error[E0308]") {
        let finds =
            words.contains("found future") || ["found `", "found struct `", "found opaque type `"].into_iter().any(any);
        // A future of another type is something else.
        let wants = ["expected `", "expected struct `", "expected opaque type `"].into_iter().any(any);
        return any("this expression has type `") || finds && !wants;
    }
    let of_output = || OF_OUTPUTS.iter().any(|method| first.contains(method));
    let is_about_use = match first.split([' ', ']']).next().unwrap_or_default() {
        "error[E0277" => ["is not an iterator", "doesn't implement `"].iter().any(|part| first.contains(part)),
        "error[E0369" | "error[E0600" | "error[E0608" | "error[E0609" | "error[E0614" => true,
        "error[E0599" => of_output(),
        _ => false,
    };
    is_about_use && first.split('`').skip(1).step_by(2).any(is_future)
}

/// Whether a type, as rustc writes it, is a future.
fn is_future(name: &str) -> bool {
    let path = name.split('<').next().unwrap_or_default();
    let ends =
        |future: &str| path.strip_suffix(future).is_some_and(|before| before.is_empty() || before.ends_with("::"));
    let boxed = name.starts_with("Pin<Box<") && name.contains("Future<");
    boxed || name.starts_with("impl ") && path.ends_with("Future") || FUTURES.iter().any(|future| ends(future))
}

#[cfg(test)]
mod tests {
    use super::{ERRORS, SPAWN, YIELD, entries, entry};

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

    #[test]
    fn a_value_that_an_async_block_without_a_spawn_took_is_not_one_value_for_two_tasks() {
        let words = "error[E0382]: use of moved value: `last`\n |     let attempt = async {\n |                   ----- value moved here\n |         return last;\n |                ---- variable moved due to use in coroutine";
        assert_eq!(entry(words), None);
        assert_eq!(entry(&words.replace("let attempt = async", "tokio::spawn(async")), Some((SPAWN, 3)));
    }

    #[test]
    fn a_future_that_is_used_like_its_output_leads_to_the_forgotten_await() {
        for words in [
            "error[E0308]: mismatched types\n  | ---- this expression has type `tokio::time::Timeout<impl Future<Output = Result<u32, String>>>`\n  | expected `Timeout<impl Future<Output = ...>>`, found `Result<_, _>`",
            "error[E0308]: mismatched types\n  | expected `Sleep`, found `()`\n  | ---- this expression has type `Sleep`",
            "error[E0308]: mismatched types\n  | expected `JoinHandle<{integer}>`, found `Result<_, _>`\n  | --- this expression has type `tokio::task::JoinHandle<{integer}>`",
            "error[E0308]: mismatched types\n  | expected `u32`, found `JoinHandle<{integer}>`",
            "error[E0308]: mismatched types\n  | expected `Vec<u32>`, found `JoinAll<impl Future<Output = u32>>`",
            "error[E0308]: mismatched types\n  | ---- this expression has type `Next<'_, Iter<IntoIter<{integer}, 2>>>`\n  | expected `Next<'_, Iter<IntoIter<{integer}, 2>>>`, found `Option<_>`",
            "error[E0308]: mismatched types\n  | this expression has type `impl Future<Output = Option<u32>>`\n  | expected future, found `Option<_>`\nhelp: consider `await`ing on the `Future`",
            "error[E0308]: mismatched types\n  | expected `usize`, found `ReadToEnd<'_, Cursor<Vec<u8>>>`",
            "error[E0308]: mismatched types\n  | this expression has type `tokio::sync::oneshot::Receiver<u32>`\n  | expected `Receiver<u32>`, found `Result<_, _>`",
            "error[E0308]: mismatched types\n  | expected `u32`, found `Pin<Box<...>>`\n  = note: expected type `u32`\n  found struct `Pin<Box<(dyn Future<Output = u32> + Send + 'static)>>`",
            "error[E0308]: mismatched types\n  | expected `bool`, found future",
            "error[E0277]: the `?` operator can only be applied to values that implement `Try`\nhelp: consider `await`ing on the `Future`",
            "error[E0277]: `impl Future<Output = String>` doesn't implement `std::fmt::Display`",
            "error[E0277]: `JoinAll<impl futures::Future<Output = Result<u32, String>>>` is not an iterator",
            "error[E0369]: cannot add `{integer}` to `impl Future<Output = u32>`",
            "error[E0369]: binary operation `==` cannot be applied to type `impl futures::Future<Output = String>`",
            "error[E0599]: no method named `len` found for opaque type `impl Future<Output = String>` in the current scope\nhelp: consider `await`ing on the `Future` and calling the method on its `Output`",
            "error[E0599]: no method named `unwrap` found for struct `tokio::task::JoinHandle<T>` in the current scope",
            "error[E0599]: no method named `map_err` found for struct `tokio::time::Timeout<T>` in the current scope",
            "error[E0614]: type `impl futures::Future<Output = tokio::sync::MutexGuard<'_, u32>>` cannot be dereferenced",
        ] {
            assert_eq!(entry(words), Some((ERRORS, 2)), "{words}");
        }
    }

    #[test]
    fn an_error_about_a_future_that_is_meant_as_one_is_no_forgotten_await() {
        for words in [
            "error[E0308]: mismatched types\n  | expected `JoinHandle<u32>`, found `u32`",
            "error[E0308]: mismatched types\n  | expected `Pin<Box<dyn Future<Output = u32>>>`, found future",
            "error[E0308]: mismatched types\n  | expected `Pin<Box<dyn Future<Output = ()>>>`, found `Sleep`",
            "error[E0599]: no method named `cancel` found for struct `tokio::task::JoinHandle<T>` in the current scope",
            "error[E0599]: no method named `boxed` found for opaque type `impl Future<Output = u32>` in the current scope",
            "error[E0308]: mismatched types\n  | expected `usize`, found `tokio::sync::mpsc::Receiver<u32>`",
            "error[E0277]: `Sleep` cannot be shared between threads safely",
        ] {
            assert_eq!(entry(words), None, "{words}");
        }
    }

    #[test]
    fn a_handle_that_an_await_has_taken_has_its_entry_and_one_that_a_list_has_taken_has_none() {
        let of = "move occurs because `task` has type `tokio::task::JoinHandle<u32>`";
        for (words, right) in [
            ("error[E0382]: use of moved value: `task`\n  | ----- `task` moved due to this await", Some((ERRORS, 13))),
            ("error[E0382]: borrow of moved value: `task`\n  | all.push(task);\n  | ---- value moved here", None),
        ] {
            assert_eq!(entry(&format!("{words}\n  | {of}")), right, "{words}");
        }
    }

    #[test]
    fn a_yield_is_the_cause_of_the_other_errors() {
        let errors = [
            "error[E0728]: `await` is only allowed inside `async` functions and blocks",
            "error[E0658]: yield syntax is experimental",
            "error: `yield` can only be used in `#[coroutine]` closures, or `gen` blocks",
        ];
        assert_eq!(entries(errors.into_iter()), [(ERRORS, YIELD)]);
        assert_eq!(entries([errors[0], errors[0]].into_iter()), [(ERRORS, 1)]);
        assert_eq!(
            entry("error: `yield` can only be used in `#[coroutine]` closures, or `gen` blocks"),
            Some((ERRORS, YIELD))
        );
    }
}
