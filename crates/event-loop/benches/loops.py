"""The asyncio side of `cargo bench -p event-loop`: loops.py LOOP CASE COUNT prints how many seconds the case took."""

import asyncio
import sys
import time


async def spawn(count):
    async def nothing():
        pass

    for task in [asyncio.create_task(nothing()) for _ in range(count)]:
        await task


async def ping_pong(count):
    there, back = asyncio.Queue(1), asyncio.Queue(1)

    async def answers():
        for _ in range(count):
            await back.put(await there.get())

    task = asyncio.create_task(answers())
    for number in range(count):
        await there.put(number)
        await back.get()
    await task


async def timers(count):
    loop = asyncio.get_running_loop()
    for timer in [loop.call_later(3600, print) for _ in range(count)]:
        timer.cancel()
    await asyncio.sleep(0)


async def measured(case, count):
    began = time.perf_counter()
    await case(count)
    return time.perf_counter() - began


def main():
    loop, case, count = sys.argv[1:]
    if loop == "uvloop":
        import uvloop

        factory = uvloop.new_event_loop
    else:
        factory = asyncio.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        case = {"spawn": spawn, "ping-pong": ping_pong, "timers": timers}[case]
        print(runner.run(measured(case, int(count))))


main()
