"""The story of executor-offload in asyncio: cargo run -p executor-offload -- --asyncio."""

import asyncio
import contextvars
import multiprocessing
import signal
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor

from story import lane, lane_blocking, say, tell

WORK = 0.8
PATIENCE = 0.15
CORES = multiprocessing.cpu_count()

beats = 0
request = contextvars.ContextVar("request", default=None)


async def heart(beat):
    global beats
    while True:
        await asyncio.sleep(beat / 1000)
        beats += 1


def sum_of_squares(below):
    return sum(number * number for number in range(below))


def say_sum(total, beats_before):
    say(f"{total}, and the heart {'went on' if beats > beats_before else 'stood still'}")


def compute(below):
    before = beats
    say_sum(sum_of_squares(below), before)


async def inline(below):
    compute(below)


def start_processes():
    pool = ProcessPoolExecutor(CORES, multiprocessing.get_context("spawn"))
    # Ctrl-C is for the program that has the pool. This thread does not take it, nor do the processes that it starts.
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    for _ in range(CORES):
        pool.submit(int)
    return pool


async def on_all_cores(pool, below):
    before = beats
    borders = [below * part // CORES for part in range(CORES + 1)]
    loop = asyncio.get_running_loop()
    works = [loop.run_in_executor(pool, sum_between, *pair) for pair in zip(borders, borders[1:])]
    say_sum(sum(await asyncio.gather(*works)), before)


def sum_between(low, high):
    return sum(number * number for number in range(low, high))


async def on_own_thread(work):
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def run():
        work()
        loop.call_soon_threadsafe(done.set)

    threading.Thread(target=run).start()
    await done.wait()


async def in_child(code):
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await child.communicate()
    if child.returncode != 0:
        raise ChildProcessError(f"the child process failed: {child.returncode}")
    return output.decode()


async def sum_in_child(below):
    before = beats
    total = await in_child(f"print(sum(number * number for number in range({below})))")
    say_sum(total.strip(), before)


async def in_five_places(pool, below):
    say(f"adding up the squares below {below}, in five places")
    await lane("inline", inline(below))
    await asyncio.to_thread(lane_blocking("pool", compute), below)
    await lane("cores", on_all_cores(pool, below))
    await on_own_thread(lambda: lane_blocking("thread", compute)(below))
    await lane("child", sum_in_child(below))

    try:
        await lane("crash", in_child("import os; os.abort()"))
    except ChildProcessError:
        say("the child crashed, and we did not")


async def for_a_request():
    def see():
        return request.get()

    async def see_in_a_task():
        return see()

    say("serving request 7")
    request.set(7)
    says("to_thread", await asyncio.to_thread(see))
    says("create_task", await asyncio.create_task(see_in_a_task()))
    says("run_in_executor", await asyncio.get_running_loop().run_in_executor(None, see))


def says(who, number):
    say(f"{who} sees {'no request' if number is None else f'request {number}'}")


async def run_limited(places, number):
    async with places:
        await asyncio.to_thread(lane_blocking(f"work {number}", time.sleep), WORK)


async def under_a_limit(limit):
    places = asyncio.Semaphore(limit)
    say(f"{limit} at once, and three callers that give up")
    for number in range(1, 4):
        caller = lane(f"caller {number}", run_limited(places, number))
        try:
            await asyncio.wait_for(caller, PATIENCE)
        except TimeoutError:
            say(f"caller {number} gives up")
    await asyncio.get_running_loop().shutdown_default_executor()
    say("all work has ended")


async def main(below: int = 10_000_000, limit: int = 1, beat: int = 20):
    # On a thread, as starting processes, and waiting for their ends, would hold up the loop.
    pool = await asyncio.to_thread(start_processes)
    # Python needs about five times as long for the sum, so its heart beats more slowly.
    beating = asyncio.create_task(lane("heart", heart(5 * beat)))
    await in_five_places(pool, below)
    await asyncio.to_thread(pool.shutdown)
    await for_a_request()
    await under_a_limit(limit)
    beating.cancel()
    await asyncio.wait([beating])


if __name__ == "__main__":
    tell(main)
