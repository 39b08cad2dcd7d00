//! What asyncio does, asked of Python itself.

use room::{run_asyncio, run_python};

use super::*;

#[test]
fn asyncio_call_soon_runs_first_in_first_out_and_call_later_by_the_clock() {
    run_asyncio(
        "
async def main():
    loop, seen = asyncio.get_running_loop(), []
    loop.call_later(0.06, seen.append, 'in 60 ms')
    loop.call_at(loop.time() + 0.03, seen.append, 'at 30 ms')
    never = loop.call_later(0.045, seen.append, 'never')
    loop.call_soon(seen.append, 'soon')
    loop.call_soon(seen.append, 'soon after')
    assert seen == []
    await asyncio.sleep(0)
    assert seen == ['soon', 'soon after']
    never.cancel()
    await asyncio.sleep(0.1)
    assert seen[2:] == ['at 30 ms', 'in 60 ms'], seen",
    );
}

#[test]
fn asyncio_a_step_runs_only_what_was_ready_when_it_began() {
    run_asyncio(
        "
async def main():
    loop, count, over = asyncio.get_running_loop(), 0, False
    def again():
        nonlocal count
        count += 1
        if not over:
            loop.call_soon(again)
    again()
    # The timer gets its turn, although something is ready in every step.
    await asyncio.sleep(0.005)
    over = True
    assert count > 2, count",
    );
}

#[test]
fn asyncio_tasks_that_yield_take_turns_first_in_first_out() {
    run_asyncio(
        "
async def main():
    seen = []
    async def turns(name):
        for turn in 1, 2, 3:
            seen.append(f'{name}{turn}')
            await asyncio.sleep(0)
    await asyncio.gather(turns('a'), turns('b'), turns('c'))
    assert seen == ['a1', 'b1', 'c1', 'a2', 'b2', 'c2', 'a3', 'b3', 'c3'], seen",
    );
}

#[test]
fn asyncio_a_timer_wakes_its_task_one_step_later_than_in_our_loop() {
    // A counter that counts the steps, and somebody whose timer is due before the first of them.
    let ours = proven(|| {
        block_on(async {
            let log = Log::default();
            let tea = spawn({
                let log = log.clone();
                async move {
                    sleep(ms(10)).await;
                    log.says("tea");
                }
            });
            yield_now().await;
            let counter = spawn(in_turns(1..=5, {
                let log = log.clone();
                move |step| log.says(step.to_string())
            }));
            thread::sleep(ms(20));
            tea.await.unwrap();
            counter.await.unwrap();
            log.lines()
        })
    });
    assert_eq!(ours, ["1", "tea", "2", "3", "4", "5"]);
    // In asyncio the timer runs a callback, and the callback puts the task into the queue of the next step.
    run_asyncio(
        "
import time
async def main():
    seen = []
    async def tea():
        await asyncio.sleep(0.01)
        seen.append('tea')
    async def count():
        for step in range(1, 6):
            seen.append(step)
            await asyncio.sleep(0)
    waits = asyncio.create_task(tea())
    await asyncio.sleep(0)
    counter = asyncio.create_task(count())
    time.sleep(0.02)
    await waits
    await counter
    assert seen == [1, 2, 'tea', 3, 4, 5], seen",
    );
}

#[test]
fn asyncio_keeps_a_cancelled_timer_in_its_heap() {
    run_asyncio(
        "
async def main():
    loop = asyncio.get_running_loop()
    timers = [loop.call_later(3600 + each, print) for each in range(100)]
    for timer in timers[1:]:
        timer.cancel()
    await asyncio.sleep(0)
    assert len(loop._scheduled) == 100, len(loop._scheduled)
    # With more than a hundred, they go when they are more than half.
    more = loop.call_later(7200, print)
    await asyncio.sleep(0)
    assert len(loop._scheduled) == 2, len(loop._scheduled)
    timers[0].cancel()
    more.cancel()",
    );
}

#[test]
fn asyncio_drops_a_cancelled_timer_when_it_is_the_next_one() {
    run_asyncio(
        "
async def main():
    loop = asyncio.get_running_loop()
    first, second = loop.call_later(3600, print), loop.call_later(7200, print)
    first.cancel()
    await asyncio.sleep(0)
    assert loop._scheduled == [second], loop._scheduled
    second.cancel()",
    );
}

#[test]
fn asyncio_a_subclass_that_times_run_once_counts_the_wait_as_work() {
    let printed = run_python(
        "
import asyncio, time
class MeasuringLoop(asyncio.SelectorEventLoop):
    longest = 0.0
    def _run_once(self):
        began = time.monotonic()
        super()._run_once()
        self.longest = max(self.longest, time.monotonic() - began)
loop = MeasuringLoop()
loop.run_until_complete(asyncio.sleep(0.2))
loop.close()
print(loop.longest >= 0.19)",
    );
    assert!(printed.is_empty() || printed.trim() == "True", "{printed}");
}

#[test]
fn asyncio_get_running_loop_at_module_level_raises() {
    run_python(
        "
import asyncio
async def main(): pass
try:
    asyncio.get_running_loop()
    assert False
except RuntimeError as error:
    assert str(error) == 'no running event loop'
asyncio.run(main())",
    );
}

#[test]
fn asyncio_finishes_the_step_in_which_the_body_ends_and_cancels_what_is_left() {
    run_python(
        "
import asyncio
seen = []
async def waits():
    try:
        await asyncio.sleep(3600)
    finally:
        seen.append('cancelled')
async def main():
    task = asyncio.create_task(waits())
    await asyncio.sleep(0)
    seen.append('body')
asyncio.run(main())
assert seen == ['body', 'cancelled'], seen",
    );
}

#[test]
fn asyncio_a_second_loop_on_one_thread_raises() {
    run_asyncio(
        "
async def main():
    coroutine = asyncio.sleep(0)
    try:
        asyncio.run(coroutine)
        assert False
    except RuntimeError as error:
        assert 'cannot be called from a running event loop' in str(error)
    coroutine.close()",
    );
}

#[test]
fn asyncio_the_body_waits_in_the_queue_like_every_task() {
    run_asyncio(
        "
async def main():
    seen = []
    async def says(name): seen.append(name)
    tasks = [asyncio.create_task(says(number)) for number in range(100)]
    await asyncio.sleep(0)
    seen.append('body')
    await asyncio.gather(*tasks)
    assert seen == [*range(100), 'body'], seen",
    );
}

#[test]
fn asyncio_call_soon_threadsafe_joins_the_end_of_the_queue() {
    run_asyncio(
        "
import threading
async def main():
    loop, seen = asyncio.get_running_loop(), []
    loop.call_soon(seen.append, 'before')
    thread = threading.Thread(target=loop.call_soon_threadsafe, args=[seen.append, 'elsewhere'])
    thread.start()
    thread.join()
    loop.call_soon(seen.append, 'after')
    await asyncio.sleep(0)
    assert seen == ['before', 'elsewhere', 'after'], seen",
    );
}

#[test]
fn asyncio_in_debug_mode_logs_a_turn_that_takes_too_long() {
    run_python(
        "
import asyncio, logging, time
logged = []
class Keeps(logging.Handler):
    def emit(self, record): logged.append(record.getMessage())
log = logging.getLogger('asyncio')
log.addHandler(Keeps())
log.propagate = False
async def slow():
    time.sleep(0.15)
asyncio.run(slow())
assert not logged, logged
asyncio.run(slow(), debug=True)
assert any(line.startswith('Executing <Task') and 'seconds' in line for line in logged), logged",
    );
}
