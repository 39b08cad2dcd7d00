//! What the answer of `observability/lag` is given.

use std::time::Duration;

use futures::future::BoxFuture;

/// A program that ends with a number.
pub type Program = BoxFuture<'static, u32>;

/// What the looks have seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// How many looks were due before the program ended.
    pub looks: u64,
    /// How many of them were later than the limit.
    pub late: u64,
    /// How late the worst one was.
    pub worst: Duration,
}
