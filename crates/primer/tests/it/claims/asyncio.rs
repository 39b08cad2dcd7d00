//! What asyncio does, asked of Python itself.

use std::io::{self, Write};
use std::thread;

use room::{run_asyncio, run_python};

/// Runs `async def main` of this script; its assertions are the claim.
fn asyncio(script: &str) {
    run_asyncio(&format!("import contextvars, gc, socket, sys, threading\n{script}"));
}

/// The same for what asyncio has since Python 3.`minor`; with an older one, says that the claim is not tried.
fn asyncio_since(minor: u32, script: &str) {
    // Empty where there is no Python, which `room` has said.
    let Ok(found) = run_python("import sys; print(sys.version_info[1])").trim().parse::<u32>() else { return };
    if found >= minor {
        return asyncio(script);
    }
    let (current, sentence) = (thread::current(), format!("this is Python 3.{found}, and the claim is of 3.{minor}"));
    // Not `eprintln!`, which the test harness hides.
    let _ = writeln!(io::stderr(), "SKIPPED: {}: {sentence}.", current.name().unwrap_or_default());
}

#[test]
fn create_task_starts_at_the_next_await_that_suspends() {
    asyncio(
        "
async def main():
    seen = []
    async def work(): seen.append('work')
    task = asyncio.create_task(work())
    seen.append('created')
    async def ready(): pass
    await ready()
    assert seen == ['created'], seen
    await asyncio.sleep(0)
    assert seen == ['created', 'work'], seen
    await task",
    );
}

#[test]
fn an_asyncio_task_that_nobody_refers_to_can_be_lost() {
    asyncio(
        "
async def main():
    ended = []
    async def work():
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            ended.append('work')
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: ended.append(context['message']))
    asyncio.create_task(work())
    await asyncio.sleep(0)
    gc.collect()
    assert 'Task was destroyed but it is pending!' in ended, ended",
    );
}

#[test]
fn an_asyncio_task_can_be_awaited_twice() {
    asyncio(
        "
async def main():
    async def work(): return 1
    task = asyncio.create_task(work())
    assert (await task, await task) == (1, 1)",
    );
}

#[test]
fn an_asyncio_coroutine_cannot_be_awaited_twice() {
    asyncio(
        "
async def main():
    async def work(): return 1
    coroutine = work()
    await coroutine
    try:
        await coroutine
    except RuntimeError as error:
        assert 'already awaited' in str(error)
    else:
        assert False",
    );
}

#[test]
fn an_asyncio_task_can_refuse_its_cancellation() {
    asyncio(
        "
async def main():
    async def stubborn():
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return 'stayed'
    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    task.cancel()
    assert await task == 'stayed' and not task.cancelled()",
    );
}

#[test]
fn asyncio_run_cancels_the_remaining_tasks_and_waits_for_them() {
    run_python(
        "
import asyncio
ended = []
async def work():
    try:
        await asyncio.sleep(60)
    finally:
        await asyncio.sleep(0)
        ended.append('work')
async def main():
    main.task = asyncio.create_task(work())
    await asyncio.sleep(0)
asyncio.run(main())
assert ended == ['work'] and main.task.cancelled()",
    );
}

#[test]
fn the_body_of_asyncio_run_is_a_task() {
    asyncio(
        "
async def main():
    assert asyncio.current_task() in asyncio.all_tasks()",
    );
}

#[test]
fn asyncio_sleep_of_zero_gives_the_others_one_turn() {
    asyncio(
        "
async def main():
    seen = []
    asyncio.get_running_loop().call_soon(seen.append, 'other')
    await asyncio.sleep(0)
    assert seen == ['other']",
    );
}

#[test]
fn a_task_group_cancels_the_others_and_raises_a_group() {
    asyncio(
        "
async def main():
    async def fail(): raise ValueError('no')
    try:
        async with asyncio.TaskGroup() as group:
            other = group.create_task(asyncio.sleep(60))
            group.create_task(fail())
    except* ValueError as errors:
        assert len(errors.exceptions) == 1
    assert other.cancelled()",
    );
}

