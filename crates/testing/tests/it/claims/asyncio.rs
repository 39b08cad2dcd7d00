//! What asyncio does, asked of Python itself.

use room::run_asyncio;

#[test]
fn asyncio_with_a_patched_sleep_right_code_never_times_out() {
    run_asyncio(
        "
from unittest.mock import patch
async def slow():
    await asyncio.sleep(10)
    return 'done'
async def main():
    with patch('asyncio.sleep', return_value=None):
        # A test that expects a TimeoutError here fails, and the code is right.
        assert await asyncio.wait_for(slow(), timeout=1) == 'done'",
    );
}

#[test]
fn asyncio_a_sleep_that_is_patched_with_a_plain_function_is_a_type_error() {
    run_asyncio(
        "
from unittest.mock import Mock, patch
async def slow():
    await asyncio.sleep(10)
async def main():
    for fake in (lambda seconds: None, Mock()):
        with patch('asyncio.sleep', fake):
            try: await asyncio.wait_for(slow(), timeout=1)
            except TypeError as error: assert \"can't be used in 'await' expression\" in str(error), error
            else: assert False",
    );
}

#[test]
fn asyncio_tasks_start_in_the_order_in_which_they_are_made() {
    run_asyncio(
        "
async def main():
    for _ in range(100):
        started = []
        async def start(n): started.append(n)
        await asyncio.gather(*(asyncio.create_task(start(n)) for n in range(10)))
        assert started == list(range(10))",
    );
}

#[test]
fn asyncio_a_test_of_the_order_passes_a_serial_version() {
    run_asyncio(
        "
async def at_once(calls): await asyncio.gather(*(call() for call in calls))
async def one_by_one(calls):
    for call in calls: await call()
async def main():
    for version in (at_once, one_by_one):
        events = []
        def call(name):
            async def called():
                events.append(f'{name} starts')
                await asyncio.sleep(0)
            return called
        await version([call('a'), call('b')])
        assert events == ['a starts', 'b starts']",
    );
}

#[test]
fn asyncio_a_fixture_of_two_engines_hands_out_a_session_without_tables() {
    run_asyncio(
        "
import sqlite3
from contextlib import asynccontextmanager
@asynccontextmanager
async def fixture(engine_of_tables, engine_of_sessions):
    engine_of_tables.execute('CREATE TABLE users (name TEXT)')
    try: yield engine_of_sessions
    finally: engine_of_tables.close()
async def main():
    async with fixture(sqlite3.connect(':memory:'), sqlite3.connect(':memory:')) as session:
        try: session.execute('INSERT INTO users VALUES (1)')
        except sqlite3.OperationalError as error: assert str(error) == 'no such table: users', error
        else: assert False
    one = sqlite3.connect(':memory:')
    async with fixture(one, one) as session:
        session.execute('INSERT INTO users VALUES (1)')",
    );
}

#[test]
fn asyncio_an_assertion_in_a_task_that_nobody_awaits_passes_the_test() {
    run_asyncio(
        "
import gc
async def main():
    told = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: told.append(context['message']))
    async def check(): assert 1 + 1 == 3
    task = asyncio.create_task(check())
    await asyncio.sleep(0)
    assert task.done()
    # All that comes of it is a line of log, when the task is collected.
    del task
    gc.collect()
    assert told == ['Task exception was never retrieved'], told",
    );
}

#[test]
fn asyncio_each_test_has_a_loop_of_its_own_and_a_shared_lock_belongs_to_the_first() {
    run_asyncio(
        "
import io, unittest
lock, loops, errors = asyncio.Lock(), set(), []
async def contended():
    await lock.acquire()
    try: await asyncio.wait_for(lock.acquire(), 0.01)
    except TimeoutError: pass
    except RuntimeError as error: errors.append(str(error))
    lock.release()
class Tests(unittest.IsolatedAsyncioTestCase):
    async def test_a(self):
        loops.add(id(asyncio.get_running_loop())); await contended()
        keep.append(asyncio.get_running_loop())
    async def test_b(self):
        loops.add(id(asyncio.get_running_loop())); await contended()
        keep.append(asyncio.get_running_loop())
keep = []
suite = unittest.defaultTestLoader.loadTestsFromTestCase(Tests)
result = unittest.TextTestRunner(stream=io.StringIO()).run(suite)
assert result.wasSuccessful() and len(loops) == 2, result
assert len(errors) == 1 and 'is bound to a different event loop' in errors[0], errors
async def main(): pass",
    );
}
