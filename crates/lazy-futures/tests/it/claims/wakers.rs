//! A future by hand, and what it owes to its waker.

use super::*;

/// How long to wait for what comes, which takes no time, and for what does not come.
const COMES: Duration = ms(5_000);
const DOES_NOT: Duration = ms(20);

type Text = &'static str;

/// Starts a task, and returns when its future has been polled once.
async fn polled_once<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send> + Unpin + Send + 'static,
{
    let (polls, polled) = oneshot::channel();
    let (mut future, mut polls) = (future, Some(polls));
    let task = tokio::spawn(poll_fn(move |context| {
        let result = future.poll_unpin(context);
        if let Some(polls) = polls.take() {
            polls.send(()).unwrap();
        }
        result
    }));
    polled.await.unwrap();
    task
}

/// Delivers a letter to a task that waits for it, and waits for so long: whether the task ended, and the recording.
fn delivered<F>(world: World, limit: Duration, wait: impl FnOnce(Arrival<Text>) -> F) -> (bool, Recording)
where
    F: Future<Output = Text> + Unpin + Send + 'static,
{
    world.record(async {
        let (slot, arrival) = letterbox();
        let task = polled_once(Box::pin(wait(arrival).lane("waits"))).await;
        slot.deliver("yes");
        timeout(limit, task).await.is_ok()
    })
}

#[test]
fn an_arrival_is_polled_once_to_start_and_once_when_the_letter_wakes_it() {
    everywhere(|world| {
        let (ended, recording) = delivered(world, COMES, |arrival| arrival);
        assert!(ended);
        assert_eq!(recording.polls("waits"), 2);
    });
}

/// A waker that delivers a letter when nothing keeps it any more.
struct DeliversAtItsEnd(Mutex<Option<Slot<Text>>>);

impl Wake for DeliversAtItsEnd {
    fn wake(self: Arc<Self>) {}
}

impl Drop for DeliversAtItsEnd {
    fn drop(&mut self) {
        self.0.get_mut().unwrap().take().unwrap().deliver("yes");
    }
}

#[test]
fn an_arrival_drops_the_waker_that_it_replaces_without_the_lock() {
    let (slot, mut arrival) = letterbox();
    let first = Waker::from(Arc::new(DeliversAtItsEnd(Mutex::new(Some(slot)))));
    assert!(arrival.poll_unpin(&mut Context::from_waker(&first)).is_pending());
    drop(first);
    let (waker, counts) = Counts::new();
    // On another thread, because a drop with the lock would wait for ever.
    let (sends, sent) = blocking::channel();
    std::thread::spawn(move || {
        let first = arrival.poll_unpin(&mut Context::from_waker(&waker)).is_pending();
        let second = arrival.poll_unpin(&mut Context::from_waker(&waker));
        sends.send((first, second)).unwrap();
    });
    assert_eq!(sent.recv_timeout(COMES), Ok((true, Poll::Ready("yes"))));
    assert_eq!(counts.wakes(), 1);
}

#[test]
fn a_letter_that_comes_before_the_first_poll_is_not_lost() {
    everywhere(|world| {
        world.run(async {
            let (slot, arrival) = letterbox();
            slot.deliver("yes");
            assert_eq!(arrival.await, "yes");
        });
    });
}

#[test]
fn a_letter_may_come_from_a_thread() {
    everywhere(|world| {
        world.run(async {
            let (slot, arrival) = letterbox();
            let reads = polled_once(arrival).await;
            // Joined first: on the paused clock, time does not wait for a thread.
            std::thread::spawn(|| slot.deliver("yes")).join().unwrap();
            assert_eq!(timeout(COMES, reads).await.unwrap().unwrap(), "yes");
        });
    });
}

#[test]
fn a_future_that_keeps_no_waker_is_not_polled_again_and_the_timeline_says_that_nothing_woke_it() {
    everywhere(|world| {
        let (ended, recording) = delivered(world, DOES_NOT, naive::KeepsNoWaker);
        assert!(!ended);
        assert_eq!(recording.polls("waits"), 1);
        let [diagnosis] = &recording.diagnosis()[..] else { panic!("{:?}", recording.diagnosis()) };
        assert!(diagnosis.starts_with("waits waits since") && diagnosis.ends_with("nothing woke it"), "{diagnosis}");
    });
}

