//! What asyncio does, asked of Python itself.

use room::{run_asyncio, run_python};

#[test]
fn asyncio_gather_starts_its_tasks_at_the_next_await_unless_they_are_eager() {
    run_asyncio(
        "
import sys
async def main():
    started = []
    async def request(number):
        started.append(number)

    gathering = asyncio.gather(request(1), request(2))
    assert started == [], started
    await gathering
    assert started == [1, 2], started

    if sys.version_info >= (3, 12):
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
        gathering = asyncio.gather(request(3), request(4))
        assert started == [1, 2, 3, 4], started
        await gathering",
    );
}

#[test]
fn asyncio_gather_starts_every_task_before_any_goes_on() {
    run_asyncio(
        "
import sys
async def main():
    started = 0
    async def request():
        nonlocal started
        started += 1
        await asyncio.sleep(0)
        return started

    assert await asyncio.gather(*(request() for _ in range(1000))) == [1000] * 1000
    if sys.version_info >= (3, 12):
        started = 0
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
        assert await asyncio.gather(*(request() for _ in range(1000))) == [1000] * 1000",
    );
}

#[test]
fn asyncio_gather_cancels_the_others_only_if_it_is_cancelled_itself() {
    run_asyncio(
        "
async def refuse():
    raise ConnectionError

async def main():
    other = asyncio.create_task(asyncio.Event().wait())
    try:
        await asyncio.gather(refuse(), other)
    except ConnectionError:
        pass
    await asyncio.sleep(0.01)
    assert not other.done()

    gathering = asyncio.gather(other)
    gathering.cancel()
    try:
        await gathering
    except asyncio.CancelledError:
        pass
    assert other.cancelled()",
    );
}

#[test]
fn asyncio_run_cancels_at_its_end_what_gather_has_left_running() {
    run_python(
        "
import asyncio
log = []

async def users():
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        log.append('users cancelled')
        raise

async def stock():
    raise ConnectionError

async def main():
    try:
        await asyncio.gather(users(), stock())
    except ConnectionError:
        log.append('gave up')

asyncio.run(main())
assert log == ['gave up', 'users cancelled'], log",
    );
}

#[test]
fn asyncio_task_group_waits_for_the_tasks_that_it_cancels() {
    run_asyncio(
        "
alive = 0
async def count(work):
    global alive
    alive += 1
    try:
        await work
    finally:
        await asyncio.sleep(0.01)
        alive -= 1

async def refuse():
    await asyncio.sleep(0)
    raise ConnectionError

async def group(*work):
    async with asyncio.TaskGroup() as tasks:
        for each in work:
            tasks.create_task(count(each))

async def main():
    sleepers = [asyncio.Event().wait() for _ in range(100)]
    try:
        await group(refuse(), *sleepers)
    except* ConnectionError:
        assert alive == 0, alive

    sleepers = [asyncio.Event().wait() for _ in range(100)]
    try:
        await asyncio.wait_for(group(*sleepers), 0.01)
    except TimeoutError:
        assert alive == 0, alive",
    );
}

#[test]
fn asyncio_task_group_raises_all_errors_in_one_group() {
    run_asyncio(
        "
async def refuse():
    await asyncio.sleep(0)
    raise ConnectionError

async def main():
    try:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(2):
                tasks.create_task(refuse())
    except* ConnectionError as errors:
        assert len(errors.exceptions) == 2, errors",
    );
}
