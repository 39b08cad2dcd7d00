//! What asyncio does, asked of Python itself.

use room::{run_asyncio, run_python};

#[test]
fn asyncio_runs_nothing_of_a_coroutine_before_it_is_awaited() {
    run_asyncio(
        "
async def main():
    seen = []
    async def work(): seen.append('ran')
    coroutine = work()
    await asyncio.sleep(0.01)
    assert seen == []
    await coroutine
    assert seen == ['ran']",
    );
}

#[test]
fn asyncio_warns_of_a_forgotten_coroutine_when_it_is_collected_and_not_before() {
    run_python(
        "
import asyncio, warnings
async def work(): pass
async def main():
    jobs = []
    jobs.append(work())
    await asyncio.sleep(0)
    assert not caught, caught
    jobs.clear()
    assert [str(each.message) for each in caught] == [\"coroutine 'work' was never awaited\"]
    assert caught[0].category is RuntimeWarning
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter('always')
    asyncio.run(main())",
    );
}

#[test]
fn asyncio_getcoroutinestate_has_the_same_four_states() {
    run_asyncio(
        "
from inspect import getcoroutinestate as state
async def main():
    arrival = asyncio.get_running_loop().create_future()
    async def work():
        seen.append(state(coroutine))
        await arrival
    seen, coroutine = [], work()
    seen.append(state(coroutine))
    task = asyncio.create_task(coroutine)
    await asyncio.sleep(0)
    seen.append(state(coroutine))
    arrival.set_result('yes')
    await task
    seen.append(state(coroutine))
    assert seen == ['CORO_CREATED', 'CORO_RUNNING', 'CORO_SUSPENDED', 'CORO_CLOSED'], seen
    dropped = work()
    dropped.close()
    assert state(dropped) == 'CORO_CLOSED'",
    );
}

#[test]
fn asyncio_refuses_a_coroutine_that_is_awaited_again() {
    run_asyncio(
        "
async def main():
    async def work(): pass
    coroutine = work()
    await coroutine
    try:
        await coroutine
        assert False
    except RuntimeError as error:
        assert str(error) == 'cannot reuse already awaited coroutine'",
    );
}

#[test]
fn asyncio_futures_wake_all_who_await_them_and_can_be_awaited_again() {
    run_asyncio(
        "
async def main():
    rung = asyncio.get_running_loop().create_future()
    async def waits(): return await rung
    waiters = [asyncio.create_task(waits()) for _ in range(3)]
    await asyncio.sleep(0)
    rung.set_result('rung')
    assert await asyncio.gather(*waiters) == ['rung'] * 3
    assert await rung == 'rung'",
    );
}
