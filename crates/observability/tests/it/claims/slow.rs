//! Which task it is.

use std::thread;
use std::time::Duration;

use observability::slow_polls;
use room::{everywhere, on_the_real_clock};
use tokio::time::sleep;
use tokio_metrics::TaskMonitor;

use super::{Told, block, ms};

#[test]
fn slow_polls_tells_of_each_poll_that_takes_longer_than_the_limit() {
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