#[test]
fn asyncio_shield_goes_on_after_its_caller_is_cancelled() {
    asyncio(
        "
async def main():
    async def save():
        await asyncio.sleep(0.001)
        return 'saved'
    task = asyncio.create_task(save())
    async def caller(): await asyncio.shield(task)
    call = asyncio.create_task(caller())
    await asyncio.sleep(0)
    call.cancel()
    assert await task == 'saved' and call.cancelled()",
    );
}

#[test]
fn asyncio_wait_for_cancels_a_task_when_the_time_is_over_and_asyncio_shield_keeps_it() {
    asyncio(
        "
async def main():
    plain, shielded = (asyncio.create_task(asyncio.sleep(60)) for _ in range(2))
    for awaited in plain, asyncio.shield(shielded):
        try:
            await asyncio.wait_for(awaited, 0.001)
        except TimeoutError:
            continue
        assert False
    assert plain.cancelled() and not shielded.done()",
    );
}

#[test]
fn asyncio_refuses_a_second_result() {
    asyncio(
        "
async def main():
    future = asyncio.get_running_loop().create_future()
    future.set_result(1)
    try:
        future.set_result(2)
    except asyncio.InvalidStateError:
        return
    assert False",
    );
}

#[test]
fn a_task_waits_for_ever_for_an_asyncio_future_that_nobody_sets() {
    asyncio(
        "
async def main():
    done, pending = await asyncio.wait([asyncio.get_running_loop().create_future()], timeout=0.01)
    assert not done and len(pending) == 1",
    );
}

#[test]
fn asyncio_write_buffers_everything_and_does_not_wait() {
    asyncio(
        "
async def main():
    near, far = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=near)
    size = 10_000_000
    writer.write(bytes(size))
    assert writer.transport.get_write_buffer_size() > size / 2
    writer.transport.abort()
    far.close()",
    );
}

#[test]
fn an_asyncio_reader_has_a_limit_of_64_kib_a_line() {
    asyncio(
        "
async def main():
    reader = asyncio.StreamReader()
    reader.feed_data(b'x' * (2**17) + b'\\n')
    try:
        await reader.readuntil(b'\\n')
    except asyncio.LimitOverrunError:
        pass
    else:
        assert False
    reader = asyncio.StreamReader()
    reader.feed_data(b'x' * (2**16 - 1) + b'\\n')
    assert len(await reader.readuntil(b'\\n')) == 2**16",
    );
}

#[test]
fn asyncio_readexactly_raises_an_error_that_holds_what_was_read() {
    asyncio(
        "
async def main():
    reader = asyncio.StreamReader()
    reader.feed_data(b'half')
    reader.feed_eof()
    try:
        await reader.readexactly(8)
    except asyncio.IncompleteReadError as error:
        assert error.partial == b'half'
    else:
        assert False",
    );
}

#[test]
fn asyncio_readline_returns_empty_bytes_at_the_end() {
    asyncio(
        "
async def main():
    reader = asyncio.StreamReader()
    reader.feed_data(b'a\\n')
    reader.feed_eof()
    assert [await reader.readline(), await reader.readline()] == [b'a\\n', b'']",
    );
}

#[test]
fn an_asyncio_event_stays_set() {
    asyncio(
        "
async def main():
    event = asyncio.Event()
    event.set()
    await event.wait()
    await event.wait()",
    );
}

#[test]
fn an_asyncio_lock_is_not_reentrant() {
    asyncio(
        "
async def main():
    lock = asyncio.Lock()
    async with lock:
        try:
            await asyncio.wait_for(lock.acquire(), 0.01)
        except TimeoutError:
            return
    assert False",
    );
}

#[test]
fn asyncio_lets_any_task_release_a_lock() {
    asyncio(
        "
async def main():
    lock = asyncio.Lock()
    await lock.acquire()
    async def other(): lock.release()
    await asyncio.create_task(other())
    assert not lock.locked()",
    );
}

#[test]
fn a_bounded_semaphore_raises_if_it_is_released_too_often() {
    asyncio(
        "
async def main():
    free, bounded = asyncio.Semaphore(1), asyncio.BoundedSemaphore(1)
    free.release()
    await free.acquire()
    await free.acquire()
    try:
        bounded.release()
    except ValueError:
        return
    assert False",
    );
}

