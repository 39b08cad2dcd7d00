//! Tokens.

use super::*;

#[test]
fn a_worker_that_is_asked_to_stop_can_clean_up_with_awaits() {
    everywhere(|world| {
        let (ended, recording) = world.record(async {
            let mut workers = Workers::new();
            workers.spawn(|token| {
                async move {
                    token.cancelled().await;
                    sleep(ms(5)).await;
                    tracing::info!("tidied up");
                }
                .lane("worker")
            });
            sleep(ms(20)).await;
            workers.stop(LONG).await
        });
        assert_eq!(ended, Ended { finished: 1, ..Ended::default() });
        assert_eq!(said(&recording, "worker"), ["tidied up"]);
    });
}

#[test]
fn cancelling_one_clone_of_a_token_cancels_all() {
    everywhere(|world| {
        world.run(async {
            let token = CancellationToken::new();
            let clones = [token.clone(), token.clone().clone()];
            let waits = clones.clone().map(|clone| tokio::spawn(async move { clone.cancelled().await }));
            clones[0].cancel();
            for wait in waits {
                wait.await.unwrap();
            }
            assert!(token.is_cancelled());
        });
    });
}

#[test]
fn one_that_takes_too_long_is_aborted() {
    everywhere(|world| {
        let (ended, recording) = world.record(async {
            let mut workers = Workers::new();
            workers.spawn(|_token| pending().lane("deaf"));
            workers.stop(ms(30)).await
        });
        assert_eq!(ended, Ended { aborted: 1, ..Ended::default() });
        assert_eq!(recording.cancelled(), ["deaf"]);
        world.assert_took(recording.total(), ms(30));
    });
}

#[test]
fn the_naive_workers_never_end() {
    everywhere(|world| {
        let (ended, recording) = world.record(async {
            let mut workers = naive::Workers::new();
            workers.spawn(|_token| pending().lane("deaf"));
            let ended = workers.stop(ms(30)).await;
            sleep(ms(20)).await;
            ended
        });
        assert_eq!(ended, Ended::default());
        assert_eq!(recording.never_ended(), ["deaf"]);
    });
}

#[test]
fn the_naive_stop_asks_the_workers_and_does_not_wait_for_them() {
    everywhere(|world| {
        world.run(async {
            let (go, gone) = oneshot::channel::<()>();
            let (ends, mut ended) = mpsc::channel(1);
            let mut workers = naive::Workers::new();
            workers.spawn(|token| async move {
                token.cancelled().await;
                gone.await.unwrap();
                ends.send("asked").await.unwrap();
            });
            assert_eq!(workers.stop(ms(30)).await, Ended::default());
            // Only now can the worker end.
            go.send(()).unwrap();
            assert_eq!(ended.recv().await, Some("asked"));
        });
    });
}

#[test]
fn stop_counts_every_worker_once() {
    everywhere(|world| {
        world.run(async {
            let (ends, mut ended) = mpsc::channel(3);
            let [returns, panics, asked] = [(); 3].map(|()| ends.clone());
            let mut workers = Workers::new();
            // Each says so in its last poll, which no abort interrupts.
            workers.spawn(|_token| async move { returns.try_send(()).unwrap() });
            workers.spawn(|_token| async move {
                panics.try_send(()).unwrap();
                panic!("boom");
            });
            let token = workers.spawn(|token| async move {
                token.cancelled().await;
                asked.try_send(()).unwrap();
            });
            token.cancel();
            for _ in 0..3 {
                ended.recv().await.unwrap();
            }
            workers.spawn(|_token| pending());
            assert_eq!(workers.stop(ms(30)).await, Ended { finished: 2, aborted: 1, panicked: 1 });
        });
    });
}

#[test]
fn cancelling_a_parent_cancels_its_children_and_not_the_other_way_round() {
    let parent = CancellationToken::new();
    let (one, other) = (parent.child_token(), parent.child_token());
    one.cancel();
    assert!(one.is_cancelled() && !parent.is_cancelled() && !other.is_cancelled());
    parent.cancel();
    assert!(other.is_cancelled());
}

