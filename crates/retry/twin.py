"""The story of a thousand clients in asyncio: cargo run -p retry -- --asyncio."""

import asyncio
from collections import defaultdict

from story import lane, level, rng, say, tell

# The clients with a lane of their own; they come last, and wait this many milliseconds longer for an answer.
NAMES = [("ann", 1), ("bob", 2), ("dee", 3), ("eve", 4), ("fay", 5)]
OTHERS_WAIT = 7
ATTEMPTS, FIRST_PAUSE, LONGEST_PAUSE, DEADLINE, FAY_HAS = 5, 0.12, 0.48, 3, 0.3
COME_BACK, CAPACITY, WINDOW = 400, 40, 20


class Busy(Exception):
    def __init__(self, come_back=0):
        super().__init__("busy")
        self.come_back = come_back / 1000


class Forbidden(Exception):
    pass


class GaveUp(Exception):
    def __init__(self, attempts, why):
        super().__init__(f"gave up after attempt {attempts}: {why}")


def pause_after(attempts):
    return min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)


async def retry(attempt, jitter, deadline):
    loop = asyncio.get_running_loop()
    end, attempts, last = loop.time() + deadline, 0, None
    try:
        async with asyncio.timeout_at(end) as limit:
            while True:
                attempts += 1
                try:
                    return await attempt()
                except Forbidden as error:
                    raise GaveUp(attempts, "the error is permanent") from error
                except Busy as error:
                    last = error
                if attempts == ATTEMPTS:
                    raise GaveUp(attempts, "it was the last one") from last
                pause = last.come_back + jitter(pause_after(attempts))
                if loop.time() + pause >= end:
                    raise GaveUp(attempts, "no time is left") from last
                await asyncio.sleep(pause)
    except TimeoutError:
        if not limit.expired():
            raise  # It is the attempt's own.
        raise GaveUp(attempts, "no time is left") from last


class Service:
    def __init__(self):
        self.start = asyncio.get_running_loop().time()
        self.calls = defaultdict(list)

    async def call(self, number):
        """Waits for the end of the window, and says whether there is a place for this caller."""
        window, rest = self.window()
        self.calls[window].append(number)
        await asyncio.sleep(rest)
        return sum(other < number for other in self.calls[window]) < CAPACITY


    def window(self):
        """The number of the window, and how many seconds are left of it."""
        elapsed = asyncio.get_running_loop().time() - self.start
        window = round(elapsed * 1_000_000) // (WINDOW * 1000)
        return window, (window + 1) * WINDOW / 1000 - elapsed

    async def show_load(self):
        while True:
            window, rest = self.window()
            await asyncio.sleep(rest)
            level("load", len(self.calls.get(window, [])), CAPACITY)


def keep_quiet(text):
    pass


async def ask(service, number, name, wait, pauses):
    attempts = 0

    says = say if name else keep_quiet

    async def attempt():
        nonlocal attempts
        attempts += 1
        has_place = await service.call(number)
        await asyncio.sleep(wait / 1000)
        if name == "eve":
            says(f"attempt {attempts}: forbidden")
            raise Forbidden
        if has_place:
            says(f"attempt {attempts}: answered")
        elif name == "dee":
            says(f"attempt {attempts}: busy, come back in {COME_BACK} ms")
            raise Busy(COME_BACK)
        else:
            says(f"attempt {attempts}: busy")
            raise Busy

    try:
        await retry(attempt, lambda _: next(pauses), FAY_HAS if name == "fay" else DEADLINE)
    except GaveUp as gave_up:
        says(gave_up)
        raise


async def main(clients: int = 1000):
    service, tasks, others = Service(), [], clients - len(NAMES)
    say(f"{clients} clients call, and the service answers {CAPACITY} in {WINDOW} ms")
    for number in range(clients):
        name, wait = NAMES[number - others] if number >= others else ("", OTHERS_WAIT)
        pauses = [rng.pick(0, round(pause_after(n) * 1000)) / 1000 for n in range(1, ATTEMPTS)]
        client = ask(service, number, name, wait, iter(pauses))
        tasks.append(asyncio.create_task(lane(name, client) if name else client))
    showing = asyncio.create_task(service.show_load())
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    showing.cancel()
    calls = sum(map(len, service.calls.values()))
    say(f"{answers.count(None)} of {clients} clients were answered; the service got {calls} calls")


# What a tutorial shows. Each of the three goes wrong in a way of its own.


PAUSES = [0.12, 0.24]


async def retry_this(awaitable):
    for pause in PAUSES:
        try:
            return await awaitable
        except Busy:
            say("tries again")
            await asyncio.sleep(pause)
    return await awaitable


async def retry_with_a_list(attempt):
    for attempts in range(ATTEMPTS):
        try:
            return await attempt()
        except Busy:
            say("tries again")
            await asyncio.sleep(PAUSES[attempts])


async def busy(name, wait):
    await asyncio.sleep(wait)
    say("busy")
    raise Busy


async def told(client):
    try:
        await client
    except Exception as error:
        say(f"{type(error).__name__}: {error}")
        raise


async def naive():
    def call(name, wait):
        return lane(f"{name}'s call", busy(name, wait))

    say("ann hands over a coroutine, bob a task, dee a list of two pauses")
    clients = [
        lane("ann", told(retry_this(call("ann", 0.021)))),
        lane("bob", told(retry_this(asyncio.create_task(call("bob", 0.022))))),
        lane("dee", told(retry_with_a_list(lambda: call("dee", 0.023)))),
    ]
    await asyncio.gather(*clients, return_exceptions=True)


if __name__ == "__main__":
    tell(main, naive)
