//! A limit for each host.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::future::join_all;
use room::everywhere;
use semaphore::{PerHost, with_permit};
use timeline::LaneExt;
use tokio::sync::Semaphore;
use tokio::task::{JoinSet, yield_now};
use tokio_test::task::spawn;
use tokio_test::{assert_pending, assert_ready};

use super::{ms, work};

const REQUESTS: [(&str, u64); 6] = [("slow", 40), ("slow", 46), ("slow", 52), ("fast", 7), ("fast", 13), ("fast", 19)];

#[test]
fn each_host_has_a_limit_of_its_own() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let hosts = PerHost::new(2);
            let ask = async |(host, takes)| {
                let _permit = hosts.acquire(host).await;
                work(takes).lane(host).await;
            };
            join_all(REQUESTS.map(ask)).await;
        });
        assert_eq!((recording.peak("slow"), recording.peak("fast"), recording.peak("work")), (2, 2, 4));
    });
}

#[test]
fn a_slow_host_does_not_hold_up_a_fast_one_and_with_one_limit_for_all_it_does() {
    everywhere(|world| {
        let hosts = PerHost::new(3);
        let all = Semaphore::new(3);
        let apart = async |(host, takes)| {
            let _permit = hosts.acquire(host).await;
            work(takes).lane(host).await;
        };
        let together = async |(host, takes)| drop(with_permit(&all, work(takes).lane(host)).await);
        let (_, apart) = world.record(join_all(REQUESTS.map(apart)));
        let (_, together) = world.record(join_all(REQUESTS.map(together)));
        assert!(apart.lane("fast").unwrap().closed < apart.lane("slow").unwrap().closed);
        assert!(together.lane("fast").unwrap().started() >= together.lane("slow").unwrap().closed);
        world.assert_took(apart.lane("fast").unwrap().closed.unwrap(), ms(7));
        world.assert_took(together.lane("fast").unwrap().closed.unwrap(), ms(47));
    });
}

#[test]
fn hosts_that_nobody_uses_are_forgotten() {
    everywhere(|world| {
        world.run(async {
            let hosts = PerHost::new(2);
            assert!(hosts.is_empty());
            for number in 0..10_000 {
                drop(hosts.acquire(&number.to_string()).await);
                assert!((1..=64).contains(&hosts.len()));
            }
            assert!(!hosts.is_empty());
        });
    });
}

#[test]
fn with_many_hosts_in_use_idle_ones_are_looked_for_only_when_the_map_has_doubled() {
    everywhere(|world| {
        world.run(async {
            let hosts = PerHost::new(2);
            let in_use: Vec<_> = (0..1_000).map(|number| format!("in use {number}")).collect();
            let _permits = join_all(in_use.iter().map(|host| hosts.acquire(host))).await;
            let (mut looks, mut before) = (0, hosts.len());
            for number in 0..10_000 {
                drop(hosts.acquire(&number.to_string()).await);
                looks += usize::from(hosts.len() <= before);
                before = hosts.len();
                assert!((1_000..=2_100).contains(&before), "{before} hosts in memory, 1,000 in use");
            }
            assert!((5..=15).contains(&looks), "{looks} looks at all hosts for 10,000 new ones");
        });
    });
}

#[test]
#[should_panic(expected = "a limit of 0 lets nothing run")]
fn a_limit_of_zero_for_each_host_panics() {
    let _ = PerHost::new(0);
}

#[test]
fn a_host_in_use_is_not_forgotten() {
    everywhere(|world| {
        world.run(async {
            let hosts = PerHost::new(1);
            let many_others = async || {
                for number in 0..1_000 {
                    drop(hosts.acquire(&number.to_string()).await);
                }
            };
            let permit = hosts.acquire("a").await;
            many_others().await;
            let mut waiting = spawn(hosts.acquire("a"));
            assert_pending!(waiting.poll());

            drop(permit);
            many_others().await;
            // The waiter has the permit and was not polled yet: it uses its host, too.
            assert_pending!(spawn(hosts.acquire("a")).poll());
            drop(assert_ready!(waiting.poll()));
            drop(assert_ready!(spawn(hosts.acquire("a")).poll()));
        });
    });
}

#[test]
fn many_tasks_on_many_hosts_never_break_a_limit() {
    everywhere(|world| {
        world.run(async {
            let hosts = Arc::new(PerHost::new(2));
            let at_once: Arc<[AtomicUsize; 100]> = Arc::new([const { AtomicUsize::new(0) }; 100]);
            let mut tasks = JoinSet::new();
            for task in 0..40 {
                let (hosts, at_once) = (Arc::clone(&hosts), Arc::clone(&at_once));
                tasks.spawn(async move {
                    for step in 0..50 {
                        // 100 hosts, of which a few are in use at any time: the others are forgotten and come again.
                        let host = (task / 4 + 10 * step) % 100;
                        let _permit = hosts.acquire(&host.to_string()).await;
                        assert!(at_once[host].fetch_add(1, Ordering::SeqCst) < 2);
                        yield_now().await;
                        at_once[host].fetch_sub(1, Ordering::SeqCst);
                    }
                });
            }
            tasks.join_all().await;
        });
    });
}