#[test]
fn three_tasks_cancelled_at_different_times_each_keep_their_progress() {
    everywhere(|world| {
        let progress: [Arc<AtomicUsize>; 3] = Default::default();
        let ((), recording) = world.record(async {
            let mut workers = Workers::new();
            let tokens = progress.clone().map(|progress| {
                workers.spawn(|token| {
                    let step = move || progress.fetch_add(1, Relaxed);
                    async move { while token.run_until_cancelled(sleep(ms(10)).map(|()| step())).await.is_some() {} }
                        .lane("worker")
                })
            });
            for (token, pause) in tokens.into_iter().zip([25, 20, 30]) {
                sleep(ms(pause)).await;
                token.cancel();
            }
            workers.stop(LONG).await;
        });
        let steps = progress.each_ref().map(|steps| steps.load(Relaxed));
        assert!(0 < steps[0] && steps[0] < steps[1] && steps[1] < steps[2], "{steps:?}");
        assert_eq!(recording.finish_order(), ["worker"; 3]);
        if world.is_paused() {
            assert_eq!(steps, [2, 4, 7]);
        }
    });
}

/// Handles items until the token is cancelled in the middle of the second one, which then takes this long.
async fn handle_until_cancelled(
    rest: Duration,
    work: impl AsyncFnOnce(&CancellationToken, &mut mpsc::Receiver<u32>, Handle) -> usize,
) -> (usize, mpsc::Receiver<u32>) {
    let token = CancellationToken::new();
    let (sender, mut receiver) = mpsc::channel(8);
    for item in 0..5 {
        let _ = sender.try_send(item);
    }
    let cancel = token.clone();
    let handle = move |item| {
        let cancel = cancel.clone();
        let work = async move {
            if item == 1 {
                cancel.cancel();
                sleep(rest).await;
            }
        };
        work.lane("item").boxed()
    };
    let done = work(&token, &mut receiver, Box::new(handle)).await;
    (done, receiver)
}

type Handle = Box<dyn FnMut(u32) -> BoxFuture<'static, ()>>;

#[test]
fn a_cancellation_between_items_finishes_the_item_in_hand() {
    everywhere(|world| {
        let right = async |token: &_, queue: &mut _, mut handle: Handle| {
            cancellation::work(token, queue, async |item| handle(item).await).await
        };
        let work = handle_until_cancelled(ms(30), right);
        let ((done, mut rest), recording) = world.record(work);
        assert_eq!(done, 2);
        assert_eq!(recording.cancelled(), [""; 0]);
        assert_eq!(rest.try_recv(), Ok(2));
    });
}

#[test]
fn the_naive_work_cancels_the_item_in_hand() {
    everywhere(|world| {
        let wrong = async |token: &_, queue: &mut _, mut handle: Handle| {
            naive::work(token, queue, async |item| handle(item).await).await
        };
        let work = handle_until_cancelled(LONG, wrong);
        let ((done, _rest), recording) = world.record(work);
        assert_eq!(done, 1);
        assert_eq!(recording.cancelled(), ["item"]);
    });
}

#[test]
fn a_dropped_stop_aborts_the_workers() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let mut workers = Workers::new();
            workers.spawn(|_token| pending().lane("deaf"));
            timeout(ms(20), workers.stop(LONG)).await.unwrap_err();
            sleep(ms(5)).await; // An aborted task is dropped when its runtime comes round to it.
        });
        let deaf = recording.lane("deaf").unwrap();
        assert_eq!(deaf.outcome, Some(Outcome::Cancelled));
        world.assert_took(deaf.closed.unwrap(), ms(20));
    });
}

#[test]
fn an_item_that_arrives_together_with_the_cancellation_is_handled_on_one_thread() {
    on_one_thread(|world| {
        world.run(async {
            let token = CancellationToken::new();
            let (sender, mut receiver) = mpsc::channel(8);
            let both = async {
                sleep(ms(5)).await;
                token.cancel();
                sender.try_send(1).unwrap();
                sender.try_send(2).unwrap();
            };
            let (done, ()) = tokio::join!(cancellation::work(&token, &mut receiver, async |_item: u32| ()), both);
            assert_eq!((done, receiver.try_recv()), (1, Ok(2)));
        });
    });
}

