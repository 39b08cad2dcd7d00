//! What happens to the last batch.

use super::*;

/// A loader that is dropped after a call. Its batch is not full, and its patience lasts for ever.
async fn the_last_call(make: Make) -> Result<u32, Failed<Error>> {
    let (ids, work) = make(10, FOR_EVER, Asked::default().at_once());
    let last = ids.load(1);
    drop(ids);
    tokio::join!(work, last).1
}

#[test]
fn when_all_loaders_are_dropped_the_rest_is_requested_at_once() {
    everywhere(|world| assert_eq!(world.run(the_last_call(right)), Ok(10)));
}

#[test]
fn the_naive_loader_drops_the_rest() {
    everywhere(|world| assert_eq!(world.run(the_last_call(wrong)), Err(Failed::Gone)));
}

#[test]
fn a_clone_keeps_the_batch_open() {
    everywhere(|world| {
        let asked = Asked::default();
        world.run(async {
            let (ids, work) = right(2, FOR_EVER, asked.at_once());
            let work = tokio::spawn(work);
            let clone = ids.clone();
            let first = tokio::spawn(ids.load(1));
            drop(ids);
            sleep(ms(10)).await;
            assert_eq!(asked.calls().len(), 0);
            assert_eq!(clone.load(2).await, Ok(20));
            drop(clone);
            assert_eq!(first.await.unwrap(), Ok(10));
            work.await.unwrap();
        });
        assert_eq!(asked.calls(), [[1, 2]]);
    });
}

#[test]
fn the_work_ends_when_the_loader_is_dropped_and_all_answers_are_delivered() {
    everywhere(|world| {
        let backend = Asked::default().then(|ids| sleep(ms(20)).map(|()| rows(ids)).try_lane("call"));
        let ((), recording) = world.record(async {
            let (ids, work) = right(1, FOR_EVER, backend);
            let caller = tokio::spawn(ids.load(1));
            drop(ids);
            work.lane("work").await;
            assert_eq!(caller.await.unwrap(), Ok(10));
        });
        let [call, work] = ["call", "work"].map(|lane| recording.lane(lane).unwrap().closed_seq);
        assert!(call < work);
    });
}
