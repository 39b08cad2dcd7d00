"""The story of the pool in asyncio: cargo run -p connection-pool -- --asyncio."""

import asyncio
from contextlib import asynccontextmanager, nullcontext

from story import hold, lane, level, rng, say, tell

# Who comes, when, how long the query takes, and when the caller gives up: milliseconds.
CALLERS = [
    ("ann", 0, 500, None),
    ("bob", 50, 330, None),
    ("cy", 100, 300, None),
    ("dee", 150, 600, 730),
    ("eve", 200, 310, None),
    ("fay", 1200, 230, None),
    ("gil", 1300, 200, None),
]
CLOSES_AT = 1350


class Link:
    def __init__(self, number):
        self.number, self.ready = number, True

    async def query(self, takes, breaks):
        works, self.ready = self.ready, False
        if works:
            await asyncio.sleep(takes)
        if not works or breaks:
            raise ConnectionError(f"connection {self.number} is broken")
        self.ready = True


class Server:
    def __init__(self):
        self.connects, self.made = rng.pick(190, 210) / 1000, 0

    async def connect(self):
        self.made += 1
        link = Link(self.made)
        say(f"makes connection {link.number}")
        await asyncio.sleep(self.connects)
        return link


class PoolError(Exception):
    pass


class Pool:
    def __init__(self, connect, most, patience):
        self.connect, self.most, self.patience = connect, most, patience
        self.places, self.idle = asyncio.Semaphore(most), []
        self.closed, self.out, self.all_back = False, 0, asyncio.Event()
        level("lent", 0, most)
        level("waiting", 0)

    async def acquire(self):
        with hold("waiting") if self.places.locked() else nullcontext():
            await self.places.acquire()
        if self.closed:
            self.places.release()  # Wakes the next one who waits.
            raise PoolError("the pool is closed")
        self.out += 1
        try:
            return self.take_idle() or await self.connect()
        except BaseException:
            self.give_back(None)
            raise

    def take_idle(self):
        link = self.idle.pop() if self.idle else None
        self.show()
        return link

    def give_back(self, link):
        if link and link.ready and not self.closed:
            self.idle.append(link)
        self.out -= 1
        self.show()
        self.places.release()
        if self.closed and self.out == 0:
            self.all_back.set()

    def show(self):
        level("lent", self.out, self.most)
        level("idle", len(self.idle))

    @asynccontextmanager
    async def connection(self):
        try:
            async with asyncio.timeout(self.patience):
                link = await self.acquire()
        except TimeoutError:
            raise PoolError("no connection in time") from None
        try:
            yield link
        finally:
            self.give_back(link)

    async def close(self):
        self.closed = True
        self.idle.clear()
        self.show()
        self.places.release()
        if self.out:
            await self.all_back.wait()


class TutorialPool:
    """Nobody ever adds to in_use."""

    def __init__(self, connect, most, patience):
        self.connect, self.most = connect, most
        self.idle, self.in_use = asyncio.Queue(), set()

    async def acquire(self):
        if self.idle.empty() and len(self.in_use) < self.most:
            return await self.connect()
        return await self.idle.get()

    async def release(self, link):
        if link in self.in_use:
            self.in_use.remove(link)
            await self.idle.put(link)

    @asynccontextmanager
    async def connection(self):
        link = await self.acquire()
        try:
            with hold("lent", self.most):
                yield link
        finally:
            await self.release(link)

    async def close(self):
        pass


async def caller(pool, takes, breaks):
    say("asks for a connection")
    try:
        async with pool.connection() as link:
            say(f"has connection {link.number}")
            await link.query(takes, breaks)
            say("answered")
    except ConnectionError as error:
        say(f"failed: {error}")
        raise
    except PoolError as error:
        say(f"gets none: {error}")
        raise


async def comes(pool, name, at, takes, gives_up):
    await asyncio.sleep(at / 1000)
    async with asyncio.timeout(gives_up and gives_up / 1000):
        await lane(name, caller(pool, takes / 1000, name == "bob"))


async def close(pool):
    say("closing")
    await pool.close()
    say("closed")


async def day(make, most, patience):
    pool = make(Server().connect, most, patience / 1000)
    callers = [asyncio.create_task(comes(pool, *plan)) for plan in CALLERS]
    await asyncio.sleep(CLOSES_AT / 1000)
    await lane("close", close(pool))
    await asyncio.gather(*callers, return_exceptions=True)


async def main(most: int = 2, patience: int = 1200):
    await day(Pool, most, patience)


async def naive(most: int = 2, patience: int = 1200):
    await day(TutorialPool, most, patience)


if __name__ == "__main__":
    tell(main, naive)
