//! What asyncio does, asked of Python itself.

use room::run_asyncio;

#[test]
fn asyncio_knows_no_panic_every_exception_is_a_failure() {
    run_asyncio(
        "
async def main():
    async def refuses(): raise ConnectionError
    async def has_a_bug(): return [][0]
    tasks = [asyncio.create_task(refuses()), asyncio.create_task(has_a_bug())]
    await asyncio.wait(tasks)
    assert [type(task.exception()) for task in tasks] == [ConnectionError, IndexError]
    assert not any(task.cancelled() for task in tasks)",
    );
}

#[test]
fn asyncio_exception_of_a_cancelled_task_raises_and_a_callback_that_asks_ends_in_the_handler_of_the_loop() {
    run_asyncio(
        "
async def main():
    loop, seen = asyncio.get_running_loop(), []
    loop.set_exception_handler(lambda loop, context: seen.append(type(context['exception'])))
    task = asyncio.create_task(asyncio.Event().wait())
    task.add_done_callback(lambda task: seen.append(task.exception()))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    await asyncio.sleep(0)
    assert seen == [asyncio.CancelledError], seen",
    );
}

#[test]
fn asyncio_calls_a_done_callback_in_a_later_turn_of_the_loop() {
    run_asyncio(
        "
async def main():
    seen = []
    task = asyncio.create_task(asyncio.sleep(0))
    await task
    task.add_done_callback(lambda task: seen.append('called'))
    assert seen == [], seen
    await asyncio.sleep(0)
    assert seen == ['called'], seen",
    );
}

#[test]
fn asyncio_calls_a_done_callback_also_for_a_task_that_never_ran() {
    run_asyncio(
        "
async def main():
    seen = []
    async def work(): seen.append('work')
    task = asyncio.create_task(work())
    task.add_done_callback(lambda task: seen.append(task.cancelled()))
    task.cancel()
    await asyncio.wait([task])
    assert seen == [True], seen",
    );
}

#[test]
fn asyncio_tasks_have_names() {
    run_asyncio(
        "
async def main():
    task = asyncio.create_task(asyncio.sleep(0), name='prices')
    assert task.get_name() == 'prices'
    task.set_name('mail')
    assert task.get_name() == 'mail'
    assert asyncio.create_task(asyncio.sleep(0)).get_name().startswith('Task-')
    await task",
    );
}

#[test]
fn asyncio_destroys_100_of_100_forgotten_tasks_that_wait_for_a_future_of_their_own_and_none_that_sleep() {
    run_asyncio(
        "
import gc
async def main():
    loop, messages, ended = asyncio.get_running_loop(), [], []
    loop.set_exception_handler(lambda loop, context: messages.append(context['message']))
    async def waits(): await loop.create_future()
    async def sleeps():
        await asyncio.sleep(0.02)
        ended.append(1)
    for _ in range(100):
        asyncio.create_task(waits())
        asyncio.create_task(sleeps())
    await asyncio.sleep(0.001)
    gc.collect()
    assert messages == ['Task was destroyed but it is pending!'] * 100, len(messages)
    while len(ended) < 100:
        await asyncio.sleep(0.01)",
    );
}

#[test]
fn asyncio_starts_a_task_at_once_with_an_eager_task_factory() {
    run_asyncio(
        "
import sys
async def main():
    started = []
    async def work(name):
        started.append(name)

    task = asyncio.create_task(work('lazy'))
    assert started == [], started
    await task
    if sys.version_info >= (3, 12):
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
        await asyncio.sleep(0)
        task = asyncio.create_task(work('eager'))
        assert started == ['lazy', 'eager'], started
        await task",
    );
}
