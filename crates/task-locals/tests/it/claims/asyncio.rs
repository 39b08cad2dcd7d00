//! What asyncio does, asked of Python itself.

use super::*;

/// Runs `async def main` of this script, in which `var` is a variable of the context.
fn asyncio(script: &str) {
    run_asyncio(&format!("from contextvars import ContextVar, copy_context\nvar = ContextVar('var')\n{script}"));
}

#[test]
fn asyncio_tasks_begin_with_a_copy_of_the_context() {
    asyncio(
        "
async def main():
    async def child():
        seen = var.get()
        var.set(70)
        return seen
    var.set(7)
    task = asyncio.create_task(child())
    var.set(8)
    assert await task == 7
    assert var.get() == 8",
    );
}

#[test]
fn asyncio_set_in_an_awaited_coroutine_is_seen_by_its_caller() {
    asyncio(
        "
async def main():
    async def callee(): var.set(70)
    var.set(7)
    await callee()
    assert var.get() == 70",
    );
}

#[test]
fn asyncio_gather_gives_each_coroutine_a_task_with_a_copy() {
    asyncio(
        "
async def main():
    async def serve(number):
        seen = var.get()
        var.set(number)
        await asyncio.sleep(0)
        return seen, var.get(), asyncio.current_task()
    var.set(1)
    seven, eight = await asyncio.gather(serve(7), serve(8))
    assert seven[:2] == (1, 7) and eight[:2] == (1, 8) and var.get() == 1
    assert len({seven[2], eight[2], asyncio.current_task()}) == 3",
    );
}

#[test]
fn asyncio_get_without_a_value_is_a_lookup_error_or_the_default() {
    asyncio(
        "
async def main():
    try:
        var.get()
        assert False
    except LookupError:
        pass
    assert var.get(None) is None
    assert ContextVar('other', default='-').get() == '-'",
    );
}

#[test]
fn asyncio_reset_brings_the_value_before_back() {
    asyncio(
        "
async def main():
    var.set(7)
    token = var.set(70)
    await asyncio.sleep(0)
    assert var.get() == 70
    var.reset(token)
    assert var.get() == 7",
    );
}

#[test]
fn asyncio_finally_reads_the_value_when_the_task_is_cancelled() {
    asyncio(
        "
async def main():
    seen = []
    async def work():
        var.set(7)
        try: await asyncio.Event().wait()
        finally: seen.append(var.get())
    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert seen == [7]",
    );
}

#[test]
fn asyncio_gives_the_id_of_a_dead_task_to_a_later_one() {
    asyncio(
        "
async def main():
    ids = {}
    stale = 0
    async def sets(): ids[id(asyncio.current_task())] = 7
    async def reads(): return ids.get(id(asyncio.current_task()))
    for _ in range(200):
        ids.clear()
        await asyncio.create_task(sets())
        later = [await asyncio.create_task(reads()) for _ in range(2)]
        stale += 7 in later
    assert stale > 0",
    );
}
