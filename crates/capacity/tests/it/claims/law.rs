//! What the law, the rule of thumb and the formula say.

use super::*;

fn assert_near(left: f64, right: f64) {
    assert!((left - right).abs() < 0.05, "{left} is not {right}");
}

/// The p99 wait, in times that a request takes.
fn p99(load: Load, workers: usize) -> f64 {
    load.wait(workers, 0.99).unwrap().as_secs_f64() / load.takes().as_secs_f64()
}

#[test]
fn at_83_percent_the_p99_wait_is_13_service_times_with_2_workers_2_3_with_10_and_1_1_with_20() {
    let waits = [2, 10, 20].map(|workers| p99(Load::new(workers, Duration::from_secs(5) / 6), workers as usize));
    assert_near(waits[0], 13.0);
    assert_near(waits[1], 2.3);
    assert_near(waits[2], 1.1);
}

#[test]
fn the_rule_of_thumb_keeps_each_worker_busy_for_83_percent_or_less() {
    for (per_second, workers) in [(10, 12), (100, 120), (1_000, 1_200)] {
        let load = Load::new(per_second, seconds(1));
        assert_eq!(load.rule_of_thumb(), workers);
        assert_near(load.busy() / workers as f64, 0.833);
    }
    // Small numbers are rounded up: 1.2 to 2, and 4.8 to 5.
    for (per_second, percent) in [(1, 50.0), (4, 80.0)] {
        let load = Load::new(per_second, seconds(1));
        assert_near(load.busy() / load.rule_of_thumb() as f64 * 100.0, percent);
    }
}

#[test]
fn the_rule_of_thumb_rounds_up_and_never_by_mistake() {
    assert_eq!(Load::new(100, ms(40)).rule_of_thumb(), 5);
    assert_eq!(Load::new(1, ms(1)).rule_of_thumb(), 1);
    assert_eq!(Load::new(25, ms(200)).rule_of_thumb(), 6);
    // 3.5 workers and a fifth: 4.2.
    assert_eq!(Load::new(50, ms(70)).rule_of_thumb(), 5);
    assert_eq!(Load::new(0, ms(70)).rule_of_thumb(), 0);
}

#[test]
fn with_one_worker_the_part_that_waits_is_the_part_of_the_time_that_it_is_busy() {
    for percent in [10, 50, 90] {
        let load = Load::new(percent, ms(10));
        assert_near(load.part_that_waits(1), f64::from(percent) / 100.0);
    }
    // 10 / 3 service times: 0.9 / (1 - 0.9).
    assert_near(Load::new(90, ms(10)).mean_wait(1).unwrap().as_secs_f64() / 0.01, 9.0);
}

#[test]
fn the_formula_agrees_with_published_values_of_erlang_c() {
    // 2 Erlangs and 3 workers: 4/9; 1 Erlang and 2 workers: 1/3.
    assert!((Load::new(2, seconds(1)).part_that_waits(3) - 4.0 / 9.0).abs() < 1e-12);
    assert!((Load::new(1, seconds(1)).part_that_waits(2) - 1.0 / 3.0).abs() < 1e-12);
}

#[test]
fn a_load_knows_its_gap_and_its_time() {
    let load = Load::new(100, ms(40));
    assert_eq!((load.gap(), load.takes(), load.busy()), (ms(10), ms(40), 4.0));
    assert_eq!(Load::new(0, ms(40)).gap(), seconds(1));
    assert_eq!(load.wait(5, 1.0), None);
}

#[test]
fn with_as_many_workers_as_the_law_says_the_formula_knows_no_wait() {
    let load = Load::new(100, ms(40));
    assert_eq!((load.wait(4, 0.99), load.mean_wait(4), load.part_that_waits(4)), (None, None, 1.0));
    assert!(load.wait(5, 0.99).is_some());
}

#[test]
fn enough_is_the_fewest_workers_that_meet_the_target() {
    for (per_second, takes, longest) in [(100, 40, 40), (100, 40, 200), (3, 700, 5), (250, 400, 1), (1, 1, 0)] {
        let (load, longest) = (Load::new(per_second, ms(takes)), ms(longest));
        let enough = load.enough(0.99, longest);
        assert!(load.wait(enough, 0.99).unwrap() <= longest);
        assert!(load.wait(enough - 1, 0.99).is_none_or(|wait| wait > longest), "{load:?}");
    }
    assert_eq!(Load::new(100, ms(40)).enough(0.99, ms(40)), 7);
    assert_eq!(Load::new(0, ms(40)).enough(1.0, ms(0)), 1);
    // Almost all: all but one in 10 to the 16th.
    assert_eq!(Load::new(100, ms(40)).enough(1.0, ms(40)), 21);
}

#[test]
fn for_a_p99_wait_of_one_service_time_1_busy_worker_needs_4_workers_10_need_14_and_100_need_105() {
    let enough = [1, 10, 100].map(|busy| Load::new(busy, seconds(1)).enough(0.99, seconds(1)));
    assert_eq!(enough, [4, 14, 105]);
}

#[test]
fn large_pools_need_less_room_for_the_same_wait() {
    // The p99 wait is to be no longer than one service time.
    let room = [1, 10, 100, 1_000].map(|busy| {
        let enough = Load::new(busy, seconds(1)).enough(0.99, seconds(1));
        enough as f64 / f64::from(busy)
    });
    assert!(room.windows(2).all(|pair| pair[1] < pair[0]), "{room:?}");
}
