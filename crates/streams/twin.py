"""The story of streams in asyncio: cargo run -p streams -- --asyncio."""

import asyncio
from contextlib import aclosing

from story import lane, rng, say, tell


async def fetch(number, takes):
    await asyncio.sleep(takes)
    return [number * 2 - 1, number * 2], number + 1 if number < 5 else None


async def pages(takes):
    try:
        number = 1
        while number:
            page, number = await lane(f"page {number}", fetch(number, takes))
            yield page
    finally:
        say("connection closed")


async def find(wanted, reading, takes):
    async for page in pages(takes):
        await asyncio.sleep(reading)
        say(f"read {page}")
        if wanted in page:
            return "found"
    return "not found"


async def find_ahead(wanted, reading, takes):
    async def fetch_all():
        number = 1
        while number:
            page, number = await lane(f"ahead {number}", fetch(number, takes))
            await queue.put(page)
        await queue.put(None)

    queue = asyncio.Queue(1)
    task = asyncio.create_task(fetch_all())
    try:
        while page := await queue.get():
            await asyncio.sleep(reading)
            say(f"read {page}")
            if wanted in page:
                return "found"
        return "not found"
    finally:
        task.cancel()


async def search(finding, noting):
    say(await finding)
    await asyncio.sleep(noting)
    say("noted")


async def two_looks(noting, takes):
    async with aclosing(pages(takes)) as stream:
        say(f"read {await anext(stream)}")
        await asyncio.sleep(noting)
        say("did something else")
        say(f"read {await anext(stream)}")


async def main(reading: int = 170, wanted: int = 3):
    takes, reading, noting = rng.pick(140, 160) / 1000, reading / 1000, 0.3
    wanted *= 2
    await lane("one by one", search(find(wanted, reading, takes), noting))
    await lane("ahead", search(find_ahead(wanted, reading, takes), noting))
    await lane("kept", two_looks(noting, takes))


if __name__ == "__main__":
    tell(main)
