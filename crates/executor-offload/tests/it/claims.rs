//! One file for each part of the chapter.

mod calling_back;
mod context;
mod life_cycle;
mod offload;
mod process;
mod recorded;
