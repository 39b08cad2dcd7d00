//! In which order things start, finish and come back.

use std::cell::RefCell;
use std::fmt::Debug;
use std::future::{Ready, ready};
use std::sync::mpsc as blocking;

use futures::future::{join_all, try_join_all};
use timeline::Lane;
use tokio::sync::{Barrier, mpsc};

use super::*;

type Requests = [BoxFuture<'static, Answer>; 3];

/// Three requests that answer once all of them have started: the second first, then the third, then the first.
fn requests() -> Requests {
    let started = Arc::new(Barrier::new(3));
    let turns = [0; 3].map(|_| CancellationToken::new());
    turns[1].cancel();
    // Whose turn follows whose: the first has none after it.
    let next = [CancellationToken::new(), turns[2].clone(), turns[0].clone()];
    [0, 1, 2].map(|number| {
        let (started, turn) = (Arc::clone(&started), turns[number].clone());
        let answer = async move {
            started.wait().await;
            turn.cancelled().await;
            Ok(number as u64)
        };
        end_with(&next[number], request(number, answer))
    })
}

/// The results, in the order of the inputs.
const IN_ORDER: [Answer; 3] = [Ok(0), Ok(1), Ok(2)];
const VALUES: [u64; 3] = [0, 1, 2];

/// The requests run together, they end in another order, and their results come in the order of the inputs.
#[track_caller]
fn keeps_the_order<T: PartialEq<E> + Debug, E: Debug>(expected: &E, gather: impl AsyncFn(Requests) -> T) {
    everywhere(|world| {
        let (results, recording) = world.record(async { gather(requests()).await });
        assert_eq!(results, *expected);
        let mut lanes: Vec<_> = recording.lanes.iter().collect();
        lanes.sort_by_key(|lane| lane.closed_seq);
        assert_eq!(lanes.iter().map(|lane| &*lane.name).collect::<Vec<_>>(), ["1", "2", "0"]);
    });
}

#[test]
fn join_keeps_the_order_of_the_inputs() {
    keeps_the_order(&IN_ORDER, async |[first, second, third]| <[Answer; 3]>::from(tokio::join!(first, second, third)));
}

#[test]
fn try_join_keeps_the_order_of_the_inputs() {
    keeps_the_order(&Ok(VALUES.into()), async |[first, second, third]| tokio::try_join!(first, second, third));
}

#[test]
fn join_all_keeps_the_order_of_the_inputs() {
    keeps_the_order(&IN_ORDER, async |requests| join_all(requests).await);
}

#[test]
fn try_join_all_keeps_the_order_of_the_inputs() {
    keeps_the_order(&Ok(VALUES.into()), async |requests| try_join_all(requests).await);
}

#[test]
fn spawned_handles_awaited_in_turn_keep_the_order_of_the_inputs() {
    keeps_the_order(&IN_ORDER, async |requests| {
        let mut results = Vec::new();
        for handle in requests.map(tokio::spawn) {
            results.push(handle.await.unwrap());
        }
        results
    });
}

#[test]
fn all_keeps_the_order_of_the_inputs() {
    keeps_the_order(&IN_ORDER, async |requests| all(requests).await);
}

#[test]
fn every_result_keeps_the_order_of_the_inputs() {
    keeps_the_order(&IN_ORDER, async |requests| every_result(requests).await);
}

#[test]
fn all_or_nothing_keeps_the_order_of_the_inputs() {
    keeps_the_order(&Ok(VALUES.into()), async |requests| all_or_nothing(requests).await);
}

#[test]
fn spawned_keeps_the_order_of_the_inputs() {
    keeps_the_order(&IN_ORDER, async |requests| {
        spawned(requests).await.into_iter().map(Result::unwrap).collect::<Vec<_>>()
    });
}

#[test]
fn spawned_all_or_nothing_keeps_the_order_of_the_inputs() {
    keeps_the_order(&Ok(VALUES.into()), async |requests| spawned_all_or_nothing(requests).await);
}

#[test]
fn two_stages_keeps_the_order_of_the_items() {
    keeps_the_order(&IN_ORDER, async |requests| two_stages(requests, |request| request, async |answer| answer).await);
}

#[test]
fn a_thousand_requests_run_at_the_same_time() {
    const COUNT: usize = 1_000;
    // Each waits for all the others: with a limit on how many run, none of them would ever end.
    let requests = || {
        let barrier = Arc::new(Barrier::new(COUNT));
        let request = |barrier: Arc<Barrier>| async move {
            barrier.wait().await;
            Ok::<_, Failure>(())
        };
        (0..COUNT).map(|_| request(Arc::clone(&barrier))).collect::<Vec<_>>()
    };
    everywhere(|world| {
        world.run(async {
            assert_eq!(all(requests()).await.len(), COUNT);
            assert_eq!(every_result(requests()).await.len(), COUNT);
            assert_eq!(all_or_nothing(requests()).await.unwrap().len(), COUNT);
            assert_eq!(spawned(requests()).await.len(), COUNT);
            assert_eq!(spawned_all_or_nothing(requests()).await.unwrap().len(), COUNT);
            assert_eq!(two_stages(requests(), |request| request, ready).await.len(), COUNT);
        });
    });
}

#[test]
fn nothing_to_do_is_done_at_once() {
    everywhere(|world| {
        world.run(async {
            assert!(all(Vec::<Ready<u8>>::new()).await.is_empty());
            assert_eq!(every_result(Vec::<Ready<Answer>>::new()).await, []);
            assert_eq!(all_or_nothing(Vec::<Ready<Answer>>::new()).await, Ok(vec![]));
            assert_eq!(spawned(Vec::<Ready<u8>>::new()).await.len(), 0);
            assert_eq!(spawned_all_or_nothing(Vec::<Ready<Answer>>::new()).await, Ok(vec![]));
        });
    });
}

#[test]
fn every_joined_future_has_started_before_any_goes_on() {
    everywhere(|world| {
        for count in [3, 30, 31, 1_000] {
            let started = AtomicUsize::new(0);
            let request = async || {
                started.fetch_add(1, Relaxed);
                yield_now().await;
                started.load(Relaxed)
            };
            assert_eq!(world.run(all((0..count).map(|_| request()))), vec![count; count]);
        }
    });
}

#[test]
fn a_spawned_task_can_go_on_before_another_has_started_with_several_workers() {
    with_several_workers(|world| {
        let (goes_on, went_on) = blocking::channel();
        let first = async move {
            yield_now().await;
            goes_on.send(()).unwrap();
        };
        let tasks = [first.boxed(), ready(()).boxed()].into_iter().enumerate();
        // The second is spawned when the first has gone on.
        let tasks = tasks.inspect(|(number, _)| {
            if *number == 1 {
                went_on.recv_timeout(ms(30_000)).unwrap();
            }
        });
        world.run(spawned(tasks.map(|(_, task)| task)));
    });
}

#[test]
fn one_that_does_not_suspend_finishes_before_the_next_starts() {
    everywhere(|world| {
        let log = RefCell::new(Vec::new());
        let suspends = async |start, end| {
            log.borrow_mut().push(start);
            yield_now().await;
            log.borrow_mut().push(end);
        };
        let does_not = async || {
            log.borrow_mut().push("second starts");
            ready(()).await;
            log.borrow_mut().push("second ends");
        };
        world.run(async {
            tokio::join!(suspends("first starts", "first ends"), does_not(), suspends("third starts", "third ends"))
        });
        assert_eq!(log.take()[..4], ["first starts", "second starts", "second ends", "third starts"]);
    });
}

#[test]
fn joined_futures_start_when_they_are_awaited_and_not_when_they_are_made() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let later = all(requests());
            sleep(ms(5)).lane("before").await;
            later.await;
        });
        let before = recording.lane("before").unwrap().closed;
        let requests = recording.lanes.iter().filter(|lane| lane.name != "before");
        assert!(requests.map(Lane::started).all(|started| started >= before));
    });
}

#[test]
fn spawned_tasks_start_without_being_awaited() {
    everywhere(|world| {
        world.run(async {
            let (starts, mut started) = mpsc::channel(3);
            let handles = [(); 3].map(|()| {
                let starts = starts.clone();
                tokio::spawn(async move { starts.send(()).await.unwrap() })
            });
            for _ in &handles {
                started.recv().await.unwrap();
            }
        });
    });
}

#[test]
fn awaiting_one_after_another_takes_the_sum_and_has_a_peak_of_one() {
    everywhere(|world| {
        let (results, recording) = world.record(async { naive::all([30, 10, 20].map(answer)).await });
        assert_eq!(results, [Ok(30), Ok(10), Ok(20)]);
        assert_eq!(recording.peak_where(|_| true), 1);
        world.assert_took(recording.total(), ms(60));
    });
}
