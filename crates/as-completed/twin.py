"""The story of as-completed in asyncio: cargo run -p as-completed -- --asyncio."""

import asyncio

from story import lane, rng, say, tell

PATIENCE = 400


async def main(needed: int = 2, pages: int = 3, limit: int = 2, printing: int = 300):
    await lane("as_completed", pictures())
    await lane("quorum", replicas(needed))
    await lane("at_most", print_pages(pages, limit, printing))


async def pictures():
    """Pictures, each shown as soon as it is there."""
    say("asking for 3 pictures")
    names = [("map", 1100), ("sketch", 600), ("icon", 200)]
    requests = [asyncio.create_task(ask(name, delay + rng.pick(0, 40), name == "sketch")) for name, delay in names]
    for number, earliest in enumerate(asyncio.as_completed(requests), 1):
        try:
            say(f"{number} of 3: {await earliest} is shown")
        except ConnectionError as error:
            say(f"{number} of 3: {error} is missing")


async def replicas(needed):
    """As many answers as are needed from three replicas."""
    say(f"asking 3 replicas until {needed} have answered")
    names = [("alpha", 900), ("beta", 150), ("gamma", 350)]
    requests = [asyncio.create_task(ask(name, delay + rng.pick(0, 40))) for name, delay in names]
    answers = []
    for earliest in asyncio.as_completed(requests):
        answers.append(await earliest)
        if len(answers) == needed:
            break
    say(f"enough, from {len(answers)} of 3")


async def print_pages(pages, limit, printing):
    """Pages, downloaded a few at a time and printed one by one."""
    say(f"downloading {pages} pages, {limit} at a time, and printing them")
    slots = asyncio.Semaphore(limit)

    async def download_in_turn(page, packet):
        async with slots:
            return await lane(f"page {page}", download(page, packet))

    packets = [(page, 55 - 15 * (page % 2) + rng.pick(0, 3)) for page in range(1, pages + 1)]
    downloads = [asyncio.create_task(download_in_turn(*each)) for each in packets]
    for earliest in asyncio.as_completed(downloads):
        try:
            page = await earliest
        except TimeoutError:
            continue
        await lane("printer", asyncio.sleep(printing / 1000))
        say(f"page {page} is printed")


def ask(name, milliseconds, broken=False):
    """A request that takes its time, then answers or fails."""

    async def request():
        await asyncio.sleep(milliseconds / 1000)
        if broken:
            say("failed")
            raise ConnectionError(name)
        say("answered")
        return name

    return lane(name, request())


async def download(page, packet):
    """Five packets, one after another, in time."""
    try:
        async with asyncio.timeout(PATIENCE / 1000):
            for _ in range(5):
                await asyncio.sleep(packet / 1000)
    except TimeoutError:
        say("timed out")
        raise
    say("arrived")
    return page


if __name__ == "__main__":
    tell(main)
