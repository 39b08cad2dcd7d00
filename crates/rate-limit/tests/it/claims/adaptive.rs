//! The limit that adjusts itself.

use super::*;

/// A call that takes this long is slow; on the real clock, a call without a sleep takes less.
const TARGET: Duration = Duration::from_secs(20);

fn limit(first: usize) -> Arc<AdaptiveLimit> {
    Arc::new(AdaptiveLimit::new(first, 1..=10, TARGET))
}

/// Calls that are under way until they are told how they end.
struct Calls {
    tasks: JoinSet<()>,
    ends: Vec<tokio::sync::oneshot::Sender<bool>>,
}

/// Begins so many calls, and returns when all of them are under way.
async fn begin(limit: &Arc<AdaptiveLimit>, count: usize) -> Calls {
    let mut calls = Calls { tasks: JoinSet::new(), ends: Vec::new() };
    let begun = Arc::new(Semaphore::new(0));
    for _ in 0..count {
        let (end, told) = tokio::sync::oneshot::channel();
        let (limit, under_way) = (Arc::clone(limit), Arc::clone(&begun));
        calls.ends.push(end);
        calls.tasks.spawn(async move {
            let work = async {
                under_way.add_permits(1);
                told.await.unwrap_or(false)
            };
            limit.run(work, |overloaded| *overloaded).await;
        });
        begun.acquire().await.unwrap().forget();
    }
    calls
}

impl Calls {
    /// Ends the first of them, and waits until its permit is released.
    async fn end(&mut self, overloaded: bool) {
        self.ends.remove(0).send(overloaded).unwrap();
        self.tasks.join_next().await.unwrap().unwrap();
    }
}

/// An aborted call releases its permit a little later, on whatever worker it runs.
async fn until_idle(limit: &AdaptiveLimit) {
    while limit.under_way() > 0 {
        sleep(ms(1)).await;
    }
}

#[test]
fn the_limit_grows_by_one_after_as_many_good_calls_as_it_is() {
    everywhere(|world| {
        world.run(async {
            let limit = limit(2);
            let mut limits = Vec::new();
            for _ in 0..9 {
                // As many as the limit are under way when each of them ends.
                let mut calls = begin(&limit, limit.limit()).await;
                calls.end(false).await;
                limits.push(limit.limit());
                drop(calls.tasks);
                until_idle(&limit).await;
            }
            assert_eq!(limits, [2, 3, 3, 3, 4, 4, 4, 4, 5]);
        });
    });
}

#[test]
fn the_limit_does_not_grow_if_nobody_needs_more() {
    everywhere(|world| {
        world.run(async {
            let limit = limit(3);
            for _ in 0..30 {
                begin(&limit, 2).await.end(false).await;
                until_idle(&limit).await;
            }
            assert_eq!(limit.limit(), 3);
        });
    });
}

#[test]
fn the_limit_stays_within_its_bounds() {
    everywhere(|world| {
        world.run(async {
            let limit = Arc::new(AdaptiveLimit::new(1, 1..=3, TARGET));
            for _ in 0..40 {
                let mut calls = begin(&limit, limit.limit()).await;
                while !calls.ends.is_empty() {
                    calls.end(false).await;
                }
            }
            assert_eq!(limit.limit(), 3);
            for _ in 0..3 {
                begin(&limit, 1).await.end(true).await;
            }
            assert_eq!((limit.limit(), limit.under_way()), (1, 0));
            begin(&limit, 1).await.end(true).await;
            begin(&limit, 1).await.end(false).await;
            assert_eq!(limit.limit(), 2);
        });
    });
}

#[test]
fn an_output_that_means_overload_halves_the_limit() {
    everywhere(|world| {
        world.run(async {
            let limit = limit(9);
            begin(&limit, 1).await.end(true).await;
            assert_eq!(limit.limit(), 4);
        });
    });
}

#[test]
fn a_slow_call_halves_the_limit_also_if_its_output_is_good() {
    everywhere(|world| {
        let target = ms(5);
        world.run(async {
            let limit = AdaptiveLimit::new(8, 1..=10, target);
            limit.run(sleep(target + ms(1)), |()| false).await;
            assert_eq!(limit.limit(), 4);
        });
    });
}

