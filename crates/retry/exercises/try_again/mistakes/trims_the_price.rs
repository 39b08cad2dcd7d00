//! "Blanks around a price mean nothing": the answer of the service comes back changed.
//!
//! Caught by: asks again while the service is busy

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::given::{Dice, GaveUp, Limits, Prices, Refused};

pub async fn try_again(prices: Prices, dice: Dice, limits: Limits) -> Result<String, GaveUp> {
    let began = Instant::now();
    let (mut last, mut longest) = (None, limits.first_pause);
    for attempts in 1..=limits.attempts {
        let rest = limits.deadline.saturating_sub(began.elapsed());
        let refused = match timeout(rest, prices.ask()).await {
            Ok(Ok(price)) => return Ok(price.trim().to_owned()),
            Ok(Err(refused)) => refused,
            Err(_) => return Err(GaveUp { attempts, last }),
        };
        let asked = match &refused {
            Refused::Busy(_) => Duration::ZERO,
            Refused::BusyFor(time) => *time,
            Refused::Unknown => return Err(GaveUp { attempts, last: Some(refused) }),
        };
        last = Some(refused);
        if attempts == limits.attempts {
            return Err(GaveUp { attempts, last });
        }
        let pause = asked + dice.up_to(longest);
        if pause >= limits.deadline.saturating_sub(began.elapsed()) {
            return Err(GaveUp { attempts, last });
        }
        sleep(pause).await;
        longest = longest.saturating_mul(2).min(limits.longest_pause);
    }
    Err(GaveUp { attempts: 0, last })
}
