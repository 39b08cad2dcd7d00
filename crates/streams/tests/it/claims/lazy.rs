//! A page at a time.

use super::*;

#[test]
fn every_way_yields_the_same_pages_and_fetches_each_once() {
    everywhere(|world| {
        for way in ALL {
            let list = List::of(4).taking(ms(5));
            let pages: Vec<_> = world.run(async { way(&list).try_collect().await }).unwrap();
            assert_eq!(pages, [[1], [2], [3], [4]]);
            assert_eq!(list.asked(), [1, 2, 3, 4]);
        }
    });
}

#[test]
fn nothing_is_fetched_before_it_is_asked_for() {
    everywhere(|world| {
        world.run(async {
            for way in LAZY {
                let list = List::of(4);
                let mut pages = way(&list);
                sleep(ms(5)).await;
                assert_eq!(list.asked(), [0; 0]);
                assert_eq!(pages.next().await, Some(Ok(vec![1])));
                sleep(ms(5)).await;
                assert_eq!(list.asked(), [1]);
                assert_eq!(pages.next().await, Some(Ok(vec![2])));
                assert_eq!(list.asked(), [1, 2]);
            }
        });
    });
}

#[test]
fn the_naive_pages_fetches_everything_before_the_first_page() {
    everywhere(|world| {
        world.run(async {
            let list = List::of(4);
            let mut pages = pin!(naive::pages(1, list.fetch()));
            assert_eq!(pages.next().await, Some(Ok(vec![1])));
            assert_eq!(list.asked(), [1, 2, 3, 4]);
        });
    });
}

#[test]
fn dropping_the_stream_drops_the_fetch_under_way() {
    everywhere(|world| {
        for way in LAZY {
            let ((), recording) = world.record(async {
                let list = List::of(4).taking(ms(5_000)).in_lanes();
                let mut pages = way(&list);
                assert!(poll!(pages.next()).is_pending());
                drop(pages);
                sleep(ms(5)).await;
            });
            assert_eq!(recording.cancelled(), ["page 1"]);
        }
    });
}

#[test]
fn dropping_the_stream_drops_what_it_holds_at_once() {
    everywhere(|world| {
        world.run(async {
            let (guard, mut dropped) = Guard::new();
            let mut fetch = List::of(4).fetch();
            let mut pages = pages(1, move |number| {
                let Guard(_) = &guard;
                fetch(number)
            })
            .boxed();
            assert_eq!(pages.next().await, Some(Ok(vec![1])));
            dropped.try_recv().unwrap_err();
            drop(pages);
            // No await in between.
            dropped.try_recv().unwrap();
        });
    });
}

#[test]
fn a_stream_with_a_name_is_dropped_at_the_end_of_its_block_and_not_at_break() {
    everywhere(|world| {
        world.run(async {
            let (guard, mut dropped) = Guard::new();
            {
                let mut numbers = pin!(stream::iter(1..).map(|number| {
                    let Guard(_) = &guard;
                    number
                }));
                while let Some(number) = numbers.next().await {
                    if number == 3 {
                        break;
                    }
                }
                assert_eq!(numbers.next().await, Some(4));
            }
            dropped.try_recv().unwrap_err();
            let mut numbers = stream::iter(1..).map(move |number| {
                let Guard(_) = &guard;
                number
            });
            while let Some(number) = numbers.next().await {
                if number == 3 {
                    break;
                }
            }
            dropped.try_recv().unwrap_err();
            assert_eq!(numbers.next().await, Some(4));
            drop(numbers);
            dropped.try_recv().unwrap();
        });
    });
}

#[test]
fn a_stream_in_a_function_is_dropped_before_its_caller_goes_on() {
    everywhere(|world| {
        world.run(async {
            let (guard, mut dropped) = Guard::new();
            let find = async move |wanted| {
                let mut numbers = pin!(stream::iter(1..).map(move |number| {
                    let Guard(_) = &guard;
                    number
                }));
                while let Some(number) = numbers.next().await {
                    if number == wanted {
                        return number;
                    }
                }
                0
            };
            assert_eq!(find(3).await, 3);
            dropped.try_recv().unwrap();
        });
    });
}

#[test]
fn the_items_of_the_pages_are_one_flat_stream() {
    everywhere(|world| {
        world.run(async {
            let list = List::of(4);
            let pages = pages(1, list.fetch());
            let mut items =
                pin!(pages.map_ok(|page| stream::iter(page.into_iter().map(Ok::<_, String>))).try_flatten());
            assert_eq!(items.try_next().await, Ok(Some(1)));
            assert_eq!(list.asked(), [1]);
            assert_eq!(items.try_collect::<Vec<_>>().await.unwrap(), [2, 3, 4]);
        });
    });
}
