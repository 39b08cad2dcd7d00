//! The shell around a demo: flags, clock, seed, the asyncio twin.
//!
//! A topic's `main` declares its knobs and hands over its story. This crate does what every story has in common.
//!
//! ```no_run
//! use std::process::ExitCode;
//! use std::time::Duration;
//! use story::{Knob, Story};
//! use timeline::LaneExt;
//! use tracing::info;
//!
//! const DELAY: Knob = Knob::new("delay", 800, 1..=60_000, "milliseconds that the service takes");
//!
//! fn main() -> ExitCode {
//!     Story::new("gather", env!("CARGO_MANIFEST_DIR"))
//!         .about("One request, watched.")
//!         .knobs(&[DELAY])
//!         .tell(|_| "the lane is open for as long as the service takes.", async |scene| {
//!             let request = async {
//!                 tokio::time::sleep(Duration::from_millis(scene.get(&DELAY))).await;
//!                 info!("answered");
//!             };
//!             request.lane("users").await;
//!             Ok(())
//!         })
//! }
//! ```

mod curtain;
mod flags;
mod lines;
mod scene;
mod script;
mod stage;
mod twin;

pub use lines::print;
pub use scene::{Dice, Knob, Scene};
pub use script::{Look, Story, Told};
pub use twin::find_python;
