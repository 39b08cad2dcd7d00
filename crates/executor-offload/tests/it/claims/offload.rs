//! Where work runs, and who goes on meanwhile.

use std::sync::{Arc, Barrier, mpsc};
use std::time::Duration;

use executor_offload::{
    Limited, WorkError, in_child, naive, on_blocking_pool, on_own_pool, on_own_thread, on_rayon, sum_of_squares,
    sum_of_squares_in_parallel,
};
use futures::FutureExt;
use futures::future::{BoxFuture, join, join_all};
use timeline::{Clock, LaneExt, Recording, lane_blocking, record};
use tokio::time::sleep;

use super::LIMIT;
use super::process::program;

/// The sum of the squares below 10,000,000.
const SUM: u128 = 333_333_283_333_335_000_000;

/// Waits until the heart has beaten three times since now.
fn three_beats(heart: &mpsc::Receiver<()>) -> usize {
    // Those from before it began do not count.
    heart.try_iter().for_each(drop);
    (0..3).take_while(|_| heart.recv_timeout(LIMIT).is_ok()).count()
}

/// Runs a future beside a heart that beats every millisecond, both on one thread, until the future is ready.
fn beside_a_heart<T>(work: impl AsyncFnOnce(mpsc::Receiver<()>) -> T) -> (T, Recording) {
    let (beats, heart) = mpsc::channel();
    let beat = async move {
        loop {
            let _ = beats.send(());
            sleep(Duration::from_millis(1)).await;
        }
    };
    record(Clock::Real, async move {
        tokio::select! {
            result = work(heart) => result,
            () = beat.lane("heart") => unreachable!("a heart beats for ever"),
        }
    })
}

/// How often the heart was polled while the work ran.
fn beats_during_the_work(recording: &Recording) -> usize {
    let work = recording.lane("work").unwrap();
    let (began, ended) = (work.started().unwrap(), work.closed.unwrap());
    let heart = recording.lane("heart").unwrap();
    heart.polls.iter().filter(|poll| began < poll.at && poll.at < ended).count()
}

#[test]
fn work_on_the_blocking_pool_lets_the_heart_beat() {
    // The work ends only after the beats have arrived: if it stopped the heart, it would never end.
    let (beats, recording) =
        beside_a_heart(async |heart| on_blocking_pool(lane_blocking("work", move || three_beats(&heart))).await);
    assert_eq!(beats.unwrap(), 3);
    assert!(beats_during_the_work(&recording) >= 1);
}

#[test]
fn work_on_rayon_lets_the_heart_beat() {
    let (beats, _) = beside_a_heart(async |heart| on_rayon(move || three_beats(&heart)).await);
    assert_eq!(beats.unwrap(), 3);
}

#[test]
fn work_on_an_own_pool_lets_the_heart_beat() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let (beats, _) = beside_a_heart(async |heart| on_own_pool(&pool, move || three_beats(&heart)).await);
    assert_eq!(beats.unwrap(), 3);
}

#[test]
fn work_on_an_own_thread_lets_the_heart_beat() {
    let (beats, _) = beside_a_heart(async |heart| on_own_thread("work", move || three_beats(&heart)).await);
    assert_eq!(beats.unwrap(), 3);
}

#[test]
fn work_in_a_child_process_lets_the_heart_beat() {
    // The child ends only when its standard input does, and that only after the beats.
    let (input, hold) = std::io::pipe().unwrap();
    let (sum, _) = beside_a_heart(async |heart| {
        let mut command = program(["sum", "4"]);
        command.stdin(input);
        let waiter = on_own_thread("waiter", move || (three_beats(&heart), drop(hold)));
        join(in_child(&mut command), waiter).await.0
    });
    assert_eq!(sum.unwrap().trim(), "14");
}

#[test]
fn work_inline_stops_the_heart() {
    let (beats, recording) = beside_a_heart(async |heart| {
        let work = move || {
            heart.try_iter().for_each(drop);
            std::thread::sleep(Duration::from_millis(5));
            heart.try_iter().count()
        };
        naive::on_blocking_pool(work).try_lane("work").await
    });
    assert_eq!(beats.unwrap(), 0);
    assert_eq!(beats_during_the_work(&recording), 0);
}

#[test]
fn computing_inline_stops_the_heart_too() {
    let (beats, _) = beside_a_heart(async |heart| {
        heart.try_iter().for_each(drop);
        assert_eq!(sum_of_squares(0..1_000_000), 333_332_833_333_500_000);
        heart.try_iter().count()
    });
    assert_eq!(beats, 0);
}

#[test]
fn all_five_ways_give_the_same_sum() {
    const BELOW: u64 = 10_000_000;
    record(Clock::Real, async {
        let inline = sum_of_squares(0..BELOW);
        let pool = on_blocking_pool(|| sum_of_squares(0..BELOW)).await.unwrap();
        let rayon = on_rayon(|| sum_of_squares_in_parallel(0..BELOW)).await.unwrap();
        let thread = on_own_thread("sum", || sum_of_squares(0..BELOW)).await.unwrap();
        let mut command = program(["sum", &BELOW.to_string()]);
        let child = in_child(command.stdin(std::process::Stdio::null())).await.unwrap();
        assert_eq!([inline, pool, rayon, thread, child.trim().parse().unwrap()], [SUM; 5]);
    });
}

