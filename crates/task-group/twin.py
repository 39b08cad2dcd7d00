"""The story of a task group in asyncio: cargo run -p task-group -- --asyncio."""

import asyncio

from story import lane, rng, say, tell


async def crawl(pages, page_takes, picture_takes):
    async with asyncio.TaskGroup() as group:
        await lane("index", index(group, pages, page_takes, picture_takes))
    return "crawled"


async def index(group, pages, page_takes, picture_takes):
    await asyncio.sleep(page_takes / 2)
    say(f"{pages} pages")
    numbers = range(1, pages + 1)
    coroutines = [lane(f"page {n}", page(group, n == pages, page_takes, picture_takes)) for n in numbers]
    for task in [group.create_task(coroutine) for coroutine in coroutines]:
        await task
    say("every page is here")


async def page(group, last, page_takes, picture_takes):
    await asyncio.sleep(page_takes)
    if last:
        say("has a picture")
        group.create_task(lane("picture", picture(picture_takes)))


async def picture(takes):
    await asyncio.sleep(takes)
    say("a picture")


async def release(down, build_takes):
    server = asyncio.Event()
    asyncio.get_running_loop().call_later(down, server.set)
    async with asyncio.TaskGroup() as group:
        for name in ["upload", "mirror"]:
            group.create_task(lane(name, send(name, server, build_takes * 3 / 4)))
        task = group.create_task(lane("build", build(build_takes)))
        await lane("announce", announce(task))
    return "released"


async def announce(task):
    say("waiting for the build")
    await task
    say("announced")


async def send(name, server, takes):
    say("sending")
    try:
        async with asyncio.timeout(takes):
            await server.wait()
    except TimeoutError:
        say("sent")
    else:
        say("failed")
        raise ConnectionError(f"{name} failed")


async def build(takes):
    say("building")
    await asyncio.sleep(takes)
    say("built")


async def report():
    say("writing the report")
    await asyncio.sleep(0.6)
    say("report written")


async def main(pages: int = 2, down: int = 500):
    page_takes = 2 * rng.pick(100, 120) / 1000
    picture_takes = rng.pick(300, 340) / 1000
    build_takes = 4 * rng.pick(225, 245) / 1000
    say(await lane("crawl", crawl(pages, page_takes, picture_takes)))
    try:
        say(await lane("release", release(down / 1000, build_takes)))
    except* ConnectionError as group:
        errors = group.exceptions
        say(f"gave up, {len(errors)} errors: " + "; ".join(map(str, errors)))
    await lane("report", report())


if __name__ == "__main__":
    tell(main)
