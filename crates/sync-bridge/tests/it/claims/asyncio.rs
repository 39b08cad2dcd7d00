//! What asyncio does, asked of Python itself.

use room::run_asyncio;

/// A loop in a thread of its own.
const LOOP_IN_A_THREAD: &str = "
import threading, concurrent.futures
def start():
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    return loop, thread
def stop(loop, thread):
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
";

fn with_a_loop_in_a_thread(script: &str) {
    run_asyncio(&format!("{LOOP_IN_A_THREAD}\n{script}"));
}

#[test]
fn asyncio_a_loop_inside_of_a_loop_is_a_runtime_error() {
    run_asyncio(
        "
async def ask(): return 1
async def main():
    coroutine = ask()
    try: asyncio.run(coroutine)
    except RuntimeError as error: assert str(error) == 'asyncio.run() cannot be called from a running event loop'
    else: assert False
    try: asyncio.get_running_loop().run_until_complete(coroutine)
    except RuntimeError as error: assert str(error) == 'This event loop is already running'
    else: assert False
    coroutine.close()",
    );
}

#[test]
fn asyncio_result_on_the_thread_of_the_loop_waits_for_ever() {
    run_asyncio(
        "
ran = []
async def ask(): ran.append(1)
async def main():
    future = asyncio.run_coroutine_threadsafe(ask(), asyncio.get_running_loop())
    try: future.result(timeout=0.05)
    except TimeoutError: pass
    else: assert False
    assert ran == []
    await asyncio.wrap_future(future)
    assert ran == [1]",
    );
}

#[test]
fn asyncio_exceptions_come_out_of_result_as_they_are() {
    with_a_loop_in_a_thread(
        "
async def ask(): raise KeyError('tea')
async def main():
    loop, thread = start()
    try: asyncio.run_coroutine_threadsafe(ask(), loop).result()
    except KeyError as error: assert error.args == ('tea',)
    else: assert False
    stop(loop, thread)",
    );
}

#[test]
fn asyncio_result_with_a_timeout_leaves_the_coroutine_running() {
    with_a_loop_in_a_thread(
        "
cancelled, gate = threading.Event(), None
async def ask():
    try: await asyncio.Event().wait()
    except asyncio.CancelledError:
        cancelled.set()
        raise
async def main():
    loop, thread = start()
    future = asyncio.run_coroutine_threadsafe(ask(), loop)
    try: future.result(timeout=0.05)
    except TimeoutError: pass
    else: assert False
    assert not cancelled.is_set() and not future.done()
    future.cancel()
    assert cancelled.wait(30)
    stop(loop, thread)",
    );
}

#[test]
fn asyncio_a_coroutine_for_a_stopped_loop_never_runs() {
    with_a_loop_in_a_thread(
        "
async def ask(): return 1
async def main():
    loop, thread = start()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    future = asyncio.run_coroutine_threadsafe(ask(), loop)
    try: future.result(timeout=0.05)
    except TimeoutError: pass
    else: assert False
    # It is still in the queue: let it run, so that Python has nothing to complain about.
    await asyncio.to_thread(loop.run_until_complete, asyncio.wrap_future(future, loop=loop))
    loop.close()
    coroutine = ask()
    try: asyncio.run_coroutine_threadsafe(coroutine, loop)
    except RuntimeError as error: assert str(error) == 'Event loop is closed'
    else: assert False
    coroutine.close()",
    );
}

#[test]
fn asyncio_a_call_carries_the_context_of_its_caller() {
    with_a_loop_in_a_thread(
        "
from contextvars import ContextVar
user = ContextVar('user', default=None)
async def ask(): return user.get()
async def main():
    loop, thread = start()
    user.set('ann')
    assert asyncio.run_coroutine_threadsafe(ask(), loop).result() == 'ann'
    stop(loop, thread)",
    );
}

#[test]
fn asyncio_put_nowait_from_another_thread_does_not_wake_the_loop() {
    run_asyncio(
        "
import selectors, threading
asleep = threading.Event()
class Selector(selectors.DefaultSelector):
    def select(self, timeout=None):
        # How long it sleeps is decided here.
        if timeout is None or timeout > 0.1: asleep.set()
        return super().select(timeout)
async def program():
    items, loop = asyncio.Queue(), asyncio.get_running_loop()
    def library():
        asleep.wait()
        items.put_nowait(1)
    due = loop.time() + 0.3
    loop.call_at(due, lambda: None)
    threading.Thread(target=library).start()
    await items.get()
    # The item came when the loop woke up for its timer.
    assert loop.time() >= due - 0.01
async def main():
    def other():
        with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(Selector())) as runner: runner.run(program())
    await asyncio.to_thread(other)",
    );
}

#[test]
fn asyncio_call_soon_threadsafe_wakes_the_loop() {
    run_asyncio(
        "
import threading
async def main():
    items, loop = asyncio.Queue(), asyncio.get_running_loop()
    # No timer: without a wake this would never end.
    threading.Thread(target=lambda: loop.call_soon_threadsafe(items.put_nowait, 1)).start()
    assert await items.get() == 1",
    );
}

#[test]
fn asyncio_a_full_queue_loses_what_call_soon_threadsafe_puts() {
    run_asyncio(
        "
import threading
async def main():
    items, loop, said = asyncio.Queue(1), asyncio.get_running_loop(), []
    loop.set_exception_handler(lambda loop, context: said.append(type(context['exception'])))
    def library():
        for item in range(3): loop.call_soon_threadsafe(items.put_nowait, item)
    await asyncio.to_thread(library)
    await asyncio.sleep(0)
    assert items.qsize() == 1 and items.get_nowait() == 0
    assert said == [asyncio.QueueFull] * 2, said",
    );
}

#[test]
fn asyncio_a_pool_of_one_and_the_loop_wait_for_each_other() {
    run_asyncio(
        "
from concurrent.futures import ThreadPoolExecutor
async def main():
    loop, pool = asyncio.get_running_loop(), ThreadPoolExecutor(1)
    async def save(): await loop.run_in_executor(pool, int)
    def work():
        try: asyncio.run_coroutine_threadsafe(save(), loop).result(timeout=0.1)
        except TimeoutError: return 'hangs'
    assert await loop.run_in_executor(pool, work) == 'hangs'
    pool.shutdown()",
    );
}

#[test]
fn asyncio_what_belongs_to_one_run_is_refused_in_the_next() {
    run_asyncio(
        "
import threading
async def take(lock):
    async with lock: await asyncio.sleep(0)
async def both(lock): await asyncio.gather(take(lock), take(lock))
async def main():
    lock, said = asyncio.Lock(), []
    def program():
        asyncio.run(both(lock))
        try: asyncio.run(both(lock))
        except RuntimeError as error: said.append(str(error))
    await asyncio.to_thread(program)
    assert len(said) == 1 and said[0].endswith('is bound to a different event loop'), said",
    );
}
