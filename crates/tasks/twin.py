"""The story of tasks in asyncio: cargo run -p tasks -- --asyncio."""

import asyncio

from story import lane, rng, say, tell


async def greet():
    async def say_world():
        say("world")

    async def ready():
        pass

    world = asyncio.create_task(lane("world", say_world()))
    say("hello")
    await ready()
    say("that await was ready at once")
    await world


async def report(workers, stop):
    tasks = {name: asyncio.create_task(lane(name, work), name=name) for name, work in workers.items()}
    for task in tasks.values():
        task.add_done_callback(tell_its_end)
    asyncio.create_task(lane("operator", operator(tasks["search"], stop)))
    await asyncio.wait(tasks.values())


def tell_its_end(task):
    name = task.get_name()
    if task.cancelled():
        say(f"{name} was cancelled")
    elif error := task.exception():
        say(f"{name} failed: {error}")
    else:
        say(f"{name} finished")


async def operator(task, stop):
    await asyncio.sleep(stop)
    say("cancels the search")
    task.cancel()


async def ends(after, says, error=None):
    await asyncio.sleep(after)
    say(says)
    if error:
        raise error


async def miscounts(after):
    await asyncio.sleep(after)
    raise AssertionError("counts below zero")


async def search():
    await asyncio.Event().wait()


async def main(stop: int = 900):
    queue_closes = rng.pick(180, 220) / 1000
    prices_fail = rng.pick(400, 440) / 1000
    mail_panics = rng.pick(620, 680) / 1000
    backup_takes = rng.pick(1200, 1300) / 1000
    workers = {
        "backup": ends(backup_takes, "saved"),
        "orders": ends(queue_closes, "the queue is closed"),
        "prices": ends(prices_fail, "the server is busy", ConnectionError("busy")),
        "mail": miscounts(mail_panics),
        "search": search(),
    }
    await lane("greeting", greet())
    await lane("report", report(workers, stop / 1000))


if __name__ == "__main__":
    tell(main)
