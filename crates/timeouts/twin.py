"""The story of timeouts in asyncio: cargo run -p timeouts -- --asyncio."""

import asyncio
from itertools import count

from story import lane, rng, say, tell


async def retry(limit, tries, attempt):
    clock = asyncio.get_running_loop().time
    deadline = clock() + limit
    for left in range(tries, 0, -1):
        try:
            async with asyncio.timeout((deadline - clock()) / left):
                return await attempt()
        except TimeoutError:
            error = TimeoutError("the last attempt timed out")
        except ConnectionError:
            error = ConnectionError("the last attempt failed")
        if left == 1:
            raise error


async def fill(batch, limit, queue):
    try:
        async with asyncio.timeout(limit):
            while True:
                batch.append(await queue.get())
    except TimeoutError:
        pass


async def wait_for_the_report(limit, takes):
    task = asyncio.create_task(lane("report", write(takes)))
    try:
        await asyncio.wait_for(task, limit)
        say("a report")
    except TimeoutError:
        say("no report")


async def call(limit):
    try:
        await asyncio.wait_for(lane("call", connect(limit / 3)), limit)
        say("an answer")
    except TimeoutError:
        say("no answer")


async def connect(hang_up):
    say("connected")
    try:
        await asyncio.Event().wait()
    finally:
        say("hanging up")
        await asyncio.sleep(hang_up)
        say("hung up")


async def photo_finish(limit):
    async def other():
        async with asyncio.timeout(limit):
            await lane("sleeper 2", asyncio.sleep(limit))

    one = asyncio.wait_for(lane("sleeper 1", asyncio.sleep(limit)), limit)
    say(verdict(await asyncio.gather(one, other(), return_exceptions=True)))


async def no_time():
    async def answer():
        say("asked")

    async def no_answer():
        say("asked")
        await asyncio.Event().wait()

    async def other():
        async with asyncio.timeout(0):
            await lane("hanging", no_answer())

    one = asyncio.wait_for(lane("ready", answer()), 0)
    say(verdict(await asyncio.gather(one, other(), return_exceptions=True)))


def verdict(results):
    return ", ".join("too late" if isinstance(result, TimeoutError) else "in time" for result in results)


async def ask(refused_after, hangs):
    say("asking")
    if hangs:
        await asyncio.Event().wait()
    await asyncio.sleep(refused_after)
    say("refused")
    raise ConnectionRefusedError


async def collect(limit, pause):
    async def send():
        for event in range(1, 7):
            await asyncio.sleep(pause)
            say(f"event {event}")
            await queue.put(event)

    queue = asyncio.Queue(1)
    sensor = asyncio.create_task(lane("sensor", send()))
    events = []
    await fill(events, limit, queue)
    sensor.cancel()
    say(f"{len(events)} events")


async def write(takes):
    say("writing")
    await asyncio.sleep(takes)
    say("written")


async def main(limit: int = 600, tries: int = 3):
    refused_after = 2 * rng.pick(limit // 14, limit // 11) / 1000
    between_events = (limit * 2 // 5 - rng.pick(1, limit // 30)) / 1000
    report_takes = limit * 5 // 3 / 1000
    limit /= 1000
    asked = count(1)

    def attempt():
        number = next(asked)
        return lane(f"attempt {number}", ask(refused_after, hangs=number > 1))

    try:
        await lane("attempts", retry(limit, tries, attempt))
        say("answered")
    except (TimeoutError, ConnectionError) as error:
        say(f"gave up: {error}")
    await lane("loop", collect(limit, between_events))
    await lane("task", wait_for_the_report(limit, report_takes))
    await lane("same instant", photo_finish(limit))
    await lane("no time", no_time())
    await lane("request", call(limit))


if __name__ == "__main__":
    tell(main)
