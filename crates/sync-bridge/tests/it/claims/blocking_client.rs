//! The blocking client of the chapter.

use std::thread;
use std::time::Duration;

use room::everywhere;
use sync_bridge::blocking::BlockingPrices;
use tokio::task::spawn_blocking;

use super::panic_of;

const NOW: Duration = Duration::ZERO;

#[test]
fn a_blocking_client_asks_again_and_again_over_one_connection() {
    let prices = BlockingPrices::connect(NOW).unwrap();
    // A closed connection would be an error.
    assert_eq!(["tea", "cake", "tea"].map(|thing| prices.ask(thing, NOW)), [Ok(3), Ok(4), Ok(3)]);
}

#[test]
fn threads_share_a_blocking_client() {
    let prices = BlockingPrices::connect(NOW).unwrap();
    let answers = thread::scope(|scope| {
        let threads = ["tea", "cake"].map(|thing| scope.spawn(|| prices.ask(thing, NOW)));
        threads.map(|thread| thread.join().unwrap())
    });
    assert_eq!(answers, [Ok(3), Ok(4)]);
}

#[test]
fn a_blocking_client_may_be_dropped_in_async_code() {
    everywhere(|world| {
        let asked = world.run(async {
            let prices = spawn_blocking(|| BlockingPrices::connect(NOW).unwrap()).await.unwrap();
            let (prices, asked) = spawn_blocking(move || {
                let asked = prices.ask("tea", NOW);
                (prices, asked)
            })
            .await
            .unwrap();
            drop(prices);
            asked
        });
        assert_eq!(asked, Ok(3));
    });
}

#[test]
fn a_blocking_client_panics_in_async_code() {
    everywhere(|world| {
        world.run(async {
            let words = panic_of(|| BlockingPrices::connect(NOW));
            assert!(words.contains("Cannot start a runtime from within a runtime"), "{words}");
        });
        let prices = BlockingPrices::connect(NOW).unwrap();
        world.run(async {
            let words = panic_of(|| prices.ask("tea", NOW));
            assert!(words.contains("Cannot start a runtime from within a runtime"), "{words}");
            drop(prices);
        });
    });
}

#[test]
fn the_blocking_client_in_the_chapter_is_the_one_that_is_tested() {
    fn code(text: &str) -> Vec<&str> {
        let is_code = |line: &&str| !["//!", "///", "#["].iter().any(|begin| line.trim_start().starts_with(begin));
        text.lines().filter(is_code).filter(|line| !line.is_empty()).collect()
    }
    let chapter = include_str!("../../../README.md").replace("\r\n", "\n").replace("use sync_bridge::", "use crate::");
    let blocks = room::code_blocks(&chapter);
    let shown = blocks.iter().find(|(_, code)| code.contains("struct BlockingPrices")).unwrap();
    assert_eq!(code(shown.1), code(include_str!("../../../src/blocking.rs")));
}
