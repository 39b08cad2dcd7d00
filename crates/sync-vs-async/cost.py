"""What waiting threads and waiting tasks cost in Python: the other half of src/cost.rs, which starts it.

    python3 cost.py thread 10000
    python3 cost.py task 100000

Prints one line: how many, then for all together the bytes reserved, resident and in the kernel ("-" where there is no /proc),
then the nanoseconds from the first start until all of them waited.
"""

import asyncio
import os
import sys
import threading
import time

HOUR = 3600


def memory():
    """Bytes reserved and resident in this process, and in the kernel: its page tables and (the whole machine's) thread stacks."""
    try:
        with open("/proc/self/status") as status, open("/proc/meminfo") as meminfo:
            lines = [line.split() for line in [*status, *meminfo]]
        kilobytes = {fields[0].rstrip(":"): int(fields[1]) for fields in lines if fields[2:] == ["kB"]}
        reserved, resident = kilobytes["VmSize"], kilobytes["VmRSS"]
        return [reserved * 1024, resident * 1024, (kilobytes["VmPTE"] + kilobytes["KernelStack"]) * 1024]
    except (OSError, KeyError):
        return None


def report(count, before, began):
    took = time.perf_counter_ns() - began
    after = memory()
    known = before is not None and after is not None
    grown = [max(now - then, 0) for now, then in zip(after, before)] if known else ["-"] * 3
    print(count, *grown, took, flush=True)


def threads(wanted):
    all_wait = threading.Semaphore(0)

    def wait():
        all_wait.release()
        time.sleep(HOUR)

    before, began = memory(), time.perf_counter_ns()
    started = 0
    try:
        for _ in range(wanted):
            threading.Thread(target=wait, daemon=True).start()
            started += 1
    except RuntimeError:
        pass  # The operating system gives no further thread.
    for _ in range(started):
        all_wait.acquire()
    report(started, before, began)


async def tasks(wanted):
    waiting = 0

    async def wait():
        nonlocal waiting
        waiting += 1
        await asyncio.sleep(HOUR)

    before, began = memory(), time.perf_counter_ns()
    # The loop keeps weak references only, so the list is part of what a task costs.
    kept = [asyncio.create_task(wait()) for _ in range(wanted)]
    while waiting < len(kept):
        await asyncio.sleep(0)
    report(waiting, before, began)
    # Not through the clean-up: what waits for an hour is left to the operating system.
    os._exit(0)


if __name__ == "__main__":
    case, wanted = sys.argv[1], int(sys.argv[2])
    if case == "thread":
        threads(wanted)
        os._exit(0)
    asyncio.run(tasks(wanted))
