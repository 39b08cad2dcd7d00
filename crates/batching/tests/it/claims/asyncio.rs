//! What asyncio does, asked of Python itself.

use room::run_asyncio;

#[test]
fn asyncio_a_generator_of_batches_yields_after_its_task_group_has_ended() {
    run_asyncio(
        "
async def number(n):
    await asyncio.sleep(0)
    return n
async def batches(numbers, size):
    for start in range(0, len(numbers), size):
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(number(n)) for n in numbers[start:start + size]]
        yield [task.result() for task in tasks]
async def main():
    assert [batch async for batch in batches([1, 2, 3], 2)] == [[1, 2], [3]]",
    );
}

#[test]
fn asyncio_inside_of_the_task_group_result_raises() {
    run_asyncio(
        "
async def batches():
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(asyncio.sleep(0, 1))]
        yield [task.result() for task in tasks]
async def main():
    try:
        async for batch in batches(): pass
    except* asyncio.InvalidStateError: pass
    else: assert False",
    );
}

#[test]
fn asyncio_a_gather_for_each_batch_starts_nothing_before_the_slowest_has_ended() {
    run_asyncio(
        "
async def job(n, gate, seen):
    seen.append(f'{n} starts')
    if n == 1: await gate.wait()
    seen.append(f'{n} ends')
async def by_batches(gate, seen):
    for batch in [(1, 2), (3,)]:
        await asyncio.gather(*(job(n, gate, seen) for n in batch))
async def by_a_window(gate, seen):
    places = asyncio.Semaphore(2)
    async def limited(n):
        async with places: await job(n, gate, seen)
    await asyncio.gather(*(limited(n) for n in (1, 2, 3)))
async def main():
    for program, third_starts in [(by_batches, False), (by_a_window, True)]:
        gate, seen = asyncio.Event(), []
        task = asyncio.create_task(program(gate, seen))
        await asyncio.sleep(0.01)
        assert ('3 starts' in seen) == third_starts, seen
        gate.set()
        await task",
    );
}

#[test]
fn asyncio_an_answer_for_a_caller_who_has_left_is_an_invalid_state_error() {
    run_asyncio(
        "
async def main():
    answer = asyncio.get_running_loop().create_future()
    async def caller(): await answer
    task = asyncio.create_task(caller())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert answer.done() and answer.cancelled()
    try: answer.set_result(1)
    except asyncio.InvalidStateError: pass
    else: assert False",
    );
}

#[test]
fn asyncio_the_call_runs_in_the_context_of_the_caller_who_fills_the_batch() {
    run_asyncio(
        "
from contextvars import ContextVar
user = ContextVar('user')
async def main():
    seen, batch = [], []
    async def call(): seen.append(user.get())
    async def caller(name):
        user.set(name)
        batch.append(name)
        if len(batch) == 2: await asyncio.create_task(call())
    await asyncio.gather(caller('ann'), caller('bob'))
    assert seen == ['bob'], seen",
    );
}

#[test]
fn asyncio_a_timer_flushes_in_the_context_of_the_caller_who_started_it() {
    run_asyncio(
        "
from contextvars import ContextVar
user = ContextVar('user')
async def main():
    loop, seen, batch, calls = asyncio.get_running_loop(), [], [], []
    async def call(): seen.append(user.get())
    def flush(): calls.append(asyncio.create_task(call()))
    async def caller(name):
        user.set(name)
        batch.append(name)
        if len(batch) == 1: loop.call_later(0.01, flush)
    await asyncio.gather(caller('ann'), caller('bob'))
    while not calls: await asyncio.sleep(0.001)
    await calls[0]
    assert seen == ['ann'], seen",
    );
}