#[test]
fn asyncio_does_not_count_a_cancelled_waiter_at_a_barrier() {
    asyncio(
        "
async def main():
    barrier = asyncio.Barrier(2)
    waiter = asyncio.create_task(barrier.wait())
    await asyncio.sleep(0)
    waiter.cancel()
    await asyncio.sleep(0)
    assert barrier.n_waiting == 0",
    );
}

#[test]
fn an_asyncio_barrier_can_be_broken() {
    asyncio(
        "
async def main():
    barrier = asyncio.Barrier(2)
    waiter = asyncio.create_task(barrier.wait())
    await asyncio.sleep(0)
    await barrier.abort()
    try:
        await waiter
    except asyncio.BrokenBarrierError:
        return
    assert False",
    );
}

#[test]
fn call_later_runs_a_plain_function() {
    asyncio(
        "
async def main():
    loop, seen = asyncio.get_running_loop(), []
    timer = loop.call_later(0.001, seen.append, 'later')
    cancelled = loop.call_later(0.001, seen.append, 'never')
    cancelled.cancel()
    await asyncio.sleep(0.01)
    assert seen == ['later']",
    );
}

#[test]
fn without_a_loop_get_running_loop_raises() {
    run_python(
        "
import asyncio
try:
    asyncio.get_running_loop()
except RuntimeError:
    pass
else:
    assert False",
    );
}

#[test]
fn asyncio_timeouts_can_be_rescheduled() {
    asyncio(
        "
async def main():
    async with asyncio.timeout(0.001) as limit:
        limit.reschedule(asyncio.get_running_loop().time() + 60)
        await asyncio.sleep(0.01)
    assert not limit.expired()",
    );
}

#[test]
fn an_asyncio_generator_that_is_left_early_cleans_up_later() {
    asyncio(
        "
async def main():
    ended = []
    async def numbers():
        try:
            for number in range(3): yield number
        finally:
            ended.append('numbers')
    stream = numbers()
    async for number in stream: break
    assert ended == []
    await stream.aclose()
    assert ended == ['numbers']",
    );
}

#[test]
fn aclosing_closes_an_asyncio_generator_before_the_next_line_runs() {
    asyncio(
        "
from contextlib import aclosing
async def main():
    ended = []
    async def numbers():
        try:
            for number in range(3): yield number
        finally:
            await asyncio.sleep(0)
            ended.append('numbers')
    async with aclosing(numbers()) as stream:
        async for number in stream: break
    assert ended == ['numbers']",
    );
}

#[test]
fn anext_of_an_asyncio_generator_at_its_end_raises() {
    asyncio(
        "
async def main():
    async def numbers(): yield 1
    stream = numbers()
    assert await anext(stream) == 1
    try:
        await anext(stream)
        assert False, 'there was another number'
    except StopAsyncIteration: pass",
    );
}

#[test]
fn an_async_exit_stack_leaves_in_reverse_order() {
    asyncio(
        "
from contextlib import AsyncExitStack, asynccontextmanager
async def main():
    left = []
    @asynccontextmanager
    async def entered(name):
        yield
        left.append(name)
    async with AsyncExitStack() as stack:
        for name in ['first', 'second']: await stack.enter_async_context(entered(name))
    assert left == ['second', 'first'], left",
    );
}

#[test]
fn asyncio_timeout_of_none_never_fires() {
    asyncio(
        "
async def main():
    async with asyncio.timeout(None) as limit:
        await asyncio.sleep(0)
    assert limit.when() is None and not limit.expired()",
    );
}

#[test]
fn asyncio_locked_of_a_semaphore_means_that_acquire_would_wait() {
    asyncio(
        "
async def main():
    permits = asyncio.Semaphore(1)
    assert not permits.locked()
    await permits.acquire()
    assert permits.locked()",
    );
}

