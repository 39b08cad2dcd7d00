//! Which calls become one call, and when.

use super::*;

#[test]
fn a_full_batch_is_requested_at_once() {
    everywhere(|world| {
        let asked = Asked::default();
        world.run(async {
            let (ids, work) = right(3, FOR_EVER, asked.at_once());
            let callers = async { tokio::join!(ids.load(1), ids.load(2), ids.load(3)) };
            tokio::select! {
                answers = callers => assert_eq!(answers, (Ok(10), Ok(20), Ok(30))),
                () = work => unreachable!("the loader is still here"),
            }
        });
        assert_eq!(asked.calls(), [[1, 2, 3]]);
    });
}

/// Three calls, one every 30 ms, and batches that wait 50 ms.
async fn three_calls_in_a_row(make: Make) -> Vec<Vec<u32>> {
    let asked = Asked::default();
    let (ids, work) = make(10, ms(50), asked.at_once());
    let callers = async move {
        let (first, second) = (ids.load(1), ids.load(2));
        let third = async {
            sleep(ms(60)).await;
            let answer = ids.load(3).await;
            drop(ids);
            answer
        };
        let answers = tokio::join!(first, sleep(ms(30)).then(|()| second), third);
        assert!(answers.0.is_ok() && answers.1.is_ok() && answers.2.is_ok());
    };
    tokio::join!(work, callers);
    asked.calls()
}

#[test]
fn a_batch_is_asked_for_when_its_first_caller_has_waited_long_enough() {
    everywhere(|world| assert_eq!(world.run(three_calls_in_a_row(right)), [vec![1, 2], vec![3]]));
}

#[test]
fn in_the_naive_loader_each_caller_makes_the_first_one_wait_longer() {
    everywhere(|world| assert_eq!(world.run(three_calls_in_a_row(wrong)), [[1, 2, 3]]));
}

#[test]
fn without_a_caller_neither_loader_calls_the_backend() {
    everywhere(|world| {
        for make in [right as Make, wrong] {
            let asked = Asked::default();
            world.run(async {
                let (ids, work) = make(10, ms(5), asked.at_once());
                // The patience passes several times before the first caller comes.
                let caller = async {
                    sleep(ms(40)).await;
                    ids.load(1).await
                };
                tokio::select! {
                    answer = caller => assert_eq!(answer, Ok(10)),
                    () = work => unreachable!("the loader is still here"),
                }
            });
            assert_eq!(asked.calls(), [[1]]);
        }
    });
}

#[test]
fn one_caller_alone_waits_for_the_whole_patience() {
    everywhere(|world| {
        let asked = Asked::default();
        let (answer, recording) = world.record(async {
            let (ids, work) = right(10, ms(30), asked.at_once());
            let caller = ids.load(1).try_lane("caller");
            tokio::select! { answer = caller => answer, () = work => unreachable!("the loader is still here") }
        });
        assert_eq!(answer, Ok(10));
        world.assert_took(recording.total(), ms(30));
    });
}

#[test]
fn the_next_batch_fills_and_is_asked_for_while_one_is_under_way() {
    everywhere(|world| {
        let (asked, gate) = (Asked::default(), Arc::new(Semaphore::new(0)));
        // The first call ends when the second one has begun.
        let opens = Arc::clone(&gate);
        let backend = asked.then(move |ids| {
            let gate = Arc::clone(&opens);
            async move {
                match ids[..] {
                    [1, 2] => gate.acquire().await.unwrap().forget(),
                    _ => gate.add_permits(1),
                }
                rows(ids)
            }
        });
        world.run(async {
            let (ids, work) = right(2, FOR_EVER, backend);
            let callers = async move {
                let all = [1, 2, 3, 4].map(|id| ids.load(id));
                drop(ids);
                futures::future::join_all(all).await
            };
            let ((), answers) = tokio::join!(work, callers);
            assert_eq!(answers, [Ok(10), Ok(20), Ok(30), Ok(40)]);
        });
        assert_eq!(asked.calls(), [[1, 2], [3, 4]]);
    });
}

#[test]
fn the_naive_loader_takes_in_nobody_while_a_call_is_under_way() {
    everywhere(|world| {
        let (asked, gate) = (Asked::default(), Arc::new(Semaphore::new(0)));
        let opens = Arc::clone(&gate);
        let backend = asked.then(move |ids| {
            let gate = Arc::clone(&opens);
            async move {
                gate.acquire().await.unwrap().forget();
                rows(ids)
            }
        });
        world.run(async {
            let (ids, work) = wrong(1, FOR_EVER, backend);
            let work = tokio::spawn(work);
            let (first, second) = (tokio::spawn(ids.load(1)), tokio::spawn(ids.load(2)));
            drop(ids);
            sleep(ms(20)).await;
            assert_eq!(asked.calls().len(), 1);
            gate.add_permits(2);
            let (first, second, ended) = tokio::join!(first, second, work);
            ended.unwrap();
            assert_eq!((first.unwrap(), second.unwrap()), (Ok(10), Ok(20)));
        });
    });
}

