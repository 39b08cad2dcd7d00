"""The story of the micro-batcher in asyncio: cargo run -p batching -- --asyncio."""

import asyncio

from story import lane, level, rng, say, tell

CALLERS = [("ann", 0, 7), ("bob", 70, 3), ("cy", 70, 7), ("dee", 100, 5), ("eve", 60, 4), ("fay", 440, 8)]
EVE_WAITS = 0.12


class Loader:
    def __init__(self, ask, limit, patience):
        self.ask, self.limit, self.patience = ask, limit, patience
        self.batch, self.timer, self.calls = [], None, set()

    async def load(self, key):
        loop = asyncio.get_running_loop()
        answer = loop.create_future()
        self.batch.append((key, answer))
        level("waiting", len(self.batch), self.limit)
        if len(self.batch) == self.limit:
            self.flush()
        elif self.timer is None:
            self.timer = loop.call_later(self.patience, self.flush)
        return await answer

    def flush(self):
        if self.timer is not None:
            self.timer.cancel()
        batch, self.batch, self.timer = self.batch, [], None
        level("waiting", 0, self.limit)
        batch = [(key, answer) for key, answer in batch if not answer.done()]
        if batch:
            call = asyncio.create_task(self.call(batch))
            self.calls.add(call)
            call.add_done_callback(self.calls.discard)

    async def call(self, batch):
        try:
            rows = await self.ask(list(dict(batch)))
        except Exception as error:
            outcomes = {key: error for key, _ in batch}
        else:
            outcomes = {key: rows.get(key, KeyError(key)) for key, _ in batch}
        for key, answer in batch:
            if answer.done():
                continue
            if isinstance(outcomes[key], Exception):
                answer.set_exception(outcomes[key])
            else:
                answer.set_result(outcomes[key])


def backend(takes):
    calls = 0

    async def call(ids):
        say("asks for " + ", ".join(map(str, ids)))
        await asyncio.sleep(takes)
        ids = sorted(ids)
        say("answers " + ", ".join(map(str, ids)))
        return {number: f"record {number}" for number in ids}

    async def ask(ids):
        nonlocal calls
        calls += 1
        return await lane(f"call {calls}", call(ids))

    return ask


async def caller(loader, number):
    say(f"wants {number}")
    say(f"got {await loader.load(number)}")


async def patient(name, limit, loader, number):
    try:
        async with asyncio.timeout(limit):
            await lane(name, caller(loader, number))
    except TimeoutError:
        pass


async def main(limit: int = 3, patience: int = 250):
    loader = Loader(backend(rng.pick(380, 420) / 1000), limit, patience / 1000)
    async with asyncio.TaskGroup() as group:
        for name, after, number in CALLERS:
            await asyncio.sleep(after / 1000)
            group.create_task(patient(name, EVE_WAITS if name == "eve" else None, loader, number))
        await asyncio.sleep(0)  # Fay makes her call.
        loader.flush()


if __name__ == "__main__":
    tell(main)
