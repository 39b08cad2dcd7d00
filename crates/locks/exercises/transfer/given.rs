//! What the answer of `locks/transfer` is given.

use std::sync::Arc;

use exam::{Failure, LaneExt, Service, ms};
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::sleep;

/// An account of the bank; clones are the same account.
#[derive(Clone, Debug)]
pub struct Account {
    pub(super) number: usize,
    pub(super) book: Arc<Mutex<Book>>,
}

impl Account {
    /// Its number: no other account has it.
    #[must_use]
    pub fn number(&self) -> usize {
        self.number
    }

    /// Waits until nobody else has the book, and opens it, which takes a while.
    pub fn lock(&self) -> impl Future<Output = OwnedMutexGuard<Book>> + Send + use<> {
        let book = Arc::clone(&self.book);
        let lock = async move {
            let book = book.lock_owned().await;
            sleep(ms(20)).await;
            book
        };
        lock.lane(format!("lock {}", self.number))
    }
}

/// What is in an account.
#[derive(Debug)]
pub struct Book {
    pub(super) balance: u64,
    pub(super) pen: Service,
}

impl Book {
    /// The balance that was written last.
    #[must_use]
    pub fn balance(&self) -> u64 {
        self.balance
    }

    /// Writes another balance. If it fails or is dropped, nothing has changed.
    ///
    /// # Errors
    ///
    /// What the account says.
    pub async fn write(&mut self, balance: u64) -> Result<(), Refused> {
        self.pen.call(&format!("= {balance}")).await.map_err(Refused::Write)?;
        self.balance = balance;
        Ok(())
    }
}

/// Why no money was transferred.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The account does not have so much.
    TooLittle,
    /// A write failed.
    Write(Failure),
}
