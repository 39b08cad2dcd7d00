//! Waiting and computing, on one thread and on several.

mod recorded;

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, mpsc};
use std::thread;
use std::time::Duration;

use sync_vs_async::{
    ask, ask_blocking, await_one_by_one, await_together, call_on_threads, call_one_by_one, count_primes, naive,
};
use timeline::{Clock, LaneExt, Recording, lane_blocking, record};
use tokio::task::yield_now;
use tokio::time::sleep;

const SERVICES: [(&str, Duration); 3] = [
    ("users", Duration::from_millis(300)),
    ("orders", Duration::from_millis(500)),
    ("prices", Duration::from_millis(400)),
];

/// What happened, in order, whichever thread it happened on.
#[derive(Default)]
struct Log(Mutex<Vec<String>>);

impl Log {
    fn say(&self, what: impl Into<String>) {
        self.entries().push(what.into());
    }

    fn entries(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap()
    }
}

/// How many are inside at once, and how many were at most.
#[derive(Default)]
struct Gauge {
    inside: AtomicUsize,
    most: AtomicUsize,
}

impl Gauge {
    fn within<T>(&self, work: impl FnOnce() -> T) -> T {
        let inside = self.inside.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(inside, Ordering::SeqCst);
        let result = work();
        self.inside.fetch_sub(1, Ordering::SeqCst);
        result
    }

    fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

/// A barrier that gives up: for a number of threads that have to be there at the same time.
struct Meeting {
    awaited: Mutex<usize>,
    all_here: Condvar,
}

impl Meeting {
    fn of(awaited: usize) -> Self {
        Self { awaited: Mutex::new(awaited), all_here: Condvar::new() }
    }

    /// Waits until all are here, and says whether they came; nothing is proven by how long it waits.
    fn wait(&self) -> bool {
        let mut awaited = self.awaited.lock().unwrap();
        *awaited -= 1;
        self.all_here.notify_all();
        let limit = Duration::from_secs(30);
        !self.all_here.wait_timeout_while(awaited, limit, |awaited| *awaited > 0).unwrap().1.timed_out()
    }
}

/// How many of all lanes ran at once at most.
fn peak(recording: &Recording) -> usize {
    recording.peak_where(|_| true)
}

#[test]
fn blocking_one_after_another_takes_the_sum() {
    let log = Log::default();
    let calls = ["users", "orders", "prices"].map(|service| {
        let log = &log;
        move || {
            log.say(format!("{service} asked"));
            let answer = ask_blocking(service, Duration::from_millis(1));
            log.say(format!("{service} answered"));
            answer
        }
    });

    assert_eq!(call_one_by_one(calls), ["users", "orders", "prices"]);

    // Nobody is asked before the one before has answered, so no two waits share any time.
    let strictly =
        ["users asked", "users answered", "orders asked", "orders answered", "prices asked", "prices answered"];
    assert_eq!(*log.entries(), strictly);
}

#[test]
fn awaiting_one_after_another_takes_the_sum() {
    let (answers, recording) = record(Clock::Virtual, async {
        await_one_by_one(SERVICES.map(|(service, takes)| ask(service, takes).lane(service))).await
    });

    assert_eq!(answers, ["users", "orders", "prices"]);
    assert_eq!(peak(&recording), 1);
    assert_eq!(recording.total(), 1_200_000);
}

#[test]
fn awaiting_together_takes_the_longest() {
    let (answers, recording) = record(Clock::Virtual, async {
        await_together(SERVICES.map(|(service, takes)| ask(service, takes).lane(service))).await
    });

    assert_eq!(answers, ["users", "orders", "prices"]);
    assert_eq!(peak(&recording), 3);
    assert_eq!(recording.total(), 500_000);
    assert_eq!(recording.finish_order(), ["users", "prices", "orders"]);
}

#[test]
fn calling_an_async_fn_starts_nothing() {
    let ((), recording) = record(Clock::Virtual, async {
        let answer = ask("users", Duration::from_millis(300)).lane("users");
        sleep(Duration::from_secs(1)).await;
        drop(answer);
    });

    assert_eq!(recording.never_started(), ["users"]);
}

#[test]
fn a_future_that_waits_is_polled_again_when_it_is_woken_and_not_before() {
    let (_, recording) = record(Clock::Virtual, async {
        await_together(SERVICES.map(|(service, takes)| tokio::spawn(ask(service, takes).lane(service)))).await
    });

    for (service, _) in SERVICES {
        assert_eq!(recording.polls(service), 2, "{service} is asked to start, and again when its timer has woken it");
    }
}

#[test]
fn spawned_tasks_go_on_while_they_are_awaited_one_after_another() {
    let ((), recording) = record(Clock::Virtual, async {
        let tasks = SERVICES.map(|(service, takes)| tokio::spawn(ask(service, takes).lane(service)));
        await_one_by_one(tasks).await;
    });

    assert_eq!(recording.total(), 500_000);
}

#[test]
fn naive_await_together_has_a_peak_of_one() {
    let (_, recording) = record(Clock::Virtual, async {
        naive::await_together(SERVICES.map(|(service, takes)| ask(service, takes).lane(service))).await
    });

    assert_eq!(peak(&recording), 1);
    assert_eq!(recording.total(), 1_200_000);
}

#[test]
fn naive_ask_has_a_peak_of_one_although_it_is_joined() {
    let (_, recording) = record(Clock::Real, async {
        let ask = |service| naive::ask(service, Duration::from_millis(1)).lane(service);
        await_together(["users", "orders", "prices"].map(ask)).await
    });

    assert_eq!(peak(&recording), 1);
    assert_eq!(recording.finish_order(), ["users", "orders", "prices"]);
    assert!(recording.lanes.iter().all(|lane| lane.poll_count() == 1), "it never gave the thread back");
}

#[test]
fn an_async_sleep_lets_the_others_go_on() {
    assert_eq!(
        what_goes_on_during(async { sleep(Duration::from_millis(5)).await }),
        ["begins", "beat", "beat", "beat", "ends"]
    );
}

#[test]
fn a_blocking_sleep_in_a_task_holds_up_everybody() {
    let blocking = async { thread::sleep(Duration::from_millis(5)) };
    assert_eq!(what_goes_on_during(blocking), ["begins", "ends", "beat", "beat", "beat"]);
}

/// The order of events when a heart beats three times beside this wait, on one thread.
fn what_goes_on_during(wait: impl Future<Output = ()>) -> Vec<String> {
    let log = Log::default();
    let waiter = async {
        log.say("begins");
        wait.await;
        log.say("ends");
    };
    let heart = async {
        for _ in 0..3 {
            log.say("beat");
            sleep(Duration::from_millis(1)).await;
        }
    };
    record(Clock::Virtual, async { tokio::join!(waiter, heart) });
    log.0.into_inner().unwrap()
}

#[test]
fn the_timeline_shows_who_was_held_up_and_by_whom() {
    let (_, recording) = record(Clock::Real, async {
        tokio::join!(
            ask("users", Duration::from_millis(1)).lane("users"),
            naive::ask("orders", Duration::from_millis(20)).lane("orders"),
        )
    });

    let name = |lane: usize| recording.lanes[lane].name.as_str();
    let held_up: Vec<_> =
        recording.held_up().iter().filter_map(|held| Some((name(held.lane), name(held.by?)))).collect();
    assert!(held_up.contains(&("users", "orders")), "{held_up:?}");
}

#[test]
fn one_blocked_worker_for_each_stops_a_whole_multi_thread_runtime() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let (log, released) = (Log::default(), Barrier::new(3));
    let (log, released) = (&*Box::leak(Box::new(log)), &*Box::leak(Box::new(released)));
    let (blocks, all_block) = mpsc::channel();
    for _ in 0..2 {
        let blocks = blocks.clone();
        runtime.spawn(async move {
            blocks.send(()).unwrap();
            released.wait();
        });
    }
    assert_eq!(all_block.iter().take(2).count(), 2);

