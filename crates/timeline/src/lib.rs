//! Records what futures do.
//!
//! A lane is a `tracing` span, a note is an event, and the recorder is a `tracing_subscriber::Layer`.
//! So code that uses lanes looks like production code, and any other subscriber works with it too.
//! A [`Recording`] is plain data of the crate `recording`, which is exported here. `drawing` makes pictures of it. [`Recording::to_chrome`] is for Perfetto.
//!
//! ```
//! use std::time::Duration;
//! use timeline::{Clock, LaneExt};
//! use tokio::time::sleep;
//!
//! let ((), recording) = timeline::record(Clock::Virtual, async {
//!     tokio::join!(sleep(Duration::from_millis(30)).lane("slow"), sleep(Duration::from_millis(10)).lane("fast"));
//! });
//!
//! assert_eq!(recording.finish_order(), ["fast", "slow"]);
//! assert_eq!(recording.total(), 30_000);
//! ```

mod lane;
mod recorder;
mod run;
mod sample;
mod store;

pub use lane::{Hold, Lane as LaneFuture, LaneExt, hold, lane_blocking, level};
pub use recorder::{Recorder, message};
pub use recording::{
    By, Clock, HeldUp, Kind, LONG_POLL, Lane, Level, Micros, Missing, Note, Outcome, Place, Poll, ReadError, Recording,
    Seq, Value, Wake,
};
pub use run::{LIMIT, Stuck, record, try_record, unless_stuck};
