//! What asyncio does, asked of Python itself.

use room::run_asyncio;

#[test]
fn asyncio_leaves_a_generator_with_a_name_suspended_until_aclose() {
    run_asyncio(
        "
async def main():
    ended = []
    async def numbers():
        try:
            for number in range(9): yield number
        finally:
            ended.append('numbers')
    named = numbers()
    async for number in named:
        break
    await asyncio.sleep(0.01)
    assert ended == []
    assert await anext(named) == 1
    await named.aclose()
    assert ended == ['numbers']",
    );
}

#[test]
fn asyncio_closes_a_generator_without_a_name_in_another_task_two_turns_later() {
    run_asyncio(
        "
async def main():
    by, me = [], asyncio.current_task()
    async def numbers():
        try:
            for number in range(9): yield number
        finally:
            by.append(asyncio.current_task())
    async for number in numbers():
        break
    assert by == []
    await asyncio.sleep(0)
    assert by == []
    await asyncio.sleep(0)
    assert len(by) == 1 and by[0] is not None and by[0] is not me",
    );
}

#[test]
fn asyncio_runs_the_body_of_a_generator_only_when_it_is_asked() {
    run_asyncio(
        "
async def main():
    fetched = []
    async def pages():
        for page in range(9):
            fetched.append(page)
            yield page
    stream = pages()
    await asyncio.sleep(0.01)
    assert fetched == []
    assert await anext(stream) == 0
    await asyncio.sleep(0.01)
    assert fetched == [0]
    await stream.aclose()",
    );
}

#[test]
fn asyncio_a_timeout_of_anext_ends_the_generator() {
    run_asyncio(
        "
async def main():
    async def pages():
        for page in range(9):
            await asyncio.sleep(0.05)
            yield page
    stream = pages()
    try:
        async with asyncio.timeout(0.01):
            await anext(stream)
        assert False
    except TimeoutError:
        pass
    try:
        await anext(stream)
        assert False, 'the generator goes on'
    except StopAsyncIteration:
        pass",
    );
}

#[test]
fn asyncio_ends_a_generator_that_raises() {
    run_asyncio(
        "
async def main():
    async def pages():
        yield 1
        raise ConnectionError
    stream = pages()
    assert await anext(stream) == 1
    try:
        await anext(stream)
        assert False
    except ConnectionError:
        pass
    try:
        await anext(stream)
        assert False
    except StopAsyncIteration:
        pass",
    );
}