#[test]
fn a_timeout_hides_a_missing_wake_until_its_limit() {
    everywhere(|world| {
        let (reply, recording) = world.record(async {
            let (slot, arrival) = letterbox();
            let brings = async {
                sleep(ms(5)).await;
                slot.deliver("yes");
            };
            tokio::spawn(brings);
            timeout(ms(40), naive::KeepsNoWaker(arrival)).try_lane("waits").await
        });
        assert_eq!(reply, Ok("yes"));
        world.assert_took(recording.total(), ms(40));
    });
}

#[test]
fn a_sibling_in_a_join_hides_a_missing_wake() {
    everywhere(|world| {
        let reply = world.run(async {
            let (slot, arrival) = letterbox();
            let brings = async {
                sleep(ms(5)).await;
                slot.deliver("yes");
                sleep(ms(5)).await;
            };
            tokio::join!(brings, naive::KeepsNoWaker(arrival)).1
        });
        assert_eq!(reply, "yes");
    });
}

/// Polls a future in this task, under a timeout, and then in a task of its own: whether the letter reaches it there.
async fn moves<F>(limit: Duration, wait: impl FnOnce(Arrival<Text>) -> F) -> bool
where
    F: Future<Output = Text> + Unpin + Send + 'static,
{
    let (slot, arrival) = letterbox();
    let mut waits = wait(arrival);
    timeout(ms(5), &mut waits).await.unwrap_err();
    let task = polled_once(waits).await;
    slot.deliver("yes");
    timeout(limit, task).await.is_ok()
}

#[test]
fn an_arrival_that_moves_to_another_task_is_woken_there() {
    everywhere(|world| assert!(world.run(moves(COMES, |arrival| arrival))));
}

#[test]
fn a_future_that_keeps_its_first_waker_hangs_once_another_task_polls_it() {
    everywhere(|world| {
        assert!(!world.run(moves(DOES_NOT, naive::KeepsTheFirstWaker)));
        let (ended, _) = delivered(world, COMES, naive::KeepsTheFirstWaker);
        assert!(ended, "in the task that polled it first, it works");
    });
}

#[test]
fn a_future_that_wakes_itself_is_polled_without_end() {
    const BOUND: usize = 10_000;
    everywhere(|world| {
        let polls = world.run(async {
            let (slot, arrival) = letterbox();
            let (mut slot, mut spins, mut polls) = (Some(slot), naive::WakesItself(arrival), 0);
            let counted = poll_fn(move |context| {
                polls += 1;
                if polls == BOUND
                    && let Some(slot) = slot.take()
                {
                    slot.deliver(());
                }
                spins.poll_unpin(context).map(|()| polls)
            });
            tokio::spawn(counted).await.unwrap()
        });
        assert_eq!(polls, BOUND, "nothing but the letter ended it");
    });
}

#[test]
fn while_a_future_wakes_itself_the_paused_clock_stands_still() {
    on_the_paused_clock(|world| {
        let turns = world.run(async {
            let (slot, arrival) = letterbox();
            let spins = tokio::spawn(naive::WakesItself(arrival));
            let began = tokio::time::Instant::now();
            for _ in 0..1_000 {
                yield_once().await;
            }
            slot.deliver(());
            spins.await.unwrap();
            began.elapsed()
        });
        assert_eq!(turns, Duration::ZERO);
    });
}

#[test]
fn yield_once_is_ready_at_its_second_poll_and_wakes_itself_once() {
    let mut yields = pin!(yield_once());
    let (waker, counts) = Counts::new();
    let mut context = Context::from_waker(&waker);
    assert!(yields.as_mut().poll(&mut context).is_pending());
    assert_eq!(counts.wakes(), 1);
    assert!(yields.as_mut().poll(&mut context).is_ready());
    assert_eq!(counts.wakes(), 1);
}

#[test]
fn yield_once_lets_another_task_run_on_one_thread() {
    on_one_thread(|world| {
        world.run(async {
            let task = tokio::spawn(async {});
            yield_once().await;
            assert!(task.is_finished());
        });
    });
}

#[test]
fn a_second_poll_replaces_the_waker_of_the_first() {
    let (slot, mut arrival) = letterbox();
    let [(first, of_first), (second, of_second)] = [Counts::new(), Counts::new()];
    assert!(arrival.poll_unpin(&mut Context::from_waker(&first)).is_pending());
    assert!(arrival.poll_unpin(&mut Context::from_waker(&second)).is_pending());
    slot.deliver(());
    assert_eq!((of_first.wakes(), of_second.wakes()), (0, 1));
    assert_eq!(arrival.poll_unpin(&mut Context::from_waker(&second)), Poll::Ready(()));
}
