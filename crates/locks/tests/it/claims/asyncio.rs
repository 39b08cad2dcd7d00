//! What asyncio does, asked of Python itself.

use room::run_asyncio;

#[test]
fn asyncio_a_waiter_that_is_cancelled_loses_its_place() {
    run_asyncio(
        "
async def main():
    lock, order = asyncio.Lock(), []
    async def turn(name):
        async with lock: order.append(name)
    await lock.acquire()
    first, second = [asyncio.create_task(turn(name)) for name in ['impatient', 'patient']]
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([first])
    anew = asyncio.create_task(turn('impatient'))
    await asyncio.sleep(0)
    lock.release()
    await asyncio.gather(second, anew)
    assert order == ['patient', 'impatient'], order",
    );
}

#[test]
fn asyncio_a_released_lock_looks_free_but_no_task_overtakes_the_first_in_line() {
    run_asyncio(
        "
async def main():
    lock, order = asyncio.Lock(), []
    async def turn(name):
        async with lock: order.append(name)
    await lock.acquire()
    waiting = asyncio.create_task(turn('first in line'))
    await asyncio.sleep(0)
    lock.release()
    assert not lock.locked()
    await turn('quick')
    await waiting
    assert order == ['first in line', 'quick'], order",
    );
}

#[test]
fn asyncio_a_threading_lock_across_an_await_stops_the_loop() {
    run_asyncio(
        "
import threading
async def main():
    lock = threading.Lock()
    async def hold():
        with lock: await asyncio.sleep(0)
    holder = asyncio.create_task(hold())
    await asyncio.sleep(0)
    assert lock.locked()
    # Without the limit this waits for ever: the holder needs this thread to go on.
    assert not lock.acquire(timeout=0.1)
    assert not holder.done()
    await holder
    assert lock.acquire(timeout=0.1)",
    );
}

#[test]
fn asyncio_two_locks_in_two_orders_wait_for_each_other() {
    run_asyncio(
        "
async def main():
    a, b = asyncio.Lock(), asyncio.Lock()
    async def take(first, second):
        async with first:
            await asyncio.sleep(0)
            async with second: pass
    tasks = [asyncio.create_task(take(a, b)), asyncio.create_task(take(b, a))]
    done, pending = await asyncio.wait(tasks, timeout=0.02)
    assert len(pending) == 2
    for task in pending: task.cancel()",
    );
}

#[test]
fn asyncio_a_cancelled_holder_releases_the_lock_and_leaves_a_half() {
    run_asyncio(
        "
async def main():
    lock, halves = asyncio.Lock(), []
    async def save():
        async with lock:
            halves.append('first')
            await asyncio.Event().wait()
            halves.append('second')
    task = asyncio.create_task(save())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert not lock.locked() and halves == ['first']",
    );
}

#[test]
fn asyncio_the_data_is_beside_the_lock() {
    run_asyncio(
        "
async def main():
    lock, count = asyncio.Lock(), 0
    async with lock:
        async def other():
            nonlocal count
            count += 1
        await asyncio.create_task(other())
        assert count == 1",
    );
}

#[test]
fn asyncio_a_shielded_waiter_keeps_its_place() {
    run_asyncio(
        "
async def main():
    lock, order = asyncio.Lock(), []
    async def turn(name):
        async with lock: order.append(name)
    await lock.acquire()
    first, second = [asyncio.create_task(turn(name)) for name in ['impatient', 'patient']]
    try:
        await asyncio.wait_for(asyncio.shield(first), 0.01)
        assert False
    except TimeoutError: pass
    lock.release()
    await asyncio.gather(first, second)
    assert order == ['impatient', 'patient'], order",
    );
}
