//! The simulation agrees with what can be computed.

use super::*;

const RUNS: u64 = 16;
const REQUESTS: usize = 5_000;
/// The pool is empty in the beginning, so the first requests wait less than those later on.
const WARM_UP: usize = 1_000;

/// The waits of independent runs.
fn runs(busy: f64, workers: usize, takes: impl Fn(Request) -> Request) -> Vec<Vec<Duration>> {
    let run = |seed| {
        let requests = keeps_busy(busy, seed).map(&takes).take(REQUESTS);
        let fates = for_hours(simulate(&Arc::new(Pool::new(workers, usize::MAX)), requests, Duration::MAX));
        fates.into_iter().map(|fate| fate.waited().unwrap()).skip(WARM_UP).collect()
    };
    (0..RUNS).map(run).collect()
}

/// The mean of independent runs is within four standard errors of this value, and these are small.
fn assert_agrees(runs: &[Vec<Duration>], of: impl Fn(&[Duration]) -> f64, expected: f64) {
    let runs: Vec<_> = runs.iter().map(|waits| of(waits)).collect();
    let count = runs.len() as f64;
    let mean = runs.iter().sum::<f64>() / count;
    let variance = runs.iter().map(|run| (run - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let error = (variance / count).sqrt();
    assert!((mean - expected).abs() < 4.0 * error, "{mean} ± {error} is not {expected}");
    assert!(error < expected * 0.1, "± {error} says little about {expected}");
}

#[test]
fn the_waits_of_the_simulation_are_those_of_erlang_c() {
    // A half of the two workers is busy, and 10/12 of the twelve.
    for (busy, workers) in [(1, 2), (10, 12)] {
        let (runs, load) = (runs(f64::from(busy), workers, |request| request), Load::new(busy, seconds(1)));
        let in_seconds = |wait: Option<Duration>| wait.unwrap().as_secs_f64() * TAKES.as_secs_f64();
        assert_agrees(&runs, mean, in_seconds(load.mean_wait(workers)));
        assert_agrees(&runs, p99, in_seconds(load.wait(workers, 0.99)));
        assert_agrees(&runs, part_that_waits, load.part_that_waits(workers));
    }
}

fn mean(waits: &[Duration]) -> f64 {
    waits.iter().sum::<Duration>().as_secs_f64() / waits.len() as f64
}

fn p99(waits: &[Duration]) -> f64 {
    percentile(waits.iter().copied(), 0.99).as_secs_f64()
}

fn part_that_waits(waits: &[Duration]) -> f64 {
    waits.iter().filter(|wait| **wait > ms(1)).count() as f64 / waits.len() as f64
}

/// The waits of requests that keep so many workers busy and all take the same time.
fn runs_of_one_time(busy: f64, workers: usize) -> Vec<Vec<Duration>> {
    runs(busy, workers, |request| Request { takes: TAKES, ..request })
}

#[test]
fn with_one_worker_the_mean_wait_is_half_as_long_if_all_requests_take_the_same_time() {
    // Pollaczek and Khinchine. The worker is busy for 75 % of the time.
    let half = Load::new(75, ms(10)).mean_wait(1).unwrap().as_secs_f64() * 1_000.0 / 2.0;
    assert_agrees(&runs_of_one_time(0.75, 1), mean, half);
}

#[test]
fn with_several_workers_the_mean_wait_is_shorter_but_not_by_half_if_all_requests_take_the_same_time() {
    let formula = Load::new(2, seconds(1)).mean_wait(4).unwrap().as_secs_f64() * TAKES.as_secs_f64();
    let runs = runs_of_one_time(2.0, 4);
    let part = runs.iter().map(|run| mean(run)).sum::<f64>() / runs.len() as f64 / formula;
    assert!((0.53..0.8).contains(&part), "{part}");
}

#[test]
fn as_many_workers_are_busy_as_the_law_says() {
    for_hours(async {
        let pool = Arc::new(Pool::new(8, usize::MAX));
        let (mut looks, mut busy) = (0, 0);
        let look = async {
            loop {
                sleep(seconds(1)).await;
                looks += 1;
                busy += pool.busy();
            }
        };
        tokio::select! {
            _ = simulate(&pool, keeps_busy(4.0, 1).take(20_000), Duration::MAX) => {}
            () = look => {}
        }
        let busy = busy as f64 / f64::from(looks);
        assert!((busy - 4.0).abs() < 0.15, "{busy}");
    });
}

/// The longest wait for one of three workers, of requests that come at these times, in milliseconds, and take a second.
fn longest_of_three_workers(at: impl Iterator<Item = u64>) -> Duration {
    let requests = at.map(|at| Request { at: ms(at), takes: seconds(1) });
    let fates = for_hours(simulate(&Arc::new(Pool::new(3, usize::MAX)), requests, Duration::MAX));
    percentile(fates.into_iter().map(|fate| fate.waited().unwrap()), 1.0)
}

#[test]
fn three_workers_do_three_requests_a_second_without_a_wait_if_these_come_evenly_on_the_paused_clock() {
    assert_eq!(longest_of_three_workers((0..600).map(|number| number * 334)), ms(0));
}

#[test]
fn three_workers_let_requests_wait_for_a_second_if_six_come_together_every_two_seconds_on_the_paused_clock() {
    assert_eq!(longest_of_three_workers((0..600).map(|number| number / 6 * 2_000)), seconds(1));
}

/// The mean waits of the first and of the last tenth of 5,000 requests that keep four workers busy, over sixteen runs.
fn first_and_last(workers: usize) -> [f64; 2] {
    let runs: Vec<_> = (0..RUNS)
        .map(|seed| {
            let requests = keeps_busy(4.0, seed).take(REQUESTS);
            let fates = for_hours(simulate(&Arc::new(Pool::new(workers, usize::MAX)), requests, Duration::MAX));
            let waits: Vec<_> = fates.into_iter().map(|fate| fate.waited().unwrap()).collect();
            [mean(&waits[..500]), mean(&waits[4_500..])]
        })
        .collect();
    [0, 1].map(|tenth| runs.iter().map(|run| run[tenth]).sum::<f64>() / runs.len() as f64)
}

#[test]
fn with_fewer_workers_than_the_law_says_the_queue_grows_and_grows() {
    let [first, last] = first_and_last(3);
    assert!(last > 10.0 * first && last > 100.0 * TAKES.as_secs_f64(), "{first} s, then {last} s");
}

#[test]
fn with_exactly_as_many_workers_as_the_law_says_the_queue_grows_as_well() {
    let [first, last] = first_and_last(4);
    assert!(last > 2.0 * first && last > 5.0 * TAKES.as_secs_f64(), "{first} s, then {last} s");
}

#[test]
fn with_more_workers_than_the_law_says_the_wait_does_not_grow() {
    let [first, last] = first_and_last(6);
    assert!(last < 5.0 * first.max(1.0) && last < TAKES.as_secs_f64(), "{first} s, then {last} s");
}

#[test]
fn the_simulation_gives_each_request_the_worker_that_is_free_first() {
    let requests: Vec<_> = keeps_busy(2.5, 3)
        .map(|Request { at, takes }| Request { at: rounded(at), takes: rounded(takes) })
        .take(2_000)
        .collect();
    let mut free = [Duration::ZERO; 3];
    let expected: Vec<_> = requests
        .iter()
        .map(|request| {
            let first = free.iter_mut().min().unwrap();
            let begins = request.at.max(*first);
            *first = begins + request.takes;
            Fate::Answered { waited: begins.saturating_sub(request.at) }
        })
        .collect();
    let pool = Arc::new(Pool::new(3, usize::MAX));
    assert_eq!(for_hours(simulate(&pool, requests, Duration::MAX)), expected);
}
