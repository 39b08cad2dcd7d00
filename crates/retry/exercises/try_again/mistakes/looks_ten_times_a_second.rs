//! "I check whether the pause is over": it wakes up again and again for nothing.
//!
//! Caught by: sleeps while nothing comes

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::given::{Dice, GaveUp, Limits, Prices, Refused};

/// Asks `prices` until it answers, for as long and as often as `limits` allow.
///
/// `prices.ask()` makes a future of one attempt. `dice.up_to(longest)` returns the length of a pause.
pub async fn try_again(prices: Prices, dice: Dice, limits: Limits) -> Result<String, GaveUp> {
    let started = Instant::now();
    let rest = || limits.deadline.saturating_sub(started.elapsed());
    let (mut attempts, mut last, mut longest) = (0, None, limits.first_pause);
    loop {
        attempts += 1;
        let refused = match timeout(rest(), prices.ask()).await {
            Ok(Ok(price)) => return Ok(price),
            Ok(Err(refused)) => refused,
            // The deadline cut it off. The error of an earlier attempt stays the last one.
            Err(_elapsed) => return Err(GaveUp { attempts, last }),
        };
        let asked = match refused {
            Refused::Unknown => return Err(GaveUp { attempts, last: Some(refused) }),
            Refused::Busy(_) => Duration::ZERO,
            Refused::BusyFor(asked) => asked,
        };
        last = Some(refused);
        if attempts == limits.attempts {
            return Err(GaveUp { attempts, last });
        }
        let pause = asked + dice.up_to(longest);
        if pause >= rest() {
            return Err(GaveUp { attempts, last });
        }
        let until = Instant::now() + pause;
        while Instant::now() < until {
            sleep(Duration::from_millis(100).min(until - Instant::now())).await;
        }
        longest = (longest * 2).min(limits.longest_pause);
    }
}