async fn two_calls_for_the_same(make: Make) -> Vec<Vec<u32>> {
    let asked = Asked::default();
    let (ids, work) = make(3, FOR_EVER, asked.at_once());
    let callers = async move {
        let all = [7, 3, 7].map(|id| ids.load(id));
        drop(ids);
        futures::future::join_all(all).await
    };
    tokio::join!(work, callers);
    asked.calls()
}

#[test]
fn a_key_that_two_callers_want_is_asked_for_once_and_both_get_its_value() {
    everywhere(|world| {
        assert_eq!(world.run(two_calls_for_the_same(right)), [[7, 3]]);
        let asked = Asked::default();
        let answers = world.run(async {
            let (ids, work) = right(2, FOR_EVER, asked.at_once());
            let (one, other) = (ids.load(7), ids.load(7));
            drop(ids);
            let ((), one, other) = tokio::join!(work, one, other);
            [one, other]
        });
        assert_eq!(answers, [Ok(70), Ok(70)]);
    });
}

#[test]
fn the_naive_loader_asks_for_a_key_twice() {
    everywhere(|world| assert_eq!(world.run(two_calls_for_the_same(wrong)), [[7, 3, 7]]));
}

/// A caller leaves before the batch is complete, and another one stays.
async fn one_leaves(make: Make) -> Vec<Vec<u32>> {
    let asked = Asked::default();
    let (ids, work) = make(2, FOR_EVER, asked.at_once());
    let callers = async move {
        timeout(ms(5), ids.load(1)).await.unwrap_err();
        let stays = ids.load(2);
        drop(ids);
        assert!(stays.await.is_ok());
    };
    tokio::join!(work, callers);
    asked.calls()
}

#[test]
fn a_caller_who_has_left_is_not_asked_for_and_still_counts_for_the_limit() {
    everywhere(|world| assert_eq!(world.run(one_leaves(right)), [[2]]));
}

#[test]
fn the_naive_loader_asks_for_a_caller_who_has_left() {
    everywhere(|world| assert_eq!(world.run(one_leaves(wrong)), [[1, 2]]));
}

#[test]
fn a_batch_whose_callers_have_all_left_makes_no_call() {
    everywhere(|world| {
        let asked = Asked::default();
        world.run(async {
            let (ids, work) = right(3, FOR_EVER, asked.at_once());
            let callers = async move {
                for id in [1, 2] {
                    timeout(ms(5), ids.load(id)).await.unwrap_err();
                }
            };
            tokio::join!(work, callers);
        });
        assert_eq!(asked.calls().len(), 0);
    });
}

#[test]
fn a_call_that_nobody_polls_is_not_made() {
    everywhere(|world| {
        let asked = Asked::default();
        world.run(async {
            let (ids, work) = right(1, FOR_EVER, asked.at_once());
            let never = ids.load(1);
            let second = ids.load(2);
            drop(ids);
            let ends = async {
                assert_eq!(second.await, Ok(20));
                drop(never);
            };
            tokio::join!(work, ends);
        });
        assert_eq!(asked.calls(), [[2]]);
    });
}

/// Twelve callers of a backend with one connection, which takes 10 ms for a call, however many ids are in it.
async fn twelve_callers(limit: usize) -> usize {
    let (asked, connection) = (Asked::default(), Arc::new(Semaphore::new(1)));
    let backend = asked.then(move |ids| {
        let connection = Arc::clone(&connection);
        async move {
            let _mine = connection.acquire().await.unwrap();
            sleep(ms(10)).await;
            rows(ids)
        }
    });
    let (ids, work) = right(limit, ms(10), backend);
    let callers = async move {
        let all: Vec<_> = (1..=12).map(|id| ids.load(id)).collect();
        drop(ids);
        futures::future::join_all(all).await
    };
    tokio::join!(work, callers);
    asked.calls().len()
}

#[test]
fn twelve_callers_of_one_connection_take_twelve_round_trips_alone_and_three_in_batches_of_four() {
    everywhere(|world| {
        for (limit, calls) in [(1, 12), (4, 3)] {
            let (count, recording) = world.record(async { twelve_callers(limit).lane("all").await });
            assert_eq!(count, calls);
            world.assert_took(recording.total(), ms(10) * u32::try_from(calls).unwrap());
        }
    });
}
