//! What happens after the pause.

use super::*;

/// Starts the probe, which waits at a gate.
async fn probe(
    breaker: &Arc<Breaker>,
) -> (oneshot::Sender<Answer>, tokio::task::JoinHandle<Result<(), Failed<Error>>>) {
    let (gate, end) = oneshot::channel();
    let (started, starts) = oneshot::channel();
    let breaker = Arc::clone(breaker);
    let task = tokio::spawn(async move {
        let work = async {
            _ = started.send(());
            end.await.unwrap_or(Err("nobody ended the probe"))
        };
        breaker.call(work).await
    });
    starts.await.unwrap();
    (gate, task)
}

#[test]
fn after_the_pause_one_of_fifty_callers_is_let_through() {
    everywhere(|world| {
        world.run(async {
            let breaker = Arc::new(after_the_pause(3).await);
            assert_eq!(let_through(50, Ok(()), through(&breaker)).await, 1);
            assert_eq!(breaker.state(), State::Closed);
            assert_eq!(let_through(50, Ok(()), through(&breaker)).await, 50);
        });
    });
}

#[test]
fn the_naive_breaker_lets_all_fifty_through_after_the_pause() {
    everywhere(|world| {
        world.run(async {
            let breaker = Arc::new(after_the_pause(3).await);
            assert_eq!(let_through(50, Ok(()), naively_through(&breaker)).await, 50);
        });
    });
}

#[test]
fn before_the_pause_is_over_nobody_is_let_through() {
    everywhere(|world| {
        world.run(async {
            let breaker = Arc::new(opened(3, FOR_EVER).await);
            assert_eq!(let_through(50, Ok(()), through(&breaker)).await, 0);
            assert_eq!(let_through(50, Ok(()), naively_through(&breaker)).await, 0);
        });
    });
}

#[test]
fn it_stays_open_after_the_pause_until_a_caller_comes() {
    everywhere(|world| {
        world.run(async {
            let breaker = after_the_pause(1).await;
            assert_eq!(breaker.state(), State::Open);
            let pass = breaker.enter().unwrap();
            assert_eq!(breaker.state(), State::HalfOpen);
            pass.succeeded();
            assert_eq!(breaker.state(), State::Closed);
        });
    });
}

#[test]
fn a_probe_that_fails_opens_the_circuit_at_once_for_another_pause() {
    everywhere(|world| {
        world.run(async {
            let breaker = after_the_pause(5).await;
            fail(&breaker).await;
            assert_eq!(breaker.state(), State::Open);
            let Refused { retry_after } = breaker.enter().unwrap_err();
            assert!(retry_after <= PAUSE);
            if world.is_paused() {
                assert_eq!(retry_after, PAUSE);
            }
            sleep(PAUSE).await;
            succeed(&breaker).await;
            assert_eq!(breaker.state(), State::Closed);
        });
    });
}

#[test]
fn the_naive_breaker_needs_five_new_failures_to_open_again() {
    everywhere(|world| {
        world.run(async {
            let breaker = after_the_pause(5).await;
            for failures in 1..=5 {
                naive::call(&breaker, ready(Err::<(), _>("down"))).await.unwrap_err();
                assert_eq!(breaker.state(), if failures < 5 { State::HalfOpen } else { State::Open });
            }
        });
    });
}

#[test]
fn after_the_circuit_has_closed_it_takes_a_whole_row_to_open_it() {
    everywhere(|world| {
        world.run(async {
            let breaker = after_the_pause(3).await;
            succeed(&breaker).await;
            fail(&breaker).await;
            fail(&breaker).await;
            assert_eq!(breaker.state(), State::Closed);
            fail(&breaker).await;
            assert_eq!(breaker.state(), State::Open);
        });
    });
}

#[test]
fn a_cancelled_probe_gives_its_place_to_the_next_caller() {
    everywhere(|world| {
        world.run(async {
            let breaker = Arc::new(after_the_pause(1).await);
            let (_gate, first) = probe(&breaker).await;
            assert!(is_refused(&breaker).await);
            first.abort();
            first.await.unwrap_err();
            assert_eq!(breaker.state(), State::Open);
            let (gate, second) = probe(&breaker).await;
            assert!(is_refused(&breaker).await);
            gate.send(Ok(())).unwrap();
            second.await.unwrap().unwrap();
            assert_eq!(breaker.state(), State::Closed);
        });
    });
}

#[test]
fn a_probe_that_panics_gives_its_place_to_the_next_caller() {
    everywhere(|world| {
        world.run(async {
            let breaker = after_the_pause(1).await;
            let panics = breaker.call(async { panic!("a bug of the caller") as Answer });
            assert!(AssertUnwindSafe(panics).catch_unwind().await.is_err());
            succeed(&breaker).await;
            assert_eq!(breaker.state(), State::Closed);
        });
    });
}

#[test]
fn a_probe_that_hangs_loses_its_place_after_another_pause() {
    everywhere(|world| {
        world.run(async {
            let breaker = Arc::new(after_the_pause(1).await);
            let (gate, hangs) = probe(&breaker).await;
            sleep(PAUSE).await;
            fail(&breaker).await;
            assert_eq!(breaker.state(), State::Open);
            // What it says now counts for nothing.
            gate.send(Ok(())).unwrap();
            hangs.await.unwrap().unwrap();
            assert_eq!(breaker.state(), State::Open);
        });
    });
}

