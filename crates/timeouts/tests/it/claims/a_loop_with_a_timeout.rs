//! A loop with a timeout.

use super::*;

/// Six items, one every 10 ms, and then nothing.
fn trickle() -> mpsc::Receiver<u32> {
    let (sender, receiver) = mpsc::channel(1);
    let send = async move {
        for item in 0..6 {
            sleep(ms(10)).await;
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
    everywhere(|world| {
        let (batch, recording) = world.record(async {
            let mut batch = Vec::new();
            assert!(timeouts::fill(&mut batch, 100, ms(35), &mut trickle()).lane("fill").await);
            batch
        });
        assert_eq!(batch, (0..6).collect::<Vec<_>>()[..batch.len()]);
        assert!(if world.is_paused() { batch.len() == 3 } else { batch.len() < 6 }, "{batch:?}");
        world.assert_took(recording.total(), ms(35));
    });
}

#[test]
fn a_timeout_inside_the_loop_starts_again_with_every_item() {
    everywhere(|world| {
        // In real time a busy machine may send an item late.
        let limit = if world.is_paused() { ms(35) } else { ms(500) };
        let (batch, recording) = world.record(async {
            let mut batch = Vec::new();
            assert!(timeouts::naive::fill(&mut batch, 100, limit, &mut trickle()).lane("fill").await);
            batch
        });
        assert_eq!(batch, [0, 1, 2, 3, 4, 5]);
        world.assert_took(recording.total(), ms(60) + limit);
    });
}

#[test]
fn a_while_let_ok_loop_never_ends_after_its_senders_are_gone() {
    everywhere(|world| {
        let turns = world.run(async {
            let (sender, mut receiver) = mpsc::channel::<()>(1);
            drop(sender);
            let mut turns = 0;
            while let Ok(item) = timeout(ms(5), receiver.recv()).await {
                assert_eq!(item, None);
                turns += 1;
                if turns == 10_000 {
                    break;
                }
            }
            turns
        });
        assert_eq!(turns, 10_000);
    });
}

#[test]
fn a_full_batch_does_not_wait() {
    everywhere(|world| {
        let (batch, recording) = world.record(async {
            let mut batch = Vec::new();
            assert!(timeouts::fill(&mut batch, 2, ms(5_000), &mut trickle()).lane("fill").await);
            batch
        });
        assert_eq!(batch, [0, 1]);
        world.assert_took(recording.total(), ms(20));
        assert!(recording.total() < 5_000_000);
    });
}

#[test]
fn the_naive_fill_does_not_wait_with_a_full_batch_either() {
    everywhere(|world| {
        world.run(async {
            let mut batch = Vec::new();
            let mut receiver = trickle();
            assert!(timeouts::naive::fill(&mut batch, 2, ms(60_000), &mut receiver).await);
            assert_eq!(batch, [0, 1]);
            assert_eq!(receiver.recv().await, Some(2));
        });
    });
}

/// Polls a future until it has returned `Pending` this many times, and then drops it. Returns whether it ended before that.
async fn dropped_at<F: Future>(pending: usize, future: F) -> bool {
    let (mut future, mut seen) = (pin!(future), 0);
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(_) => Poll::Ready(true),
        Poll::Pending => {
            seen += 1;
            if seen == pending { Poll::Ready(false) } else { Poll::Pending }
        }
    })
    .await
}

#[test]
fn a_fill_that_is_dropped_at_any_await_loses_no_item() {
    everywhere(|world| {
        let tried = world.run(async {
            for pending in 1.. {
                let (mut batch, mut receiver) = (Vec::new(), trickle());
                let ended = dropped_at(pending, timeouts::fill(&mut batch, 4, ms(5_000), &mut receiver)).await;
                while batch.len() < 6 {
                    batch.push(receiver.recv().await.unwrap());
                }
                assert_eq!(batch, [0, 1, 2, 3, 4, 5], "dropped at {pending}");
                if ended {
                    return pending;
                }
            }
            0
        });
        assert!(tried >= 4, "{tried}");
    });
}

#[test]
fn the_end_of_the_senders_ends_the_batch() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = mpsc::channel(1);
            sender.try_send(1).unwrap();
            drop(sender);
            let mut batch = Vec::new();
            assert!(!timeouts::fill(&mut batch, 2, ms(5_000), &mut receiver).await);
            assert_eq!(batch, [1]);
        });
    });
}

#[test]
fn a_deadline_in_each_turn_does_not_end_a_loop_whose_items_are_always_ready() {
    const ITEMS: u32 = 10_000;
    everywhere(|world| {
        let taken = world.run(async {
            let (sender, mut receiver) = mpsc::unbounded_channel();
            for item in 0..ITEMS {
                sender.send(item).unwrap();
            }
            let deadline = Instant::now();
            sleep(ms(5)).await; // The deadline is over before the loop begins.
            let mut taken = 0;
            while let Ok(Some(_item)) = timeout_at(deadline, receiver.recv()).await {
                taken += 1;
            }
            taken
        });
        assert_eq!(taken, ITEMS);
    });
}

#[test]
fn a_full_batch_returns_true_although_the_senders_are_gone_and_the_next_call_finds_out() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = mpsc::channel(1);
            sender.try_send(1).unwrap();
            drop(sender);
            let mut batch = Vec::new();
            assert!(timeouts::fill(&mut batch, 1, ms(5_000), &mut receiver).await);
            assert!(!timeouts::fill(&mut batch, 2, ms(5_000), &mut receiver).await);
            assert_eq!(batch, [1]);
        });
    });
}
