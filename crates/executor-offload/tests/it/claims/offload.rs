//! Where work runs, and who goes on meanwhile.

use std::collections::BTreeSet;
use std::error::Error;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;
use std::time::Instant;

use executor_offload::{
    Limited, WorkError, in_child, naive, on_blocking_pool, on_own_pool, on_own_thread, on_rayon, sum_of_squares,
    sum_of_squares_in_parallel,
};
use futures::FutureExt;
use futures::future::{BoxFuture, join, join_all};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use room::{World, everywhere, on_one_thread, on_the_real_clock};

use super::process::program;
use super::{Heart, LIMIT, PAUSE};

type Work = Box<dyn FnOnce() + Send>;

fn pool(threads: usize) -> rayon::ThreadPool {
    let named = rayon::ThreadPoolBuilder::new().thread_name(|number| format!("own {number}"));
    named.num_threads(threads).build().unwrap()
}

/// The name of the thread that this is called on.
fn thread_name() -> Option<String> {
    thread::current().name().map(str::to_owned)
}

/// Proves that the heart beats while a task waits for work that it has handed over like this.
fn lets_the_heart_beat(hand_over: impl Fn(Work) -> BoxFuture<'static, Result<(), WorkError>>) {
    everywhere(|world| {
        world.run(async {
            let heart = Heart::start(world);
            // The work ends only after the beats: if it stopped the heart, there would be none.
            let work = move || assert!(heart.beats_three_times(), "the heart stands still");
            tokio::spawn(hand_over(Box::new(work))).await.unwrap().unwrap();
        });
    });
}

#[test]
fn work_on_the_blocking_pool_lets_the_heart_beat() {
    lets_the_heart_beat(|work| on_blocking_pool(work).boxed());
}

#[test]
fn work_on_rayon_lets_the_heart_beat() {
    lets_the_heart_beat(|work| on_rayon(work).boxed());
}

#[test]
fn work_on_a_pool_of_its_own_lets_other_tasks_run() {
    let pool = Arc::new(pool(1));
    lets_the_heart_beat(|work| {
        let pool = Arc::clone(&pool);
        async move { on_own_pool(&pool, work).await }.boxed()
    });
}

#[test]
fn work_on_a_thread_of_its_own_lets_other_tasks_run() {
    lets_the_heart_beat(|work| on_own_thread("work", work).boxed());
}

#[test]
fn work_in_a_child_process_lets_the_heart_beat() {
    lets_the_heart_beat(|work| {
        // The child ends only when its standard input does, and that only after the beats.
        let (input, hold) = std::io::pipe().unwrap();
        let beats = thread::spawn(move || {
            work();
            drop(hold);
        });
        async {
            let mut command = program(["sum", "4"]);
            assert_eq!(in_child(command.stdin(input)).await.unwrap().trim(), "14");
            beats.join().unwrap();
            Ok(())
        }
        .boxed()
    });
}

#[test]
fn work_inline_stops_the_heart_on_one_thread() {
    on_one_thread(|world| {
        world.run(async {
            let heart = Heart::start(world);
            heart.beats_again().await;
            let beating = heart.clone();
            let work = move || beating.beats_during(|| thread::sleep(5 * PAUSE));
            assert_eq!(naive::on_blocking_pool(work).await.unwrap(), 0);
            heart.beats_again().await;
        });
    });
}

#[test]
fn computing_inline_stops_the_heart_too_on_one_thread() {
    on_one_thread(|world| {
        world.run(async {
            let heart = Heart::start(world);
            heart.beats_again().await;
            let beats = heart.beats_during(|| assert_eq!(sum_of_squares(0..1_000_000), 333_332_833_333_500_000));
            assert_eq!(beats, 0);
            heart.beats_again().await;
        });
    });
}

#[test]
fn all_five_ways_give_the_same_sum() {
    const BELOW: u64 = 10_000;
    on_the_real_clock(|world| {
        world.run(async {
            let inline = sum_of_squares(0..BELOW);
            let pool = on_blocking_pool(|| sum_of_squares(0..BELOW)).await.unwrap();
            let rayon = on_rayon(|| sum_of_squares_in_parallel(0..BELOW)).await.unwrap();
            let thread = on_own_thread("sum", || sum_of_squares(0..BELOW)).await.unwrap();
            let mut command = program(["sum", &BELOW.to_string()]);
            let child = in_child(command.stdin(std::process::Stdio::null())).await.unwrap();
            assert_eq!([inline, pool, rayon, thread, child.trim().parse().unwrap()], [333_283_335_000; 5]);
        });
    });
}

