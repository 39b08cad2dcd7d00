//! An actor and its callers.

use super::*;

#[test]
fn a_caller_gets_an_error_at_once_if_the_actor_has_ended() {
    everywhere(|world| {
        world.run(async {
            let (desk, inbox) = mpsc::channel::<Request>(1);
            drop(inbox);
            assert_eq!(ask(&desk, 1).now_or_never(), Some(Err(Gone)));
        });
    });
}

#[test]
fn every_waiting_caller_gets_an_error_when_the_actor_is_aborted() {
    everywhere(|world| {
        world.run(async {
            let (desk, mut inbox) = mpsc::channel::<Request>(8);
            let (took, taken) = oneshot::channel();
            let actor = tokio::spawn(async move {
                let _in_hand = inbox.recv().await;
                took.send(()).unwrap();
                pending::<()>().await;
                drop(inbox);
            });
            let (in_hand, in_the_queue) = (ask(&desk, 1), ask(&desk, 2));
            let abort = async {
                taken.await.unwrap();
                actor.abort();
            };
            assert_eq!(tokio::join!(in_hand, in_the_queue, abort), (Err(Gone), Err(Gone), ()));
        });
    });
}

#[test]
fn a_caller_gets_an_error_when_the_actor_drops_the_request() {
    everywhere(|world| {
        world.run(async {
            let (desk, mut inbox) = mpsc::channel::<Request>(1);
            let drops = async { drop(inbox.recv().await) };
            assert_eq!(tokio::join!(ask(&desk, 1), drops).0, Err(Gone));
        });
    });
}

#[test]
fn gone_says_that_nobody_will_answer() {
    let gone: Box<dyn std::error::Error> = Gone.into();
    assert_eq!(gone.to_string(), "nobody will answer");
}

#[test]
fn a_promise_whose_sender_is_gone_waits_for_ever() {
    everywhere(|world| {
        world.run(async {
            let promise = Promise::<u32>::default();
            let mut waiting = pin!(promise.value());
            let sender = promise.clone();
            drop(sender);
            for _ in 0..100 {
                assert!(poll!(&mut waiting).is_pending());
                yield_now().await;
            }
        });
    });
}

#[test]
fn a_promise_gives_all_its_waiters_the_first_value() {
    everywhere(|world| {
        world.run(async {
            let promise = Promise::default();
            let sends = async {
                promise.send(7);
                promise.send(8);
            };
            assert_eq!(tokio::join!(promise.value(), promise.value(), sends), (7, 7, ()));
            assert_eq!(promise.value().await, 7);
        });
    });
}

#[test]
fn a_set_once_and_a_notify_do_not_know_that_nobody_else_is_left() {
    everywhere(|world| {
        world.run(async {
            let (value, signal) = (Arc::new(SetOnce::<u32>::new()), Arc::new(Notify::new()));
            let others = (Arc::clone(&value), Arc::clone(&signal));
            let (mut set, mut notified) = (pin!(value.wait()), pin!(signal.notified()));
            assert!(poll!(&mut set).is_pending() && poll!(&mut notified).is_pending());
            drop(others);
            assert_eq!((Arc::strong_count(&value), Arc::strong_count(&signal)), (1, 1));
            assert!(poll!(&mut set).is_pending() && poll!(&mut notified).is_pending());
        });
    });
}

#[test]
fn an_answer_that_was_sent_may_never_be_read() {
    everywhere(|world| {
        world.run(async {
            let (desk, mut inbox) = mpsc::channel::<Request>(1);
            let mut caller = Box::pin(ask(&desk, 1));
            assert!(poll!(&mut caller).is_pending());
            assert_eq!(inbox.recv().await.unwrap().answer(7), Ok(()));
            // It has the answer and was not polled again.
            drop(caller);
        });
    });
}

/// Lets three callers ask, and the one in the middle leave before its question is read.
async fn the_second_leaves(
    desk: &mpsc::Sender<Request>,
    inbox: &mpsc::Receiver<Request>,
) -> [JoinHandle<Result<u32, Gone>>; 2] {
    let spawned = |question| {
        let desk = desk.clone();
        tokio::spawn(async move { ask(&desk, question).await })
    };
    let first = spawned(1);
    wait_for_questions(inbox, 1).await;
    assert!(is_pending(ask(desk, 2)).await);
    let third = spawned(3);
    wait_for_questions(inbox, 3).await;
    [first, third]
}

/// Waits until so many questions are in the inbox. The sender's `capacity` would count a question whose caller has reserved a place and not yet sent it.
async fn wait_for_questions(inbox: &mpsc::Receiver<Request>, count: usize) {
    while inbox.len() < count {
        yield_now().await;
    }
}

#[test]
fn next_wanted_skips_a_caller_who_has_left() {
    everywhere(|world| {
        let seen = world.run(async {
            let (desk, mut inbox) = mpsc::channel(8);
            let callers = the_second_leaves(&desk, &inbox).await;
            drop(desk);
            let mut seen = Vec::new();
            while let Some(asked) = next_wanted(&mut inbox).await {
                seen.push(asked.question);
                let answer = asked.question * 10;
                asked.answer(answer).unwrap();
            }
            for (caller, answer) in callers.into_iter().zip([10, 30]) {
                assert_eq!(caller.await.unwrap(), Ok(answer));
            }
            seen
        });
        assert_eq!(seen, [1, 3]);
    });
}