    let third = runtime.spawn(async { log.say("the third task runs") });
    // On any free worker a task that only counts is done long before.
    for _ in 0..1_000 {
        thread::yield_now();
    }
    log.say("the two are released");
    released.wait();
    runtime.block_on(third).unwrap();

    assert_eq!(*log.entries(), ["the two are released", "the third task runs"]);
}

#[test]
fn threads_wait_together() {
    // One after another, the first would wait in vain.
    let meeting = Meeting::of(3);
    assert_eq!(call_on_threads([1, 2, 3].map(|_| || meeting.wait())).unwrap(), [true; 3]);
}

#[test]
fn the_timeline_shows_threads_side_by_side() {
    let meeting = Meeting::of(3);
    let (met, recording) = record(Clock::Real, async {
        let call = |service| lane_blocking(service, || meeting.wait());
        call_on_threads(["users", "orders", "prices"].map(call))
    });

    assert_eq!(met.unwrap(), [true; 3]);
    assert_eq!(peak(&recording), 3);
}

#[test]
fn on_one_thread_joined_computations_run_one_at_a_time() {
    let gauge = Gauge::default();
    let (counts, recording) = record(Clock::Virtual, async {
        let count = |limit| {
            let gauge = &gauge;
            async move { gauge.within(|| count_primes(limit)) }.lane("count")
        };
        await_together([10, 100, 1_000].map(count)).await
    });

    assert_eq!(counts, [4, 25, 168]);
    assert_eq!(gauge.most(), 1);
    assert!(recording.lanes.iter().all(|lane| lane.poll_count() == 1), "each ran to its end before the next one began");
}

#[test]
fn yielding_shares_one_thread_fairly_and_gains_nothing() {
    let log = Log::default();
    record(Clock::Virtual, async {
        let count = |name: &'static str| {
            let log = &log;
            async move {
                for part in 1..=3 {
                    log.say(format!("{name}{part}"));
                    yield_now().await;
                }
            }
        };
        await_together(["a", "b"].map(count)).await;
    });

    // All six parts are done before both results are there: the sum, only in another order.
    assert_eq!(*log.entries(), ["a1", "b1", "a2", "b2", "a3", "b3"]);
}

#[test]
fn on_threads_computations_run_at_the_same_time() {
    let (gauge, meeting) = (Gauge::default(), Meeting::of(3));
    let calls = [10, 100, 1_000].map(|limit| {
        let (gauge, meeting) = (&gauge, &meeting);
        move || {
            gauge.within(|| {
                meeting.wait();
                count_primes(limit)
            })
        }
    });

    assert_eq!(call_on_threads(calls).unwrap(), [4, 25, 168]);
    assert_eq!(gauge.most(), 3);
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

#[test]
#[should_panic(expected = "the second call failed")]
fn a_panic_on_a_thread_is_handed_to_the_caller() {
    let calls = ["first", "second"].map(|name| move || assert_ne!(name, "second", "the second call failed"));
    let _ = call_on_threads(calls);
}

#[test]
fn dropping_the_joined_future_cancels_what_still_waits() {
    let ((), recording) = record(Clock::Virtual, async {
        let all = await_together(SERVICES.map(|(service, takes)| ask(service, takes).lane(service)));
        let _ = tokio::time::timeout(Duration::from_millis(450), all).await;
    });

    assert_eq!(recording.finish_order(), ["users", "prices"]);
    assert_eq!(recording.cancelled(), ["orders"]);
}
