//! What the answer of `circuit-breaker/one_probe` is given.

use exam::Failure;

/// What a caller gets: a page, or why there is none.
pub type Answer = Result<String, Failed>;

/// Why there is no page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failed {
    /// The backend was asked, and it is down.
    Down(Failure),
    /// The backend was asked, and it is up. The request is wrong.
    BadRequest(Failure),
    /// The backend was not asked.
    Refused,
}
