"""The story of sync-bridge in asyncio: cargo run -p sync-bridge -- --asyncio."""

import asyncio
import concurrent.futures
import queue
import threading
import time

from story import lane, lane_blocking, say, tell

CONNECT = 0.15
TEA = 0.3
CAKE = 1.0
TILL_2_OPENS = 0.1
SHOP_CLOSES = 0.55
SCAN = 0.35
PRINT = 0.13
BEAT = 0.04


class Prices:
    """An async client; its connection belongs to the loop that runs connect."""

    @classmethod
    async def connect(cls):
        await asyncio.sleep(CONNECT)
        return cls()

    async def ask(self, thing, takes):
        await asyncio.sleep(takes)
        return len(thing)


class Bridge:
    """A loop in a thread of its own."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()

    def call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result()

    def stop(self):
        self.call(self.cancel_all())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    async def cancel_all(self):
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def ask(bridge, prices, thing, takes):
    try:
        price = bridge.call(lane(thing, prices.ask(thing, takes)))
        say(f"{thing} costs {price}")
    except concurrent.futures.CancelledError:
        say(f"no price for {thing}: the bridge was stopped")


def shop():
    say("opens with two tills")
    bridge = Bridge()
    prices = bridge.call(Prices.connect())
    say("connected")
    with_two_tills(lambda *question: ask(bridge, prices, *question), SHOP_CLOSES, bridge.stop)


def with_two_tills(ask, closes, stop):
    def till_1():
        ask("tea", TEA)

    def till_2():
        time.sleep(TILL_2_OPENS)
        ask("cake", CAKE)

    works = [lane_blocking("till 1", till_1), lane_blocking("till 2", till_2)]
    tills = [threading.Thread(target=work) for work in works]
    for till in tills:
        till.start()
    time.sleep(closes)
    say("closes")
    stop()
    for till in tills:
        till.join()
    say("is closed")


async def connect_and_ask(thing, takes):
    prices = await Prices.connect()
    say("connected")
    return await prices.ask(thing, takes)


def naive_ask(thing, takes):
    price = asyncio.run(lane(thing, connect_and_ask(thing, takes)))
    say(f"{thing} costs {price}")


def naive_shop():
    say("opens with two tills")
    with_two_tills(naive_ask, CONNECT + SHOP_CLOSES, lambda: None)


async def naive_report():
    naive_ask("milk", TEA)


def scanner(callback):
    time.sleep(SCAN)
    for code in ["A", "B", "C", "D"]:
        callback(code)
    say("has no more codes")
    callback(None)


async def print_codes(capacity):
    say("waits for codes")
    codes, loop = asyncio.Queue(capacity), asyncio.get_running_loop()

    def callback(code):
        asyncio.run_coroutine_threadsafe(codes.put(code), loop).result()

    threading.Thread(target=lane_blocking("scanner", scanner), args=[callback]).start()
    while (code := await codes.get()) is not None:
        await asyncio.sleep(PRINT)
        say(f"prints {code}")


async def naive_print_codes(capacity):
    say("waits for codes")
    codes = queue.Queue(capacity)
    threading.Thread(target=lane_blocking("scanner", scanner), args=[codes.put]).start()
    while (code := codes.get()) is not None:
        await asyncio.sleep(PRINT)
        say(f"prints {code}")


async def heart():
    while True:
        await asyncio.sleep(BEAT)


async def on_a_thread(name, work):
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    work = lane_blocking(name, work)

    def run():
        work()
        loop.call_soon_threadsafe(done.set)

    threading.Thread(target=run).start()
    await done.wait()


async def main(capacity: int = 1):
    beating = asyncio.create_task(lane("heart", heart()))
    await on_a_thread("shop", shop)
    await lane("printer", print_codes(capacity))
    beating.cancel()
    await asyncio.wait([beating])


async def naive(capacity: int = 1):
    beating = asyncio.create_task(lane("heart", heart()))
    await on_a_thread("shop", naive_shop)
    try:
        await lane("report", naive_report())
    except RuntimeError as error:
        say(f"RuntimeError: {error}")
    await lane("printer", naive_print_codes(capacity))
    beating.cancel()
    await asyncio.wait([beating])


if __name__ == "__main__":
    tell(main, naive)
