"""The story of producers and consumers in asyncio: cargo run -p producer-consumer -- --asyncio."""

import asyncio
from string import ascii_uppercase

from story import lane, level, rng, say, tell


async def producer(pace, items, queue):
    for item in items:
        await asyncio.sleep(pace)
        say(f"made {item[0]}")
        waiting.append(item[0])
        level("items waiting", len(waiting))
        if queue.full():
            say("waits, for the queue is full")
        await queue.put(item)


async def consumer(queue, done):
    while True:
        name, takes = await queue.get()
        try:
            await lane(name, handle(name, takes))
            done.append(name)
        finally:
            queue.task_done()


async def handle(name, takes):
    waiting.remove(name)
    level("items waiting", len(waiting))
    await asyncio.sleep(takes)
    say("done")


async def monitor(queue):
    while True:
        say(f"{queue.qsize()} in the queue")
        await asyncio.sleep(0.4)


async def main(
    producers: int = 2, consumers: int = 3, capacity: int = 2, items: int = 4, work: int = 500, mistake: int = 1
):
    queue, done = asyncio.Queue(maxsize=capacity), []
    watching = asyncio.create_task(lane("monitor", monitor(queue)))
    producing = [
        asyncio.create_task(lane(f"producer {number + 1}", producer(pace, made, queue)))
        for number, (pace, made) in enumerate(make_items(producers, items, work))
    ]
    consuming = [
        asyncio.create_task(lane(f"consumer {number + 1}", consumer(queue, done)))
        for number in range(consumers)
    ]

    await asyncio.gather(*producing)
    await queue.join()
    for task in [watching, *consuming]:
        task.cancel()
    await asyncio.gather(watching, *consuming, return_exceptions=True)
    say(f"{len(done)} of {producers * items} items done")


def make_items(producers, items, work):
    """Each producer's pace and its items, the later ones a little more work."""
    for number in range(producers):
        takes = [work + 60 * (item + 1) + rng.pick(0, 7) for item in range(items)]
        names = [f"{ascii_uppercase[number]}{item + 1}" for item in range(items)]
        yield 30 * (number + 4) / 1000, [(name, ms / 1000) for name, ms in zip(names, takes)]


waiting = []  # What is made, and no consumer has taken.

if __name__ == "__main__":
    tell(main)
