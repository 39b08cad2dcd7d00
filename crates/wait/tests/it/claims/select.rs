//! `select!`: who loses, who goes on, who goes first.

use super::*;

#[test]
fn select_drops_the_losers() {
    everywhere(|world| {
        let (winner, recording) = world.record(async {
            let alive = Arc::new(Semaphore::new(0));
            let winner = select! {
                answer = answer("quick", 10) => answer,
                answer = endless(Arc::clone(&alive)).try_lane("slow") => answer,
            };
            assert_eq!(Arc::strong_count(&alive), 1);
            winner
        });
        assert_eq!(winner, Ok("quick"));
        assert_eq!(recording.cancelled(), ["slow"]);
    });
}

#[test]
fn the_losers_are_dropped_before_the_winners_arm_runs() {
    everywhere(|world| {
        let alive = Arc::new(Semaphore::new(0));
        let alive_in_the_arm = world.run(async {
            select! {
                () = sleep(ms(10)) => Arc::strong_count(&alive) > 1,
                _ = endless(Arc::clone(&alive)) => unreachable!("it never ends"),
            }
        });
        assert!(!alive_in_the_arm);
    });
}

#[test]
fn a_borrowed_loser_goes_on_where_it_was() {
    everywhere(|world| {
        let starts = Cell::new(0);
        world.run(async {
            let (go_on, may_go_on) = oneshot::channel();
            let mut loser = pin!(async {
                starts.update(|starts| starts + 1);
                may_go_on.await
            });
            select! {
                biased;
                _ = &mut loser => unreachable!("it may not go on yet"),
                () = ready(()) => go_on.send("it went on").unwrap(),
            }
            assert_eq!(loser.await, Ok("it went on"));
        });
        assert_eq!(starts.get(), 1);
    });
}

#[test]
fn a_future_made_anew_in_each_round_of_a_loop_never_gets_anywhere() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let mut ticks = interval(ms(10));
            for _round in 0..15 {
                select! {
                    biased;
                    _ = ticks.tick() => {}
                    _ = answer("slow", 80).try_lane("slow") => unreachable!("a tick comes first"),
                }
            }
        });
        assert!(recording.total() > 80_000);
        assert_eq!(recording.cancelled().len() + recording.never_started().len(), 15);
    });
}

#[test]
fn set_of_a_pinned_future_drops_the_one_that_runs_and_the_loop_goes_on_with_the_new_one() {
    everywhere(|world| {
        let (found, recording) = world.record(async {
            let started = Arc::new(Semaphore::new(0));
            let search = |query| {
                let started = Arc::clone(&started);
                async move { if query == "slow" { endless(started).await } else { answer(query, 10).await } }
                    .try_lane(query)
            };
            let (ask, mut queries) = mpsc::channel(1);
            let newest = async {
                let mut running = pin!(search(queries.recv().await.unwrap()));
                loop {
                    select! {
                        Some(query) = queries.recv() => running.set(search(query)),
                        found = &mut running => return found,
                    }
                }
            };
            let user = async {
                ask.send("slow").await.unwrap();
                started.acquire().await.unwrap().forget();
                ask.send("quick").await.unwrap();
            };
            join!(newest, user).0
        });
        assert_eq!(found, Ok("quick"));
        assert_eq!(recording.cancelled(), ["slow"]);
    });
}

#[test]
fn a_borrowed_loser_is_not_polled_while_the_winners_arm_runs() {
    everywhere(|world| {
        let (ended, recording) = world.record(async {
            let (go_on, may_go_on) = oneshot::channel();
            let mut loser = pin!(may_go_on.try_lane("loser"));
            select! {
                biased;
                _ = &mut loser => unreachable!("it may not go on yet"),
                () = ready(()) => {
                    go_on.send("it went on").unwrap();
                    sleep(ms(10)).await;
                }
            }
            // Alive until after the recording.
            loser.as_mut().now_or_never().is_some()
        });
        assert!(ended);
        assert_eq!(recording.polls("loser"), 2);
    });
}

#[test]
fn biased_takes_the_first_arm_that_is_ready() {
    everywhere(|world| {
        world.run(async {
            for _round in 0..1_000 {
                let winner = select! {
                    biased;
                    () = ready(()) => "first",
                    () = ready(()) => "second",
                };
                assert_eq!(winner, "first");
            }
        });
    });
}

#[test]
fn without_biased_it_takes_any_arm_that_is_ready() {
    everywhere(|world| {
        let first = world.run(async {
            let mut first = 0;
            for _round in 0..1_000 {
                first += select! {
                    () = ready(()) => 1,
                    () = ready(()) => 0,
                };
            }
            first
        });
        // By chance, all thousand are the same with a probability of 2 to the power of -999.
        assert!((1..1_000).contains(&first));
    });
}

