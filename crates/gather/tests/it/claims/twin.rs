//! What asyncio does differently, read off the recordings that the chapter shows.

use crate::story::room;

#[test]
fn asyncio_gather_leaves_the_others_running() {
    let (tokio, asyncio) = (room().recorded("story"), room().recorded("twin"));
    assert_eq!(tokio.cancelled(), ["users", "orders"]);
    assert!(tokio.never_ended().is_empty());
    assert!(asyncio.cancelled().is_empty());
    assert_eq!(asyncio.never_ended(), ["users"]);
    let report = asyncio.lane("report").unwrap();
    let orders = asyncio.named("orders").last().unwrap();
    assert!(orders.closed > Some(report.opened), "orders answered while the report was written");
}

#[test]
fn the_naive_story_takes_the_sum_and_leaves_tasks_running() {
    let (right, naive) = (room().recorded("story"), room().recorded("naive"));
    let requests = ["users", "orders", "stock", "prices"];
    let first_group = |recording: &timeline::Recording| {
        requests.map(|name| recording.lane(name).and_then(timeline::Lane::lasted).unwrap())
    };
    assert_eq!(right.lane("every_result").unwrap().lasted(), first_group(&right).into_iter().max());
    assert_eq!(naive.lane("one_by_one").unwrap().lasted(), Some(first_group(&naive).iter().sum()));
    assert_eq!((right.never_ended().len(), naive.never_ended().len()), (0, 1));
}
