"""The story of locks in asyncio: cargo run -p locks -- --asyncio."""

import asyncio

from story import lane, rng, say, tell


class Shared:
    def __init__(self):
        self.connection = asyncio.Lock()
        self.waiting = self.served = 0

    async def turn(self, takes):
        self.waiting += 1
        try:
            await self.connection.acquire()
        finally:
            self.waiting -= 1
        try:
            await talk(takes)
        finally:
            self.connection.release()
            self.served += 1


async def talk(takes):
    say("connected")
    await asyncio.sleep(takes)
    say("done")


async def client(shared, after, patience, takes):
    await asyncio.sleep(after)
    try:
        async with asyncio.timeout(patience):
            await shared.turn(takes)
    except TimeoutError:
        say("gave up, asking anew")
        await shared.turn(takes)


async def status(shared, after):
    await asyncio.sleep(after)
    say(f"{shared.waiting} waiting, {shared.served} served")


async def clients(patience, takes):
    shared = Shared()
    await asyncio.gather(
        lane("client 1", client(shared, 0, None, takes)),
        lane("client 2", client(shared, takes / 10, patience, takes)),
        lane("client 3", client(shared, takes * 2 / 10, None, takes)),
        lane("status", status(shared, takes * 3 / 10)),
    )


class File:
    def __init__(self, name):
        self.name, self.lock, self.lines = name, asyncio.Lock(), [name]


async def merge(source, into, takes):
    first, second = sorted([source, into], key=lambda file: file.name)
    async with first.lock, second.lock:
        say("has both files")
        await asyncio.sleep(takes)
        into.lines += source.lines
        say(f"{len(into.lines)} lines")


async def merges(takes):
    a, b = File("a"), File("b")
    await asyncio.gather(
        lane("a into b", merge(a, b, takes)),
        lane("b into a", merge(b, a, takes)),
    )


class Page:
    def __init__(self):
        self.lock, self.halves = asyncio.Lock(), []


async def write(page, takes):
    async with page.lock:
        for half in ["first half", "second half"]:
            await asyncio.sleep(takes)
            page.halves.append(half)
            say(f"{half} written")


async def caller(takes):
    page = Page()
    save = asyncio.create_task(lane("save", write(page, takes)))
    try:
        async with asyncio.timeout(takes * 3 / 2):
            await asyncio.shield(save)
    except TimeoutError:
        say("gave up")
    async with page.lock:
        say(f"{len(page.halves)} of 2 halves written")


async def main(patience: int = 200):
    talk_takes = rng.pick(301, 319) / 1000
    merge_takes = rng.pick(121, 139) / 1000
    write_takes = rng.pick(181, 199) / 1000
    await clients(patience / 1000, talk_takes)
    await merges(merge_takes)
    await lane("caller", caller(write_takes))


if __name__ == "__main__":
    tell(main)
