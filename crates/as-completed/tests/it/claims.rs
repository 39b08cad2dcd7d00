//! Every claim of the chapter.

mod early;
mod errors;
mod order;
mod starving;
mod twin;
