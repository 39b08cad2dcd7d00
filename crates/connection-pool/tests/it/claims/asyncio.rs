//! What asyncio does, asked of Python itself.

use room::run_asyncio;

/// The tutorial's pool, in both readings: `in_use` is never filled, and what counts is its length, or a number of its own.
const TUTORIAL: &str = "
class Pool:
    def __init__(self, connect, most, counts):
        self.connect, self.most, self.counts = connect, most, counts
        self.idle, self.in_use, self.size = asyncio.Queue(), set(), 0
    async def acquire(self):
        if self.idle.empty() and (self.size if self.counts else len(self.in_use)) < self.most:
            self.size += 1
            return await self.connect()
        return await self.idle.get()
    async def release(self, link):
        if link in self.in_use:
            self.in_use.remove(link)
            await self.idle.put(link)
made = 0
async def connect():
    global made
    made += 1
    await asyncio.sleep(0)
    return made
async def caller(pool):
    link = await pool.acquire()
    await asyncio.sleep(0)
    await pool.release(link)
";

#[test]
fn asyncio_a_pool_that_never_fills_in_use_makes_30_connections_with_a_limit_of_2() {
    run_asyncio(&format!(
        "{TUTORIAL}
async def main():
    pool = Pool(connect, 2, counts=False)
    for _ in range(30):
        await caller(pool)
    assert made == 30, made
    assert pool.idle.empty()"
    ));
}

#[test]
fn asyncio_the_same_pool_with_a_count_hangs_at_connection_3_of_2() {
    run_asyncio(&format!(
        "{TUTORIAL}
async def main():
    pool = Pool(connect, 2, counts=True)
    await caller(pool)
    await caller(pool)
    # Nobody uses a connection. The third caller waits all the same.
    third = asyncio.create_task(caller(pool))
    done, pending = await asyncio.wait([third], timeout=0.2)
    assert (made, len(done), len(pending)) == (2, 0, 1)
    third.cancel()"
    ));
}

#[test]
fn asyncio_no_other_task_runs_between_the_check_of_a_list_and_the_pop() {
    run_asyncio(
        "
async def main():
    idle, others = [1], []
    async def other(): others.append(len(idle))
    task = asyncio.create_task(other())
    link = idle.pop() if idle else None
    assert others == []
    await task
    assert others == [0]",
    );
}

#[test]
fn asyncio_a_count_that_is_raised_after_the_await_lets_5_callers_connect() {
    run_asyncio(
        "
size = 0
begun = 0
async def acquire(gate):
    global size, begun
    if size < 2:
        begun += 1
        await gate.wait()
        size += 1
async def main():
    gate = asyncio.Event()
    tasks = [asyncio.create_task(acquire(gate)) for _ in range(5)]
    await asyncio.sleep(0)
    assert begun == 5
    gate.set()
    await asyncio.gather(*tasks)",
    );
}

#[test]
fn asyncio_without_finally_a_cancelled_caller_keeps_the_connection() {
    run_asyncio(
        "
from contextlib import asynccontextmanager
idle = ['link']
@asynccontextmanager
async def careless():
    link = idle.pop()
    yield link
    idle.append(link)
@asynccontextmanager
async def careful():
    link = idle.pop()
    try: yield link
    finally: idle.append(link)
async def caller(connection):
    async with connection(): await asyncio.sleep(60)
async def main():
    for connection, left in [(careful, 1), (careless, 0)]:
        task = asyncio.create_task(caller(connection))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert len(idle) == left",
    );
}

#[test]
fn asyncio_the_next_caller_reads_the_answer_of_one_who_was_cancelled() {
    run_asyncio(
        "
async def serve(reader, writer):
    while line := await reader.readline():
        writer.write(b'record of ' + line)
    writer.close()
    ended.set()
ended = asyncio.Event()
async def query(link, who):
    reader, writer = link
    writer.write(who + b'\\n')
    return await reader.readline()
async def main():
    server = await asyncio.start_server(serve, '127.0.0.1', 0)
    link = await asyncio.open_connection(*server.sockets[0].getsockname())
    task = asyncio.create_task(query(link, b'ann'))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    # The pool has it back, and lends it to bob.
    assert await query(link, b'bob') == b'record of ann\\n'
    assert await link[0].readline() == b'record of bob\\n'
    link[1].close()
    await ended.wait()
    server.close()",
    );
}

#[test]
fn asyncio_a_connection_can_be_used_after_it_went_back() {
    run_asyncio(
        "
from contextlib import asynccontextmanager
idle = [{'rows': 1}]
@asynccontextmanager
async def connection():
    link = idle.pop()
    try: yield link
    finally: idle.append(link)
async def main():
    async with connection() as link: pass
    assert link is idle[0]
    link['rows'] += 1
    assert idle == [{'rows': 2}]",
    );
}

#[test]
fn asyncio_a_semaphore_serves_whoever_came_first() {
    run_asyncio(
        "
async def main():
    places, order = asyncio.Semaphore(1), []
    async def caller(number):
        async with places: order.append(number)
    await places.acquire()
    tasks = [asyncio.create_task(caller(number)) for number in range(5)]
    await asyncio.sleep(0)
    places.release()
    # A newcomer does not overtake.
    tasks.append(asyncio.create_task(caller(5)))
    await asyncio.gather(*tasks)
    assert order == list(range(6)), order",
    );
}

#[test]
fn asyncio_a_semaphore_has_no_close() {
    run_asyncio(
        "
async def main():
    assert not hasattr(asyncio.Semaphore(1), 'close')",
    );
}
