//! At the same instant.

use super::*;

#[test]
fn a_future_that_is_itself_ready_wins_on_one_thread() {
    on_one_thread(|world| {
        let result = world.run(async {
            let deadline = Instant::now() + ms(10);
            timeout_at(deadline, sleep_until(deadline)).await
        });
        assert_eq!(result, Ok(()));
    });
}

#[test]
fn a_future_that_is_ready_when_the_timeout_is_polled_wins_however_late() {
    everywhere(|world| {
        world.run(async {
            let mut waiting = pin!(timeout(ms(5), sleep(ms(10))));
            assert!(futures::poll!(&mut waiting).is_pending());
            pass(world, ms(30)).await;
            assert_eq!(waiting.await, Ok(()));
        });
    });
}

#[test]
fn a_timeout_does_not_look_at_the_clock_on_one_thread() {
    on_one_thread(|world| {
        world.run(async {
            let mut waiting = pin!(timeout(ms(5), pending::<()>()));
            assert!(futures::poll!(&mut waiting).is_pending());
            // The limit passes, but the runtime has had no turn in which to fire the timer.
            std::thread::sleep(ms(15));
            assert!(futures::poll!(&mut waiting).is_pending());
            assert!(waiting.await.is_err());
        });
    });
}

/// After 50 ms one task sends and another's timeout is over. The timers are started in this order.
async fn send_and_time_out(sender_first: bool) -> Result<bool, JoinError> {
    let (sender, receiver) = oneshot::channel();
    let send = async move {
        sleep(ms(50)).await;
        let _ = sender.send(());
    };
    let receive = timeout_at(Instant::now() + ms(50), receiver);
    let receiving = if sender_first {
        tokio::spawn(send);
        tokio::spawn(receive)
    } else {
        let receiving = tokio::spawn(receive);
        tokio::spawn(send);
        receiving
    };
    Ok(receiving.await?.is_ok())
}

#[test]
fn a_value_from_another_task_loses_to_a_timeout_that_is_polled_first_on_the_paused_clock() {
    on_the_paused_clock(|world| assert!(!world.run(send_and_time_out(false)).unwrap()));
}

#[test]
fn a_value_from_another_task_wins_when_that_task_is_polled_first_on_the_paused_clock() {
    on_the_paused_clock(|world| assert!(world.run(send_and_time_out(true)).unwrap()));
}

#[test]
fn a_value_from_another_task_loses_to_the_future_given_to_block_on_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let (sender, receiver) = oneshot::channel();
            tokio::spawn(async move {
                sleep(ms(50)).await;
                let _ = sender.send(());
            });
            yield_now().await;
            // The sender's timer was started first, but block_on polls its own future before any task.
            assert!(timeout(ms(50), receiver).await.is_err());
        });
    });
}
