//! What starts a future, and what polls it again.

use super::*;

#[test]
fn calling_an_async_fn_starts_nothing() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let answer = ask("users", ms(1)).lane("users");
            sleep(ms(10)).await;
            drop(answer);
        });

        assert_eq!(recording.never_started(), ["users"]);
    });
}

#[test]
fn a_task_that_waits_is_polled_again_only_when_it_is_woken() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let ((answer, answered), (starts, started)) = (oneshot::channel(), oneshot::channel());
            let waits = async {
                starts.send(()).unwrap();
                answered.await.unwrap();
            };
            let waiting = tokio::spawn(waits.lane("waits"));
            started.await.unwrap();
            // Meanwhile the runtime is busy with other tasks.
            for _ in 0..100 {
                tokio::spawn(yield_now()).await.unwrap();
            }
            answer.send(()).unwrap();
            waiting.await.unwrap();
        });

        assert_eq!(recording.polls("waits"), 2, "once to start, once when the answer woke it");
    });
}

/// A future that nothing wakes: it is ready at its second poll.
async fn ready_at_the_second_poll() {
    let mut polls = 0;
    poll_fn(|_| {
        polls += 1;
        if polls == 2 { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

#[test]
fn a_future_in_a_join_is_also_polled_when_a_sibling_is_woken() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            tokio::join!(sleep(ms(1)), ready_at_the_second_poll().lane("in join!"));
            let futures = [sleep(ms(1)).left_future(), ready_at_the_second_poll().lane("in join_all").right_future()];
            await_together(futures).await;
        });

        assert_eq!(recording.finish_order(), ["in join!", "in join_all"]);
    });
}
