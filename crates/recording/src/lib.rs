//! A recording is plain data. This crate has its types, the questions that you can ask it, and its file formats.
//!
//! The crate `timeline` makes recordings and exports everything here. `drawing` makes pictures of them.
//! This crate does not depend on a runtime, so a program that only reads recordings builds in a second.
//!
//! ```
//! use recording::{Recording, ReadError};
//!
//! let empty = Recording::default();
//! assert_eq!(Recording::from_json(&empty.to_json()), Ok(empty));
//! assert!(matches!(Recording::from_json("no JSON"), Err(ReadError::Broken { line: 1, .. })));
//! ```

mod chrome;
mod json;
mod read;
mod recording;

pub use read::ReadError;
pub use recording::{
    By, Clock, HeldUp, Kind, LONG_POLL, Lane, Level, Micros, Missing, Note, Outcome, Place, Poll, Recording, Seq,
    Value, Wake,
};