#[test]
fn work_on_rayon_runs_on_a_thread_of_rayons_pool() {
    on_the_real_clock(|world| {
        world.run(async {
            assert_eq!(rayon::current_thread_index(), None);
            assert!(on_rayon(rayon::current_thread_index).await.unwrap().is_some());
        });
    });
}

#[test]
fn the_parallel_sum_uses_all_threads_of_its_pool() {
    const THREADS: usize = 4;
    on_the_real_clock(|world| {
        let (pool, arrived) = (pool(THREADS), Arc::<AtomicUsize>::default());
        let threads = Arc::<Mutex<BTreeSet<_>>>::default();
        let seen = Arc::clone(&threads);
        // Each number waits for the others, so that none is squared before each has a thread of its own.
        let meet = move |number| {
            seen.lock().unwrap().insert(rayon::current_thread_index());
            arrived.fetch_add(1, Ordering::SeqCst);
            let since = Instant::now();
            while arrived.load(Ordering::SeqCst) < THREADS && since.elapsed() < LIMIT {
                thread::sleep(PAUSE);
            }
            number
        };
        let sum = move || sum_of_squares_in_parallel((0..THREADS as u64).into_par_iter().map(meet));
        assert_eq!(world.run(on_own_pool(&pool, sum)).unwrap(), 14);
        assert_eq!(threads.lock().unwrap().iter().copied().flatten().collect::<Vec<_>>(), [0, 1, 2, 3]);
    });
}

#[test]
fn nothing_is_handed_over_before_the_first_poll() {
    /// Whether work ran whose future was dropped without a poll: its sender is dropped with it, used or not.
    fn ran<F>(hand_over: impl FnOnce(Work) -> F) -> bool {
        let (runs, ran) = mpsc::channel();
        drop(hand_over(Box::new(move || runs.send(()).unwrap())));
        ran.recv_timeout(LIMIT).is_ok()
    }
    everywhere(|world| {
        let (pool, limited) = (pool(1), Limited::new(1));
        world.run(async {
            assert!(!ran(on_blocking_pool));
            assert!(!ran(on_rayon));
            assert!(!ran(|work| on_own_pool(&pool, work)));
            assert!(!ran(|work| on_own_thread("work", work)));
            assert!(!ran(|work| limited.run(work)));
        });
    });
}

#[test]
fn spawn_blocking_starts_when_it_is_called() {
    everywhere(|world| {
        world.run(async {
            let (begins, begun) = mpsc::channel();
            // Nobody polls it, and nobody keeps it.
            drop(tokio::task::spawn_blocking(move || begins.send("it ran")));
            assert_eq!(begun.recv_timeout(LIMIT).unwrap(), "it ran");
        });
    });
}

#[test]
fn a_panic_elsewhere_is_an_error_here() {
    on_the_real_clock(|world| {
        let pool = pool(1);
        world.run(async {
            let panicked = |result| matches!(result, Err(WorkError::Panicked(words)) if words == "no more");
            assert!(panicked(on_blocking_pool(|| panic!("no more")).await));
            assert!(panicked(on_rayon(|| panic!("no more")).await));
            assert!(panicked(on_own_pool(&pool, || panic!("no more")).await));
            let more = "more".to_owned();
            assert!(panicked(on_own_thread("thread", move || panic!("no {more}")).await));
        });
    });
}

#[test]
fn an_error_of_the_work_says_what_happened_and_hides_no_error_of_the_system() {
    let told = |error: WorkError| (error.to_string(), error.source().map(ToString::to_string));
    let words = "the work panicked: out of paper".to_owned();
    assert_eq!(told(WorkError::Panicked("out of paper".to_owned())), (words, None));
    let words = "the work never ran: the pool was shut down".to_owned();
    assert_eq!(told(WorkError::NeverRan), (words, None));
    let words = "the operating system refused a thread".to_owned();
    assert_eq!(told(WorkError::NoThread(io::Error::other("no memory"))), (words, Some("no memory".to_owned())));
}

#[test]
fn an_own_thread_has_the_name_that_it_was_given() {
    on_the_real_clock(|world| {
        assert_eq!(world.run(on_own_thread("sum", thread_name)).unwrap().as_deref(), Some("sum"));
    });
}

