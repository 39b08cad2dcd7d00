//! Every claim of the chapter.

mod futurelock;
mod hedged;
mod select;
mod twin;
mod waiting;
