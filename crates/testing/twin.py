"""The story of the test in asyncio: cargo run -p testing -- --asyncio."""

import asyncio

from story import lane, say, tell


class Unavailable(Exception):
    pass


async def stopped(tasks):
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def first_answer(calls, limit):
    tasks = [asyncio.create_task(call()) for call in calls]
    try:
        return await first_of(tasks, limit)
    finally:
        await stopped(tasks)


async def first_of(tasks, limit):
    errors = []
    async with asyncio.timeout(limit):
        for result in asyncio.as_completed(tasks):
            try:
                return await result
            except Unavailable as error:
                errors.append(error)
    raise ExceptionGroup("all calls failed", errors)


async def one_by_one(calls, limit):
    errors = []
    async with asyncio.timeout(limit):
        for call in calls:
            try:
                return await call()
            except Unavailable as error:
                errors.append(error)
    raise ExceptionGroup("all calls failed", errors)


async def leaves_calls(calls, limit):
    return await first_of([asyncio.create_task(call()) for call in calls], limit)


async def takes_errors(calls, limit):
    tasks = [asyncio.create_task(call()) for call in calls]
    try:
        async with asyncio.timeout(limit):
            return await next(iter(asyncio.as_completed(tasks)))
    finally:
        await stopped(tasks)


async def no_limit(calls, limit):
    return await first_answer(calls, None)


class Caught(Exception):
    pass


async def within(patience, what, future):
    try:
        return await asyncio.wait_for(future, patience)
    except TimeoutError:
        raise Caught(f"stuck, {what}") from None
    except Unavailable as error:
        raise Caught(f"it failed: all calls failed: {error}") from None


async def examine(subject, patience):
    both, open_calls = asyncio.Barrier(2), 0

    def call(name, seconds):
        async def answer():
            nonlocal open_calls
            open_calls += 1
            try:
                await both.wait()
                await asyncio.sleep(seconds)
                return name
            finally:
                open_calls -= 1

        return answer

    calls = [call("a", 0.2), call("b", 0.3)]
    answer = await within(patience, "only one call is made", subject(calls, 100 * patience))
    if answer != "a":
        raise Caught(f"it returned {answer}")
    if open_calls:
        raise Caught("a call is still under way")
    say("passed: both at once")

    async def fails():
        await asyncio.sleep(0.1)
        raise Unavailable("is down")

    async def answers():
        await asyncio.sleep(0.25)
        return "b"

    answer = await within(patience, "no answer after an error", subject([fails, answers], 100 * patience))
    if answer != "b":
        raise Caught(f"it returned {answer}")
    say("passed: an error is no answer")

    never = asyncio.Event()
    limited = asyncio.create_task(subject([never.wait, never.wait], 0.4))
    done, _ = await asyncio.wait([limited], timeout=patience)
    if not done:
        await stopped([limited])
        raise Caught("stuck, it has no limit")
    if not isinstance(limited.exception(), TimeoutError):
        raise Caught("it ended without a TimeoutError")
    say("passed: has a limit")


async def tested(subject, patience):
    try:
        await examine(subject, patience)
    except Caught as caught:
        say(f"caught: {caught}")
        raise
    say("passes")


async def later(seconds, name, test):
    await asyncio.sleep(seconds)
    await lane(name, test)


VERSIONS = {
    "right": first_answer,
    "one by one": one_by_one,
    "leaves calls": leaves_calls,
    "takes errors": takes_errors,
    "no limit": no_limit,
}


async def main(patience: int = 700):
    tests = [
        later(number / 100, name, tested(subject, patience / 1000))
        for number, (name, subject) in enumerate(VERSIONS.items())
    ]
    await asyncio.gather(*tests, return_exceptions=True)


if __name__ == "__main__":
    tell(main)
