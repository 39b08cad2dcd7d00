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


async def every_result(services):
    requests = [lane(service[0], ask(*service)) for service in services]
    return await asyncio.gather(*requests, return_exceptions=True)


async def all_or_nothing(services):
    requests = [lane(service[0], ask(*service)) for service in services]
    return await asyncio.gather(*requests)


async def main(requests: int = 4, slowest: int = 1500, broken: int = 3):
    services = list(make_services(requests, slowest, broken))
    say(f"asking {requests} services, keeping every result")
    answers = await lane("every_result", every_result(services))
    say("in the order asked: " + ", ".join(map(str, answers)))

    say("asking again, all or nothing")
    try:
        answers = await lane("all_or_nothing", all_or_nothing(services))
        say(f"all {len(answers)} answered")
    except ConnectionError as error:
        say(f"gave up: {error}")
    await lane("report", report(slowest))


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
    tell(main)
