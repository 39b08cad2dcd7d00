"""The story of a result that comes later in asyncio: cargo run -p one-shot -- --asyncio."""

import asyncio

from story import lane, rng, say, tell


async def at_most(limit, waiting):
    try:
        async with asyncio.timeout(limit):
            await waiting
    except TimeoutError:
        pass


async def office(inbox, seats, search):
    sold = 0
    while True:
        caller, answer = await inbox.get()
        if answer.done():
            continue
        say(f"looks for {caller}")
        await asyncio.wait([answer], timeout=search)
        if answer.done():
            say(f"{caller} has left")
            continue
        seat = sold + 1 if sold < seats else None
        sold += seat is not None
        say(f"seat {seat} for {caller}" if seat else f"no seat for {caller}")
        answer.set_result(seat)


async def buy(inbox, name):
    say("asks")
    answer = asyncio.get_running_loop().create_future()
    await inbox.put((name, answer))
    seat = await answer
    say(f"has seat {seat}" if seat else "gets no seat")


async def sell(seats, search, patience):
    async def caller(name, after, patience):
        await asyncio.sleep(after)
        await at_most(patience, lane(name, buy(inbox, name)))

    inbox = asyncio.Queue(8)
    clerk = asyncio.create_task(lane("office", office(inbox, seats, search)))
    await asyncio.gather(
        caller("Ada", 0, 10 * search),
        caller("Ben", search / 10, patience),
        caller("Cleo", 2 * search / 10, 10 * search),
    )
    clerk.cancel()


async def ask(opened, takes):
    say("asks")
    is_open = opened.is_set()
    await asyncio.sleep(takes)
    say("hears: " + ("open" if is_open else "closed"))
    return is_open


async def guest(opened, takes):
    while not await ask(opened, takes):
        await opened.wait()
    say("goes in")


async def porter(opened, after):
    await asyncio.sleep(after)
    say("opens")
    opened.set()


async def write(letter, takes):
    say("writing")
    await asyncio.sleep(takes)
    say("falls ill")


async def read(letter):
    say("waits")
    say(f"reads {await letter}")


async def main(patience: int = 300, seats: int = 2):
    writing = rng.pick(290, 310) / 1000
    search = rng.pick(395, 405) / 1000
    asking = 2 * rng.pick(100, 110) / 1000

    await sell(seats, search, patience / 1000)

    opened = asyncio.Event()
    await asyncio.gather(
        at_most(4 * asking, lane("guest", guest(opened, asking))),
        lane("porter", porter(opened, asking / 2)),
    )

    letter = asyncio.get_running_loop().create_future()
    writer = asyncio.create_task(lane("writer", write(letter, writing)))
    await at_most(3 * writing, lane("reader", read(letter)))
    await writer


if __name__ == "__main__":
    tell(main)
