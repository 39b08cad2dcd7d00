//! The figures of a runtime.

use std::thread;

use observability::{Report, memory, watch};
use room::{World, everywhere, on_the_paused_clock, on_the_real_clock};
use tokio::runtime::Handle;
use tokio::task::{JoinSet, yield_now};
use tokio::time::sleep;

use super::{HOUR, LOOK, Told, block, in_the_background, ms};

/// The reports of a program that runs beside a monitor with a period of 100 ms.
fn reports<F: Future<Output = ()> + Send + 'static>(world: World, program: F) -> Vec<Report> {
    world.run(async {
        let told = Told::new();
        let hear = told.hear();
        let mut monitor = in_the_background(async move { watch(LOOK, ms(100), hear).await });
        tokio::spawn(program).await.unwrap();
        while told.all().is_empty() {
            sleep(ms(10)).await;
        }
        monitor.shutdown().await;
        told.all()
    })
}

#[test]
fn a_report_counts_the_spawned_tasks_that_are_alive() {
    everywhere(|world| {
        world.run(async {
            let (told, mut tasks) = (Told::new(), JoinSet::new());
            (0..5).for_each(|_| _ = tasks.spawn(sleep(HOUR)));
            let mut monitor = in_the_background(watch(LOOK, ms(100), told.hear()));
            while told.all().is_empty() {
                sleep(ms(10)).await;
            }
            // `main` is no task; the monitor is one.
            assert_eq!(told.all()[0].alive, 6);
            monitor.shutdown().await;
        });
    });
}

#[test]
fn futures_that_join_polls_are_no_tasks() {
    everywhere(|world| {
        world.run(async {
            let alive = async || Handle::current().metrics().num_alive_tasks();
            assert_eq!(tokio::join!(alive(), alive(), alive()), (0, 0, 0));
        });
    });
}

#[test]
fn a_leak_is_a_number_of_tasks_that_grows_in_every_report_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let leaks = async {
            for _ in 0..30 {
                sleep(ms(15)).await;
                tokio::spawn(sleep(HOUR));
            }
        };
        let alive: Vec<_> = reports(world, leaks).iter().map(|report| report.alive).collect();
        // The monitor, the program, and one more task every 15 ms.
        assert_eq!(alive, [8, 15, 21, 28]);
    });
}

#[test]
fn a_report_has_the_looks_of_its_own_period_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let blocks = async move {
            sleep(ms(145)).await;
            block(world, ms(30));
            sleep(ms(230)).await;
        };
        let reports = reports(world, blocks);
        let counts: Vec<_> = reports.iter().map(|report| report.lag.count()).collect();
        let worst: Vec<_> = reports.iter().map(|report| report.lag.worst()).collect();
        assert_eq!(counts, [10, 10, 10, 10]);
        assert_eq!(worst, [ms(0), ms(25), ms(0), ms(0)]);
    });
}

#[test]
fn a_report_after_a_long_block_comes_late_and_the_next_one_a_period_later_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let blocks = async move {
            sleep(ms(55)).await;
            block(world, ms(345));
            sleep(ms(150)).await;
        };
        let reports = reports(world, blocks);
        let counts: Vec<_> = reports.iter().map(|report| report.lag.count()).collect();
        assert_eq!(counts, [40, 10]);
    });
}

#[test]
fn a_task_that_keeps_its_worker_shows_in_the_busy_time_in_real_time() {
    on_the_real_clock(|world| {
        let workers = world.run(async { u32::try_from(Handle::current().metrics().num_workers()).unwrap() });
        // In workers that are busy all the time: 60 of 100 ms are 0.6 of one.
        let busy_of = |blocks| {
            let reports = reports(world, async move { thread::sleep(blocks) });
            assert!(reports.iter().all(|report| (0.0..=1.0).contains(&report.busy)));
            reports.iter().map(|report| report.busy).sum::<f64>() * f64::from(workers)
        };
        let [idle, blocked] = [ms(0), ms(60)].map(busy_of);
        assert!(blocked > idle + 0.2 && blocked > 0.3, "{idle} and {blocked}");
    });
}

#[test]
fn the_busy_time_grows_by_the_time_of_a_poll_in_real_time() {
    on_the_real_clock(|world| {
        world.run(async {
            let metrics = Handle::current().metrics();
            let busy = || (0..metrics.num_workers()).map(|worker| metrics.worker_total_busy_duration(worker)).sum();
            tokio::spawn(async { thread::sleep(ms(60)) }).await.unwrap();
            // A worker tells when it goes to sleep.
            while std::time::Duration::ZERO + busy() < ms(60) {
                sleep(ms(1)).await;
            }
        });
    });
}

#[test]
fn a_worker_that_has_nothing_to_do_parks() {
    on_the_real_clock(|world| {
        let reports = reports(world, async { sleep(ms(20)).await });
        assert!(reports[0].parks > 0);
    });
}

#[test]
fn each_report_counts_the_parks_of_its_own_period_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let told = Told::new();
            let mut monitor = in_the_background(watch(LOOK, ms(100), told.hear()));
            sleep(ms(550)).await;
            monitor.shutdown().await;
            let parks: Vec<_> = told.all().iter().map(|report| report.parks).collect();
            // The paused clock moves when the only worker sleeps: twice for each of ten looks.
            assert!(parks.len() == 5 && parks.iter().all(|parks| (20..=23).contains(parks)), "{parks:?}");
        });
    });
}

#[test]
fn the_global_queue_holds_tasks_that_no_worker_has_taken() {
    everywhere(|world| {
        // Nobody drives this runtime yet.
        let runtime = World::OneThread.builder().build().unwrap();
        (0..3).for_each(|_| _ = runtime.spawn(yield_now()));
        assert_eq!(runtime.metrics().global_queue_depth(), 3);
        drop(runtime);
        // What a worker spawns goes to its own queue.
        world.run(async {
            let spawns = async {
                (0..3).for_each(|_| _ = tokio::spawn(yield_now()));
                Handle::current().metrics().global_queue_depth()
            };
            assert_eq!(tokio::spawn(spawns).await.unwrap(), 0);
        });
        let reports = reports(world, async { sleep(ms(20)).await });
        assert_eq!(reports[0].queue, 0);
    });
}

#[test]
fn linux_tells_the_memory_of_the_process() {
    if !cfg!(target_os = "linux") {
        assert_eq!(memory(), None);
        return;
    }
    let before = memory().unwrap();
    let ballast = vec![1_u8; 64 << 20];
    let with_it = memory().unwrap();
    assert!(before > 1 << 20 && with_it >= before + (32 << 20), "{before} and {with_it}");
    drop(ballast);
}
