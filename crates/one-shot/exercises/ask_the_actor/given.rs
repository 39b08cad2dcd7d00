//! What the answer of `one-shot/ask_the_actor` is given.

use exam::Failure;

/// What a caller gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The number of the seat; the first is 1.
    pub seat: u32,
    /// What the look-up of the caller's name returned.
    pub name: Result<String, Failure>,
}

/// The task that owns the seats is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;
