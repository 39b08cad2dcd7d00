"""The story of a backend that is down for a second, in asyncio: cargo run -p circuit-breaker -- --asyncio."""

import asyncio

from story import hold, lane, level, rng, say, tell

CALLERS = [("ann", 0, 117), ("bob", 31, 131), ("cy", 67, 143), ("dee", 103, 157)]
DOWN, UP, END, NO_ANSWER = 0.241, 1.259, 2.201, 0.25


class Refused(Exception):
    pass


class Breaker:
    def __init__(self, failures, pause):
        self.failures, self.pause = failures, pause
        self.state, self.until, self.round, self.in_a_row = "closed", 0, 0, 0
        self.states = asyncio.Queue()

    async def call(self, function):
        now = asyncio.get_running_loop().time()
        if self.state != "closed":
            if now < self.until:
                raise Refused
            self.change("half-open", now + self.pause)
        began_in = self.round
        try:
            answer = await function()
        except asyncio.CancelledError:
            if self.round == began_in and self.state == "half-open":
                self.change("open", 0)
            raise
        except Exception:
            if self.round == began_in:
                self.failed()
            raise
        if self.round == began_in:
            self.in_a_row = 0
            if self.state == "half-open":
                self.change("closed", 0)
        return answer

    def failed(self):
        self.in_a_row += 1
        if self.state == "half-open" or self.in_a_row >= self.failures:
            self.change("open", asyncio.get_running_loop().time() + self.pause)

    def change(self, state, until):
        self.state, self.until, self.in_a_row = state, until, 0
        self.round += 1
        self.states.put_nowait(state)


class NaiveBreaker(Breaker):
    async def call(self, function):
        now = asyncio.get_running_loop().time()
        if self.state == "open":
            if now < self.until:
                raise Refused
            self.change("half-open", now)
        try:
            answer = await function()
        except Exception:
            self.in_a_row += 1
            if self.in_a_row >= self.failures:
                self.change("open", asyncio.get_running_loop().time() + self.pause)
            raise
        if self.state != "closed":
            self.change("closed", now)
        return answer


class Backend:
    def __init__(self):
        self.start, self.takes = asyncio.get_running_loop().time(), rng.pick(40, 60) / 1000
        self.made = self.in_vain = 0

    def now(self):
        return asyncio.get_running_loop().time() - self.start

    async def ask(self):
        with hold("calls", len(CALLERS)):
            if DOWN <= self.now() < UP:
                self.in_vain += 1
                await lane("call", no_answer())
            await asyncio.sleep(self.takes)


async def no_answer():
    await asyncio.sleep(NO_ANSWER)
    raise ConnectionError


async def outage():
    async def down():
        say("the backend is down")
        await asyncio.sleep(UP - DOWN)
        say("the backend is up again")

    await asyncio.sleep(DOWN)
    await lane("outage", down())


async def caller(breaker, backend, first, pause):
    before = None

    def is_new(now):
        nonlocal before
        before, changed = now, now != before
        return changed

    await asyncio.sleep(first / 1000)
    while backend.now() < END:
        backend.made += 1
        try:
            await breaker.call(backend.ask)
            if is_new("answered"):
                say("answered")
        except ConnectionError:
            if is_new("timed out"):
                say("timed out")
        except Refused:
            if is_new("refused"):
                say("refused")
        await asyncio.sleep(pause / 1000)


def draw(state):
    level("open", int(state == "open"), 1)
    level("half-open", int(state == "half-open"), 1)


async def circuit(states):
    draw("closed")
    while (state := await states.get()) is not None:
        draw(state)
        match state:
            case "closed":
                say("closed")
            case "half-open":
                say("half-open")
            case "open":
                say("open")


async def show(breaker, backend):
    async with asyncio.TaskGroup() as group:
        group.create_task(lane("circuit", circuit(breaker.states)))
        group.create_task(outage())
        callers = [group.create_task(lane(name, caller(breaker, backend, *times))) for name, *times in CALLERS]
        await asyncio.wait(callers)
        breaker.states.put_nowait(None)
    say(f"{backend.in_vain} of {backend.made} calls waited for a backend that was down")


async def main(failures: int = 3, pause: int = 420):
    await show(Breaker(failures, pause / 1000), Backend())


async def naive(failures: int = 3, pause: int = 420):
    await show(NaiveBreaker(failures, pause / 1000), Backend())


if __name__ == "__main__":
    tell(main, naive)
