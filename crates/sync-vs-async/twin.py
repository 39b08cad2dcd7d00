"""The story of sync-vs-async in asyncio: cargo run -p sync-vs-async -- --asyncio."""

import asyncio
import threading
import time

from story import lane, lane_blocking, rng, say, tell

NAMES = ["users", "orders", "stock", "prices", "reviews", "offers"]


def ask_blocking(takes):
    time.sleep(takes)
    say("answered")


async def ask(takes):
    await asyncio.sleep(takes)
    say("answered")


async def one_by_one(services):
    for name, takes in services:
        await lane(name, ask(takes))


async def together(services):
    await asyncio.gather(*[lane(name, ask(takes)) for name, takes in services])


def on_threads(services):
    threads = [
        threading.Thread(target=lane_blocking(name, ask_blocking), args=[takes])
        for name, takes in services
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def blocking(services):
    for name, takes in services:
        lane_blocking(name, ask_blocking)(takes)


async def computing(primes):
    await asyncio.gather(lane("first", count(primes)), lane("second", count(primes)))


async def main(requests: int = 2, slowest: int = 400, primes: int = 200_000):
    services = list(make_services(requests, slowest))
    say(f"asking {requests} services one by one, blocking")
    blocking(services)

    say("asking again, awaiting one by one")
    await lane("one by one", one_by_one(services))

    say("asking again, awaiting together")
    await lane("together", together(services))

    say("asking again, blocking, each on a thread")
    lane_blocking("on threads", on_threads)(services)

    say("counting primes, twice, awaited together")
    await computing(primes)


async def ask_and_block(takes):
    time.sleep(takes)
    say("answered")


async def together_blocking(services):
    await asyncio.gather(*[lane(name, ask_and_block(takes)) for name, takes in services])


async def wrong(requests: int = 2, slowest: int = 400, primes: int = 200_000):
    services = list(make_services(requests, slowest))
    say(f"asking {requests} services together, blocking inside")
    await together_blocking(services)

    say("asking again, awaiting in a loop")
    await lane("in a loop", one_by_one(services))


def make_services(requests, slowest):
    """The services. Each is faster than the one before, by far more than a busy machine delays it."""
    gap = slowest // requests
    for number in range(requests):
        name = NAMES[number] if number < len(NAMES) else f"service {number + 1}"
        milliseconds = gap * (requests - number) - rng.pick(0, gap // 4)
        yield name, milliseconds / 1000


async def count(limit):
    def is_prime(number):
        divisor = 2
        while divisor * divisor <= number:
            if number % divisor == 0:
                return False
            divisor += 1
        return True

    say(f"{sum(map(is_prime, range(2, limit)))} primes below {limit}")


if __name__ == "__main__":
    tell(main, naive=wrong)