#[test]
fn with_a_pause_shorter_than_a_call_the_circuit_stays_half_open_while_callers_come() {
    everywhere(|world| {
        world.run(async {
            let breaker = Arc::new(after_the_pause(1).await);
            let (mut gate, mut slow) = probe(&breaker).await;
            for _ in 0..3 {
                sleep(PAUSE).await;
                let next = probe(&breaker).await;
                // The backend is up, but this probe has lost its place to the next caller.
                gate.send(Ok(())).unwrap();
                slow.await.unwrap().unwrap();
                assert_eq!(breaker.state(), State::HalfOpen);
                (gate, slow) = next;
            }
            // Only a probe that ends within the pause closes it.
            gate.send(Ok(())).unwrap();
            slow.await.unwrap().unwrap();
            assert_eq!(breaker.state(), State::Closed);
        });
    });
}

#[test]
fn a_probe_that_lost_its_place_does_not_give_it_back_when_it_is_cancelled() {
    everywhere(|world| {
        world.run(async {
            let breaker = Arc::new(after_the_pause(1).await);
            let (_gate, hangs) = probe(&breaker).await;
            sleep(PAUSE).await;
            let (gate, second) = probe(&breaker).await;
            hangs.abort();
            hangs.await.unwrap_err();
            assert_eq!(breaker.state(), State::HalfOpen);
            gate.send(Ok(())).unwrap();
            second.await.unwrap().unwrap();
        });
    });
}

#[test]
fn a_call_that_began_before_the_circuit_opened_counts_for_nothing_afterwards() {
    everywhere(|world| {
        for (late, mine) in [(Ok(()), Err("down")), (Err("late"), Ok(()))] {
            world.run(async {
                let breaker = Arc::new(Breaker::new(Policy::in_a_row(1, PAUSE)));
                let [while_open, while_half_open, later] =
                    [probe(&breaker).await, probe(&breaker).await, probe(&breaker).await];
                let end = async |(gate, task): (oneshot::Sender<Answer>, tokio::task::JoinHandle<_>)| {
                    gate.send(late).unwrap();
                    assert_eq!(task.await.unwrap(), late.map_err(Failed::Backend));
                };
                fail(&breaker).await;
                end(while_open).await;
                assert_eq!(breaker.state(), State::Open);
                sleep(PAUSE).await;
                let (gate, task) = probe(&breaker).await;
                end(while_half_open).await;
                assert_eq!(breaker.state(), State::HalfOpen);
                gate.send(mine).unwrap();
                assert_eq!(task.await.unwrap(), mine.map_err(Failed::Backend));
                let state = breaker.state();
                assert_eq!(state, if mine.is_ok() { State::Closed } else { State::Open });
                end(later).await;
                assert_eq!(breaker.state(), state);
            });
        }
    });
}

#[test]
fn the_naive_breaker_is_closed_by_a_call_from_before_it_opened() {
    everywhere(|world| {
        world.run(async {
            let breaker = Breaker::new(Policy::in_a_row(1, FOR_EVER));
            let (gate, end) = oneshot::channel();
            let early = naive::call(&breaker, async { end.await.unwrap_or(Err("nobody ended it")) });
            let meanwhile = async {
                naive::call(&breaker, ready(Err::<(), _>("down"))).await.unwrap_err();
                assert_eq!(breaker.state(), State::Open);
                gate.send(Ok::<(), Error>(())).unwrap();
            };
            let (early, ()) = tokio::join!(early, meanwhile);
            early.unwrap();
            assert_eq!(breaker.state(), State::Closed);
        });
    });
}

#[test]
fn a_probe_whose_error_does_not_count_closes_the_circuit() {
    everywhere(|world| {
        world.run(async {
            let breaker = after_the_pause(1).await;
            breaker.call_if(ready(Err::<(), _>("no such page")), |_| false).await.unwrap_err();
            assert_eq!(breaker.state(), State::Closed);
        });
    });
}

#[test]
fn a_slow_probe_opens_the_circuit_again() {
    everywhere(|world| {
        world.run(async {
            let breaker = Breaker::new(Policy::in_a_row(1, PAUSE).slow_after(ms(5)));
            fail(&breaker).await;
            sleep(PAUSE).await;
            breaker.call(sleep(ms(15)).map(Ok::<_, Error>)).await.unwrap();
            assert_eq!(breaker.state(), State::Open);
        });
    });
}

#[test]
fn a_watch_tells_of_each_change() {
    everywhere(|world| {
        world.run(async {
            let breaker = Breaker::new(Policy::in_a_row(1, PAUSE));
            let mut states = breaker.watch();
            assert!(!states.has_changed().unwrap());
            fail(&breaker).await;
            assert_eq!(*states.borrow_and_update(), State::Open);
            sleep(PAUSE).await;
            let pass = breaker.enter().unwrap();
            assert_eq!(*states.borrow_and_update(), State::HalfOpen);
            pass.succeeded();
            assert_eq!(*states.borrow_and_update(), State::Closed);
            succeed(&breaker).await;
            assert!(!states.has_changed().unwrap());
            drop(breaker);
            assert!(states.changed().await.is_err());
        });
    });
}
