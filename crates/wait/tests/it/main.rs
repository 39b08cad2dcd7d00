//! Every claim of the chapter, proven.

mod claims;
mod story;
