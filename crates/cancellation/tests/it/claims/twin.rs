//! What asyncio does differently, and what the naive story shows, read off the recordings.

use room::run_asyncio;

use super::*;
use crate::story::room;

fn outcome(recording: &Recording, lane: &str) -> Option<Outcome> {
    recording.lane(lane).unwrap().outcome
}

#[test]
fn asyncio_throws_into_a_worker_where_a_token_lets_it_return() {
    let (tokio, asyncio) = (room().recorded("story"), room().recorded("twin"));
    for worker in ["first", "second", "third"] {
        assert_eq!(outcome(&tokio, worker), Some(Outcome::Finished));
        assert_eq!(outcome(&asyncio, worker), Some(Outcome::Cancelled));
        assert_eq!(notes(&tokio, worker), notes(&asyncio, worker), "what they had done by then");
    }
}

#[test]
fn asyncio_lets_a_task_swallow_its_cancellation() {
    let (tokio, asyncio) = (room().recorded("story"), room().recorded("twin"));
    assert_eq!(outcome(&tokio, "deaf"), Some(Outcome::Cancelled));
    assert_eq!(asyncio.never_ended(), ["deaf"]);
    assert_eq!(notes(&asyncio, "deaf"), [(1_050, "not now")]);
}

#[test]
fn asyncio_cancels_a_task_that_finishes_first() {
    run_asyncio(
        "
async def main():
    seen = []
    async def work():
        asyncio.current_task().cancel()
        seen.append('the last line')
        return 7
    task = asyncio.create_task(work())
    await asyncio.wait([task])
    assert task.cancelled() and seen == ['the last line']",
    );
}

#[test]
fn asyncio_too_never_starts_a_task_cancelled_before_its_first_step() {
    run_asyncio(
        "
async def main():
    seen = []
    async def work(): seen.append('never')
    task = asyncio.create_task(work())
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled() and seen == []",
    );
}

#[test]
fn asyncio_shield_and_a_task_of_its_own_both_let_the_save_finish() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        assert_eq!(outcome(&recording, "save"), Some(Outcome::Finished));
        assert!(recording.lane("save").unwrap().closed > recording.lane("customer").unwrap().closed);
    }
}

#[test]
fn the_naive_story_cancels_what_should_finish_and_leaks_what_should_end() {
    let (right, naive) = (room().recorded("story"), room().recorded("naive"));
    assert_eq!((right.cancelled(), right.never_ended()), (vec!["deaf"], vec![]));
    assert_eq!((naive.cancelled(), naive.never_ended()), (vec!["order 3", "save"], vec!["deaf"]));
    assert_eq!(outcome(&right, "reader"), Some(Outcome::Finished));
    assert_eq!(outcome(&naive, "reader"), Some(Outcome::Failed));
}

#[test]
fn except_exception_lets_a_cancellation_through() {
    run_asyncio(
        "
async def main():
    async def work():
        try: await asyncio.Event().wait()
        except Exception: pass
    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()",
    );
}

#[test]
fn a_second_cancel_ends_this_worker() {
    let twin = include_str!("../../../twin.py").replace("\r\n", "\n");
    let ignore = twin.split("\n\n\n").find(|part| part.starts_with("async def ignore()")).unwrap();
    run_asyncio(&format!(
        "
def say(text): pass

{ignore}

async def main():
    task = asyncio.create_task(ignore())
    for cancelled in [False, True]:
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0)
        assert task.cancelled() == cancelled"
    ));
}

#[test]
fn in_a_loop_no_number_of_cancels_would() {
    run_asyncio(
        "
async def main():
    over = False
    async def ignore():
        while not over:
            try: await asyncio.Event().wait()
            except BaseException: pass
    task = asyncio.create_task(ignore())
    for _ in range(9):
        await asyncio.sleep(0)
        assert task.cancel() and not task.done()
    await asyncio.sleep(0)
    assert not task.done()
    over = True
    task.cancel()",
    );
}

