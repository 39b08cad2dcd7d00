//! What asyncio does, asked of Python itself.

use room::{run_asyncio, run_python};

#[test]
fn asyncio_a_failure_cancels_the_body_at_its_await() {
    run_asyncio(
        "
async def fail(): raise ConnectionError
async def main():
    seen = []
    async def body(group):
        task = group.create_task(fail())
        try: await task
        except BaseException as error:
            seen.append(type(error).__name__)
            raise
    try:
        async with asyncio.TaskGroup() as group: await body(group)
    except* ConnectionError: seen.append('group')
    assert seen == ['CancelledError', 'group'], seen",
    );
}

#[test]
fn asyncio_errors_of_the_body_and_of_the_clean_up_come_in_the_same_group() {
    run_asyncio(
        "
async def clean_up():
    try: await asyncio.Event().wait()
    finally: raise OSError('clean-up')
async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(clean_up())
            await asyncio.sleep(0)
            raise ValueError('body')
    except* Exception as errors:
        assert sorted(map(str, errors.exceptions)) == ['body', 'clean-up'], errors",
    );
}

#[test]
fn asyncio_except_star_takes_the_kinds_apart_and_passes_on_the_rest() {
    run_asyncio(
        "
async def fail(error): raise error
async def main():
    seen = []
    try:
        try:
            async with asyncio.TaskGroup() as group:
                for error in [ValueError(1), OSError(2), KeyError(3)]: group.create_task(fail(error))
        except* ValueError as errors: seen.append(len(errors.exceptions))
        except* OSError as errors: seen.append(len(errors.exceptions))
    except ExceptionGroup as rest:
        assert [type(error) for error in rest.exceptions] == [KeyError], rest
    assert seen == [1, 1], seen",
    );
}

#[test]
fn asyncio_system_exit_and_keyboard_interrupt_come_out_bare() {
    run_python(
        "
import asyncio, logging
logging.disable()  # It says that the exception of a task was never retrieved.
async def fail(error): raise error
async def by_a_child(error):
    async with asyncio.TaskGroup() as group: group.create_task(fail(error))
async def by_the_body(error):
    async with asyncio.TaskGroup(): raise error
for error in [SystemExit, KeyboardInterrupt]:
    for program in [by_a_child, by_the_body]:
        try: asyncio.run(program(error()))
        except error: pass
        else: assert False",
    );
}

#[test]
fn asyncio_a_timeout_around_a_group_waits_for_the_children_and_is_a_bare_timeout_error() {
    run_asyncio(
        "
async def main():
    ended = []
    async def child():
        try: await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            ended.append('child')
    try:
        async with asyncio.timeout(0.01):
            async with asyncio.TaskGroup() as group: group.create_task(child())
    except TimeoutError: ended.append('timeout')
    assert ended == ['child', 'timeout'], ended",
    );
}

#[test]
fn asyncio_a_child_that_is_cancelled_alone_fails_nothing() {
    run_asyncio(
        "
async def main():
    async with asyncio.TaskGroup() as group:
        child = group.create_task(asyncio.Event().wait())
        sibling = group.create_task(asyncio.sleep(0.01, 'value'))
        await asyncio.sleep(0)
        child.cancel()
    assert child.cancelled() and sibling.result() == 'value'",
    );
}

#[test]
fn asyncio_a_task_after_the_stop_is_a_runtime_error() {
    run_asyncio(
        "
import warnings
warnings.simplefilter('ignore')  # Before 3.13 the coroutine is never awaited.
async def main():
    seen = []
    async def late(group):
        try: await asyncio.Event().wait()
        finally:
            try: group.create_task(asyncio.sleep(0))
            except RuntimeError as error: seen.append(str(error))
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(late(group))
            await asyncio.sleep(0)
            raise ValueError
    except* ValueError: pass
    try: group.create_task(asyncio.sleep(0))
    except RuntimeError as error: seen.append(str(error))
    assert 'is shutting down' in seen[0] and 'is finished' in seen[1], seen",
    );
}

#[test]
fn asyncio_nested_groups_raise_nested_groups_and_except_star_looks_inside() {
    run_asyncio(
        "
async def fail(): raise ConnectionError
async def inner():
    async with asyncio.TaskGroup() as group: group.create_task(fail())
async def main():
    seen = []
    try:
        async with asyncio.TaskGroup() as group: group.create_task(inner())
    except* ConnectionError as errors:
        assert type(errors.exceptions[0]) is ExceptionGroup
        seen.append(type(errors.exceptions[0].exceptions[0]))
    assert seen == [ConnectionError], seen",
    );
}

#[test]
fn asyncio_an_outer_group_waits_for_the_children_of_an_inner_one() {
    run_asyncio(
        "
async def main():
    ended = []
    async def child():
        try: await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            ended.append('child')
    async def inner():
        async with asyncio.TaskGroup() as group: group.create_task(child())
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(inner())
            await asyncio.sleep(0.01)
            raise ValueError
    except* ValueError: ended.append('outer')
    assert ended == ['child', 'outer'], ended",
    );
}

#[test]
fn asyncio_one_error_comes_in_a_group_too() {
    run_asyncio(
        "
async def main():
    try:
        async with asyncio.TaskGroup(): raise ValueError('alone')
    except ExceptionGroup as group:
        assert list(map(str, group.exceptions)) == ['alone'], group
    else: assert False",
    );
}