#[test]
fn a_call_that_takes_exactly_the_target_is_good_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let limit = AdaptiveLimit::new(1, 1..=10, ms(20));
            let naive = naive::AdaptiveLimit::new(1, 1..=10, ms(20));
            limit.run(sleep(ms(20)), |()| false).await;
            naive.run(sleep(ms(20)), |()| false).await;
            assert_eq!((limit.limit(), naive.limit()), (2, 2));
        });
    });
}

#[test]
fn calls_that_began_before_the_limit_fell_count_for_nothing_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let limit = limit(8);
            let mut calls = begin(&limit, 8).await;
            sleep(ms(1)).await;
            for _ in 0..8 {
                calls.end(true).await;
            }
            assert_eq!(limit.limit(), 4, "one overload is one decrease");
            let mut calls = begin(&limit, 4).await;
            for _ in 0..4 {
                calls.end(true).await;
            }
            assert_eq!(
                limit.limit(),
                1,
                "all of these count: they began and ended in the instant in which the limit fell"
            );
        });
    });
}

#[test]
fn after_a_decrease_the_permits_in_use_go_when_their_calls_end() {
    everywhere(|world| {
        world.run(async {
            let limit = limit(8);
            let mut calls = begin(&limit, 8).await;
            calls.end(true).await;
            assert_eq!((limit.limit(), limit.under_way()), (4, 7));
            // Nobody new comes in before fewer than four are under way.
            let mut fifth = std::pin::pin!(limit.run(async {}, |()| false));
            for under_way in [6, 5, 4] {
                calls.end(false).await;
                assert!(futures::poll!(&mut fifth).is_pending());
                assert_eq!(limit.under_way(), under_way);
            }
            calls.end(false).await;
            fifth.await;
            assert_eq!(limit.under_way(), 3);
        });
    });
}

#[test]
fn forget_permits_takes_only_free_permits() {
    everywhere(|world| {
        world.run(async {
            let semaphore = Semaphore::new(8);
            let in_use = semaphore.acquire_many(6).await.unwrap();
            assert_eq!(semaphore.forget_permits(4), 2);
            drop(in_use);
            assert_eq!(semaphore.available_permits(), 6);
        });
    });
}

#[test]
fn the_naive_limit_falls_and_as_many_calls_as_before_are_under_way() {
    everywhere(|world| {
        world.run(async {
            let limit = Arc::new(naive::AdaptiveLimit::new(8, 1..=10, TARGET));
            let (gates, under_way) = ([0, 1].map(|_| Arc::new(Semaphore::new(0))), Arc::new(Semaphore::new(0)));
            let mut calls = JoinSet::new();
            let mut begin = |count: usize, overloaded: bool| {
                let gate = &gates[usize::from(overloaded)];
                for _ in 0..count {
                    let (limit, gate, under_way) = (Arc::clone(&limit), Arc::clone(gate), Arc::clone(&under_way));
                    calls.spawn(async move {
                        let work = async {
                            under_way.add_permits(1);
                            gate.acquire().await.unwrap().forget();
                        };
                        limit.run(work, |()| overloaded).await;
                    });
                }
            };
            begin(7, false);
            begin(1, true);
            under_way.acquire_many(8).await.unwrap().forget();
            // It ends while the others are under way.
            gates[1].add_permits(1);
            while limit.limit() == 8 {
                sleep(ms(1)).await;
            }
            assert_eq!(limit.limit(), 4);
            begin(1, false);
            // The eighth is under way, beside seven.
            under_way.acquire().await.unwrap().forget();
            gates[0].add_permits(8);
            while calls.join_next().await.is_some() {}
        });
    });
}

