"""The asyncio side of scale.rs: python3 scale.py asyncio.gather 1000 prints nanoseconds and bytes."""

import asyncio
import sys
import time


def resident():
    """The resident memory of this process in bytes; None where there is no /proc."""
    try:
        with open("/proc/self/status") as status:
            return next(1024 * int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
    except FileNotFoundError:
        return None


async def sleepers_in_task_group(count):
    async with asyncio.TaskGroup() as group:
        for _ in range(count):
            group.create_task(asyncio.sleep(2))


async def sleepers_in_gather(count):
    await asyncio.gather(*(asyncio.sleep(2) for _ in range(count)))


async def measure(variant, count):
    loop = asyncio.get_running_loop()
    real, ahead = loop.time, 0
    loop.time = lambda: real() + ahead
    before, start = resident(), time.perf_counter_ns()
    variants = {"asyncio.gather": sleepers_in_gather, "asyncio.TaskGroup": sleepers_in_task_group}
    sleepers = asyncio.create_task(variants[variant](count))
    # One turn for the parent to start the sleepers, one for the sleepers to fall asleep.
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    while_asleep = resident()
    ahead = 3
    await sleepers
    nanoseconds = time.perf_counter_ns() - start
    print(nanoseconds, "-" if before is None else while_asleep - before)


asyncio.run(measure(sys.argv[1], int(sys.argv[2])))
