//! What asyncio does, asked of Python itself.

use room::run_asyncio;

#[test]
fn asyncio_a_queue_has_no_bound_by_default() {
    run_asyncio(
        "
async def main():
    queue = asyncio.Queue()
    for number in range(100_000): queue.put_nowait(number)
    assert queue.maxsize == 0 and queue.qsize() == 100_000",
    );
}

#[test]
fn asyncio_put_waits_for_a_place_and_put_nowait_raises_queue_full() {
    run_asyncio(
        "
async def main():
    queue = asyncio.Queue(1)
    await queue.put(1)
    try: queue.put_nowait(2)
    except asyncio.QueueFull: pass
    else: assert False
    put = asyncio.create_task(queue.put(3))
    await asyncio.sleep(0)
    assert not put.done()
    await queue.get()
    await put",
    );
}

#[test]
fn asyncio_a_caller_that_gives_up_leaves_the_queue_of_a_semaphore() {
    run_asyncio(
        "
async def main():
    workers, begun = asyncio.Semaphore(1), []
    async def run(name):
        async with workers: begun.append(name)
    await workers.acquire()
    first, second = [asyncio.create_task(run(name)) for name in ('first', 'second')]
    await asyncio.sleep(0)
    first.cancel()
    workers.release()
    await second
    assert begun == ['second'] and first.cancelled()",
    );
}

#[test]
fn asyncio_a_worker_that_sets_the_result_of_a_caller_that_gave_up_ends_with_an_invalid_state_error() {
    run_asyncio(
        "
async def main():
    queue, gate = asyncio.Queue(), asyncio.Event()
    async def worker():
        while True:
            answer = await queue.get()
            await gate.wait()
            answer.set_result(7)
    task, answer = asyncio.create_task(worker()), asyncio.get_running_loop().create_future()
    queue.put_nowait(answer)
    try: await asyncio.wait_for(answer, 0.01)
    except TimeoutError: pass
    gate.set()
    await asyncio.wait([task])
    assert isinstance(task.exception(), asyncio.InvalidStateError)",
    );
}

#[test]
fn asyncio_a_worker_that_ended_stays_silent_while_its_task_is_kept() {
    run_asyncio(
        "
async def main():
    complaints = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: complaints.append(context['message']))
    async def worker(): raise asyncio.InvalidStateError('invalid state')
    workers = [asyncio.create_task(worker())]
    await asyncio.sleep(0.01)
    assert workers[0].done() and complaints == []
    workers.clear()
    import gc; gc.collect()
    assert complaints == ['Task exception was never retrieved'], complaints",
    );
}

#[test]
fn asyncio_ceil_of_a_product_of_floats_can_be_one_too_many() {
    run_asyncio(
        "
import math
async def main():
    assert math.ceil(100 * 0.07) == 8
    assert math.ceil(25 * 0.2 * 1.2) == 6",
    );
}
