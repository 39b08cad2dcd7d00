//! Draws a recording: as a chart for a terminal, as an SVG for a page, and in words.
//!
//! All three need only the plain data of a [`Recording`](recording::Recording). Several recordings can share one time axis. Equal recordings give equal text.
//!
//! ```
//! use std::time::Duration;
//! use drawing::Look;
//! use timeline::{Clock, LaneExt};
//! use tokio::time::sleep;
//!
//! let ((), recording) = timeline::record(Clock::Virtual, async {
//!     tokio::join!(sleep(Duration::from_millis(30)).lane("slow"), sleep(Duration::from_millis(10)).lane("fast"));
//! });
//!
//! let chart = drawing::chart(&[&recording], &Look { width: 60, ..Look::default() });
//! assert!(chart.starts_with("recording (virtual clock)\n"));
//! assert!(chart.contains("✓ finished 10 ms"), "{chart}");
//! assert!(drawing::svg(&[&recording]).ends_with("</svg>\n"));
//! assert!(drawing::words(&recording).contains("30 ms in total; 2 lanes, at most 2 at once"));
//! ```

mod chart;
mod labels;
mod layout;
pub mod palette;
mod svg;
mod words;

pub use chart::{Look, chart};
pub use layout::wrapped;
pub use svg::{mark, svg};
pub use words::words;
