//! What the pages of the book say that no topic proves, and the pages themselves.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on says so")]

mod claims;
mod dictionary;
mod names;
mod order;
mod own_project;
mod pages;
mod rustc_words;
