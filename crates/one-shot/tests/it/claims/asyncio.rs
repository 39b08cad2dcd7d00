//! What asyncio does, asked of Python itself.

use room::run_asyncio;

#[test]
fn asyncio_a_result_for_a_waiter_who_left_is_an_invalid_state_error() {
    run_asyncio(
        "
async def main():
    future = asyncio.get_running_loop().create_future()
    try: await asyncio.wait_for(future, 0.01)
    except TimeoutError: pass
    assert future.cancelled() and future.done()
    try: future.set_result(1)
    except asyncio.InvalidStateError: return
    assert False",
    );
}

#[test]
fn asyncio_a_cancelled_waiter_cancels_the_future_for_all_waiters() {
    run_asyncio(
        "
async def wait(future): return await future
async def main():
    for protect, ends in [(lambda future: future, 'cancelled'), (asyncio.shield, 'a value')]:
        future = asyncio.get_running_loop().create_future()
        first, second = [asyncio.create_task(wait(protect(future))) for _ in range(2)]
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        if not future.done(): future.set_result('a value')
        try: seen = await second
        except asyncio.CancelledError: seen = 'cancelled'
        assert seen == ends, (seen, ends)",
    );
}

#[test]
fn asyncio_a_result_may_never_be_read() {
    run_asyncio(
        "
async def main():
    future = asyncio.get_running_loop().create_future()
    waiter = asyncio.create_task(asyncio.wait([future]))
    await asyncio.sleep(0)
    future.set_result(1)
    waiter.cancel()
    try: await waiter
    except asyncio.CancelledError: return
    assert False",
    );
}

#[test]
fn asyncio_a_task_that_makes_a_value_goes_on_inside_a_shield() {
    run_asyncio(
        "
async def main():
    made = []
    async def make():
        await asyncio.sleep(0.01)
        made.append(1)
        return 42
    task = asyncio.create_task(make())
    try: await asyncio.wait_for(asyncio.shield(task), 0.001)
    except TimeoutError: pass
    assert await task == 42 and made == [1]",
    );
}

#[test]
fn asyncio_a_condition_wakes_only_those_who_wait() {
    run_asyncio(
        "
async def main():
    condition = asyncio.Condition()
    async with condition: condition.notify_all()
    try:
        async with asyncio.timeout(0.01):
            async with condition: await condition.wait()
    except TimeoutError: return
    assert False",
    );
}

#[test]
fn asyncio_a_check_under_the_lock_of_a_condition_loses_no_wake_up() {
    run_asyncio(
        "
async def main():
    condition, state, log = asyncio.Condition(), [], []
    async def waiter():
        async with condition:
            while not state:
                log.append('looks')
                await asyncio.sleep(0.01)
                await condition.wait()
            log.append('sees')
    task = asyncio.create_task(waiter())
    await asyncio.sleep(0)
    async with condition:
        state.append(1)
        log.append('changes')
        condition.notify_all()
    await task
    assert log == ['looks', 'changes', 'sees'], log",
    );
}
