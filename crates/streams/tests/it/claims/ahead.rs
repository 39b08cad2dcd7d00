//! Pages that are fetched while you read.

use super::*;

use std::panic::AssertUnwindSafe;

use tokio::sync::mpsc;

/// Reads each page for 10 ms, and returns their items.
async fn read(pages: impl Stream<Item = Result<Vec<u32>, String>>) -> Vec<u32> {
    let mut pages = pin!(pages);
    let mut read = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        sleep(ms(10)).await;
        read.extend(page);
    }
    read
}

/// Three fetches of 10 ms as a stream of futures.
fn fetches(list: &List) -> impl Stream<Item = BoxFuture<'static, Result<Vec<u32>, String>>> + use<> {
    let mut fetch = list.fetch();
    stream::iter(1..=3).map(move |number| fetch(number).map(|page| page.map(|page| page.items)).boxed())
}

/// It takes `expected` milliseconds to fetch three pages and to read them, with `at_once` fetches under way at most.
fn takes(way: fn(&List) -> Pages, expected: u64, at_once: usize) {
    everywhere(|world| {
        let (read, recording) = world.record(async {
            let list = List::of(3).taking(ms(10)).in_lanes();
            let read = async {
                let pages = way(&list);
                read(pages).await
            };
            read.lane("reading").await
        });
        assert_eq!(read, [1, 2, 3]);
        world.assert_took(recording.total(), ms(expected));
        if world.is_paused() {
            assert_eq!(recording.peak_where(|lane| lane.name.starts_with("page")), at_once);
        }
    });
}

#[test]
fn then_fetches_and_reads_in_turn() {
    takes(|list| fetches(list).then(|page| page).boxed(), 60, 1);
}

#[test]
fn a_lazy_stream_fetches_and_reads_in_turn() {
    for way in LAZY {
        takes(way, 60, 1);
    }
}

#[test]
fn buffered_one_fetches_and_reads_in_turn_too() {
    takes(|list| fetches(list).buffered(1).boxed(), 60, 1);
}

#[test]
fn buffered_two_fetches_two_at_once_but_polls_nothing_while_you_read() {
    takes(|list| fetches(list).buffered(2).boxed(), 50, 2);
}

#[test]
fn a_task_and_a_channel_fetch_while_you_read() {
    takes(|list| pages_ahead(1, list.fetch()).boxed(), 40, 1);
}

#[test]
fn pages_ahead_fetches_before_you_ask() {
    everywhere(|world| {
        world.run(async {
            let list = List::of(3).taking(ms(5));
            let pages = pages_ahead(1, list.fetch());
            while list.asked().is_empty() {
                sleep(ms(1)).await;
            }
            drop(pages);
        });
    });
}

#[test]
fn pages_ahead_fetches_at_most_two_pages_that_you_have_not_taken() {
    everywhere(|world| {
        world.run(async {
            let list = List::of(9);
            let mut pages = pin!(pages_ahead(1, list.fetch()));
            for taken in 0..4 {
                while list.asked().len() < taken + 2 {
                    sleep(ms(1)).await;
                }
                sleep(ms(5)).await;
                // One in the channel, and one that waits for its place there.
                assert_eq!(list.asked().len(), taken + 2);
                pages.try_next().await.unwrap().unwrap();
            }
        });
    });
}

/// A fetch that says when it begins, and never ends. What it holds is dropped with it.
fn hanging() -> (impl FnMut(u32) -> BoxFuture<'static, Fetched> + Send, mpsc::Receiver<()>, oneshot::Receiver<()>) {
    let (begun, begins) = mpsc::channel(1);
    let (guard, dropped) = Guard::new();
    let fetch = move |_| {
        let Guard(_) = &guard;
        let begun = begun.clone();
        async move {
            begun.send(()).await.unwrap();
            std::future::pending().await
        }
        .boxed()
    };
    (fetch, begins, dropped)
}

#[test]
fn dropping_pages_ahead_stops_its_fetch() {
    everywhere(|world| {
        world.run(async {
            let (fetch, mut begins, dropped) = hanging();
            let pages = pages_ahead(1, fetch);
            begins.recv().await.unwrap();
            drop(pages);
            dropped.await.unwrap();
        });
    });
}

#[test]
fn dropping_the_naive_pages_ahead_leaves_its_fetch_running() {
    everywhere(|world| {
        world.run(async {
            let (fetch, mut begins, mut dropped) = hanging();
            let pages = naive::pages_ahead(1, fetch);
            begins.recv().await.unwrap();
            drop(pages);
            sleep(ms(10)).await;
            dropped.try_recv().unwrap_err();
        });
    });
}

#[test]
fn the_naive_pages_ahead_fetches_every_page_though_nobody_reads() {
    everywhere(|world| {
        world.run(async {
            let list = List::of(50);
            let _pages = naive::pages_ahead(1, list.fetch());
            while list.asked().len() < 50 {
                sleep(ms(1)).await;
            }
        });
    });
}

/// Fetches two pages, and then panics.
fn panicking() -> impl FnMut(u32) -> BoxFuture<'static, Fetched> + Send {
    let mut fetch = List::of(9).fetch();
    move |number| {
        assert!(number < 3, "boom");
        fetch(number)
    }
}

#[test]
fn a_panic_in_the_task_reaches_the_reader() {
    everywhere(|world| {
        world.run(async {
            let mut pages = pages_ahead(1, panicking()).boxed();
            assert_eq!(pages.next().await, Some(Ok(vec![1])));
            assert_eq!(pages.next().await, Some(Ok(vec![2])));
            AssertUnwindSafe(pages.next()).catch_unwind().await.unwrap_err();
        });
    });
}

#[test]
fn a_task_that_ends_with_its_runtime_does_not_look_like_the_end_of_the_list() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let inside = runtime.enter();
    let mut pages = pages_ahead(1, List::of(3).fetch()).boxed();
    drop(inside);
    drop(runtime);
    AssertUnwindSafe(pages.next()).catch_unwind().now_or_never().unwrap().unwrap_err();
}

#[test]
fn a_panic_in_the_naive_task_looks_like_the_end_of_the_list() {
    everywhere(|world| {
        let read: Vec<_> = world.run(async { naive::pages_ahead(1, panicking()).try_collect().await }).unwrap();
        assert_eq!(read, [[1], [2]]);
    });
}
