//! What asyncio does, asked of Python itself.

use room::{run_asyncio, run_python};

#[test]
fn asyncio_debug_mode_logs_a_callback_that_takes_longer_than_100_ms() {
    run_asyncio(
        "
import logging, time
async def main():
    loop, seen = asyncio.get_running_loop(), []
    class Handler(logging.Handler):
        def emit(self, record): seen.append(record.getMessage())
    logging.getLogger('asyncio').addHandler(Handler())
    logging.getLogger('asyncio').propagate = False
    loop.set_debug(True)
    assert loop.slow_callback_duration == 0.1
    async def export(): time.sleep(0.15)
    await asyncio.create_task(export(), name='export')
    await asyncio.sleep(0)
    assert any('Executing' in line and 'export' in line and 'seconds' in line for line in seen), seen",
    );
}

/// A monitor that looks with `sleep(0)`, beside an export that blocks for 0.2 s.
///
/// Its clock moves in sleeps only, and by 0.1 ms in each turn of the loop: on the real clock, a busy machine is late by itself.
const SLEEP_ZERO: &str = "
import time
def clock_of_sleeps():
    loop, now = asyncio.get_running_loop(), 0.0
    def move(seconds):
        nonlocal now
        now += max(seconds or 0, 0.0001)
        return []  # no event of a socket
    loop.time = time.perf_counter = lambda: now
    loop._selector.select = time.sleep = move
async def watch(pause, late):
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0)
        late.append(time.perf_counter() - before)
        if pause: await asyncio.sleep(pause)
async def looks(pause):
    clock_of_sleeps()
    late = []
    task = asyncio.create_task(watch(pause, late))
    await asyncio.sleep(0.05)
    late.clear()
    time.sleep(0.2)
    await asyncio.sleep(0.05)
    task.cancel()
    return late
";

#[test]
fn asyncio_a_monitor_with_sleep_zero_and_no_pause_sees_every_block_and_never_lets_the_loop_sleep() {
    run_asyncio(&format!(
        "{SLEEP_ZERO}
async def main():
    without, rests = await looks(0), await looks(0.01)
    assert max(without) >= 0.2, max(without)
    assert len(without) > 20 * len(rests), (len(without), len(rests))"
    ));
}

#[test]
fn asyncio_a_monitor_with_sleep_zero_and_a_pause_sees_no_block() {
    run_asyncio(&format!(
        "{SLEEP_ZERO}
async def main():
    late = await looks(0.01)
    assert len(late) >= 4 and max(late) < 0.01, late"
    ));
}

#[test]
fn asyncio_a_look_against_its_own_due_time_sees_the_block() {
    run_asyncio(
        "
import time
async def main():
    loop, late = asyncio.get_running_loop(), []
    async def watch():
        due = loop.time()
        while True:
            due += 0.01
            await asyncio.sleep(due - loop.time())
            late.append(loop.time() - due)
    task = asyncio.create_task(watch())
    await asyncio.sleep(0.05)
    time.sleep(0.2)
    await asyncio.sleep(0.05)
    task.cancel()
    assert max(late) >= 0.18, max(late)",
    );
}

#[test]
fn asyncio_all_tasks_tells_the_name_and_the_place_of_each_task() {
    run_asyncio(
        "
async def waits_for_the_store(store):
    async with store: pass
async def main():
    store = asyncio.Lock()
    await store.acquire()
    task = asyncio.create_task(waits_for_the_store(store), name='ann')
    await asyncio.sleep(0)
    [ann] = [task for task in asyncio.all_tasks() if task.get_name() == 'ann']
    assert ann.get_stack()[-1].f_code.co_name == 'waits_for_the_store'
    assert asyncio.current_task() in asyncio.all_tasks(), 'main is a task as well'
    task.cancel()",
    );
}

#[test]
fn asyncio_the_stack_of_a_task_that_waits_is_the_line_of_its_outermost_coroutine_only() {
    run_asyncio(
        "
async def waits_for_the_store(store):
    async with store: pass
async def client(store):
    await waits_for_the_store(store)
async def main():
    store = asyncio.Lock()
    await store.acquire()
    task = asyncio.create_task(client(store))
    await asyncio.sleep(0)
    assert [frame.f_code.co_name for frame in task.get_stack()] == ['client']
    task.cancel()",
    );
}

#[test]
fn asyncio_run_makes_a_loop_of_its_own_so_a_monitor_of_another_loop_sees_nothing() {
    run_python(
        "
import asyncio
async def main():
    return asyncio.get_running_loop()
watched = asyncio.new_event_loop()
with asyncio.Runner() as runner:
    assert runner.run(main()) is not watched
assert not watched.is_running() and not asyncio.all_tasks(watched)
watched.close()
",
    );
}
