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

#[test]
fn if_all_requests_take_the_same_time_the_mean_wait_is_half_as_long() {
    // Pollaczek and Khinchine: with one worker, it is exactly half. This one is busy for 75 % of the time.
    let half = Load::new(75, ms(10)).mean_wait(1).unwrap().as_secs_f64() * 1_000.0 / 2.0;
    assert_agrees(&runs(0.75, 1, |request| Request { takes: TAKES, ..request }), mean, half);
}

#[test]
fn as_many_workers_are_busy_as_the_law_says() {
    let requests: Vec<_> = keeps_busy(4.0, 1).take(100_000).collect();
    let work: Duration = requests.iter().map(|request| request.takes).sum();
    let busy = work.as_secs_f64() / requests.last().unwrap().at.as_secs_f64();
    assert!((busy - 4.0).abs() < 0.06, "{busy}");
}

/// The mean waits of the first and of the last tenth.
fn first_and_last(workers: usize) -> [f64; 2] {
    let requests = keeps_busy(4.0, 7).take(5_000);
    let fates = for_hours(simulate(&Arc::new(Pool::new(workers, usize::MAX)), requests, Duration::MAX));
    let waits: Vec<_> = fates.into_iter().map(|fate| fate.waited().unwrap()).collect();
    [mean(&waits[..500]), mean(&waits[4_500..])]
}

#[test]
fn with_fewer_workers_than_the_law_says_the_queue_grows_and_grows() {
    let [first, last] = first_and_last(3);
    assert!(last > 10.0 * first && last > 100.0 * TAKES.as_secs_f64(), "{first} s, then {last} s");
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
