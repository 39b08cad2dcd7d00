"""The story of graceful shutdown in asyncio: cargo run -p graceful-shutdown -- --asyncio."""

import asyncio

from story import hold, lane, rng, say, tell

GUESTS = [("ann", 100), ("bob", 200), ("cy", 300), ("dee", 450), ("eve", 640)]
SIGNALS = [0.4, 2.3]
KILLED = 2.5
NOTICE = 0.18


class Server:
    def __init__(self, answers):
        self.answers = answers
        self.ready, self.open = True, True
        self.tasks, self.journal = set(), []

    def take(self, name):
        if self.open:
            self.spawn(name, self.answer(name))
        return self.open

    def spawn(self, name, work):
        task = asyncio.create_task(lane(name, work))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def drain(self, notice, grace):
        self.ready = False
        await asyncio.sleep(notice)
        self.open = False
        say("takes nothing new")
        try:
            async with asyncio.timeout(grace):
                while self.tasks:
                    await asyncio.wait(self.tasks)
        except TimeoutError:
            pass
        late = list(self.tasks)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)

    async def answer(self, name):
        with hold("under way", 4):
            if name == "cy":
                await asyncio.Event().wait()
            await asyncio.sleep(self.answers[name])
            say("answered")
            self.journal.append(name)
            if name == "bob":
                self.spawn("mail", self.mail())

    async def mail(self):
        await asyncio.sleep(self.answers["dee"] + 0.08)
        say("sent")

    async def write_the_journal(self):
        lines, self.journal = self.journal, []
        await asyncio.sleep(0.12)
        say(f"{len(lines)} lines written")


async def serve(server, signals, grace):
    await signals.get()
    say("SIGTERM: not ready any more")
    ending = asyncio.create_task(end(server, grace))
    again = asyncio.create_task(signals.get())
    await asyncio.wait([ending, again], return_when=asyncio.FIRST_COMPLETED)
    if ending.done():
        say(f"exit code {int(ending.result() > 0)}")
    else:
        say("SIGTERM again: exit code 143")


async def end(server, grace):
    aborted = await server.drain(NOTICE, grace)
    say(f"{aborted} aborted")
    await lane("journal", server.write_the_journal())
    return aborted


async def balance(server):
    loop = asyncio.get_running_loop()
    start, ready, looks = loop.time(), True, 30
    for name, at in GUESTS:
        while looks < at:
            await asyncio.sleep(start + looks / 1000 - loop.time())
            if ready and not server.ready:
                say("the server is not ready")
            ready = server.ready
            looks += 150
        await asyncio.sleep(start + at / 1000 - loop.time())
        if not ready or not server.take(name):
            say(f"{name} goes to another server")


def new_server():
    takes = [(440, 480), (740, 790), (1, 1), (250, 300), (210, 240)]
    return Server({name: rng.pick(*range) / 1000 for (name, _), range in zip(GUESTS, takes)})


async def main(grace: int = 1000):
    server, signals = new_server(), asyncio.Queue()
    loop = asyncio.get_running_loop()
    for at in SIGNALS:  # In a real program: loop.add_signal_handler(signal.SIGTERM, signals.put_nowait, None)
        loop.call_later(at, signals.put_nowait, None)
    await asyncio.gather(lane("server", serve(server, signals, grace / 1000)), lane("balancer", balance(server)))


async def naive():
    server, loop = new_server(), asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: say(f"logged: {context['exception']!r}"))
    stop = loop.create_future()
    for at in SIGNALS:  # In a real program: loop.add_signal_handler(signal.SIGTERM, stop.set_result, None)
        loop.call_later(at, stop.set_result, None)

    async def serve():
        await stop
        say("SIGTERM")
        await lane("journal", server.write_the_journal())
        while server.tasks:
            await asyncio.wait(server.tasks)

    killed = asyncio.timeout(KILLED)
    try:
        async with killed, asyncio.TaskGroup() as group:
            group.create_task(lane("server", serve()))
            group.create_task(lane("balancer", balance(server)))
    except TimeoutError:
        say(f"killed, and {len(server.journal)} lines of the journal with it")


if __name__ == "__main__":
    tell(main, naive)
