"""The story of wait in asyncio: cargo run -p wait -- --asyncio."""

import asyncio

from story import lane, rng, say, tell


async def main(limit: int = 600, patience: int = 250, north: int = 900):
    await lane("dashboard", dashboard(limit))
    await lane("hedged", search(hedged, patience, north))

    say("saving, with a notice if it takes long")
    await lane("with_notice", saving(with_notice, patience))
    await lane("corners", corners())


async def naive(limit: int = 600, patience: int = 250, north: int = 900):
    await lane("dashboard", naive_dashboard(limit))
    await lane("hedged", search(naive_hedged, patience, north))

    say("saving, with a notice if it takes long")
    await lane("with_notice", saving(naive_with_notice, patience))


async def dashboard(limit):
    """The answers of four services: the first, then those in time, then one more."""
    pending = ask_all()
    done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
    say(f"first completed: {state(done, pending)}")

    if pending:
        more, pending = await asyncio.wait(pending, timeout=limit / 1000)
        done |= more
    say(f"{'time is up' if pending else 'all in time'}: {state(done, pending)}")

    if pending:
        more, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        done |= more
    say(f"waited again: {state(done, pending)}")


async def naive_dashboard(limit):
    """A timeout around the wait: asyncio's tasks survive that."""
    pending = ask_all()
    done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
    say(f"first completed: {state(done, pending)}")

    in_time = True
    try:
        async with asyncio.timeout(limit / 1000):
            await asyncio.wait(pending)
    except TimeoutError:
        in_time = False
    done |= {task for task in pending if task.done()}
    pending -= done
    say(f"{'all in time' if in_time else 'time is up'}: {state(done, pending)}")

    if pending:
        more, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        done |= more
    say(f"waited again: {state(done, pending)}")


def ask_all():
    services = [("weather", 300), ("news", 600), ("prices", 1150), ("ads", 2000)]
    say(f"asking {len(services)} services")
    return {asyncio.create_task(ask(name, delay + rng.pick(0, 40), name == "news")) for name, delay in services}


async def search(first_answer, patience, north):
    """The first good answer of three replicas."""
    say("asking replicas until one answers")
    replicas = [("north", north), ("east", 80), ("south", 120)]
    replicas = [(name, delay + rng.pick(0, 40)) for name, delay in replicas]
    asked = (ask(name, delay, name == "east") for name, delay in replicas)
    try:
        say(f"found by {await first_answer(asked, patience / 1000)}")
    except* ConnectionError as errors:
        say("not found: " + ", ".join(map(str, errors.exceptions)))


async def hedged(replicas, patience):
    replicas = iter(replicas)
    pending, errors = set(), []
    try:
        while True:
            replica = next(replicas, None)
            if replica:
                pending.add(asyncio.create_task(replica))
            if not pending:
                raise ExceptionGroup("nobody answered", errors)
            timeout = patience if replica else None
            done, pending = await asyncio.wait(pending, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                if not task.exception():
                    return task.result()
                errors.append(task.exception())
    finally:
        for loser in pending:
            loser.cancel()


async def naive_hedged(replicas, patience):
    """The first to complete is not always an answer, and nothing cancels the others."""
    pending = set()
    for replica in replicas:
        pending.add(asyncio.create_task(replica))
        done, pending = await asyncio.wait(pending, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        if done:
            return done.pop().result()
    done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
    return done.pop().result()


async def saving(with_notice, patience):
    """A save that holds a lock, and a notice that needs the same lock."""
    journal = asyncio.Lock()
    save = lane("save", write(journal, 600 + rng.pick(0, 40), "saved"))
    await with_notice(save, patience / 1000, lambda: lane("notice", write(journal, 50, "noted")))


async def with_notice(work, patience, notice):
    task = asyncio.create_task(work)
    done, _ = await asyncio.wait([task], timeout=patience)
    if not done:
        await asyncio.gather(task, notice())
    return task.result()


async def naive_with_notice(work, patience, notice):
    """Waits only for the notice. A task goes on by itself, so this does not get stuck."""
    task = asyncio.create_task(work)
    done, _ = await asyncio.wait([task], timeout=patience)
    if not done:
        await notice()
    return await task


async def write(journal, milliseconds, what):
    """Writes into the journal. Only one can write at a time."""
    say("needs the lock")
    async with journal:
        await asyncio.sleep(milliseconds / 1000)
        say(what)


async def corners():
    """No tasks, and no time."""
    try:
        await asyncio.wait([])
    except ValueError:
        say("waited for nobody: ValueError")

    errand = asyncio.create_task(lane("errand", do_nothing()))
    say(f"waited for no time: {state(*await asyncio.wait([errand], timeout=0))}")


async def do_nothing():
    pass


def ask(name, milliseconds, broken):
    """A request that takes its time, then answers or fails."""

    async def request():
        await asyncio.sleep(milliseconds / 1000)
        if broken:
            say("failed")
            raise ConnectionError(f"{name} failed")
        say("answered")
        return name

    return lane(name, request())


def state(done, pending):
    failed = sum(task.exception() is not None for task in done)
    return f"{len(done)} done ({failed} failed), {len(pending)} pending"


if __name__ == "__main__":
    tell(main, naive)
