"""The story of errors in asyncio: cargo run -p errors -- --asyncio."""

import asyncio
from contextlib import asynccontextmanager

from story import lane, rng, say, tell


class ServiceError(Exception):
    transient = False


class Busy(ServiceError):
    transient = True


class NoTable(ServiceError):
    pass


async def retry(tries, pause, attempt):
    for _ in range(1, tries):
        try:
            return await attempt()
        except ServiceError as error:
            if not error.transient:
                raise
        await asyncio.sleep(pause)
    return await attempt()


async def prices(pause, busy, takes):
    async def attempt():
        nonlocal busy
        is_busy, busy = busy > 0, max(busy - 1, 0)
        return await call(Busy("the service is busy") if is_busy else "42 prices", takes)

    return await retry(3, pause, attempt)


async def stock(pause, takes):
    return await retry(3, pause, lambda: call(NoTable("no table stock"), takes))


async def call(answer, takes):
    say("asking")
    await asyncio.sleep(takes)
    if isinstance(answer, Exception):
        say(f"{answer}")
        raise answer
    return answer


async def totals(takes):
    figures = []
    say("adding up")
    await asyncio.sleep(takes)
    assert figures, f"{len(figures)} figures"
    return "a sum"


async def backup():
    say("copying")
    await asyncio.Event().wait()


async def end_of(name, task):
    try:
        return f"{name} done: {await task}"
    except ServiceError as error:
        return f"{name} failed: {error}"
    except asyncio.CancelledError:
        if asyncio.current_task().cancelling():
            raise
        return f"{name} cancelled"
    except Exception as error:
        return f"{name} has a bug: {error}"


@asynccontextmanager
async def journal():
    lines = []
    yield lines
    say(f"{len(lines)} lines in the buffer")
    raise BrokenPipeError("broken pipe")


async def keep_journal(lines):
    async with journal() as buffer:
        buffer.extend(lines)


async def night(coroutines, patience):
    tasks = {name: asyncio.create_task(lane(name, coroutine)) for name, coroutine in coroutines.items()}
    asyncio.get_running_loop().call_later(patience, tasks["backup"].cancel)
    lines = []
    for name, task in tasks.items():
        lines.append(await end_of(name, task))
        say(lines[-1])
    try:
        await lane("journal", keep_journal(lines))
    except OSError as error:
        say(f"the journal is lost: {error}")


async def main(busy: int = 2):
    pause, answer_takes = rng.pick(110, 130) / 1000, rng.pick(230, 250) / 1000
    refusal_takes, sum_takes = rng.pick(180, 200) / 1000, rng.pick(400, 440) / 1000
    patience = rng.pick(640, 680) / 1000
    coroutines = {
        "prices": prices(pause, busy, answer_takes),
        "stock": stock(pause, refusal_takes),
        "totals": totals(sum_takes),
        "backup": backup(),
    }
    await lane("night", night(coroutines, patience))


if __name__ == "__main__":
    tell(main)
