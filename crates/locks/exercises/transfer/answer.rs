//! Money from one account to another. README.md beside this file describes the task.

use super::given::{Account, Refused};

/// Transfers `amount` completely, or not at all.
///
/// `account.number()` is its number, and `account.lock()` makes a future of an owned guard of its book.
/// `book.balance()` reads, and `book.write(balance)` makes a future of a `Result<(), Refused>`.
pub async fn transfer(from: Account, to: Account, amount: u64) -> Result<(), Refused> {
    todo!()
}
