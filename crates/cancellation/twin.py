"""The story of cancellation in asyncio: cargo run -p cancellation -- --asyncio."""

import asyncio

from story import lane, rng, say, tell

NAMES = ["first", "second", "third"]


async def count(takes):
    steps = 0
    try:
        while True:
            await asyncio.sleep(takes)
            steps += 1
    except asyncio.CancelledError:
        say(f"stopped after {steps} steps")
        raise


async def pack_orders(takes, stopping):
    number = 0
    while number < 8 and not stopping.is_set():
        number += 1
        await lane(f"order {number}", asyncio.sleep(takes))
        say(f"order {number} packed")
    say(f"stopped after {number} orders")


async def ignore():
    try:
        await asyncio.Event().wait()
    except BaseException:
        say("not now")
        await asyncio.Event().wait()


async def stop(tasks, grace):
    done, pending = await asyncio.wait(tasks, timeout=grace)
    say(f"{len(done)} stopped, {len(pending)} still running")


async def workers(step, grace, worker_step, order_takes):
    stopping = asyncio.Event()
    counting = [asyncio.create_task(lane(name, count(worker_step))) for name in NAMES]
    packer = asyncio.create_task(lane("packer", pack_orders(order_takes, stopping)))
    deaf = asyncio.create_task(lane("deaf", ignore()))
    await asyncio.sleep(step / 2)
    for task, name in zip(counting, NAMES):
        await asyncio.sleep(step * 2)
        say(f"stopping the {name}")
        task.cancel()
    await asyncio.sleep(step / 2)
    say("stopping the others")
    stopping.set()
    deaf.cancel()
    await stop([*counting, packer, deaf], grace)


async def save(takes):
    say("saving")
    await asyncio.sleep(takes)
    say("saved")


async def customer(saving, patience):
    try:
        await asyncio.wait_for(asyncio.shield(saving), patience)
    except TimeoutError:
        say("left")


async def send(reader, pause):
    reader.feed_data(b"\x05he")
    await asyncio.sleep(pause)
    reader.feed_data(b"llo\x05world")
    reader.feed_eof()


async def next_frame(reader):
    length = await reader.read(1)
    return await reader.readexactly(length[0]) if length else None


async def read(reader, patience):
    while True:
        reading = asyncio.create_task(next_frame(reader))
        while not (await asyncio.wait([reading], timeout=patience))[0]:
            say("no frame yet")
        frame = reading.result()
        if frame is None:
            break
        say(f"frame {frame.decode()}")


async def main(step: int = 150, grace: int = 450):
    worker_step = 2 * rng.pick(step * 12 // 25, step * 13 // 25) / 1000
    order_takes = 2 * rng.pick(step * 29 // 20, step * 31 // 20) / 1000
    step, grace = step / 1000, grace / 1000
    await lane("workers", workers(step, grace, worker_step, order_takes))

    saving = asyncio.create_task(lane("save", save(step * 3)))
    await lane("customer", customer(saving, step))
    await saving

    reader = asyncio.StreamReader()
    sending = asyncio.create_task(send(reader, step * 2))
    await lane("reader", read(reader, step * 4 / 5))
    await sending


if __name__ == "__main__":
    tell(main)
