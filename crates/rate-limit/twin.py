"""The story of two limits in asyncio: cargo run -p rate-limit -- --asyncio."""

import asyncio
from collections import deque

from story import lane, level, rng, say, tell

COUNT, PER = 3, 0.3  # Ten a second.
CALLERS = [("ann", 0), ("bob", 280), ("cy", 280), ("dee", 310), ("eve", 310), ("fay", 310)]
TARGET, MOST = 0.068, 16


class Refused(Exception):
    pass


class RateLimit:
    def __init__(self, count, per, burst):
        self.interval = per / count
        self.credit = (burst - 1) * self.interval
        self.next, self.waiting, self.turn = 0, 0, asyncio.Lock()

    async def acquire_within(self, patience):
        wait = self.wait() + self.waiting * self.interval
        if wait > patience:
            raise Refused(wait)
        if wait > 0:
            self.waiting += 1
            try:
                async with self.turn:
                    await asyncio.sleep(self.wait())
            finally:
                self.waiting -= 1
        self.next = max(self.next, asyncio.get_running_loop().time()) + self.interval

    def wait(self):
        return max(0, self.next - self.credit - asyncio.get_running_loop().time())


class AdaptiveLimit:
    def __init__(self, first):
        self.limit, self.under_way, self.waiting = first, 0, deque()
        self.good, self.lowered = 0, 0

    async def run(self, work):
        if self.under_way >= self.limit:
            turn = asyncio.get_running_loop().create_future()
            self.waiting.append(turn)
            try:
                await turn  # Whoever wakes it has counted it.
            except asyncio.CancelledError:
                if not turn.cancelled():
                    self.release()
                raise
        else:
            self.under_way += 1
        begun = asyncio.get_running_loop().time()
        try:
            await work()
        finally:
            self.judge(begun)

    def judge(self, begun):
        now = asyncio.get_running_loop().time()
        if begun >= self.lowered:
            if now - begun > TARGET:
                self.limit, self.good, self.lowered = max(1, self.limit // 2), 0, now
            elif self.under_way >= self.limit:
                self.good += 1
                if self.good >= self.limit < MOST:
                    self.limit, self.good = self.limit + 1, 0
        self.release()

    def release(self):
        self.under_way -= 1
        while self.waiting and self.under_way < self.limit:
            turn = self.waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                self.under_way += 1


async def main(burst: int = 2, clients: int = 12):
    limit, calls = RateLimit(COUNT, PER, burst), []

    async def at(name, moment):
        takes = rng.pick(120, 140) / 1000
        await asyncio.sleep(moment / 1000)
        patience = 0 if name == "fay" else float("inf")
        await lane(name, caller(limit, calls, takes, patience))

    await asyncio.gather(*(at(*caller) for caller in CALLERS), return_exceptions=True)

    await asyncio.sleep(0.08)
    adaptive, machine = AdaptiveLimit(2), Machine()
    working = asyncio.create_task(all_clients(clients, adaptive, machine))
    await lane("backend", weather(adaptive, machine))
    working.cancel()
    await asyncio.wait([working])


async def caller(limit, calls, takes, patience):
    try:
        await limit.acquire_within(patience)
    except Refused as refused:
        [wait] = refused.args
        say(f"refused, come back in {wait * 1000:.0f} ms")
        await asyncio.sleep(wait)
        await limit.acquire_within(float("inf"))
    say("asks")
    now = asyncio.get_running_loop().time()
    calls.append(now)
    if sum(now - call < 0.0999 for call in calls) > 3:
        say("too many at once")
        raise ConnectionError
    await asyncio.sleep(takes)
    say("has its answer")


class Machine:
    capacity, under_way = 8, 0

    async def work(self):
        self.under_way += 1
        level("under way", self.under_way)
        await asyncio.sleep(40 * max(self.under_way, self.capacity) // self.capacity / 1000)
        self.under_way -= 1


async def all_clients(clients, limit, machine):
    async def client():
        while True:
            await limit.run(machine.work)
            level("limit", limit.limit)

    async with asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(client())


async def weather(limit, machine):
    say("the backend has room for 8")
    await asyncio.sleep(0.65)
    say(f"it has room for 2, and the limit is {limit.limit}")
    machine.capacity = 2
    await asyncio.sleep(0.55)
    say(f"it has room for 8 again, and the limit is {limit.limit}")
    machine.capacity = 8
    await asyncio.sleep(0.45)
    say(f"the limit is {limit.limit}")


class Executor:
    def __init__(self, rate):
        self.pause, self.next = 1 / rate, 0

    async def __aenter__(self):
        now = asyncio.get_running_loop().time()
        self.next = max(self.next, now)
        wait, self.next = self.next - now, self.next + self.pause
        await asyncio.sleep(wait)

    async def __aexit__(self, *_):
        pass


async def awaited(urls, executor):
    for url in urls:
        async with executor:
            await fetch("awaited", url)


async def collected(urls, executor):
    requests = []
    for url in urls:
        async with executor:
            requests.append(fetch("collected", url))
    await asyncio.gather(*requests)


async def a_task_each(urls, executor):
    async with asyncio.TaskGroup() as group:
        for url in urls:
            async with executor:
                group.create_task(fetch("a task", url))


async def fetch(way, url):
    async def answered():
        say("asks")
        await asyncio.sleep(0.1)

    await lane(f"{way} {url}", answered())


async def naive(burst: int = 2, clients: int = 12):
    for controlled_fetch in [awaited, collected, a_task_each]:
        begun = asyncio.get_running_loop().time()
        await controlled_fetch(["a", "b", "c", "d"], Executor(20))
        took = asyncio.get_running_loop().time() - begun
        say(f"{controlled_fetch.__name__}: four requests in {took * 1000:.0f} ms")
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    tell(main, naive)
