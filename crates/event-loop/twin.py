"""The story of the event loop in asyncio: cargo run -p event-loop -- --asyncio."""

import asyncio
import time

from story import lane, say, tell


async def work(piece, pieces, polite=True):
    for number in range(1, pieces + 1):
        time.sleep(piece)
        say(f"piece {number} of {pieces}")
        if polite:
            await asyncio.sleep(0)


async def tea(piece):
    await asyncio.sleep(piece * 3 / 2)
    say("is drunk")


async def bell(after):
    await asyncio.sleep(after)
    say("rings")


async def working(piece, pieces, polite):
    say("Ada, Bob and Cyd begin to work")
    tasks = [
        asyncio.create_task(lane("ada", work(piece, 3))),
        asyncio.create_task(lane("bob", work(piece, 3))),
        asyncio.create_task(lane("cyd", work(piece, pieces, polite))),
        asyncio.create_task(lane("tea", tea(piece))),
    ]
    for task in tasks:
        await task


async def ringing(piece):
    say("nobody works: the loop sleeps until a timer is due")
    bells = [asyncio.create_task(lane(f"bell {times}", bell(times * piece))) for times in (5, 2, 3)]
    for each in bells:
        await each


async def main(piece: int = 80, pieces: int = 6):
    await working(piece / 1000, pieces, True)
    await ringing(piece / 1000)


async def wrong(piece: int = 80, pieces: int = 6):
    await working(piece / 1000, pieces, False)
    await ringing(piece / 1000)


if __name__ == "__main__":
    tell(main, naive=wrong)