#[test]
fn a_closed_asyncio_server_leaves_its_connections_open() {
    asyncio(
        "
async def main():
    ended = asyncio.Event()
    async def echo(reader, writer):
        async for line in reader: writer.write(line)
        writer.close()
        ended.set()
    server = await asyncio.start_server(echo, '127.0.0.1')
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b'once\\n')
    assert await reader.readline() == b'once\\n'
    server.close()
    writer.write(b'still here\\n')
    assert await reader.readline() == b'still here\\n'
    writer.close()
    await ended.wait()",
    );
}

#[cfg(unix)]
#[test]
fn asyncio_restores_the_default_when_a_signal_handler_is_removed() {
    asyncio(
        "
import signal
async def main():
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, print)
    assert signal.getsignal(signal.SIGUSR1) != signal.SIG_DFL
    loop.remove_signal_handler(signal.SIGUSR1)
    assert signal.getsignal(signal.SIGUSR1) == signal.SIG_DFL",
    );
}

#[test]
fn an_exception_in_a_task_that_nobody_awaits_is_only_reported() {
    asyncio(
        "
async def main():
    reports = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: reports.append(context['message']))
    async def fail(): raise ValueError('no')
    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    del task
    gc.collect()
    assert reports == ['Task exception was never retrieved'], reports",
    );
}

#[test]
fn asyncio_tasks_copy_the_context() {
    asyncio(
        "
async def main():
    name = contextvars.ContextVar('name')
    name.set('request')
    async def work(): return name.get()
    assert await asyncio.create_task(work()) == 'request'",
    );
}

#[test]
fn a_priority_queue_returns_the_smallest_item_first_and_a_lifo_queue_the_newest() {
    asyncio(
        "
async def main():
    for queue, order in [(asyncio.PriorityQueue(), [1, 2, 3]), (asyncio.LifoQueue(), [2, 3, 1])]:
        for number in [1, 3, 2]: queue.put_nowait(number)
        assert [queue.get_nowait() for _ in order] == order",
    );
}

#[test]
fn a_comprehension_may_await() {
    asyncio(
        "
async def main():
    async def length(name): return len(name)
    assert [await length(name) for name in ['users', 'ads']] == [5, 3]",
    );
}

#[test]
fn a_coroutine_that_nobody_awaits_is_a_warning_when_it_is_thrown_away() {
    run_python(
        "
import warnings
async def price(): return 42
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter('always')
    coroutine = price()
    assert not caught
    del coroutine
    assert str(caught[0].message) == \"coroutine 'price' was never awaited\"",
    );
}

#[test]
fn an_await_that_is_ready_lets_no_other_task_run() {
    asyncio(
        "
async def main():
    seen = []
    async def ready(): pass
    asyncio.get_running_loop().call_soon(seen.append, 'other')
    for _ in range(1000): await ready()
    assert seen == []",
    );
}

#[test]
fn asyncios_default_pool_has_at_most_four_threads_more_than_cores_and_at_most_32() {
    run_python(
        "
import concurrent.futures, os
threads = concurrent.futures.ThreadPoolExecutor()._max_workers
assert threads <= min(32, os.cpu_count() + 4)",
    );
}

#[cfg(unix)]
#[test]
fn asyncio_run_turns_ctrl_c_into_a_cancellation_of_its_task() {
    run_python(
        "
import asyncio, os, signal
seen = []
async def main():
    try:
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        seen.append('cancelled')
        raise
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    asyncio.run(main())
except KeyboardInterrupt:
    seen.append('interrupt')
assert seen == ['cancelled', 'interrupt']",
    );
}

#[test]
fn asyncio_ensure_future_returns_a_task_unchanged() {
    asyncio(
        "
async def main():
    async def work(): return 1
    task = asyncio.ensure_future(work())
    assert isinstance(task, asyncio.Task) and asyncio.ensure_future(task) is task
    await task",
    );
}

#[test]
fn asyncio_get_nowait_of_an_empty_queue_raises() {
    asyncio(
        "
async def main():
    try:
        asyncio.Queue().get_nowait()
    except asyncio.QueueEmpty:
        return
    assert False",
    );
}

#[test]
fn asyncio_locked_does_not_take_the_lock() {
    asyncio(
        "
async def main():
    lock = asyncio.Lock()
    assert not lock.locked() and not lock.locked()
    async with lock: assert lock.locked()",
    );
}

