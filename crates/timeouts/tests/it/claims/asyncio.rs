//! What asyncio does, asked of Python itself.

use room::run_asyncio;

#[test]
fn asyncio_timeout_starts_its_time_at_the_call_and_wait_for_at_the_await() {
    run_asyncio(
        "
async def main():
    clock = asyncio.get_running_loop().time

    block, called = asyncio.timeout(0.05), clock()
    await asyncio.sleep(0.03)
    try:
        async with block:
            await asyncio.Event().wait()
    except TimeoutError:
        pass
    assert block.when() - called < 0.06, block.when() - called

    waiting, asked = asyncio.wait_for(asyncio.Event().wait(), 0.05), None
    await asyncio.sleep(0.03)
    asked = clock()
    try:
        await waiting
    except TimeoutError:
        pass
    assert clock() - asked > 0.04, clock() - asked",
    );
}

#[test]
fn asyncio_wait_for_since_3_12_loses_a_value_that_is_set_before_a_late_limit() {
    run_asyncio(
        "
import sys, time
async def main():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    loop.call_later(0.01, future.set_result, 'answer')
    loop.call_later(0.001, time.sleep, 0.05)
    try:
        seen = await asyncio.wait_for(future, 0.02)
    except TimeoutError:
        seen = 'too late'
    assert seen == ('answer' if sys.version_info < (3, 12) else 'too late'), seen",
    );
}

#[test]
fn asyncio_wait_for_cancels_its_task() {
    run_asyncio(
        "
async def main():
    task = asyncio.create_task(asyncio.Event().wait())
    try:
        await asyncio.wait_for(task, 0.01)
    except TimeoutError:
        pass
    assert task.cancelled()",
    );
}

#[test]
fn asyncio_timeout_error_is_an_os_error_and_shield_keeps_the_work() {
    run_asyncio(
        "
async def main():
    task = asyncio.create_task(asyncio.sleep(0.03, 'answer'))
    try:
        await asyncio.wait_for(asyncio.shield(task), 0.01)
        assert False
    except OSError as error:
        assert isinstance(error, TimeoutError)
    assert await asyncio.wait_for(task, 5) == 'answer'",
    );
}
