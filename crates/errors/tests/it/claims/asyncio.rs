//! What asyncio does, asked of Python itself.

use room::run_asyncio;

#[test]
fn asyncio_except_exception_takes_a_forgotten_import_for_a_failure_every_time() {
    run_asyncio(
        "
async def fetch():
    await asyncio.sleep(0)
    if random.random() < 0.5: raise ConnectionError('no answer')
    return 'a page'
async def main():
    seen = set()
    for _ in range(20):
        try: seen.add(await fetch())
        except ConnectionError as error: seen.add(f'failed: {error}')
        except Exception as error: seen.add(f'unexpected: {type(error).__name__}')
    assert seen == {'unexpected: NameError'}, seen",
    );
}

#[test]
fn asyncio_except_exception_around_a_timeout_catches_its_timeout_error() {
    run_asyncio(
        "
async def main():
    seen = []
    try:
        async with asyncio.timeout(0.01): await asyncio.Event().wait()
    except Exception as error: seen.append(type(error).__name__)
    assert seen == ['TimeoutError'], seen",
    );
}

#[test]
fn asyncio_except_exception_inside_a_timeout_does_not_see_it() {
    run_asyncio(
        "
async def main():
    seen = []
    try:
        async with asyncio.timeout(0.01):
            try: await asyncio.Event().wait()
            except Exception: seen.append('inside')
            except BaseException as error:
                seen.append(type(error).__name__)
                raise
    except TimeoutError: seen.append('around')
    assert seen == ['CancelledError', 'around'], seen",
    );
}

#[test]
fn asyncio_a_bare_except_inside_a_timeout_swallows_it() {
    run_asyncio(
        "
async def main():
    seen = []
    async with asyncio.timeout(0.01) as limit:
        try: await asyncio.Event().wait()
        except: seen.append('any other error')
        await asyncio.sleep(0.01)
        seen.append('went on')
    seen.append('no TimeoutError')
    assert limit.expired()
    assert seen == ['any other error', 'went on', 'no TimeoutError'], seen",
    );
}

#[test]
fn asyncio_only_expired_tells_your_own_timeout_from_one_inside_the_work() {
    run_asyncio(
        "
async def connect(): raise TimeoutError('of the connection')
async def main():
    expired = []
    for limit, work in [(1000, connect), (0.01, asyncio.Event().wait)]:
        try:
            async with asyncio.timeout(limit) as mine: await work()
        except TimeoutError: expired.append(mine.expired())
    assert expired == [False, True], expired",
    );
}

#[test]
fn asyncio_a_cancelled_task_and_a_cancelled_caller_raise_the_same_exception() {
    run_asyncio(
        "
async def main():
    async def wait_for(task, seen):
        try: await task
        except asyncio.CancelledError: seen.append((task.cancelled(), asyncio.current_task().cancelling()))
    seen = []
    for cancels_caller in [False, True]:
        task = asyncio.create_task(asyncio.Event().wait())
        caller = asyncio.create_task(wait_for(task, seen))
        await asyncio.sleep(0.001)
        (caller if cancels_caller else task).cancel()
        await caller
    assert seen == [(True, 0), (True, 1)], seen",
    );
}

#[test]
fn asyncio_str_shows_the_first_error_and_cause_holds_the_next() {
    run_asyncio(
        "
async def main():
    try:
        try: raise ConnectionError('refused')
        except ConnectionError as error: raise ValueError('no answer') from error
    except ValueError as error:
        assert str(error) == 'no answer'
        assert str(error.__cause__) == 'refused'",
    );
}

#[test]
fn asyncio_the_end_of_an_async_with_can_raise() {
    run_asyncio(
        "
class Journal:
    async def __aenter__(self): return self
    async def __aexit__(self, *error): raise BrokenPipeError('broken pipe')
async def main():
    seen = []
    try:
        async with Journal(): seen.append('written')
    except OSError as error: seen.append(str(error))
    assert seen == ['written', 'broken pipe'], seen",
    );
}
