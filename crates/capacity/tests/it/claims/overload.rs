//! More requests than the workers can do.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use tokio::task::JoinSet;
use tokio::time::sleep_until;

use super::*;

/// A client waits as long as five requests take.
const PATIENCE: Duration = seconds(50);
const CLIENTS: usize = 3_000;
const WORKERS: usize = 4;

#[derive(Clone)]
enum Either {
    Right(Arc<Pool>),
    Naive(Arc<naive::Pool>),
}

impl Either {
    fn right(queue: usize) -> Self {
        Self::Right(Arc::new(Pool::new(WORKERS, queue)))
    }

    fn naive() -> Self {
        Self::Naive(Arc::new(naive::Pool::new(WORKERS)))
    }

    async fn run(&self, work: impl Future<Output = ()> + Send + 'static) -> Result<(), Refused> {
        match self {
            Self::Right(pool) => pool.run(work).await,
            Self::Naive(pool) => pool.run(work).await,
        }
    }
}

/// What came of it.
#[derive(Debug, Default)]
struct Counts {
    answered: AtomicUsize,
    attempts: AtomicUsize,
    /// How many requests the workers did.
    done: AtomicUsize,
}

impl Counts {
    fn now(&self) -> [usize; 3] {
        [&self.answered, &self.attempts, &self.done].map(|count| count.load(Relaxed))
    }
}

/// Keeps so many workers busy, with four workers, and clients who make so many attempts.
fn clients(pool: &Either, requests: impl Iterator<Item = Request>, attempts: u32) -> [usize; 3] {
    for_hours(async {
        let (counts, start) = (Arc::new(Counts::default()), Instant::now());
        let mut clients = JoinSet::new();
        for Request { at, takes } in requests.take(CLIENTS) {
            sleep_until(start + at).await;
            clients.spawn(client(pool.clone(), Arc::clone(&counts), takes, attempts));
        }
        clients.join_all().await;
        counts.now()
    })
}

async fn client(pool: Either, counts: Arc<Counts>, takes: Duration, attempts: u32) {
    for _ in 0..attempts {
        counts.attempts.fetch_add(1, Relaxed);
        let done = Arc::clone(&counts);
        let work = async move {
            sleep(takes).await;
            done.done.fetch_add(1, Relaxed);
        };
        if let Ok(Ok(())) = timeout(PATIENCE, pool.run(work)).await {
            counts.answered.fetch_add(1, Relaxed);
            return;
        }
    }
}

/// Requests that keep twice as many workers busy as there are; all of them take the same time.
fn twice_the_load(seed: u64) -> impl Iterator<Item = Request> {
    keeps_busy(8.0, seed).map(|request| Request { takes: TAKES, ..request })
}

/// How many of all clients got an answer, and how many requests the workers did, in five runs, in percent.
fn percent_of_five_runs(pool: impl Fn() -> Either) -> [f64; 2] {
    let runs: Vec<_> = (1..=5).map(|seed| clients(&pool(), twice_the_load(seed), 1)).collect();
    [0, 2].map(|count| runs.iter().map(|run| run[count] as f64).sum::<f64>() / (5 * CLIENTS) as f64 * 100.0)
}

#[test]
fn under_overload_a_short_queue_answers_all_that_the_workers_can_do_on_the_paused_clock() {
    let [answered, attempts, done] = clients(&Either::right(8), twice_the_load(5), 1);
    assert_eq!((attempts, done), (CLIENTS, answered));
    // The workers can do a half.
    let [answered, _] = percent_of_five_runs(|| Either::right(8));
    assert!((48.0..53.0).contains(&answered), "{answered} %");
}

#[test]
fn under_overload_a_queue_without_a_bound_answers_6_of_100_clients_on_the_paused_clock() {
    let [answered, _] = percent_of_five_runs(|| Either::right(usize::MAX));
    assert!((5.0..7.0).contains(&answered), "{answered} %");
}

#[test]
fn under_overload_the_naive_pool_works_all_the_time_and_answers_1_of_100_clients_on_the_paused_clock() {
    let [answered, done] = percent_of_five_runs(Either::naive);
    assert!((0.5..1.5).contains(&answered) && done > 48.0, "{answered} % answered, {done} % done");
}

#[test]
fn the_clients_of_a_queue_without_a_bound_wait_for_most_of_their_patience_on_the_paused_clock() {
    let pool = Arc::new(Pool::new(WORKERS, usize::MAX));
    let fates = for_hours(simulate(&pool, keeps_busy(8.0, 5).take(CLIENTS), PATIENCE));
    let waits: Vec<_> = fates.into_iter().filter_map(Fate::waited).collect();
    // All but a tenth of those who are answered.
    let [tenth, most] = [0.1, 1.0].map(|share| percentile(waits.iter().copied(), share));
    assert!(tenth > PATIENCE * 3 / 5 && most < PATIENCE, "{tenth:?} and {most:?}");
}

#[test]
fn if_times_are_random_and_callers_leave_the_queue_a_queue_without_a_bound_answers_as_many_on_the_paused_clock() {
    let [bounded, unbounded] = [8, usize::MAX].map(|queue| clients(&Either::right(queue), keeps_busy(8.0, 5), 1)[0]);
    assert!(unbounded.abs_diff(bounded) < CLIENTS / 50, "{bounded} and {unbounded}");
}

#[test]
fn under_overload_retries_make_more_calls_and_fewer_answers_on_the_paused_clock() {
    // A quarter more than the workers can do.
    for queue in [8, usize::MAX] {
        let [once, thrice] = [1, 3].map(|attempts| clients(&Either::right(queue), keeps_busy(5.0, 5), attempts));
        assert!(thrice[1] > once[1] * 3 / 2, "{once:?} and {thrice:?}");
        let most = if queue == 8 { 9 } else { 6 };
        assert!(thrice[0] < once[0] * most / 10, "{once:?} and {thrice:?}");
    }
}

#[test]
fn with_retries_a_short_queue_loses_less_than_one_without_a_bound_on_the_paused_clock() {
    let [bounded, unbounded] = [8, usize::MAX].map(|queue| clients(&Either::right(queue), keeps_busy(5.0, 5), 3)[0]);
    assert!(bounded > unbounded * 3 / 2, "{bounded} and {unbounded}");
}