/// How many of 20 calls are under way when nobody ends.
fn room_in(limit: &naive::AdaptiveLimit) -> usize {
    let under_way = std::cell::Cell::new(0);
    let mut calls: Vec<_> = std::iter::repeat_with(|| {
        Box::pin(limit.run(
            async {
                under_way.set(under_way.get() + 1);
                std::future::pending::<()>().await;
            },
            |()| false,
        ))
    })
    .take(20)
    .collect();
    assert!(calls.iter_mut().all(|call| call.now_or_never().is_none()));
    under_way.get()
}

#[test]
fn the_naive_limit_grows_to_its_bound_although_one_caller_needs_no_more() {
    everywhere(|world| {
        world.run(async {
            let limit = naive::AdaptiveLimit::new(2, 1..=4, TARGET);
            let mut limits = Vec::new();
            for _ in 0..12 {
                limit.run(async {}, |()| false).await;
                limits.push(limit.limit());
            }
            assert_eq!(limits, [2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4]);
            assert_eq!(room_in(&limit), 4);
        });
    });
}

#[test]
fn the_naive_limit_is_halved_once_for_each_slow_call() {
    everywhere(|world| {
        let target = ms(5);
        world.run(async {
            let limit = naive::AdaptiveLimit::new(8, 1..=10, target);
            let slow = || limit.run(sleep(target + ms(1)), |()| false);
            tokio::join!(slow(), slow());
            // Here it is right about the permits, too: enough of them were free.
            assert_eq!((limit.limit(), room_in(&limit)), (2, 2));
        });
    });
}

#[test]
fn a_dropped_call_counts_as_slow_if_it_was() {
    everywhere(|world| {
        world.run(async {
            let limit = AdaptiveLimit::new(8, 1..=10, ms(5));
            timeout(ms(10), limit.run(std::future::pending::<()>(), |()| false)).await.unwrap_err();
            assert_eq!((limit.limit(), limit.under_way()), (4, 0));
        });
    });
}

#[test]
fn a_dropped_call_that_was_not_slow_changes_nothing() {
    everywhere(|world| {
        world.run(async {
            let limit = AdaptiveLimit::new(1, 1..=10, TARGET);
            for _ in 0..5 {
                timeout(ms(1), limit.run(std::future::pending::<()>(), |()| false)).await.unwrap_err();
            }
            assert_eq!((limit.limit(), limit.under_way()), (1, 0));
        });
    });
}

#[test]
fn a_panic_releases_the_permit() {
    everywhere(|world| {
        world.run(async {
            let limit = limit(1);
            let panics = Arc::clone(&limit);
            let ended = tokio::spawn(async move { panics.run(async { panic!("the work") }, |()| false).await });
            assert!(ended.await.unwrap_err().is_panic());
            assert_eq!((limit.limit(), limit.under_way()), (1, 0));
            limit.run(async {}, |()| false).await;
        });
    });
}

#[test]
fn a_call_that_is_cancelled_at_any_await_leaves_no_permit_behind_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let make = || {
                let limit = Arc::new(AdaptiveLimit::new(4, 1..=10, ms(15)));
                let world = Arc::clone(&limit);
                (world, async move {
                    let calls = (1..=12).map(|number| limit.run(sleep(ms(3 * number)), |()| false));
                    join_all(calls).await;
                })
            };
            let judged = cancel_at_every_await(make, async |limit, _at| {
                let free = join_all((0..limit.limit()).map(|_| limit.run(sleep(ms(1)), |()| false)));
                match timeout(ms(1), free).await {
                    Ok(_) if limit.under_way() == 0 => Ok(()),
                    other => exam::fault(format!("{other:?}, {limit:?}"), ""),
                }
            });
            assert!(judged.await.map_err(|fault| fault.what).unwrap() > 5);
        });
    });
}

#[test]
fn after_a_decrease_good_calls_are_counted_anew_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let limit = limit(4);
            let mut calls = begin(&limit, 4).await;
            calls.end(false).await;
            let mut fifth = begin(&limit, 1).await;
            calls.end(false).await;
            assert_eq!(limit.limit(), 4, "two good calls of four");
            fifth.end(true).await;
            assert_eq!((limit.limit(), limit.under_way()), (2, 2));
            calls.end(false).await;
            assert_eq!(limit.limit(), 2, "one good call of two");
        });
    });
}

