"""The story of a rush in asyncio: cargo run -p capacity -- --asyncio."""

import asyncio
import heapq
import math

from story import lane, level, rng, say, tell

# The clients with a lane of their own: whose request is the first at or after this time, in milliseconds.
NAMES = [("ann", 200), ("bob", 660), ("cy", 826), ("dee", 910), ("eve", 1060), ("fay", 1260)]
RUSH, END = range(500, 900), 1400
ROWS, REQUESTS_OF_A_ROW, SLOWER = 5, 5_000, 100
POOLS, LONGEST = (2, 10, 20), 15


class Refused(Exception):
    pass


class Pool:
    def __init__(self, workers, queue):
        self.size, self.places, self.workers = (workers, queue), workers + queue, asyncio.Semaphore(workers)

    async def run(self, work):
        if self.places == 0:
            raise Refused
        self.places -= 1
        try:
            async with self.workers:
                return await work()
        finally:
            self.places += 1

    def now(self):
        """How many requests wait, and how many workers are busy."""
        workers, queue = self.size
        return max(0, queue - self.places), min(workers + queue - self.places, workers)


def uniform():
    """Above 0, and at most 1."""
    return rng.pick(1, 2**53) / 2**53


def plan(rps, latency):
    """When each request comes, and how long it takes, in milliseconds."""
    at = 0.0
    while True:
        at -= math.log(uniform()) * 1000 / (rps * 5 // 2 if int(at) in RUSH else rps)
        if int(at) >= END:
            return
        # No request comes at the instant when another one ends.
        yield int(at) // 4 * 4, rng.pick(latency // 2, latency * 3 // 2)


def keep_quiet(text):
    pass


class Service:
    def __init__(self, pool, latency):
        self.loop = asyncio.get_running_loop()
        self.pool, self.patience, self.start = pool, latency * 4 + 2, self.loop.time()
        self.answered = self.refused = self.gave_up = self.done = 0

    async def sleep_until(self, milliseconds):
        await asyncio.sleep(self.start + milliseconds / 1000 - self.loop.time())

    def now(self):
        return round((self.loop.time() - self.start) * 1000)

    async def request(self, name, takes):
        came = self.now()

        async def work():
            await self.sleep_until((self.now() + takes + 1) // 4 * 4 + 1)
            self.done += 1

        says = say if name else keep_quiet
        try:
            await asyncio.wait_for(self.pool.run(work), self.patience / 1000)
        except Refused:
            self.refused += 1
            says("is refused at once")
            raise
        except TimeoutError:
            self.gave_up += 1
            says(f"gives up after {self.patience} ms")
            raise
        self.answered += 1
        says(f"has its answer after {self.now() - came} ms")


    async def show(self):
        await self.sleep_until(3)
        while True:
            waiting, busy = self.pool.now()
            level("queue", waiting)
            level("busy", busy)
            await asyncio.sleep(0.008)


async def day(service, requests):
    showing = asyncio.create_task(service.show())
    names, rush, tasks = NAMES.copy(), False, []
    for at, takes in requests:
        await service.sleep_until(at)
        if rush != (at in RUSH):
            rush = not rush
            say("the rush begins" if rush else "the rush is over")
        name = names.pop(0)[0] if names and at >= names[0][1] else ""
        request = service.request(name, takes)
        tasks.append(asyncio.create_task(lane(name, request) if name else request))
    await asyncio.gather(*tasks, return_exceptions=True)
    showing.cancel()
    level("queue", 0)
    level("busy", 0)
    say(
        f"{service.answered} answered, {service.refused} refused, {service.gave_up} gave up; the workers did {service.done}"
    )


def part_that_waits(busy, workers):
    refused = 1.0
    for worker in range(1, workers + 1):
        refused = busy * refused / (worker + busy * refused)
    return refused / (1 - busy / workers * (1 - refused))


def simulated(rps, latency, workers):
    """The p99 wait. Each request gets the worker that is free first, so nothing needs to run for this."""
    free, at, waits = [0] * workers, 0.0, []
    for _ in range(REQUESTS_OF_A_ROW):
        at -= math.log(uniform()) * 1000 * SLOWER / rps
        came = int(at)
        begins = max(came, free[0])
        heapq.heapreplace(free, begins + int(-math.log(uniform()) * latency * SLOWER))
        waits.append(begins - came)
    waits.sort()
    return waits[math.ceil(len(waits) * 0.99) - 1] / SLOWER


def p99(busy, workers):
    """The p99 wait, in times that a request takes."""
    return max(0, math.log(part_that_waits(busy, workers) / (1 - 0.99)) / (workers - busy))


async def table(rps, latency):
    busy = rps * latency / 1000
    least = max(1, math.ceil(busy))
    for workers in range(least, least + ROWS):
        await asyncio.sleep(0.06)
        wait = simulated(rps, latency, workers)
        level("p99 in ms", min(int(wait), 5 * latency), 5 * latency)
        text = f"{workers} workers: {busy / workers * 100:.0f} % busy"
        if busy < workers:
            say(f"{text}, p99 wait {wait:.0f} ms, formula {latency * p99(busy, workers):.0f} ms")
        else:
            say(f"{text}, the queue grows and grows")
    await asyncio.sleep(0.06)
    two, ten, twenty = [p99(workers * 5 / 6, workers) for workers in POOLS]
    say(f"83 % busy: p99 wait {two:.1f} service times with 2 workers, {ten:.1f} with 10, {twenty:.1f} with 20")
    for percent in range(50, 100, 5):
        for workers in POOLS:
            wait = min(round(p99(workers * percent / 100, workers)), LONGEST)
            level(f"p99, {workers} workers", wait, LONGEST)
        await asyncio.sleep(0.06)


async def main(rps: int = 100, latency: int = 40, workers: int = 5, queue: int = 8):
    say(f"{rps} requests a second, {latency} ms each, keep {rps * latency / 1000:.1f} workers busy; there are {workers}")
    requests = list(plan(rps, latency))
    await day(Service(Pool(workers, queue), latency), requests)
    await table(rps, latency)


# What a tutorial shows: workers, and a queue without a bound.


class Workers:
    def __init__(self, workers):
        self.queue, self.busy = asyncio.Queue(), 0
        self.tasks = [asyncio.create_task(lane(f"worker {n + 1}", self.worker())) for n in range(workers)]

    async def worker(self):
        while True:
            work, answer = await self.queue.get()
            self.busy += 1
            result = await work()
            self.busy -= 1
            try:
                answer.set_result(result)
            except asyncio.InvalidStateError as error:
                say(f"{type(error).__name__}: {error}")
                raise

    async def run(self, work):
        answer = asyncio.get_running_loop().create_future()
        self.queue.put_nowait((work, answer))
        return await answer

    def now(self):
        return self.queue.qsize(), self.busy


async def naive(rps: int = 100, latency: int = 40, workers: int = 5):
    say(f"{rps} requests a second, {latency} ms each, keep {rps * latency / 1000:.1f} workers busy; there are {workers}")
    requests = list(plan(rps, latency))
    pool = Workers(workers)
    await day(Service(pool, latency), requests)
    for task in pool.tasks:
        task.cancel()
    await asyncio.gather(*pool.tasks, return_exceptions=True)


if __name__ == "__main__":
    tell(main, naive)
