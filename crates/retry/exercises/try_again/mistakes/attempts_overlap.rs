//! "A second call beside the first is quicker": a busy service gets more calls instead of fewer.
//!
//! Caught by: asks again while the service is busy

use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::{Instant, sleep, timeout};

use super::given::{Dice, GaveUp, Limits, Prices, Refused};

pub async fn try_again(prices: Prices, dice: Dice, limits: Limits) -> Result<String, GaveUp> {
    let mut asked = FuturesUnordered::new();
    let mut wait = Duration::ZERO;
    let mut longest = limits.first_pause;
    for _ in 0..limits.attempts {
        let prices = prices.clone();
        asked.push(async move {
            sleep(wait).await;
            prices.ask().await
        });
        wait += dice.up_to(longest) / 8;
        longest = (longest * 2).min(limits.longest_pause);
    }
    let started = Instant::now();
    let (mut attempts, mut last) = (0, None);
    loop {
        let rest = limits.deadline.saturating_sub(started.elapsed());
        match timeout(rest, asked.next()).await {
            Ok(Some(Ok(price))) => return Ok(price),
            Ok(Some(Err(refused))) => {
                attempts += 1;
                let permanent = matches!(refused, Refused::Unknown);
                last = Some(refused);
                if permanent {
                    return Err(GaveUp { attempts, last });
                }
            }
            Ok(None) | Err(_) => return Err(GaveUp { attempts, last }),
        }
    }
}
