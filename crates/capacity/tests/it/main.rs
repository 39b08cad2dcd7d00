//! The claims of the chapter, proven.

mod claims;
mod knee;
mod story;
