//! Which task it is.

use std::thread;
use std::time::Duration;

use observability::{slow_polls, watch};
use room::{everywhere, on_the_real_clock};
use tokio::time::sleep;
use tokio_metrics::TaskMonitor;

use super::{Told, block, in_the_background, ms};

#[test]
fn slow_polls_reports_each_poll_that_takes_longer_than_the_limit() {
    everywhere(|world| {
        world.run(async {
            let told = Told::<Duration>::new();
            let export = async move {
                block(world, ms(60));
                sleep(ms(5)).await;
                block(world, ms(70));
                7
            };
            assert_eq!(slow_polls(export, ms(50), told.hear()).await, 7);
            let told = told.all();
            assert_eq!(told.len(), 2);
            assert!(told[0] >= ms(60) && told[1] >= ms(70), "{told:?}");
        });
    });
}

#[test]
fn slow_polls_says_nothing_of_a_future_that_waits() {
    everywhere(|world| {
        world.run(async {
            let told = Told::new();
            slow_polls(sleep(ms(80)), ms(50), told.hear()).await;
            assert_eq!(told.all(), []);
        });
    });
}

#[test]
fn a_poll_that_takes_exactly_the_limit_is_not_slow_on_the_paused_clock() {
    room::on_the_paused_clock(|world| {
        world.run(async {
            let told = Told::new();
            slow_polls(async { block(world, ms(50)) }, ms(50), told.hear()).await;
            assert_eq!(told.all(), []);
        });
    });
}

#[test]
fn while_a_task_keeps_its_thread_neither_slow_polls_nor_a_monitor_of_that_thread_says_anything_on_one_thread() {
    room::on_one_thread(|world| {
        world.run(async {
            let (reports, slow) = (Told::<()>::new(), Told::<Duration>::new());
            let mut hear = reports.hear();
            let monitor = watch(ms(1), ms(2), move |_| hear(()));
            let mut tasks = in_the_background(monitor);
            while reports.all().is_empty() {
                sleep(ms(1)).await;
            }
            let (heard, told) = (reports.clone(), slow.clone());
            let stuck = async move {
                let before = heard.all().len();
                block(world, ms(60));
                assert_eq!((heard.all().len(), told.all().len()), (before, 0));
            };
            tokio::spawn(slow_polls(stuck, ms(50), slow.hear())).await.unwrap();
            assert_eq!(slow.all().len(), 1);
            tasks.shutdown().await;
        });
    });
}

#[test]
fn tokio_metrics_counts_the_slow_polls_of_the_tasks_that_it_instruments_in_real_time() {
    on_the_real_clock(|world| {
        world.run(async {
            let mut builder = TaskMonitor::builder();
            builder.with_slow_poll_threshold(ms(50));
            let monitor = builder.build();
            let export = async {
                sleep(ms(5)).await;
                thread::sleep(ms(60));
            };
            tokio::spawn(monitor.instrument(export)).await.unwrap();
            let figures = monitor.cumulative();
            assert_eq!((figures.instrumented_count, figures.total_slow_poll_count), (1, 1));
            assert!(figures.total_slow_poll_duration >= ms(60));
            assert!(figures.total_idle_duration >= ms(4));
        });
    });
}
