//! The pages of the book that are no topic's chapter: before you start, the compile errors, which one, messages and symptoms, and the dictionary from asyncio to Tokio.
//!
//! There is nothing to run here.
//! Each module is a page of `docs/src`, so that its examples are doc tests:
//!
//! ```sh
//! cargo test -p primer
//! ```
//!
//! `tests/it/claims` proves what the pages say and no topic proves yet;
//! `tests/it/pages.rs` checks their links, their Python and that the dictionary lacks no name of asyncio.

#[expect(clippy::needless_doctest_main, reason = "whoever reads the page sees a whole program")]
#[doc = include_str!("../../../docs/src/the-rust-you-need.md")]
pub mod the_rust_you_need {}

#[doc = include_str!("../../../docs/src/before-you-start.md")]
pub mod before_you_start {}

#[doc = include_str!("../../../docs/src/compile-errors.md")]
pub mod compile_errors {}

#[doc = include_str!("../../../docs/src/spawn-errors.md")]
pub mod spawn_errors {}

#[doc = include_str!("../../../docs/src/which-one.md")]
pub mod which_one {}

#[doc = include_str!("../../../docs/src/own-project.md")]
pub mod own_project {}

#[doc = include_str!("../../../docs/src/messages.md")]
pub mod messages {}

#[doc = include_str!("../../../docs/src/dictionary.md")]
pub mod dictionary {}
