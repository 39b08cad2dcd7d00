//! Errors in the middle.

use super::*;

#[test]
fn an_error_is_the_last_item_and_no_page_after_it_is_fetched() {
    everywhere(|world| {
        for way in ALL {
            world.run(async {
                let list = List::of(4).failing_at(2);
                let mut pages = way(&list);
                assert_eq!(pages.next().await, Some(Ok(vec![1])));
                assert_eq!(pages.next().await, Some(Err("page 2 is torn".to_owned())));
                assert_eq!(pages.next().await, None);
                assert_eq!(list.asked(), [1, 2]);
            });
        }
    });
}

/// A stream whose items fail on their own.
fn ratings() -> impl Stream<Item = Result<u32, String>> + Unpin {
    stream::iter([Ok(1), Err("no number".to_owned()), Ok(3)])
}

#[test]
fn a_loop_with_a_match_goes_on_after_an_error() {
    everywhere(|world| {
        world.run(async {
            let (mut ratings, mut good, mut bad) = (ratings(), Vec::new(), Vec::new());
            while let Some(rating) = ratings.next().await {
                match rating {
                    Ok(rating) => good.push(rating),
                    Err(error) => bad.push(error),
                }
            }
            assert_eq!((good, bad), (vec![1, 3], vec!["no number".to_owned()]));
        });
    });
}

#[test]
fn a_loop_with_try_next_ends_at_an_error_and_reports_it() {
    everywhere(|world| {
        let mut seen = Vec::new();
        let ended: Result<(), String> = world.run(async {
            let mut ratings = ratings();
            while let Some(rating) = ratings.try_next().await? {
                seen.push(rating);
            }
            Ok(())
        });
        assert_eq!((seen, ended), (vec![1], Err("no number".to_owned())));
    });
}

#[test]
fn while_let_some_ok_ends_at_an_error_and_does_not_report_it() {
    everywhere(|world| {
        world.run(async {
            let (mut ratings, mut seen) = (ratings(), Vec::new());
            while let Some(Ok(rating)) = ratings.next().await {
                seen.push(rating);
            }
            assert_eq!(seen, [1]);
        });
    });
}
