"""The story of lazy futures in asyncio: cargo run -p lazy-futures -- --asyncio."""

import asyncio
from inspect import getcoroutinestate

from story import lane, rng, say, tell


async def carry(leg):
    say("leaves")
    await asyncio.sleep(leg)
    say("is half way")
    await asyncio.sleep(leg)
    say("arrives")


async def letters(leg):
    written = [carry(leg), carry(leg), carry(leg)]
    names = ["Ada", "Bob", "Cyd"]
    ada, bob, _forgotten = [lane(f"letter to {name}", letter) for name, letter in zip(names, written)]
    look(written)
    await asyncio.sleep(leg)
    look(written)
    posted = asyncio.create_task(bob)
    await asyncio.sleep(leg / 2)
    look(written)
    await ada
    await posted
    look(written)


def look(written):
    ada, bob, cyd = [getcoroutinestate(letter).removeprefix("CORO_").lower() for letter in written]
    say(f"Ada's is {ada}, Bob's is {bob}, Cyd's is {cyd}")


async def reply(leg, walk):
    arrival = asyncio.get_running_loop().create_future()

    async def brings():
        await asyncio.sleep(walk)
        say("delivers a reply")
        arrival.set_result("yes")

    async def reads():
        say("waits for a reply")
        say(f"reads: {await asyncio.wait_for(arrival, 4 * leg)}")

    postman = asyncio.create_task(lane("postman", brings()))
    await lane("reader", reads())
    await postman


async def main(leg: int = 300):
    walk = rng.pick(leg, leg * 3 // 2) / 1000
    leg /= 1000
    await letters(leg)
    await reply(leg, walk)


if __name__ == "__main__":
    tell(main)
