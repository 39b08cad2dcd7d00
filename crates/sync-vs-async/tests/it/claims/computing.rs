//! Computing is not waiting.

use super::*;

#[test]
fn the_limit_itself_is_not_counted() {
    assert_eq!([0, 2, 3, 7, 8].map(count_primes), [0, 0, 1, 3, 4]);
}

#[test]
fn joined_computations_run_one_at_a_time() {
    everywhere(|world| {
        let gauge = Gauge::default();
        let (counts, recording) = world.record(async {
            let count = |limit| {
                let gauge = &gauge;
                async move { gauge.within(|| count_primes(limit)) }.lane("count")
            };
            await_together([10, 100, 1_000].map(count)).await
        });

        assert_eq!(counts, [4, 25, 168]);
        assert_eq!(gauge.most(), 1);
        assert!(recording.lanes.iter().all(|lane| lane.poll_count() == 1), "each ran to its end before the next began");
    });
}

#[test]
fn tasks_that_yield_take_turns_on_one_thread_and_gain_nothing() {
    on_one_thread(|world| {
        let log = Log::default();
        world.run(async {
            let count = |name: &'static str| {
                let log = log.clone();
                tokio::spawn(async move {
                    for part in 1..=3 {
                        log.say(format!("part {part} of {name}"));
                        yield_now().await;
                    }
                })
            };
            await_together(["a", "b"].map(count)).await;
        });

        // All parts but one are done before the first result is there: the sum, only in another order.
        // Which task comes first in a turn is up to the runtime.
        let turns: Vec<_> = log.entries().iter().map(|entry| entry[..6].to_owned()).collect();
        assert_eq!(turns, ["part 1", "part 1", "part 2", "part 2", "part 3", "part 3"]);
    });
}

#[test]
fn a_yield_in_a_select_may_not_reach_the_runtime() {
    on_one_thread(|world| {
        let log = Log::default();
        world.run(async {
            let says = log.clone();
            let other = tokio::spawn(async move { says.say("the other task runs") });
            tokio::select! {
                biased;
                () = yield_now() => unreachable!("it is polled first, and is pending"),
                () = ready(()) => log.say("the select is over"),
            }
            other.await.unwrap();
        });

        assert_eq!(log.entries(), ["the select is over", "the other task runs"]);
    });
}

/// Two threads set off together, and compute; nobody is to be interrupted within the next 1,000 seconds.
const COUNTING_IN_CPYTHON: &str = r#"
import sys, threading

sys.setswitchinterval(1_000)
log, ready = [], threading.Barrier(2)

def count():
    ready.wait()
    log.append("begins")
    sum(number * number for number in range(100_000))
    log.append("ends")

threads = [threading.Thread(target=count) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
has_its_lock = getattr(sys, "_is_gil_enabled", lambda: True)()
assert not has_its_lock or log == ["begins", "ends", "begins", "ends"], log
"#;

#[test]
fn in_cpython_threads_that_compute_take_turns() {
    room::run_python(COUNTING_IN_CPYTHON);
}
