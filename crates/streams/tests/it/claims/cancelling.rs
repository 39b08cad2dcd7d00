//! What a dropped `next` keeps, and a dropped `collect` does not.

use super::*;

#[test]
fn a_dropped_next_loses_nothing() {
    everywhere(|world| {
        for way in ALL {
            world.run(async {
                let list = List::of(3).taking(ms(15));
                let mut pages = way(&list);
                let mut read = Vec::new();
                loop {
                    // Most of these are dropped in the middle of a fetch.
                    match timeout(ms(4), pages.try_next()).await {
                        Ok(page) => match page.unwrap() {
                            Some(page) => read.extend(page),
                            None => break,
                        },
                        Err(_elapsed) => {}
                    }
                }
                assert_eq!(read, [1, 2, 3]);
                assert_eq!(list.asked(), [1, 2, 3]);
            });
        }
    });
}

#[test]
fn a_dropped_collect_loses_what_it_has_collected() {
    everywhere(|world| {
        world.run(async {
            let (items, source) = channel();
            let mut numbers = pin!(source);
            {
                let mut all = pin!(numbers.by_ref().collect::<Vec<_>>());
                for number in [1, 2] {
                    items.send(number).unwrap();
                }
                assert!(poll!(&mut all).is_pending());
            }
            items.send(3).unwrap();
            drop(items);
            assert_eq!(numbers.collect::<Vec<_>>().await, [3]);
        });
    });
}

#[test]
fn a_dropped_fold_loses_its_sum() {
    everywhere(|world| {
        world.run(async {
            let (items, source) = channel();
            let mut numbers = pin!(source);
            {
                let mut sum = pin!(numbers.by_ref().fold(0, async |sum, number| sum + number));
                for number in [1, 2] {
                    items.send(number).unwrap();
                }
                assert!(poll!(&mut sum).is_pending());
            }
            items.send(3).unwrap();
            drop(items);
            assert_eq!(numbers.fold(0, async |sum, number| sum + number).await, 3);
        });
    });
}

#[test]
fn a_loop_that_pushes_outside_of_the_dropped_future_keeps_what_it_has() {
    everywhere(|world| {
        world.run(async {
            let (items, source) = channel();
            let (mut numbers, mut all) = (pin!(source), Vec::new());
            {
                let mut push = pin!(async {
                    while let Some(number) = numbers.next().await {
                        all.push(number);
                    }
                });
                for number in [1, 2] {
                    items.send(number).unwrap();
                }
                assert!(poll!(&mut push).is_pending());
            }
            items.send(3).unwrap();
            drop(items);
            all.extend(numbers.collect::<Vec<_>>().await);
            assert_eq!(all, [1, 2, 3]);
        });
    });
}

/// A stream of what is sent.
fn channel() -> (tokio::sync::mpsc::UnboundedSender<u32>, impl Stream<Item = u32>) {
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    (sender, tokio_stream::wrappers::UnboundedReceiverStream::new(receiver))
}
