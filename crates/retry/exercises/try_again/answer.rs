//! Try again, and stop at the right time. README.md beside this file describes the task.

// You will need `Refused` from there, too.
use super::given::{Dice, GaveUp, Limits, Prices};

/// Asks `prices` until it answers, for as long and as often as `limits` allow.
///
/// `prices.ask()` makes a future of one attempt. `dice.up_to(longest)` returns the length of a pause.
pub async fn try_again(prices: Prices, dice: Dice, limits: Limits) -> Result<String, GaveUp> {
    todo!()
}
