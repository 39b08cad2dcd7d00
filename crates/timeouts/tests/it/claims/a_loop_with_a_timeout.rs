//! A loop with a timeout.

use super::*;

/// Ten items, one every 30 ms.
fn trickle() -> mpsc::Receiver<u32> {
    let (sender, receiver) = mpsc::channel(1);
    let send = async move {
        for item in 0..10 {
            sleep(ms(30)).await;
            if sender.send(item).await.is_err() {
                return;
            }
        }
        pending::<()>().await;
    };
    tokio::spawn(send);
    receiver
}

#[test]
fn one_timeout_around_the_loop_limits_the_whole() {
    let (batch, recording) = record(Clock::Virtual, async {
        let mut batch = Vec::new();
        assert!(timeouts::fill(&mut batch, 100, ms(100), &mut trickle()).lane("fill").await);
        batch
    });
    assert_eq!(batch, [0, 1, 2]);
    assert_eq!(recording.total(), 100_000);
}

#[test]
fn a_timeout_inside_the_loop_starts_again_with_every_item() {
    let (batch, recording) = record(Clock::Virtual, async {
        let mut batch = Vec::new();
        assert!(timeouts::naive::fill(&mut batch, 100, ms(100), &mut trickle()).lane("fill").await);
        batch
    });
    assert_eq!(batch.len(), 10);
    assert_eq!(recording.total(), 400_000);
}

#[tokio::test(start_paused = true)]
async fn a_full_batch_does_not_wait() {
    let begin = Instant::now();
    let mut batch = Vec::new();
    assert!(timeouts::fill(&mut batch, 2, ms(100), &mut trickle()).await);
    assert_eq!((batch.len(), begin.elapsed()), (2, ms(60)));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_fill_loses_no_item() {
    let mut receiver = trickle();
    let mut batch = Vec::new();
    timeout(ms(70), timeouts::fill(&mut batch, 100, ms(500), &mut receiver)).await.unwrap_err();
    timeouts::fill(&mut batch, 4, ms(500), &mut receiver).await;
    assert_eq!(batch, [0, 1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_senders_ends_the_batch() {
    let (sender, mut receiver) = mpsc::channel(1);
    sender.try_send(1).unwrap();
    drop(sender);
    let mut batch = Vec::new();
    assert!(!timeouts::fill(&mut batch, 2, ms(100), &mut receiver).await);
    assert_eq!(batch, [1]);
}
