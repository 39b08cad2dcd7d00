//! What asyncio does, asked of Python itself.

use room::run_asyncio;

#[test]
fn asyncio_a_context_manager_without_try_finally_never_closes_after_an_error() {
    run_asyncio(
        "
from contextlib import asynccontextmanager
seen = []
@asynccontextmanager
async def without(): yield; seen.append('without')
@asynccontextmanager
async def careful():
    try: yield
    finally:
        await asyncio.sleep(0)
        seen.append('with')
async def main():
    for resource in [without, careful]:
        async with resource(): pass
    assert seen == ['without', 'with'], seen
    for resource in [without, careful]:
        try:
            async with resource(): raise ValueError
        except ValueError: pass
    assert seen == ['without', 'with', 'with'], seen",
    );
}

#[test]
fn asyncio_a_finally_can_await_after_a_cancellation_and_a_second_one_stops_it() {
    run_asyncio(
        "
async def main():
    seen = []
    async def work():
        try: await asyncio.Event().wait()
        finally:
            seen.append('closing')
            await asyncio.sleep(0.005)
            seen.append('closed')
    for cancels in [1, 2]:
        task = asyncio.create_task(work())
        for _ in range(cancels):
            await asyncio.sleep(0)
            task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
    assert seen == ['closing', 'closed', 'closing'], seen",
    );
}

#[test]
fn asyncio_gather_inside_async_with_closes_the_resource_while_others_use_it() {
    run_asyncio(
        "
class Connection:
    is_open = True
    async def __aenter__(self): return self
    async def __aexit__(self, *error): self.is_open = False
async def main():
    seen = []
    async def fails(): raise ValueError
    async def uses(connection):
        await asyncio.sleep(0.005)
        seen.append(connection.is_open)
    try:
        async with Connection() as connection:
            task = asyncio.create_task(uses(connection))
            await asyncio.gather(task, fails())
    except ValueError: await task
    assert seen == [False], seen",
    );
}

#[test]
fn asyncio_a_task_group_inside_async_with_ends_before_the_resource_is_closed() {
    run_asyncio(
        "
class Connection:
    is_open = True
    async def __aenter__(self): return self
    async def __aexit__(self, *error): self.is_open = False
async def main():
    seen = []
    async def fails(): raise ValueError
    async def uses(connection):
        try: await asyncio.Event().wait()
        finally: seen.append(connection.is_open)
    try:
        async with Connection() as connection, asyncio.TaskGroup() as group:
            group.create_task(uses(connection))
            await asyncio.sleep(0)
            group.create_task(fails())
    except* ValueError: pass
    assert seen == [True], seen",
    );
}

#[test]
fn asyncio_an_error_of_the_close_replaces_the_error_of_the_body() {
    run_asyncio(
        "
class Connection:
    async def __aenter__(self): return self
    async def __aexit__(self, *error): raise OSError('no close')
async def main():
    try:
        async with Connection(): raise ValueError('failed')
    except Exception as error:
        assert str(error) == 'no close'
        assert str(error.__context__) == 'failed'
    else: assert False",
    );
}
