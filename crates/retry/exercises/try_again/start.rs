//! Try again, and know when to stop: README.md beside this file says what is wanted.

// You will need `Refused` from there, too.
use super::given::{Dice, GaveUp, Limits, Prices};

/// Asks `prices` until it answers, for as long and as often as `limits` allow.
///
/// `prices.ask()` makes a future of one attempt. `dice.up_to(longest)` says how long a pause is.
pub async fn try_again(prices: Prices, dice: Dice, limits: Limits) -> Result<String, GaveUp> {
    todo!()
}