#[test]
fn an_own_pool_has_as_many_threads_as_it_was_given() {
    on_the_real_clock(|world| {
        let pool = pool(3);
        let meeting = Arc::new(Barrier::new(3));
        let enter = |_| {
            let meeting = meeting.clone();
            on_own_pool(&pool, move || {
                // Three can meet, and the next ones wait until one of them has ended; threads of other pools need not meet.
                let name = thread_name().unwrap();
                if name.starts_with("own") {
                    meeting.wait();
                }
                name
            })
        };
        let names = world.run(async { join_all((0..6).map(enter)).await });
        let names: BTreeSet<_> = names.into_iter().map(Result::unwrap).collect();
        assert!(names.iter().eq(["own 0", "own 1", "own 2"]), "{names:?}");
    });
}

#[test]
fn the_blocking_pool_makes_a_thread_for_each_that_waits() {
    everywhere(|world| {
        // Far more than there are cores: all of them are inside at once.
        let meeting = Arc::new(Barrier::new(40));
        world.run(async {
            let enter = |_| {
                let meeting = meeting.clone();
                on_blocking_pool(move || meeting.wait())
            };
            assert!(join_all((0..40).map(enter)).await.iter().all(Result::is_ok));
        });
    });
}

#[test]
fn the_blocking_pool_uses_an_idle_thread_again() {
    everywhere(|world| {
        world.run(async {
            let mut threads = Vec::new();
            for _ in 0..100 {
                threads.push(on_blocking_pool(|| thread::current().id()).await.unwrap());
            }
            let again = (1..threads.len()).any(|number| threads[..number].contains(&threads[number]));
            assert!(again);
        });
    });
}

#[test]
fn a_semaphore_limits_the_blocking_pool() {
    everywhere(|world| {
        let (limited, meeting) = (Limited::new(2), Arc::new(Barrier::new(2)));
        let (inside, most) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let enter = |_| {
            let (inside, most, meeting) = (inside.clone(), most.clone(), meeting.clone());
            limited.run(move || {
                most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                meeting.wait();
                inside.fetch_sub(1, Ordering::SeqCst);
            })
        };
        let ends = world.run(async { join_all((0..8).map(enter)).await });
        assert!(ends.iter().all(Result::is_ok));
        assert_eq!(most.load(Ordering::SeqCst), 2);
    });
}

#[test]
fn work_keeps_its_place_when_its_caller_gives_up() {
    everywhere(|world| {
        let limited = Limited::new(1);
        assert!(!the_second_begins_while_the_first_works(world, |work| limited.run(work)));
    });
}

#[test]
fn naive_limited_runs_more_than_its_limit_when_a_caller_gives_up() {
    everywhere(|world| {
        let limited = naive::Limited::new(1);
        assert!(the_second_begins_while_the_first_works(world, |work| limited.run(work)));
    });
}

/// The caller of the first work gives up while it runs: whether a second one begins before the first one ends.
fn the_second_begins_while_the_first_works(world: World, run: impl AsyncFn(Work) -> Result<(), WorkError>) -> bool {
    let runtime = world.builder().max_blocking_threads(2).build().unwrap();
    runtime.block_on(async {
        let (first_begins, first_begun) = mpsc::channel();
        let (release, released) = mpsc::channel::<()>();
        let first = move || {
            first_begins.send(()).unwrap();
            released.recv().unwrap();
        };
        // Its first poll hands the work over; then the caller gives up.
        assert!(run(Box::new(first)).now_or_never().is_none());
        first_begun.recv_timeout(LIMIT).unwrap();

        let (begins, begun) = mpsc::channel();
        let second = run(Box::new(move || begins.send(()).unwrap()));
        let third = async {
            // The pool's other thread takes work in its order: had it got the second work, it would have done that before this.
            on_blocking_pool(|| ()).await.unwrap();
            let begins_early = begun.try_recv().is_ok();
            release.send(()).unwrap();
            begins_early
        };
        let (second, begins_early) = tokio::join!(biased; second, third);
        second.unwrap();
        begins_early
    })
}

#[test]
fn shutting_down_waits_for_the_work_and_refuses_more() {
    everywhere(|world| {
        world.run(async {
            // One of two places is free, so it must wait for both.
            let limited = Limited::new(2);
            let (release, released) = mpsc::channel();
            let mut work = Box::pin(limited.run(move || released.recv().unwrap()));
            assert!(futures::poll!(&mut work).is_pending());

            let mut shut_down = Box::pin(limited.shut_down());
            assert!(futures::poll!(&mut shut_down).is_pending(), "the work still runs");
            release.send(()).unwrap();
            let ((), worked) = join(shut_down, work).await;

            worked.unwrap();
            assert!(matches!(limited.run(|| ()).await, Err(WorkError::NeverRan)));
        });
    });
}
