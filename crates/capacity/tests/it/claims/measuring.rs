//! What goes wrong when one measures.

use super::*;

/// The mean wait at 95 %, with absolute times and with a sleep for each gap.
fn at_95_percent() -> [Duration; 2] {
    let requests = |seed| {
        requests(ms(5), ms(19), seeded(seed))
            .map(|request| Request { takes: rounded(request.takes), ..request })
            .take(20_000)
    };
    let pool = || Arc::new(Pool::new(4, usize::MAX));
    let mean = |waits: Vec<Duration>| {
        assert_eq!(waits.len(), 20_000, "every request is answered");
        waits.iter().sum::<Duration>() / 20_000
    };
    let all = |seed| {
        let right = for_hours(simulate(&pool(), requests(seed), Duration::MAX));
        let naive = for_hours(naive::simulate(&pool(), requests(seed)));
        [right.into_iter().filter_map(Fate::waited).collect(), naive].map(mean)
    };
    let runs: Vec<_> = (1..=5).map(all).collect();
    [0, 1].map(|which| runs.iter().map(|run| run[which]).sum::<Duration>() / 5)
}

#[test]
fn with_a_sleep_for_each_gap_the_wait_at_95_percent_is_less_than_a_third_on_the_paused_clock() {
    let [right, naive] = at_95_percent();
    let formula = Load::new(200, ms(19)).mean_wait(4).unwrap();
    assert!(right > formula * 8 / 10 && right < formula * 12 / 10, "{right:?}, and the formula says {formula:?}");
    assert!(naive * 7 / 2 < right, "{naive:?} and {right:?}");
}

/// One request every 10 ms, one after another; the fiftieth takes a second. The p99 since the request was to be sent, and since it was sent.
async fn with_a_stall(pool: Pool) -> [Duration; 2] {
    let (start, mut times) = (Instant::now(), [Vec::new(), Vec::new()]);
    for number in 0..1_000 {
        let due = start + ms(10) * number;
        tokio::time::sleep_until(due).await;
        let sent = Instant::now();
        pool.run(sleep(if number == 50 { seconds(1) } else { ms(1) })).await.unwrap();
        times[0].push(due.elapsed());
        times[1].push(sent.elapsed());
    }
    times.map(|times| percentile(times, 0.99))
}

#[test]
fn measured_from_when_it_was_sent_a_stall_of_a_second_does_not_show_in_the_p99_on_the_paused_clock() {
    let [due, sent] = for_hours(with_a_stall(Pool::new(1, 0)));
    assert_eq!((sent, due), (ms(1), ms(910)));
}

#[test]
fn a_random_source_may_return_0() {
    let request = requests(ms(10), ms(40), || 0.0).next().unwrap();
    assert!(request.takes > ms(40) && request.takes < seconds(60), "{request:?}");
}

#[test]
fn a_percentile_is_the_smallest_time_that_covers_the_share() {
    for percent in 1..=100 {
        let times = (1..=100).rev().map(ms);
        assert_eq!(percentile(times, percent as f64 / 100.0), ms(percent), "{percent} %");
    }
    assert_eq!(percentile([1, 2].map(ms), 0.51), ms(2));
    assert_eq!((percentile([1, 2].map(ms), 0.0), percentile([1, 2].map(ms), 2.0)), (ms(1), ms(2)));
    assert_eq!(percentile([], 0.99), ms(0));
}
