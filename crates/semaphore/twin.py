"""The story of the semaphore in asyncio: cargo run -p semaphore -- --asyncio."""

import asyncio
from collections import defaultdict

from story import hold, lane, rng, say, tell

TAKES = [16, 45, 19, 10, 13, 37, 43, 22]
HOSTS = [
    ("archive", "archive 1", 28),
    ("archive", "archive 2", 31),
    ("archive", "archive 3", 34),
    ("cdn", "cdn 1", 10),
    ("cdn", "cdn 2", 13),
]


async def ask(semaphore, group, limit, name, delay, broken=False):
    async with semaphore:
        with hold(f"{group} open", limit):
            await asyncio.sleep(delay)
            if broken:
                say("failed")
                raise ConnectionError(f"{name} failed")
            say("answered")


async def limited(pages, limit):
    semaphore = asyncio.Semaphore(limit)
    requests = [lane(page[0], ask(semaphore, "pages", limit, *page)) for page in pages]
    return await asyncio.gather(*requests, return_exceptions=True)


async def ask_hosts(slowest, semaphores, limit):
    requests = []
    for host, name, parts in HOSTS:
        delay = slowest * parts // 45 / 1000
        requests.append(lane(name, ask(semaphores[host], host, limit, name, delay)))
    return await asyncio.gather(*requests, return_exceptions=True)


async def unlimited(pages, limit):
    """Mistake 1: each request has a semaphore of its own."""
    requests = [lane(page[0], ask(asyncio.Semaphore(limit), "pages", limit, *page)) for page in pages]
    return await asyncio.gather(*requests, return_exceptions=True)


async def batches(pages, limit):
    """Mistake 2: the next batch begins when the slowest of this one is done."""
    pages, answers = list(pages), []
    for first in range(0, len(pages), limit):
        answers += await limited(pages[first : first + limit], limit)
    return answers


async def main(
    pages: int = 8, limit: int = 3, per_host: int = 2, slowest: int = 900, broken: int = 4, mistake: int = 1
):
    say(f"{pages} pages, at most {limit} at once")
    report(await lane("limited", limited(make_pages(pages, slowest, broken), limit)))

    say(f"two hosts, at most {per_host} at once each")
    semaphores = defaultdict(lambda: asyncio.Semaphore(per_host))
    report(await lane("per_host", ask_hosts(slowest, semaphores, per_host)))


async def naive(pages: int = 8, limit: int = 3, slowest: int = 900, broken: int = 4, mistake: int = 1):
    wrong = {1: unlimited, 2: batches, 3: limited}[mistake]
    say(f"{pages} pages, at most {limit} at once")
    report(await lane(wrong.__name__, wrong(make_pages(pages, slowest, broken), limit)))

    say(f"two hosts, at most {limit} at once together")
    one_for_all = asyncio.Semaphore(limit)
    semaphores = defaultdict(lambda: one_for_all)
    report(await lane("one_limit", ask_hosts(slowest, semaphores, limit)))


def make_pages(pages, slowest, broken):
    for number in range(1, pages + 1):
        milliseconds = slowest * TAKES[(number - 1) % 8] // 45 + rng.pick(0, 9)
        yield f"page {number}", milliseconds / 1000, number == broken


def report(answers):
    failed = sum(isinstance(answer, Exception) for answer in answers)
    say(f"{len(answers) - failed} answered, {failed} failed")


if __name__ == "__main__":
    tell(main, naive)