#[test]
fn after_two_decreases_and_a_raise_nobody_new_comes_in_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let limit = limit(6);
            let mut calls = begin(&limit, 6).await;
            calls.end(true).await;
            calls.end(true).await;
            assert_eq!((limit.limit(), limit.under_way()), (1, 4));
            calls.end(false).await;
            assert_eq!((limit.limit(), limit.under_way()), (2, 3));
            assert!(futures::poll!(Box::pin(limit.run(async {}, |()| false))).is_pending());
        });
    });
}

#[test]
fn a_raise_takes_back_a_decrease_that_is_still_owed() {
    everywhere(|world| {
        world.run(async {
            let limit = limit(4);
            let mut old = begin(&limit, 4).await;
            old.end(true).await;
            assert_eq!((limit.limit(), limit.under_way()), (2, 3));
            sleep(ms(2)).await;
            // Three old ones are under way. One ends, and makes room for one that begins after the decrease.
            old.end(false).await;
            old.end(false).await;
            let mut new = begin(&limit, 1).await;
            assert_eq!(limit.under_way(), 2);
            new.end(false).await;
            let mut new = begin(&limit, 1).await;
            new.end(false).await;
            assert_eq!((limit.limit(), limit.under_way()), (3, 1));
            let _two = begin(&limit, 2).await;
            assert_eq!(limit.under_way(), 3);
        });
    });
}

/// A backend with room for `capacity` calls: with more under way, each takes longer.
async fn backend(under_way: &std::cell::Cell<u64>, capacity: u64) {
    under_way.set(under_way.get() + 1);
    sleep(ms(40 * under_way.get().max(capacity) / capacity)).await;
    under_way.set(under_way.get() - 1);
}

#[test]
fn the_limit_finds_what_the_backend_can_take_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        for (capacity, most) in [(2, 2..=4), (4, 4..=7), (8, 7..=14)] {
            let limit = AdaptiveLimit::new(1, 1..=50, ms(68));
            let mut limits = Vec::new();
            world.run(async {
                let under_way = std::cell::Cell::new(0);
                let client = || async {
                    loop {
                        limit.run(backend(&under_way, capacity), |()| false).await;
                    }
                };
                let watch = async {
                    sleep(5 * SECOND).await;
                    for _ in 0..100 {
                        sleep(ms(97)).await;
                        limits.push(limit.limit());
                    }
                };
                let clients: Vec<_> = (0..60).map(|_| client()).collect();
                tokio::select! { () = watch => {}, _ = join_all(clients) => {} }
            });
            let highest = *limits.iter().max().unwrap();
            assert!(most.contains(&highest), "{highest} for a capacity of {capacity}");
        }
    });
}

#[test]
#[should_panic(expected = "a limit of 0 would let nobody start")]
fn a_lower_bound_of_0_panics() {
    _ = AdaptiveLimit::new(1, 0..=2, TARGET);
}

#[test]
#[should_panic(expected = "the first limit is within the bounds")]
fn a_first_limit_outside_of_the_bounds_panics() {
    _ = AdaptiveLimit::new(3, 1..=2, TARGET);
}

#[test]
#[should_panic(expected = "a semaphore cannot hold so many permits")]
fn an_upper_bound_that_a_semaphore_cannot_hold_panics() {
    _ = AdaptiveLimit::new(3, 1..=usize::MAX, TARGET);
}

#[test]
fn the_file_that_the_chapter_says_to_copy_is_short_and_needs_only_tokio() {
    let file = include_str!("../../../src/adaptive.rs");
    assert!(file.lines().count() < 150);
    let code = file.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    let paths: Vec<_> = code
        .flat_map(|line| line.split(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != ':'))
        .filter_map(|path| Some(path.split_once("::")?.0))
        .filter(|name| name.starts_with(char::is_lowercase) && !["std", "tokio"].contains(name))
        .collect();
    assert!(paths.is_empty(), "{paths:?}");
}
