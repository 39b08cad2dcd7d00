//! What asyncio does, asked of Python itself.

use room::run_asyncio;

#[test]
fn asyncio_loses_a_pending_task_without_a_reference() {
    run_asyncio(
        "
import gc

async def main():
    loop = asyncio.get_running_loop()
    seen = []
    loop.set_exception_handler(lambda loop, context: seen.append(context['message']))

    async def answer():
        await loop.create_future()

    done, pending = await asyncio.wait([asyncio.create_task(answer())], timeout=0.01)
    gc.collect()
    assert (len(pending), seen) == (1, []), seen

    del pending
    gc.collect()
    assert seen == ['Task was destroyed but it is pending!'], seen",
    );
}

#[test]
fn asyncio_wait_for_around_wait_cancels_no_task() {
    run_asyncio(
        "
async def main():
    may_end = asyncio.Event()
    tasks = [asyncio.create_task(asyncio.sleep(0, True)), asyncio.create_task(may_end.wait())]
    await tasks[0]
    try:
        await asyncio.wait_for(asyncio.wait(tasks), 0.01)
        assert False
    except TimeoutError:
        pass
    may_end.set()
    assert await asyncio.gather(*tasks) == [True, True]",
    );
}

#[test]
fn asyncio_wait_for_around_gather_cancels_every_task() {
    run_asyncio(
        "
async def main():
    tasks = [asyncio.create_task(asyncio.sleep(0, True)), asyncio.create_task(asyncio.Event().wait())]
    await tasks[0]
    try:
        await asyncio.wait_for(asyncio.gather(*tasks), 0.01)
        assert False
    except TimeoutError:
        pass
    assert (tasks[0].result(), tasks[1].cancelled()) == (True, True)",
    );
}

#[test]
fn asyncio_hedged_leaves_no_request_running_when_it_is_cancelled() {
    let twin = include_str!("../../../twin.py");
    let start = twin.find("async def hedged").unwrap();
    let hedged = twin[start..].split("\n\n\n").next().unwrap();
    run_asyncio(&format!(
        "
{hedged}

async def main():
    ended = []

    async def request(name):
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(name)

    asked = asyncio.create_task(hedged(map(request, ['north', 'east', 'south']), 0.01))
    while len(asyncio.all_tasks()) < 2 + 3:
        await asyncio.sleep(0.01)
    asked.cancel()
    await asyncio.wait([asked])
    await asyncio.sleep(0)
    assert sorted(ended) == ['east', 'north', 'south'], ended"
    ));
}

#[test]
fn asyncio_wait_for_gives_a_new_task_no_turn_before_a_zero_timeout() {
    run_asyncio(
        "
async def main():
    ran = []

    async def errand(name):
        ran.append(name)

    await asyncio.wait([asyncio.create_task(errand('wait'))], timeout=0)
    assert ran == ['wait'], ran
    try:
        await asyncio.wait_for(asyncio.create_task(errand('wait_for')), 0)
        assert False
    except TimeoutError:
        pass
    assert ran == ['wait'], ran",
    );
}
