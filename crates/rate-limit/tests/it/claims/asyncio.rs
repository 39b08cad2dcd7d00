//! What asyncio does, asked of Python itself.

use room::run_asyncio;

#[test]
fn asyncio_async_with_needs_an_aenter() {
    run_asyncio(
        "
class Executor:
    def __init__(self, rate): self.rate = rate
async def controlled_fetch():
    async with Executor(20): pass
async def main():
    try: await controlled_fetch()
    except TypeError as error: assert 'asynchronous context manager' in str(error), error
    else: assert False",
    );
}

#[test]
fn asyncio_a_coroutine_that_is_collected_has_not_started() {
    run_asyncio(
        "
async def main():
    seen = []
    async def fetch(): seen.append(1)
    requests = []
    for _ in range(3):
        await asyncio.sleep(0)
        requests.append(fetch())
    assert seen == []
    await asyncio.gather(*requests)
    assert seen == [1, 1, 1]
    task = asyncio.create_task(fetch())
    await asyncio.sleep(0)
    assert len(seen) == 4",
    );
}

#[test]
fn asyncio_a_semaphore_can_grow_and_has_no_method_to_shrink() {
    run_asyncio(
        "
async def main():
    places = asyncio.Semaphore(1)
    places.release()
    await places.acquire()
    await places.acquire()
    assert places.locked()
    public = {name for name in dir(places) if not name.startswith('_')}
    assert public == {'acquire', 'release', 'locked'}, public",
    );
}
