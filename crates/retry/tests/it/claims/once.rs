//! What another attempt may repeat.

use std::collections::HashSet;
use std::sync::Mutex;

use super::*;

/// A bank whose first answer gets lost on its way back.
#[derive(Default)]
struct Bank {
    calls: Calls,
    paid: Mutex<u32>,
    keys: Mutex<HashSet<u32>>,
}

impl Bank {
    fn pay(&self, amount: u32) -> Result<(), Refused> {
        *self.paid.lock().unwrap() += amount;
        self.answer()
    }

    /// Pays once for each key, and answers alike each time.
    fn pay_once(&self, amount: u32, key: u32) -> Result<(), Refused> {
        if self.keys.lock().unwrap().insert(key) {
            *self.paid.lock().unwrap() += amount;
        }
        self.answer()
    }

    /// The first one gets lost: to the client that looks like a service that is busy.
    fn answer(&self) -> Result<(), Refused> {
        if self.calls.next() == 1 { Err(Busy(1)) } else { Ok(()) }
    }
}

#[test]
fn after_a_lost_answer_another_attempt_pays_twice() {
    everywhere(|world| {
        let bank = Bank::default();
        assert_eq!(world.run(retry(&attempts(3), no_pause, Refused::advice, async || bank.pay(30))), Ok(()));
        assert_eq!(bank.paid.into_inner().unwrap(), 60);
    });
}

#[test]
fn with_a_key_that_all_attempts_share_it_pays_once() {
    everywhere(|world| {
        let bank = Bank::default();
        let key = 1;
        assert_eq!(world.run(retry(&attempts(3), no_pause, Refused::advice, async || bank.pay_once(30, key))), Ok(()));
        assert_eq!(bank.paid.into_inner().unwrap(), 30);
    });
}

#[test]
fn with_a_new_key_for_each_attempt_it_pays_twice() {
    everywhere(|world| {
        let (bank, keys) = (Bank::default(), Calls::default());
        let attempt = async || bank.pay_once(30, keys.next());
        assert_eq!(world.run(retry(&attempts(3), no_pause, Refused::advice, attempt)), Ok(()));
        assert_eq!(bank.paid.into_inner().unwrap(), 60);
    });
}
