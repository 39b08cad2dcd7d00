//! What asyncio does, asked of Python itself, with real signals and sockets.

use room::{run_asyncio, run_python};

#[test]
fn asyncio_the_second_signal_of_a_future_is_an_invalid_state_error_that_is_only_logged() {
    run_asyncio(
        "
import os, signal
async def main():
    loop, logged, second = asyncio.get_running_loop(), [], asyncio.Event()
    def log(loop, context):
        logged.append(type(context['exception']))
        second.set()
    loop.set_exception_handler(log)
    stop = loop.create_future()
    loop.add_signal_handler(signal.SIGTERM, stop.set_result, None)
    os.kill(os.getpid(), signal.SIGTERM)
    await stop
    os.kill(os.getpid(), signal.SIGTERM)
    await second.wait()
    assert logged == [asyncio.InvalidStateError], logged",
    );
}

#[test]
fn asyncio_an_event_in_place_of_the_future_does_not_tell_a_second_signal_apart() {
    run_asyncio(
        "
import os, signal
async def main():
    loop, seen, stop = asyncio.get_running_loop(), [], asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGUSR1, seen.append, 'last')
    os.kill(os.getpid(), signal.SIGTERM)
    await stop.wait()
    os.kill(os.getpid(), signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGUSR1)
    while not seen: await asyncio.sleep(0.001)
    assert stop.is_set()",
    );
}

#[test]
fn asyncio_async_with_a_server_waits_for_its_connections_from_python_3_12_1_on_and_not_up_to_3_11() {
    run_asyncio(
        "
import sys
async def main():
    if (3, 12) <= sys.version_info < (3, 12, 1): return
    accepted, gone = asyncio.Event(), asyncio.Event()
    async def guest(reader, writer):
        accepted.set()
        await reader.read()
        writer.close()
        gone.set()
    server = await asyncio.start_server(guest, '127.0.0.1', 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    await accepted.wait()
    left = asyncio.Event()
    async def serve():
        async with server: pass
        left.set()
    serving = asyncio.create_task(serve())
    for _ in range(20): await asyncio.sleep(0.005)
    waits = sys.version_info >= (3, 12, 1)
    assert left.is_set() != waits, (left.is_set(), sys.version_info)
    # One idle client keeps it until it leaves.
    writer.close()
    await serving
    await gone.wait()",
    );
}

#[test]
fn asyncio_close_clients_ends_that_wait_from_python_3_13_on() {
    run_asyncio(
        "
import sys
async def main():
    if sys.version_info < (3, 13):
        assert not hasattr(asyncio.Server, 'close_clients')
        return
    accepted = asyncio.Event()
    async def guest(reader, writer):
        accepted.set()
        await reader.read()
    server = await asyncio.start_server(guest, '127.0.0.1', 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    await accepted.wait()
    server.close()
    server.close_clients()
    await server.wait_closed()
    writer.close()",
    );
}

#[test]
fn asyncio_the_first_ctrl_c_cancels_main_and_the_second_is_a_keyboard_interrupt_wherever_main_is() {
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
        try:
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.sleep(60)
        finally:
            seen.append('stopped while it cleans up')
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    asyncio.run(main())
except KeyboardInterrupt:
    seen.append('interrupt')
assert seen[0] == 'cancelled' and seen[-1] == 'interrupt', seen",
    );
}

#[test]
fn asyncio_a_sigterm_without_a_handler_ends_the_process_and_runs_no_finally() {
    run_python(
        "
import signal, subprocess, sys
program = '''
import asyncio, os, signal
async def main():
    try:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(60)
    finally:
        print(1)
asyncio.run(main())
'''
ended = subprocess.run([sys.executable, '-c', program], capture_output=True)
assert (ended.returncode, ended.stdout) == (-signal.SIGTERM, b''), ended",
    );
}

#[test]
fn asyncio_a_removed_signal_handler_lets_the_next_signal_end_the_process() {
    run_python(
        "
import signal, subprocess, sys
program = '''
import asyncio, os, signal
async def main():
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    os.kill(os.getpid(), signal.SIGTERM)
    await stop.wait()
    print(1, flush=True)
    loop.remove_signal_handler(signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.sleep(60)
asyncio.run(main())
'''
ended = subprocess.run([sys.executable, '-c', program], capture_output=True, text=True)
assert (ended.returncode, ended.stdout) == (-signal.SIGTERM, '1\\n'), ended",
    );
}
