//! What the recordings in the chapter show.

use room::run_asyncio;
use timeline::{Lane, Outcome, Recording};

use crate::story::room;

#[test]
fn asyncios_consumers_never_see_an_end_and_must_be_cancelled() {
    let (tokio, asyncio) = (room().recorded("story"), room().recorded("twin"));
    let waiting = ["monitor", "consumer 1", "consumer 2", "consumer 3"];
    assert!(waiting.iter().all(|name| tokio.lane(name).unwrap().outcome == Some(Outcome::Finished)));
    assert_eq!(asyncio.cancelled(), waiting);
}

#[test]
fn in_both_stories_the_full_queue_holds_the_producers_back_for_as_long() {
    let (tokio, asyncio) = (room().recorded("story"), room().recorded("twin"));
    for producer in ["producer 1", "producer 2"] {
        let lasted = |recording: &Recording| recording.lane(producer).and_then(Lane::lasted).unwrap();
        assert_eq!(lasted(&tokio), lasted(&asyncio));
    }
}

#[test]
fn the_first_producer_is_done_when_its_last_item_has_a_place() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        let producer = recording.lane("producer 1").unwrap();
        let (last_made, waits) = (&producer.notes[3], &producer.notes[4]);
        assert_eq!((last_made.text.as_str(), last_made.at, waits.at), ("made A4", 480_000, 480_000));
        // B3 has waited longer, and has the place of the item that was taken out before A3.
        assert_eq!(producer.closed, recording.lane("A3").unwrap().started());
    }
}

#[test]
fn asyncio_handles_every_item_exactly_once() {
    let asyncio = room().recorded("twin");
    let mut handled = asyncio.finish_order();
    handled.retain(|name| name.starts_with(['A', 'B']));
    handled.sort_unstable();
    assert_eq!(handled, ["A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4"]);
}

#[test]
fn the_naive_story_works_on_one_item_at_a_time() {
    let (right, naive) = (room().recorded("story"), room().recorded("naive"));
    assert_eq!((items_at_once(&right), items_at_once(&naive)), (3, 1));
    assert!(naive.total() > 2 * right.total());
}

fn items_at_once(recording: &Recording) -> usize {
    recording.peak_where(|lane| lane.name.starts_with(['A', 'B']))
}

#[test]
fn asyncios_consumers_wait_on_when_a_producer_dies() {
    run_asyncio(
        "
async def main():
    queue = asyncio.Queue(2)
    async def producer():
        await queue.put(1)
        raise ValueError('no')
    async def consumer():
        while True: await queue.get()
    consuming = asyncio.create_task(consumer())
    producing = asyncio.create_task(producer())
    await asyncio.wait([producing])
    for _ in range(9): await asyncio.sleep(0)
    assert producing.exception() and queue.empty() and not consuming.done()",
    );
}

#[test]
fn asyncios_put_waits_for_ever_when_the_consumers_are_gone() {
    run_asyncio(
        "
async def main():
    queue = asyncio.Queue(1)
    consuming = asyncio.create_task(queue.get())
    await queue.put('a')
    assert await consuming == 'a'
    await queue.put('b')
    producing = asyncio.create_task(queue.put('c'))
    for _ in range(9): await asyncio.sleep(0)
    assert queue.full() and not producing.done()",
    );
}

#[test]
fn asyncios_join_waits_for_an_item_that_raised_unless_task_done_is_in_a_finally() {
    run_asyncio(
        "
async def main():
    async def handle(item): raise ValueError(item)
    async def careless(queue):
        await handle(await queue.get())
        queue.task_done()
    async def careful(queue):
        item = await queue.get()
        try: await handle(item)
        finally: queue.task_done()
    for consumer, ends in [(careless, False), (careful, True)]:
        queue = asyncio.Queue()
        queue.put_nowait(1)
        consuming = asyncio.create_task(consumer(queue))
        joining = asyncio.create_task(queue.join())
        await asyncio.wait([consuming])
        for _ in range(9): await asyncio.sleep(0)
        assert consuming.exception() and joining.done() == ends",
    );
}

#[test]
fn a_cancelled_get_of_asyncio_loses_nothing() {
    run_asyncio(
        "
async def main():
    queue = asyncio.Queue()
    getting = asyncio.create_task(queue.get())
    await asyncio.sleep(0)
    queue.put_nowait('a')
    getting.cancel() # woken, and cancelled before it could look
    await asyncio.wait([getting])
    assert getting.cancelled() and queue.get_nowait() == 'a'",
    );
}

#[test]
fn asyncios_join_waits_for_ever_when_every_consumer_has_died() {
    run_asyncio(
        "
async def main():
    queue = asyncio.Queue()
    async def consumer():
        while True:
            item = await queue.get()
            try: raise ValueError(item)
            finally: queue.task_done()
    for item in range(5): queue.put_nowait(item)
    consumers = [asyncio.create_task(consumer()) for _ in range(3)]
    joining = asyncio.create_task(queue.join())
    await asyncio.wait(consumers)
    for _ in range(9): await asyncio.sleep(0)
    assert all(task.exception() for task in consumers)
    assert queue.qsize() == 2 and not joining.done()",
    );
}