#[test]
fn under_biased_an_arm_that_is_always_ready_starves_those_after_it() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let mut starved = pin!(ready(()).lane("starved"));
            for _round in 0..1_000 {
                select! {
                    biased;
                    () = ready(()) => {}
                    () = &mut starved => unreachable!("the first arm is always ready"),
                }
            }
        });
        assert_eq!(recording.polls("starved"), 0);
    });
}

#[test]
fn a_race_by_hand_drops_the_loser_when_it_returns() {
    everywhere(|world| {
        for quick_is_first in [true, false] {
            let (winner, recording) = world.record(async {
                let alive = Arc::new(Semaphore::new(0));
                let slow = endless(Arc::clone(&alive)).try_lane("slow");
                let winner = if quick_is_first {
                    race(answer("quick", 10), slow).await
                } else {
                    race(slow, answer("quick", 10)).await
                };
                assert_eq!(Arc::strong_count(&alive), 1);
                winner
            });
            assert_eq!(winner, Ok("quick"));
            assert_eq!(recording.cancelled(), ["slow"]);
        }
    });
}

#[test]
fn a_race_by_hand_that_is_dropped_drops_both() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let both = race(pending::<()>().lane("one"), pending().lane("other"));
            assert!(both.now_or_never().is_none());
        });
        assert_eq!(recording.cancelled().len(), 2);
    });
}

#[test]
fn a_race_by_hand_lets_a_borrowed_loser_go_on() {
    everywhere(|world| {
        let (seen, recording) = world.record(async {
            let (go_on, may_go_on) = oneshot::channel();
            let mut loser = pin!(async { may_go_on.await.unwrap() }.lane("loser"));
            assert_eq!(race(&mut loser, ready("the other")).await, "the other");
            go_on.send("it went on").unwrap();
            loser.await
        });
        assert_eq!(seen, "it went on");
        assert_eq!((recording.polls("loser"), recording.cancelled().len()), (2, 0));
    });
}

#[test]
fn a_wake_of_the_second_future_makes_a_race_by_hand_poll_both() {
    everywhere(|world| {
        let (winner, recording) = world.record(async {
            let (cue, told) = oneshot::channel();
            let racing = race(pending().lane("one"), async { told.await.unwrap() }.lane("other"));
            let cueing = async { cue.send("other").unwrap() };
            join!(racing, cueing).0
        });
        assert_eq!(winner, "other");
        assert_eq!((recording.polls("one"), recording.polls("other")), (2, 2));
    });
}

#[test]
fn the_first_future_of_a_race_by_hand_wins_a_tie_and_the_other_is_not_polled() {
    everywhere(|world| {
        let (winner, recording) =
            world.record(async { race(ready("one").lane("one"), ready("other").lane("other")).await });
        assert_eq!(winner, "one");
        assert_eq!((recording.polls("other"), recording.never_started().len()), (0, 1));
    });
}

#[test]
fn an_arm_whose_pattern_does_not_match_leaves_the_race_to_the_others() {
    everywhere(|world| {
        let (winner, recording) = world.record(async {
            select! {
                Some(winner) = async { ready(None).await }.lane("no match") => winner,
                () = sleep(ms(10)).lane("the other") => "the other",
            }
        });
        assert_eq!(winner, "the other");
        assert_eq!(recording.finish_order(), ["no match", "the other"]);
    });
}

#[test]
fn select_panics_when_no_arm_is_left_and_there_is_no_else() {
    everywhere(|world| {
        let select = async {
            select! {
                Some(()) = ready(None) => {}
            }
        };
        let panic = world.run(AssertUnwindSafe(select).catch_unwind()).unwrap_err();
        assert!(message(&*panic).contains("all branches are disabled"));
    });
}

#[test]
fn select_with_an_else_does_not_panic_when_no_arm_is_left() {
    everywhere(|world| {
        let seen = world.run(async {
            select! {
                Some(()) = ready(None) => "an arm",
                else => "else",
            }
        });
        assert_eq!(seen, "else");
    });
}

#[test]
#[should_panic(expected = "assertion failed")]
fn select_all_of_nothing_panics() {
    drop(futures::future::select_all(Vec::<futures::future::Ready<()>>::new()));
}

#[test]
#[should_panic(expected = "iterator provided to select_ok was empty")]
fn select_ok_of_nothing_panics() {
    drop(futures::future::select_ok(Vec::<futures::future::Ready<Answer>>::new()));
}

#[test]
fn select_ok_keeps_only_the_last_error() {
    everywhere(|world| {
        let lost = world
            .run(async { futures::future::select_ok(["first", "second"].map(|name| ready(Err::<(), _>(name)))).await });
        assert_eq!(lost.map(|_| ()), Err("second"));
    });
}