#[test]
fn asyncio_get_extra_info_of_an_unknown_name_is_none() {
    asyncio(
        "
async def main():
    near, far = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=near)
    assert writer.get_extra_info('socket') is not None
    assert writer.get_extra_info('peercert') is None
    assert writer.get_extra_info('a slip of the pen') is None
    writer.close()
    far.close()",
    );
}

#[cfg(unix)]
#[test]
fn asyncio_terminate_is_a_sigterm() {
    asyncio(
        "
async def main():
    child = await asyncio.create_subprocess_exec('sleep', '60')
    child.terminate()
    assert await child.wait() == -15",
    );
}

#[cfg(unix)]
#[test]
fn asyncio_can_merge_the_two_outputs_of_a_child() {
    asyncio(
        "
async def main():
    pipes = {'stdout': asyncio.subprocess.PIPE, 'stderr': asyncio.subprocess.STDOUT}
    child = await asyncio.create_subprocess_shell('echo out; echo err >&2', **pipes)
    assert await child.communicate() == (b'out\\nerr\\n', None)",
    );
}

#[test]
fn asyncio_resolves_host_names_in_its_thread_pool() {
    asyncio(
        "
from concurrent.futures import ThreadPoolExecutor
async def main():
    threads = []
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(initializer=lambda: threads.append(threading.get_ident())))
    await loop.getaddrinfo('127.0.0.1', 80)
    assert len(threads) == 1 and threading.get_ident() not in threads",
    );
}

#[test]
fn asyncio_to_thread_runs_on_another_thread() {
    asyncio(
        "
async def main():
    assert await asyncio.to_thread(threading.get_ident) != threading.get_ident()",
    );
}

#[test]
fn every_asyncio_task_runs_on_the_thread_of_its_loop() {
    asyncio(
        "
async def main():
    async def thread(): return threading.get_ident()
    threads = await asyncio.gather(*(asyncio.create_task(thread()) for _ in range(100)))
    assert set(threads) == {threading.get_ident()}",
    );
}

#[test]
fn an_eager_asyncio_task_runs_at_once_until_it_first_waits() {
    asyncio_since(
        12,
        "
async def main():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    seen = []
    async def work():
        seen.append('begun')
        await asyncio.sleep(0)
        seen.append('ended')
    task = asyncio.create_task(work())
    assert seen == ['begun'], seen
    await task",
    );
}

#[test]
fn an_asyncio_queue_that_is_shut_down_refuses_new_items_and_delivers_the_old_ones() {
    asyncio_since(
        13,
        "
async def main():
    queue = asyncio.Queue()
    await queue.put(1)
    queue.shutdown()
    try:
        await queue.put(2)
    except asyncio.QueueShutDown:
        assert await queue.get() == 1
    try:
        await queue.get()
    except asyncio.QueueShutDown:
        return
    assert False",
    );
}

#[test]
fn asyncios_event_loop_is_an_alias_of_the_platforms_loop() {
    asyncio_since(
        13,
        "
async def main():
    system = 'ProactorEventLoop' if sys.platform == 'win32' else '_UnixSelectorEventLoop'
    assert asyncio.EventLoop.__name__ == system, asyncio.EventLoop
    assert isinstance(asyncio.get_running_loop(), asyncio.EventLoop)",
    );
}

#[test]
fn asyncios_loop_policies_are_deprecated() {
    asyncio_since(
        14,
        "
import warnings
async def main():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        asyncio.get_event_loop_policy()
    assert [warning.category for warning in caught] == [DeprecationWarning], caught",
    );
}

#[test]
fn asyncio_knows_who_awaits_whom() {
    asyncio_since(
        14,
        "
async def main():
    inner = asyncio.create_task(asyncio.sleep(0.01))
    async def outer(): await inner
    waiting = asyncio.create_task(outer())
    await asyncio.sleep(0)
    awaited_by = asyncio.capture_call_graph(inner).awaited_by
    assert [graph.future for graph in awaited_by] == [waiting], awaited_by
    await waiting",
    );
}
