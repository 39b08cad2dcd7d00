//! What asyncio does, asked of Python itself.

use room::run_asyncio;

#[test]
fn asyncio_a_coroutine_that_is_awaited_again_makes_one_call_and_ends_in_a_runtime_error() {
    run_asyncio(
        "
calls = 0
async def call():
    global calls
    calls += 1
    raise ConnectionError(calls)
async def retry(coroutine):
    for _ in range(3):
        try: return await coroutine
        except ConnectionError: await asyncio.sleep(0)
async def main():
    try: await retry(call())
    except RuntimeError as error: assert str(error) == 'cannot reuse already awaited coroutine'
    else: assert False
    assert calls == 1",
    );
}

#[test]
fn asyncio_a_task_that_is_awaited_again_raises_its_old_error_and_makes_one_call() {
    run_asyncio(
        "
calls = 0
async def call():
    global calls
    calls += 1
    raise ConnectionError(calls)
async def main():
    task, errors = asyncio.create_task(call()), []
    for _ in range(3):
        try: await task
        except ConnectionError as error: errors.append(error)
    assert calls == 1 and len(errors) == 3
    assert errors[0] is errors[1] is errors[2]",
    );
}

#[test]
fn asyncio_a_function_that_makes_a_new_coroutine_makes_a_call_for_each_attempt() {
    run_asyncio(
        "
calls = 0
async def call():
    global calls
    calls += 1
    if calls < 3: raise ConnectionError(calls)
    return calls
async def retry(attempt):
    for _ in range(5):
        try: return await attempt()
        except ConnectionError: await asyncio.sleep(0)
async def main():
    assert await retry(call) == 3",
    );
}

#[test]
fn asyncio_a_list_of_pauses_runs_out() {
    run_asyncio(
        "
async def retry(attempt, attempts, pauses):
    for number in range(attempts):
        try: return await attempt()
        except ConnectionError: await asyncio.sleep(pauses[number])
async def call(): raise ConnectionError
async def main():
    try: await retry(call, 3, [0, 0])
    except IndexError: pass
    else: assert False",
    );
}

#[test]
fn asyncio_a_timeout_around_the_loop_forgets_the_last_error() {
    run_asyncio(
        "
async def call(): raise ConnectionError('busy')
async def retry(limit):
    async with asyncio.timeout(limit):
        while True:
            try: return await call()
            except ConnectionError: pass
            await asyncio.sleep(1)
async def main():
    try: await retry(0.01)
    except TimeoutError as error:
        chain = []
        while error is not None:
            chain.append(type(error).__name__)
            error = error.__cause__ or error.__context__
        assert chain == ['TimeoutError', 'CancelledError'], chain
    else: assert False",
    );
}

#[test]
fn asyncio_except_exception_lets_a_cancellation_through_and_a_bare_except_tries_again() {
    run_asyncio(
        "
async def careful(attempt):
    for _ in range(3):
        try: return await attempt()
        except Exception: pass
async def careless(attempt):
    for _ in range(3):
        try: return await attempt()
        except: pass
async def main():
    for retry, calls_made in [(careful, 1), (careless, 2)]:
        calls, started = 0, asyncio.Event()
        async def attempt():
            nonlocal calls
            calls += 1
            started.set()
            if calls == 1: await asyncio.Event().wait()
            return 'done'
        task = asyncio.create_task(retry(attempt))
        await started.wait()
        task.cancel()
        await asyncio.wait([task])
        assert calls == calls_made and task.cancelled() == (retry is careful)",
    );
}
