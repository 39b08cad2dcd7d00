"""The story of three problems and their figures in asyncio: cargo run -p observability -- --asyncio."""

import asyncio
import logging
import re

from story import block, lane, level, say, tell

PERIOD, LOOK, LONG = 0.5, 0.02, 0.1
CLIENTS = [("ann", [0.06, 0.31]), ("bob", [0.11, 0.36]), ("cy", [0.16, 0.41])]


async def monitor(program):
    loop, late = asyncio.get_running_loop(), []
    due, report_due = loop.time(), loop.time() + PERIOD
    while True:
        due += LOOK
        await asyncio.sleep(due - loop.time())
        late.append(loop.time() - due)
        if due >= report_due:
            report(program, sorted(late))
            late.clear()
            report_due += PERIOD


async def monitor_with_sleep_zero(program):
    loop, late = asyncio.get_running_loop(), []
    report_due = loop.time() + PERIOD
    while True:
        await asyncio.sleep(LOOK)
        before = loop.time()
        await asyncio.sleep(0)
        late.append(loop.time() - before)
        if loop.time() >= report_due:
            report(program, sorted(late))
            late.clear()
            report_due += PERIOD


def report(program, late):
    alive = len(asyncio.all_tasks()) - 1  # without `main`
    median, worst = late[len(late) // 2], late[-1]
    say(f"lag {round(1000 * median)} ms, at worst {round(1000 * worst)} ms; {alive} tasks; served {program.served}")
    level("worst lag in ms", round(1000 * worst))
    level("tasks", alive)
    program.served = 0
    if program.waits:
        say("who waits: " + ", ".join(sorted(program.waits)))


class Program:
    def __init__(self, block, leaks):
        self.block, self.leaks = block / 1000, leaks
        self.store, self.served, self.waits = asyncio.Lock(), 0, set()
        self.begun = asyncio.get_running_loop().time()
        self.left = []

    async def at(self, seconds):
        await asyncio.sleep(self.begun + seconds - asyncio.get_running_loop().time())

    async def client(self, name, times):
        for period in range(1_000):
            for moment in times:
                await self.at(period * PERIOD + moment)
                self.waits.add(name)
                async with self.store:
                    self.waits.discard(name)
                    await asyncio.sleep(0.02)
                    self.served += 1

    async def export(self):
        await self.at(0.701)
        say("blocks the thread")
        block(self.block)
        await self.at(3_600)

    async def refresh(self):
        await self.at(1.05)
        say(f"starts {self.leaks} tasks")
        self.left = [asyncio.create_task(asyncio.sleep(3_600)) for _ in range(self.leaks)]
        await self.at(3_600)

    async def cleanup(self):
        await self.at(1.53)
        async with self.store:
            say("has the lock, and waits for the archive")
            self.waits.add("cleanup")
            await asyncio.sleep(3_600)


class SlowCallbacks(logging.Handler):
    """asyncio's debug mode tells of slow callbacks in its log."""

    def emit(self, record):
        if found := re.search(r"name='(\w+)'.* took ([\d.]+) seconds", record.getMessage()):
            say(f"slow poll of {found[1]}: {round(1000 * float(found[2]))} ms")


async def run(monitor, block, leaks):
    loop = asyncio.get_running_loop()
    loop.set_debug(True)
    loop.slow_callback_duration = LONG
    logging.getLogger("asyncio").addHandler(SlowCallbacks())
    program = Program(block, leaks)
    jobs = {"monitor": monitor(program)}
    jobs |= {name: program.client(name, times) for name, times in CLIENTS}
    jobs |= {"export": program.export(), "refresh": program.refresh(), "cleanup": program.cleanup()}
    tasks = [asyncio.create_task(lane(name, job), name=name) for name, job in jobs.items()]
    await program.at(2.05)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def main(block: int = 200, leaks: int = 8):
    await run(monitor, block, leaks)


async def wrong(block: int = 200, leaks: int = 8):
    await run(monitor_with_sleep_zero, block, leaks)


if __name__ == "__main__":
    tell(main, naive=wrong)