#[test]
fn next_asked_hands_out_the_question_of_a_caller_who_has_left() {
    everywhere(|world| {
        let seen = world.run(async {
            let (desk, mut inbox) = mpsc::channel(8);
            let _callers = the_second_leaves(&desk, &inbox).await;
            drop(desk);
            let mut seen = Vec::new();
            // The others must wait until the end, or they let go of their desks.
            let mut kept = Vec::new();
            for _ in 0..3 {
                let asked = naive::next_asked(&mut inbox).await.unwrap();
                seen.push((asked.question, asked.is_wanted()));
                kept.push(asked);
            }
            assert!(inbox.is_empty());
            seen
        });
        assert_eq!(seen, [(1, true), (2, false), (3, true)]);
    });
}

#[test]
fn next_wanted_ends_when_nobody_can_ask_any_more() {
    everywhere(|world| {
        world.run(async {
            let (desk, mut inbox) = mpsc::channel::<Request>(1);
            assert!(is_pending(ask(&desk, 1)).await);
            drop(desk);
            assert!(next_wanted(&mut inbox).await.is_none());
        });
    });
}

#[test]
fn next_wanted_loses_no_question_when_it_is_dropped() {
    everywhere(|world| {
        world.run(async {
            let (desk, mut inbox) = mpsc::channel::<Request>(1);
            assert!(is_pending(next_wanted(&mut inbox)).await);
            let mut caller = pin!(ask(&desk, 1));
            assert!(poll!(&mut caller).is_pending());
            assert_eq!(next_wanted(&mut inbox).await.unwrap().question, 1);
        });
    });
}

/// A caller leaves while the actor works. Returns what came of the work.
async fn leaves_meanwhile<T>(
    work: impl AsyncFnOnce(Request, BoxFuture<'static, ()>) -> Option<(Request, T)>,
) -> Option<(Request, T)> {
    let (desk, mut inbox) = mpsc::channel::<Request>(1);
    let mut caller = Box::pin(ask(&desk, 1));
    assert!(poll!(&mut caller).is_pending());
    let asked = inbox.recv().await.unwrap();
    let mut working = Box::pin(work(asked, sleep(ms(20)).lane("work").boxed()));
    assert!(poll!(&mut working).is_pending());
    drop(caller);
    working.await
}

#[test]
fn while_wanted_drops_the_work_when_the_caller_leaves() {
    everywhere(|world| {
        let (result, recording) = world.record(leaves_meanwhile(Asked::while_wanted));
        assert!(result.is_none());
        assert_eq!(recording.cancelled(), ["work"]);
    });
}

#[test]
fn the_naive_while_wanted_works_to_the_end_for_a_caller_who_has_left() {
    everywhere(|world| {
        let (result, recording) = world.record(leaves_meanwhile(naive::while_wanted));
        assert_eq!(result.unwrap().0.answer(7), Err(7));
        assert_eq!(recording.finish_order(), ["work"]);
    });
}

#[test]
fn while_wanted_returns_nothing_if_the_caller_has_left_although_the_work_is_ready() {
    everywhere(|world| {
        world.run(async {
            let (desk, mut inbox) = mpsc::channel::<Request>(1);
            assert!(is_pending(ask(&desk, 1)).await);
            let asked = inbox.recv().await.unwrap();
            assert!(asked.while_wanted(ready(())).await.is_none());
        });
    });
}

#[test]
fn of_two_callers_who_wait_for_a_place_the_one_that_is_polled_first_comes_first() {
    everywhere(|world| {
        world.run(async {
            let (desk, mut inbox) = mpsc::channel::<Request>(2);
            let mut callers: Vec<_> = (0..4).map(|question| Box::pin(ask(&desk, question))).collect();
            for caller in &mut callers {
                assert!(poll!(caller).is_pending());
            }
            let mut seen = Vec::new();
            // Callers 2 and 3 have their places now, in this order.
            for _ in 0..2 {
                seen.push(inbox.recv().await.unwrap().question);
            }
            for caller in callers[2..].iter_mut().rev() {
                assert!(poll!(caller).is_pending());
            }
            for _ in 0..2 {
                seen.push(inbox.recv().await.unwrap().question);
            }
            assert_eq!(seen, [0, 1, 3, 2]);
        });
    });
}

#[test]
fn an_actor_changes_its_state_in_the_order_of_asking() {
    everywhere(|world| {
        world.run(async {
            let (desk, mut inbox) = mpsc::channel::<Request>(1);
            tokio::spawn(async move {
                let mut number = 0;
                while let Some(asked) = next_wanted(&mut inbox).await {
                    number += 1;
                    _ = asked.answer(number);
                }
            });
            // More callers than the inbox has room for: they wait for it in the same order.
            let callers = futures::future::join_all((0..20).map(|caller| ask(&desk, caller)));
            assert_eq!(callers.await, (1..=20).map(Ok).collect::<Vec<_>>());
        });
    });
}
