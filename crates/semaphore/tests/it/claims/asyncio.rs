//! What asyncio's semaphore does, asked of Python itself.

use room::run_asyncio;

#[test]
fn in_asyncio_a_second_release_raises_the_limit_and_only_a_bounded_semaphore_refuses_it() {
    run_asyncio(
        "
async def main():
    free, bounded = asyncio.Semaphore(1), asyncio.BoundedSemaphore(1)
    for semaphore in free, bounded:
        await semaphore.acquire()
        semaphore.release()
    free.release()
    for _ in range(2):
        assert not free.locked()
        await free.acquire()
    try:
        bounded.release()
    except ValueError:
        return
    assert False",
    );
}

#[test]
fn in_asyncio_acquire_does_not_wait_when_the_semaphore_is_not_locked() {
    run_asyncio(
        "
async def main():
    seen, semaphore = [], asyncio.Semaphore(1)
    asyncio.get_running_loop().call_soon(seen.append, 'others')
    assert not semaphore.locked()
    await semaphore.acquire()
    seen.append('acquired')
    await asyncio.sleep(0)
    assert seen == ['acquired', 'others'], seen",
    );
}

#[test]
fn in_asyncio_release_alone_lets_more_run_and_acquire_alone_fewer() {
    run_asyncio(
        "
async def at_once(semaphore):
    running, most = 0, 0
    async def work():
        nonlocal running, most
        async with semaphore:
            running += 1
            most = max(most, running)
            await asyncio.sleep(0)
            running -= 1
    await asyncio.gather(*(work() for _ in range(9)))
    return most

async def main():
    semaphore = asyncio.Semaphore(2)
    assert await at_once(semaphore) == 2
    semaphore.release()
    assert await at_once(semaphore) == 3
    await semaphore.acquire()
    await semaphore.acquire()
    assert await at_once(semaphore) == 1",
    );
}

#[test]
fn in_asyncio_three_workers_around_a_queue_run_three_at_once_and_need_no_task_for_each_item() {
    run_asyncio(
        "
async def main():
    queue, running, most, tasks, done = asyncio.Queue(), 0, 0, 0, []
    for item in range(9):
        queue.put_nowait(item)

    async def worker():
        nonlocal running, most, tasks
        while not queue.empty():
            item = queue.get_nowait()
            running += 1
            most, tasks = max(most, running), max(tasks, len(asyncio.all_tasks()))
            await asyncio.sleep(0)
            running -= 1
            done.append(item)

    await asyncio.gather(*(worker() for _ in range(3)))
    assert (most, tasks, sorted(done)) == (3, 1 + 3, list(range(9))), (most, tasks, done)",
    );
}
