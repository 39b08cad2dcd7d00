//! Code that does not yield.

use super::*;

#[test]
fn a_timeout_cannot_interrupt_awaits_that_are_always_ready() {
    let (result, recording) = record(Clock::Virtual, async {
        let work = async {
            for _ in 0..1_000 {
                ready(()).await;
            }
        };
        timeout(Duration::ZERO, work.lane("work")).await
    });
    assert_eq!(result, Ok(()));
    assert_eq!(recording.polls("work"), 1);
}

#[test]
fn a_timeout_cannot_interrupt_a_blocked_thread() {
    let (result, _) = record(Clock::Real, async {
        let work = async {
            std::thread::sleep(ms(20));
            "done"
        };
        timeout(ms(1), work).await
    });
    assert_eq!(result, Ok("done"));
}

#[tokio::test(start_paused = true)]
async fn a_timeout_ends_code_that_yields() {
    let work = async {
        for _ in 0..1_000 {
            yield_now().await;
        }
    };
    assert!(timeout(Duration::ZERO, work).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn tokios_own_resources_yield_after_128_ready_awaits() {
    let (sender, mut receiver) = mpsc::channel(1_000);
    for item in 0..1_000 {
        sender.try_send(item).unwrap();
    }
    let mut taken = 0;
    let receive = async {
        while receiver.recv().await.is_some() {
            taken += 1;
        }
    };
    assert!(timeout(Duration::ZERO, receive).await.is_err());
    assert_eq!(taken, 128);
}

#[test]
fn a_timeout_ends_a_computation_that_consumes_budget() {
    let bytes = vec![1; 1_000_000];
    let (result, recording) =
        record(Clock::Virtual, async { timeout(Duration::ZERO, timeouts::checksum(&bytes).lane("checksum")).await });
    assert!(result.is_err());
    assert_eq!(recording.cancelled(), ["checksum"]);
}

#[test]
fn the_naive_checksum_is_never_cancelled() {
    let bytes = vec![1; 1_000_000];
    let (result, recording) = record(Clock::Virtual, async {
        timeout(Duration::ZERO, timeouts::naive::checksum(&bytes).lane("checksum")).await
    });
    assert_eq!(result, Ok(1_000_000));
    assert_eq!(recording.cancelled(), [""; 0]);
}

#[tokio::test]
async fn both_checksums_agree() {
    let bytes: Vec<u8> = (0..=255).cycle().take(10_000).collect();
    assert_eq!(timeouts::checksum(&bytes).await, timeouts::naive::checksum(&bytes).await);
}
