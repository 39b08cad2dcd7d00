"""The story of task-locals in asyncio: cargo run -p task-locals -- --asyncio."""

import asyncio
from contextlib import contextmanager
from contextvars import ContextVar

from story import lane, rng, say, tell

current_id = ContextVar("current_id", default="-")


@contextmanager
def with_id(number):
    token = current_id.set(number)
    try:
        yield
    finally:
        current_id.reset(token)


async def request(number, step, bank):
    try:
        await asyncio.wait_for(lane(f"request {number}", serve(number, step, bank)), 4 * step)
    except TimeoutError:
        say(f"the client of {number} has gone")


async def serve(number, step, bank):
    with with_id(number):
        try:
            say(f"[{current_id.get()}] asks the database")
            await asyncio.sleep(step)
            say(f"[{current_id.get()}] has the rows")
            mails.append(asyncio.create_task(lane(f"mail {number}", mail(step))))
            with with_id(10 * number):
                await pay(bank)
            say(f"[{current_id.get()}] answers")
        finally:
            say(f"[{current_id.get()}] puts the connection back")


async def pay(bank):
    say(f"[{current_id.get()}] asks the bank")
    await asyncio.sleep(bank)
    say(f"[{current_id.get()}] has paid")


async def mail(step):
    await asyncio.sleep(step * 5 / 2)
    say(f"[{current_id.get()}] sends a mail")


async def quiet():
    say(f"[{current_id.get()}] all is quiet")


async def main(step: int = 300):
    stagger = rng.pick(step // 4, step // 2) / 1000
    step /= 1000
    first = asyncio.create_task(request(7, step, 6 * step))
    await asyncio.sleep(stagger)
    second = asyncio.create_task(request(8, step, step))
    await first
    await second
    await lane("no request", quiet())


mails = []

if __name__ == "__main__":
    tell(main)