#[test]
fn asyncio_cancels_a_task_where_it_waits_or_at_the_next_await_that_suspends() {
    run_asyncio(
        "
async def main():
    seen = []
    async def ready(): pass
    async def waits():
        try: await asyncio.Event().wait()
        finally: seen.append('waits')
    async def runs():
        asyncio.current_task().cancel()
        await ready()
        seen.append('still here')
        await asyncio.sleep(0)
        seen.append('never')
    waiting = asyncio.create_task(waits())
    await asyncio.sleep(0)
    waiting.cancel()
    running = asyncio.create_task(runs())
    await asyncio.wait([waiting, running])
    assert waiting.cancelled() and running.cancelled()
    assert seen == ['waits', 'still here'], seen",
    );
}

#[test]
fn asyncio_cancels_the_task_that_a_cancelled_one_awaits() {
    run_asyncio(
        "
async def main():
    tasks = [asyncio.create_task(asyncio.Event().wait()) for _ in range(4)]
    async def awaits(): await tasks[0]
    async def shields(): await asyncio.shield(tasks[1])
    async def waits(): await asyncio.wait([tasks[2]])
    async def takes():
        for task in asyncio.as_completed([tasks[3]]): await task
    callers = [asyncio.create_task(caller()) for caller in [awaits, shields, waits, takes]]
    await asyncio.sleep(0)
    for caller in callers: caller.cancel()
    await asyncio.wait(callers)
    assert all(caller.cancelled() for caller in callers)
    assert [task.cancelled() for task in tasks] == [True, False, False, False]",
    );
}

#[test]
fn asyncio_cancels_a_group_with_the_task_around_it() {
    run_asyncio(
        "
async def main():
    tasks = []
    async def work():
        async with asyncio.TaskGroup() as group:
            tasks.extend(group.create_task(asyncio.Event().wait()) for _ in range(3))
    around = asyncio.create_task(work())
    await asyncio.sleep(0)
    around.cancel()
    await asyncio.wait([around])
    assert len(tasks) == 3 and all(task.cancelled() for task in [around, *tasks])",
    );
}

#[test]
fn asyncio_shield_begins_at_the_call() {
    run_asyncio(
        "
async def main():
    saved = []
    async def save(): saved.append('saved')
    asyncio.shield(save())
    await asyncio.sleep(0)
    assert saved == ['saved']",
    );
}

#[test]
fn asyncio_run_cancels_the_remaining_tasks_and_waits_for_them() {
    run_asyncio(
        "
ended = []
async def left():
    try: await asyncio.Event().wait()
    finally:
        await asyncio.sleep(0)
        ended.append(asyncio.current_task())
async def program():
    asyncio.create_task(left())
    await asyncio.sleep(0)
asyncio.run(program())
async def main():
    assert len(ended) == 1 and ended[0].cancelled()",
    );
}

#[test]
fn a_swallowed_cancel_comes_back_with_a_task_group_that_fails_from_python_3_13_on() {
    run_asyncio(
        "
import sys
async def main():
    async def deaf():
        try: await asyncio.Event().wait()
        except BaseException: pass
        async def bad(): raise ValueError
        try:
            async with asyncio.TaskGroup() as group: group.create_task(bad())
        except* ValueError: pass
        await asyncio.sleep(0)
    task = asyncio.create_task(deaf())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled() == (sys.version_info >= (3, 13))",
    );
}

#[test]
fn asyncio_can_lose_a_shielded_task_that_nobody_refers_to() {
    run_asyncio(
        "
import gc
async def main():
    async def save(): await asyncio.get_running_loop().create_future()
    caller = asyncio.create_task(asyncio.wait_for(asyncio.shield(save()), 0.01))
    await asyncio.wait([caller])
    def saves(): return sum(task.get_coro().__name__ == 'save' for task in asyncio.all_tasks())
    assert caller.exception() and saves() == 1
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    del caller
    gc.collect()
    assert saves() == 0",
    );
}