#[test]
fn nothing_is_handed_over_before_the_first_poll() {
    let ((), recording) = record(Clock::Real, async {
        drop(on_blocking_pool(lane_blocking("pool", || ())));
        drop(on_rayon(lane_blocking("rayon", || ())));
        drop(on_own_thread("thread", lane_blocking("thread", || ())));
    });
    assert_eq!(recording.never_started(), ["pool", "rayon", "thread"]);
}

#[test]
fn spawn_blocking_starts_when_it_is_called() {
    record(Clock::Real, async {
        let (begins, begun) = mpsc::channel();
        // Nobody polls it, and nobody keeps it.
        drop(tokio::task::spawn_blocking(move || begins.send("it ran")));
        assert_eq!(begun.recv().unwrap(), "it ran");
    });
}

#[test]
fn a_panic_elsewhere_is_an_error_here() {
    record(Clock::Real, async {
        let panicked = |result| matches!(result, Err(WorkError::Panicked(words)) if words == "no more");
        assert!(panicked(on_blocking_pool(|| panic!("no more")).await));
        assert!(panicked(on_rayon(|| panic!("no more")).await));
        assert!(panicked(on_own_thread("thread", || panic!("no {}", "more")).await));
    });
}

#[test]
fn an_own_pool_has_as_many_threads_as_it_was_given() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    record(Clock::Real, async {
        // Two can meet, and the third waits until one of them has ended.
        let meeting = Arc::new(Barrier::new(2));
        let enter = |number: u32| {
            let meeting = meeting.clone();
            on_own_pool(&pool, move || {
                meeting.wait();
                (number, rayon::current_num_threads())
            })
        };
        let met: Vec<_> = join_all([1, 2, 3, 4].map(enter)).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(met, [(1, 2), (2, 2), (3, 2), (4, 2)]);
    });
}

#[test]
fn the_blocking_pool_makes_a_thread_for_each_that_waits() {
    // Far more than there are cores: all of them are inside at once.
    let meeting = Arc::new(Barrier::new(40));
    record(Clock::Real, async {
        let enter = |_| {
            let meeting = meeting.clone();
            on_blocking_pool(move || meeting.wait())
        };
        assert!(join_all((0..40).map(enter)).await.iter().all(Result::is_ok));
    });
}

#[test]
fn a_semaphore_limits_the_blocking_pool() {
    let (_, recording) = record(Clock::Real, async {
        let limited = Limited::new(2);
        let meeting = Arc::new(Barrier::new(2));
        let enter = |_| {
            let meeting = meeting.clone();
            limited.run(lane_blocking("work", move || meeting.wait()))
        };
        join_all((0..8).map(enter)).await
    });
    assert_eq!(recording.peak("work"), 2);
}

#[test]
fn work_keeps_its_place_when_its_caller_gives_up() {
    let limited = Limited::new(1);
    let run = |work| {
        let limited = limited.clone();
        async move { limited.run(work).await }.boxed()
    };
    assert_eq!(peak_after_a_caller_gave_up(run, false), 1);
}

#[test]
fn naive_limited_runs_more_than_its_limit_when_a_caller_gives_up() {
    let limited = naive::Limited::new(1);
    let run = |work| {
        let limited = limited.clone();
        async move { limited.run(work).await }.boxed()
    };
    assert_eq!(peak_after_a_caller_gave_up(run, true), 2);
}

type Work = Box<dyn FnOnce() + Send>;

/// The peak of two works, when the caller of the first gives up while its work runs; and whether the second begins before that ends.
fn peak_after_a_caller_gave_up(
    run: impl Fn(Work) -> BoxFuture<'static, Result<(), WorkError>>,
    second_begins: bool,
) -> usize {
    let ((), recording) = record(Clock::Real, async {
        let (first_begins, first_begun) = mpsc::channel();
        let (release, released) = mpsc::channel::<()>();
        let first = move || {
            first_begins.send(()).unwrap();
            released.recv().unwrap();
        };
        // Its first poll hands the work over; then the caller gives up.
        assert!(run(Box::new(lane_blocking("work", first))).now_or_never().is_none());
        first_begun.recv().unwrap();

        let (begins, begun) = mpsc::channel();
        let second = lane_blocking("work", move || begins.send(()).unwrap());
        let mut second = run(Box::new(second));
        assert!(futures::poll!(&mut second).is_pending());
        if second_begins {
            begun.recv_timeout(LIMIT).expect("the second begins while the first still works");
        } else {
            // Had the second been handed over, it would have been before this one.
            on_blocking_pool(|| ()).await.unwrap();
        }
        release.send(()).unwrap();
        second.await.unwrap();
    });
    recording.peak("work")
}

#[test]
fn shutting_down_waits_for_the_work_and_refuses_more() {
    record(Clock::Real, async {
        let limited = Limited::new(1);
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
}
