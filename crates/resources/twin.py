"""The story of resources in asyncio: cargo run -p resources -- --asyncio."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager

from story import lane, rng, say, tell


@asynccontextmanager
async def connection(name, refuses, opens, closes):
    await asyncio.sleep(opens)
    if refuses == name:
        say(f"{name} refuses")
        raise ConnectionRefusedError(f"no {name}")
    bye = asyncio.Event()
    task = asyncio.create_task(lane(name, server(bye, closes)))
    say(f"{name} open")
    try:
        yield bye
    finally:
        bye.set()
        await task


async def server(bye, closes):
    await bye.wait()
    say("closing")
    await asyncio.sleep(closes)
    say("closed")


async def job(refuses, opens, works, closes):
    async with AsyncExitStack() as stack:
        for name in ["database", "cache", "queue"]:
            await stack.enter_async_context(connection(name, refuses, opens, closes))
        say("working")
        await asyncio.sleep(works)
        say("worked")


async def program(patience, *takes):
    try:
        await lane("report", job("cache", *takes))
    except OSError as error:
        say(f"report failed: {error}")
    try:
        async with asyncio.timeout(patience):
            await lane("import", job(None, *takes))
        say("import done")
    except TimeoutError:
        say("import failed: out of time")


async def main(patience: int = 700):
    opens, works, closes = (rng.pick(low, low + high) / 1000 for low, high in [(110, 20), (700, 40), (140, 20)])
    await lane("program", program(patience / 1000, opens, works, closes))


if __name__ == "__main__":
    tell(main)