#[test]
fn a_worker_that_panics_is_reported_while_the_others_run() {
    everywhere(|world| {
        world.run(async {
            let mut workers = Workers::new();
            workers.spawn(async |token| token.cancelled().await);
            workers.spawn(async |_token| panic!("out of paper"));
            let panic = workers.panicked().await.into_panic();
            assert_eq!(panic.downcast_ref(), Some(&"out of paper"));
            timeout(ms(20), workers.panicked()).await.unwrap_err();
            assert_eq!(workers.stop(LONG).await, Ended { finished: 1, aborted: 0, panicked: 1 });
        });
    });
}

#[test]
fn a_panic_is_kept_until_somebody_asks_for_it() {
    everywhere(|world| {
        world.run(async {
            let mut workers = Workers::new();
            workers.spawn(async |_token| panic!("first"));
            sleep(ms(10)).await;
            workers.spawn(async |_token| ()); // Takes the one that has ended out of the set.
            assert_eq!(workers.panicked().await.into_panic().downcast_ref(), Some(&"first"));
        });
    });
}

#[test]
fn workers_that_have_ended_do_not_pile_up() {
    everywhere(|world| {
        world.run(async {
            let mut workers = Workers::new();
            for _ in 0..9 {
                workers.spawn(|_token| ready(()));
            }
            sleep(ms(10)).await;
            workers.spawn(|_token| pending());
            assert!(format!("{workers:?}").contains("JoinSet { len: 1 }"), "{workers:?}");
        });
    });
}

#[cfg(unix)]
#[test]
fn a_second_ctrl_c_ends_the_grace_on_the_real_clock() {
    use tokio::signal::ctrl_c;

    fn interrupt() {
        let me = std::process::id().to_string();
        assert!(std::process::Command::new("kill").args(["-INT", &me]).status().unwrap().success());
    }

    on_the_real_clock(|world| {
        world.run(async {
            let mut workers = Workers::new();
            workers.spawn(|_token| pending());
            let mut first = Box::pin(ctrl_c());
            assert!(futures::poll!(&mut first).is_pending());
            interrupt();
            first.await.unwrap();
            let mut again = Box::pin(ctrl_c());
            assert!(futures::poll!(&mut again).is_pending());
            interrupt(); // The process lives on: the signal is Tokio's now.
            tokio::select! {
                ended = workers.stop(Duration::from_secs(20)) => panic!("{ended:?}"),
                again = again => again.unwrap(),
            }
        });
    });
}

#[test]
fn work_that_wins_against_a_token_returns_its_output() {
    everywhere(|world| {
        world.run(async {
            let token = CancellationToken::new();
            assert_eq!(until_cancelled(&token, sleep(ms(5)).map(|()| 3)).await, Some(3));
            assert!(!token.is_cancelled());
        });
    });
}

#[test]
fn work_that_loses_against_a_token_stops_at_the_await_where_it_waits() {
    everywhere(|world| {
        let (output, recording) = world.record(async {
            let token = CancellationToken::new();
            let work = async {
                tracing::info!("begun");
                let _guard = Guard("dropped");
                token.cancel();
                pending::<()>().await;
                tracing::info!("ended");
            };
            let output = until_cancelled(&token, work.lane("work")).await;
            (output, token.is_cancelled())
        });
        assert_eq!(output, (None, true));
        assert_eq!(said(&recording, "work"), ["begun", "dropped"]);
        assert_eq!(recording.cancelled(), ["work"]);
    });
}

#[test]
fn select_drops_the_future_that_loses_before_the_arm_of_the_winner_runs() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let race = async {
                let loses = async {
                    let _guard = Guard("the loser is dropped");
                    pending::<()>().await;
                };
                tokio::select! {
                    () = loses => unreachable!(),
                    () = sleep(ms(5)) => tracing::info!("the arm runs"),
                }
            };
            race.lane("select").await;
        });
        assert_eq!(said(&recording, "select"), ["the loser is dropped", "the arm runs"]);
    });
}
