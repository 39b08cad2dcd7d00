"""The story of gather in asyncio: cargo run -p gather -- --asyncio."""

import asyncio

from story import lane, rng, say, tell

NAMES = ["users", "orders", "stock", "prices", "reviews", "offers"]


async def ask(name, delay, broken):
    await asyncio.sleep(delay)
    if broken:
        say("failed")
        raise ConnectionError(f"{name} failed")
    say("answered")
    return name


async def main(requests: int = 4, slowest: int = 1500, broken: int = 3):
    services = list(make_services(requests, slowest, broken))
    say(f"asking {requests} services, keeping every result")
    answers = await lane("every_result", every_result(services))
    say("in the order asked: " + ", ".join(map(str, answers)))

    say("asking again, all or nothing")
    try:
        answers = await lane("all_or_nothing", all_or_nothing(services))
        say(f"all {len(answers)} answered")
    except* ConnectionError as errors:
        say(f"gave up: {errors.exceptions[0]}")
    await lane("report", report(slowest))


async def naive(requests: int = 4, slowest: int = 1500, broken: int = 3):
    services = list(make_services(requests, slowest, broken))
    say(f"asking {requests} services, keeping every result")
    answers = await lane("one_by_one", one_by_one(services))
    say("in the order asked: " + ", ".join(map(str, answers)))

    say("asking again, all or nothing")
    try:
        answers = await lane("gather", naive_all_or_nothing(services))
        say(f"all {len(answers)} answered")
    except ConnectionError as error:
        say(f"gave up: {error}")
    await lane("report", report(slowest))


async def every_result(services):
    requests = [lane(service[0], ask(*service)) for service in services]
    return await asyncio.gather(*requests, return_exceptions=True)


async def one_by_one(services):
    """A coroutine does nothing until it is awaited: each request starts when the one before has ended."""
    requests = [lane(service[0], ask(*service)) for service in services]
    answers = []
    for request in requests:
        try:
            answers.append(await request)
        except ConnectionError as error:
            answers.append(error)
    return answers


async def all_or_nothing(services):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(lane(service[0], ask(*service))) for service in services]
    return [task.result() for task in tasks]


async def naive_all_or_nothing(services):
    """Raises the first exception, and leaves the other requests running."""
    requests = [lane(service[0], ask(*service)) for service in services]
    return await asyncio.gather(*requests)


def make_services(requests, slowest, broken):
    """The services, each faster than the one before: the last one asked answers first."""
    gap = slowest // requests
    for number in range(requests):
        name = NAMES[number] if number < len(NAMES) else f"service {number + 1}"
        milliseconds = gap * (requests - number) - rng.pick(0, gap // 4)
        yield name, milliseconds / 1000, number + 1 == broken


async def report(slowest):
    say("writing the report")
    await asyncio.sleep(slowest // 3 / 1000)
    say("report written")


if __name__ == "__main__":
    tell(main, naive)
