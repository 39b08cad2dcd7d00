//! The first tests of the chapter, as they stand there.

use tokio::time::{Duration, Instant, sleep};

async fn price(item: &str) -> Option<u32> {
    sleep(Duration::from_millis(100)).await; // as a server takes its time
    (item == "tea").then_some(3)
}

#[tokio::test]
async fn tea_costs_three() {
    assert_eq!(price("tea").await, Some(3));
}

#[tokio::test(start_paused = true)]
async fn a_price_takes_100_ms_and_the_test_no_time() {
    let asked = Instant::now();
    assert_eq!(price("tea").await, Some(3));
    assert_eq!(price("cake").await, None);
    assert_eq!(asked.elapsed(), Duration::from_millis(200));
}
