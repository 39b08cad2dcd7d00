"""Tests of story.py: `python3 -m unittest` in this folder."""

import asyncio
import contextlib
import gc
import io
import json
import math
import os
import re
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import unittest
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import story
from story import hold, lane, lane_blocking, level, rng, say, tell

HERE = Path(__file__).resolve().parent
Story = Callable[..., Coroutine[Any, Any, Any]]


@dataclass
class Told:
    """What a story left behind."""

    lines: list[str]
    errors: str
    code: int
    recording: dict[str, Any]

    def lanes(self, name: str) -> list[dict[str, Any]]:
        return [lane for lane in self.recording["lanes"] if lane["name"] == name]

    def lane(self, name: str) -> dict[str, Any]:
        (found,) = self.lanes(name)
        return found

    def outcomes(self) -> dict[str, str | None]:
        return {lane["name"]: lane["outcome"] for lane in self.recording["lanes"]}

    def order(self) -> list[str]:
        """The names of the ended lanes in the order of their ends."""
        ended = [lane for lane in self.recording["lanes"] if lane["outcome"] is not None]
        return [lane["name"] for lane in sorted(ended, key=lambda lane: lane["closed"])]


def told(main: Story, *flags: str, naive: Story | None = None, fast: bool = True) -> Told:
    """Tells a story in this process, on the virtual clock unless `fast` is False."""
    before = signal.getsignal(signal.SIGINT)
    out, errors, code = io.StringIO(), io.StringIO(), 0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "recording.json")
        arguments = ["twin.py", "--seed", "1", "--json", str(file), *(["--fast"] if fast else []), *flags]
        try:
            with (
                mock.patch.object(sys, "argv", arguments),
                contextlib.redirect_stdout(out),
                contextlib.redirect_stderr(errors),
            ):
                tell(main, naive=naive)
        except SystemExit as end:
            assert isinstance(end.code, int)
            code = end.code
        finally:
            signal.signal(signal.SIGINT, before)
        recording = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return Told(out.getvalue().splitlines(), errors.getvalue(), code, recording)


def twin_process(body: str, *flags: str, python: str = sys.executable, **options: Any) -> "subprocess.Popen[bytes]":
    """Starts a twin of this text in a fresh process; the recording goes to recording.json in the working folder."""
    folder = tempfile.mkdtemp()
    file = Path(folder, "gather", "twin.py")
    file.parent.mkdir()
    header = "import asyncio, sys, threading, time\nfrom story import hold, lane, lane_blocking, level, rng, say, tell\n"
    file.write_text(header + textwrap.dedent(body), encoding="utf-8")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment = {**inherited, "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "ascii"}
    command = [python, str(file), "--json", str(Path(folder, "recording.json")), *flags]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, cwd=folder, env=environment, **{**pipes, **options})
    process.folder = folder  # type: ignore[attr-defined]
    return process


def finish(process: "subprocess.Popen[bytes]") -> Told:
    """Waits for a twin's end and reads what it left."""
    out, errors = process.communicate(timeout=60)
    file = Path(process.folder, "recording.json")  # type: ignore[attr-defined]
    recording = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    for path in (file, file.parent / "gather" / "twin.py"):
        path.unlink(missing_ok=True)
    (file.parent / "gather").rmdir()
    file.parent.rmdir()
    return Told((out or b"").decode().splitlines(), errors.decode(), process.returncode, recording)


def told_afresh(body: str, *flags: str) -> Told:
    """Tells a twin of this text in a fresh process."""
    return finish(twin_process(body, *flags))


async def work(milliseconds: int = 10, result: Any = None) -> Any:
    """Sleeps, and returns or raises its result."""
    await asyncio.sleep(milliseconds / 1000)
    if isinstance(result, BaseException):
        raise result
    return result


class Outcomes(unittest.TestCase):
    def test_a_coroutine_that_returns_has_finished(self) -> None:
        async def main() -> None:
            self.assertEqual(await lane("a", work(10, "result")), "result")

        recording = told(main).recording
        here = recording["lanes"][0].pop("place")
        self.assertRegex(here, r"^crates/story/python/test_story\.py:\d+$")
        expected = {
            "version": 2,
            "title": "python, in asyncio",
            "clock": "virtual",
            "ended": 10_000,
            "threads": [],
            "multi_thread": False,
            "missing": {"finished": 0, "notes": 0, "early": 0, "filtered": 0},
            "lanes": [
                {
                    "name": "a",
                    "kind": "future",
                    "parent": None,
                    "opened": 0,
                    "opened_seq": 0,
                    "polls": [[0, 0, 1, 0, 0, 0, 1, 2], [10_000, 10_000, 1, 0, 0, 0, 4, 5]],
                    "wakes": [[10_000, 3, "runtime", 10_000, 1]],
                    "notes": [],
                    "polling": False,
                    "outcome": "finished",
                    "closed": 10_000,
                    "closed_seq": 6,
                }
            ],
            "levels": [],
            "notes": [],
        }
        self.assertEqual(recording, expected)
        self.assertEqual(list(recording), list(expected))

    def test_an_exception_has_failed_and_gather_lets_the_others_go_on(self) -> None:
        async def main() -> None:
            with self.assertRaises(ValueError):
                await asyncio.gather(
                    lane("bad", work(10, ValueError("no"))), lane("good", work(20)), lane("leak", work(99))
                )
            await asyncio.sleep(0.05)

        result = told(main)
        self.assertEqual(result.outcomes(), {"bad": "failed", "good": "finished", "leak": None})
        self.assertEqual(result.lane("bad")["closed"], 10_000)
        self.assertIsNone(result.lane("leak")["closed"])

    def test_an_exception_before_the_first_await_has_failed_with_one_poll(self) -> None:
        async def bad() -> None:
            raise KeyError("x")

        async def main() -> None:
            self.assertIsInstance((await asyncio.gather(lane("bad", bad()), return_exceptions=True))[0], KeyError)

        record = told(main).lane("bad")
        self.assertEqual((record["outcome"], len(record["polls"])), ("failed", 1))

    def test_wait_for_cancels_at_its_timeout(self) -> None:
        async def main() -> None:
            with self.assertRaises(TimeoutError):
                await asyncio.wait_for(lane("slow", work(99)), 0.01)
            self.assertEqual(await asyncio.wait_for(lane("quick", work(5, 1)), 0.01), 1)

        result = told(main)
        self.assertEqual(result.outcomes(), {"slow": "cancelled", "quick": "finished"})
        self.assertEqual(result.lane("slow")["closed"], 10_000)
        self.assertEqual([poll[0] for poll in result.lane("slow")["polls"]], [0, 10_000])

    def test_a_timeout_cancels_the_inner_lane_and_fails_the_outer_one(self) -> None:
        async def limited() -> None:
            async with asyncio.timeout(0.01):
                await lane("inner", work(99))

        async def main() -> None:
            with self.assertRaises(TimeoutError):
                await lane("outer", limited())

        self.assertEqual(told(main).outcomes(), {"outer": "failed", "inner": "cancelled"})

    def test_a_lane_that_never_runs_has_never_started(self) -> None:
        async def main() -> None:
            with self.assertRaises(TimeoutError):
                await asyncio.wait_for(lane("zero timeout", work()), 0)
            task = asyncio.create_task(lane("cancelled at once", work()))
            task.cancel()
            await asyncio.wait([task])
            lane("closed", work()).close()

        result = told(main)
        for record in result.recording["lanes"]:
            self.assertEqual((record["outcome"], record["polls"]), ("never started", []))
        self.assertEqual(len(result.recording["lanes"]), 3)

    def test_a_task_group_cancels_the_rest(self) -> None:
        async def main() -> None:
            with self.assertRaises(ExceptionGroup):
                async with asyncio.TaskGroup() as group:
                    group.create_task(lane("bad", work(10, ValueError("no"))))
                    group.create_task(lane("rest", work(20)))
                    group.create_task(lane("quick", work(5)))

        result = told(main)
        self.assertEqual(result.outcomes(), {"bad": "failed", "rest": "cancelled", "quick": "finished"})
        self.assertEqual(result.lane("rest")["closed"], 10_000)

    def test_a_lane_that_swallows_its_cancellation_goes_on_and_has_finished(self) -> None:
        async def stubborn() -> str:
            try:
                await asyncio.sleep(9)
            except asyncio.CancelledError:
                say("not me")
            await asyncio.sleep(0.005)
            return "done"

        async def main() -> None:
            task = asyncio.create_task(lane("stubborn", stubborn()))
            await asyncio.sleep(0.01)
            task.cancel()
            self.assertEqual(await task, "done")

        record = told(main).lane("stubborn")
        self.assertEqual((record["outcome"], record["closed"]), ("finished", 15_000))
        self.assertEqual([poll[0] for poll in record["polls"]], [0, 10_000, 15_000])
        self.assertEqual([note["text"] for note in record["notes"]], ["was cancelled, and went on", "not me"])

    def test_clean_up_after_a_cancellation_belongs_to_the_lane(self) -> None:
        async def careful() -> None:
            try:
                await asyncio.sleep(9)
            finally:
                await asyncio.sleep(0.005)
                say("cleaned up")

        async def main() -> None:
            with self.assertRaises(TimeoutError):
                await asyncio.wait_for(lane("careful", careful()), 0.01)

        record = told(main).lane("careful")
        self.assertEqual((record["outcome"], record["closed"]), ("cancelled", 15_000))

    def test_shield_keeps_the_cancellation_away(self) -> None:
        async def main() -> None:
            inner = asyncio.create_task(lane("save", work(20)))
            with self.assertRaises(TimeoutError):
                await asyncio.wait_for(lane("request", asyncio.shield(inner)), 0.01)
            await inner

        self.assertEqual(told(main).outcomes(), {"save": "finished", "request": "cancelled"})

    def test_a_cancelled_future_cancels_the_lane_that_awaits_it(self) -> None:
        async def main() -> None:
            future = asyncio.get_running_loop().create_future()
            task = asyncio.create_task(lane("waits", future))
            await asyncio.sleep(0.01)
            future.cancel()
            await asyncio.wait([task])
            self.assertTrue(task.cancelled())

        self.assertEqual(told(main).outcomes(), {"waits": "cancelled"})

    def test_a_closed_coroutine_was_cancelled_and_its_last_line_is_in_its_lane(self) -> None:
        async def talker() -> None:
            try:
                await asyncio.sleep(9)
            finally:
                say("closed")

        async def main() -> None:
            closed = lane("closed", talker())
            closed.send(None)
            closed.close()
            closed.close()
            dropped = lane("dropped", talker())
            dropped.send(None)
            del dropped
            gc.collect()

        result = told(main)
        self.assertEqual(result.outcomes(), {"closed": "cancelled", "dropped": "cancelled"})
        self.assertEqual(result.lines[1:], ["   0.00 s  closed       closed", "   0.00 s  dropped      closed"])
        self.assertEqual([len(record["polls"]) for record in result.recording["lanes"]], [1, 1])

    def test_the_recording_is_taken_when_main_ends(self) -> None:
        async def talker() -> None:
            try:
                await asyncio.sleep(9)
            finally:
                say("clean-up")

        async def same_instant() -> None:
            await asyncio.sleep(0.01)
            say("too late")

        async def main() -> None:
            self.kept = [asyncio.create_task(lane("leak", talker()))]
            timer = asyncio.sleep(0.01)
            self.kept.append(asyncio.create_task(lane("same instant", same_instant())))
            await timer
            self.kept.append(asyncio.create_task(lane("not yet", work(0))))

        result = told(main)
        self.assertEqual(result.outcomes(), {"leak": None, "same instant": None, "not yet": None})
        self.assertEqual(result.lane("leak")["notes"] + result.lane("same instant")["notes"], [])
        self.assertEqual(result.lane("not yet")["polls"], [])
        self.assertEqual(result.recording["ended"], 10_000)
        # asyncio finishes the round that it is in, and then cancels what is left.
        self.assertEqual(result.lines[1:], ["   0.01 s  same instant  too late", "   0.01 s  leak         clean-up"])


class Wakes(unittest.TestCase):
    def woken(self, main: Story, name: str, fast: bool = True) -> list[list[Any]]:
        """The wakes of a lane: when, the name of the waker, when it was polled next, and how often it was woken until then."""
        lanes = told(main, fast=fast).recording["lanes"]
        wakes = next(each["wakes"] for each in lanes if each["name"] == name)
        return [[at, by if by == "runtime" else lanes[by]["name"], until, count] for at, _, by, until, count in wakes]

    def test_a_put_into_a_queue_wakes_all_lanes_of_the_waiting_task(self) -> None:
        async def main() -> None:
            queue: asyncio.Queue[int] = asyncio.Queue()

            async def producer() -> None:
                await asyncio.sleep(0.02)
                await lane("put", queue.put(1))
                await asyncio.sleep(0.03)

            await asyncio.gather(lane("outer", lane("inner", queue.get())), lane("producer", producer()))

        for name in ("outer", "inner"):
            self.assertEqual(self.woken(main, name), [[20_000, "put", 20_000, 1]])
        self.assertEqual(self.woken(main, "producer")[0], [20_000, "runtime", 20_000, 1])
        self.assertEqual(self.woken(main, "put"), [])

    def test_a_lane_that_was_woken_and_is_not_polled_is_ready(self) -> None:
        async def main() -> None:
            event = asyncio.Event()

            async def ringer() -> None:
                await asyncio.sleep(0.01)
                event.set()
                story.block(0.5)

            await asyncio.gather(lane("waiter", event.wait()), lane("ringer", ringer()))

        self.assertEqual(self.woken(main, "waiter"), [[10_000, "ringer", 510_000, 1]])

    def test_a_timer_that_fires_late_has_woken_its_lane_when_it_was_due(self) -> None:
        async def main() -> None:
            async def busy() -> None:
                await asyncio.sleep(0.005)
                story.block(0.5)

            await asyncio.gather(lane("tea", work(120)), lane("busy", busy()), lane("early", work(2)))

        self.assertEqual(self.woken(main, "tea"), [[120_000, "runtime", 505_000, 1]])
        self.assertEqual(self.woken(main, "early"), [[2_000, "runtime", 2_000, 1]])

    def test_a_tasks_other_methods_wake_nothing(self) -> None:
        async def main() -> None:
            async def asks() -> None:
                task = asyncio.current_task()
                assert task is not None
                asyncio.get_running_loop().call_soon(task.get_name)
                await asyncio.sleep(0)

            await lane("asks", asks())

        self.assertEqual(self.woken(main, "asks"), [[0, "runtime", 0, 1]])

    def test_the_last_entry_counts_the_wakes_beyond_the_limit(self) -> None:
        async def main() -> None:
            async def turns() -> None:
                for _ in range(100):
                    await asyncio.sleep(0)

            await lane("turns", turns())

        wakes = self.woken(main, "turns")
        self.assertEqual((len(wakes), sum(count for *_, count in wakes)), (64, 100))

    def test_a_task_that_has_left_its_lane_wakes_no_lane(self) -> None:
        async def main() -> None:
            async def two() -> None:
                await lane("first", work(10))
                await work(20)

            await asyncio.create_task(two())

        self.assertEqual(self.woken(main, "first"), [[10_000, "runtime", 10_000, 1]])

    def test_the_real_loop_also_sees_wakes(self) -> None:
        async def main() -> None:
            event = asyncio.Event()
            waiter = asyncio.create_task(lane("waiter", event.wait()))
            await asyncio.sleep(0)

            async def ringer() -> None:
                event.set()

            await lane("ringer", ringer())
            await waiter

        ((at, by, until, count),) = self.woken(main, "waiter", fast=False)
        self.assertEqual((by, count), ("ringer", 1))
        self.assertGreaterEqual(until, at)


class Levels(unittest.TestCase):
    def values(self, result: Told, name: str) -> list[list[int | None]]:
        (found,) = [level for level in result.recording["levels"] if level["name"] == name]
        return found["values"]  # type: ignore[no-any-return]

    def test_a_level_has_its_changes_with_their_limit_and_the_first_place(self) -> None:
        async def main() -> None:
            line = sys._getframe().f_lineno
            level("queue", 3, 10)
            await asyncio.sleep(0.5)
            level("open", 7)
            level("queue", 1, 10)
            self.line = line

        result = told(main)
        here = "crates/story/python/test_story.py"
        self.assertEqual(
            result.recording["levels"],
            [
                {"name": "queue", "place": f"{here}:{self.line + 1}", "values": [[0, 0, 3, 10], [500_000, 2, 1, 10]]},
                {"name": "open", "place": f"{here}:{self.line + 3}", "values": [[500_000, 1, 7, None]]},
            ],
        )
        self.assertEqual(list(result.recording)[-3:], ["lanes", "levels", "notes"])

    def test_only_changes_are_kept_and_a_new_limit_is_a_change(self) -> None:
        async def main() -> None:
            for value, limit in [(1, 2), (1, 2), (1, 3), (2, 3), (2, None), (2, None)]:
                level("queue", value, limit)

        values = self.values(told(main), "queue")
        self.assertEqual([value[2:] for value in values], [[1, 2], [1, 3], [2, 3], [2, None]])

    def test_causes_stand_before_effects_within_an_instant(self) -> None:
        async def main() -> None:
            say("before")
            level("queue", 1)
            say("after")

        result = told(main)
        before, after = result.recording["notes"]
        [[_, seq, *_]] = self.values(result, "queue")
        self.assertLess(before["seq"], seq)
        self.assertLess(seq, after["seq"])

    def test_a_hold_counts_until_its_block_ends_however_it_ends(self) -> None:
        async def held(milliseconds: int, result: Any = None) -> None:
            with hold("open", 3):
                await work(milliseconds, result)

        async def main() -> None:
            tasks = [asyncio.create_task(held(1)), asyncio.create_task(held(2, ValueError()))]
            tasks.append(asyncio.create_task(held(9_000)))
            await asyncio.sleep(0.003)
            tasks[2].cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        values = self.values(told(main), "open")
        self.assertEqual([[at, *rest] for at, _, *rest in values[:3]], [[0, n, 3] for n in (1, 2, 3)])
        self.assertEqual([[at, *rest] for at, _, *rest in values[3:]], [[1_000 * n, 3 - n, 3] for n in (1, 2, 3)])

    def test_a_hold_names_the_line_of_its_with(self) -> None:
        async def main() -> None:
            line = sys._getframe().f_lineno
            with hold("open"):
                await work(1)
            self.line = line

        [level] = told(main).recording["levels"]
        self.assertEqual(level["place"], f"crates/story/python/test_story.py:{self.line + 1}")

    def test_a_number_that_no_recording_can_have_is_refused(self) -> None:
        for value, limit in [(-1, None), (1.5, None), (1, -1), (1, 0.5)]:
            with self.assertRaisesRegex(ValueError, r"^level\('queue', ...\) needs whole numbers from 0, not "):
                level("queue", value, limit)  # type: ignore[arg-type]


class Unawaited(unittest.TestCase):
    def test_python_warns_of_a_coroutine_that_is_never_awaited(self) -> None:
        async def main() -> None:
            lane("forgotten", work())  # type: ignore[unused-coroutine]
            await asyncio.sleep(0.01)

        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            result = told(main)
        record = result.lane("forgotten")
        self.assertEqual((record["outcome"], record["closed"], record["polls"]), ("never started", 0, []))
        self.assertEqual([str(one.message) for one in caught], ["coroutine 'work' was never awaited"])

    def test_python_does_not_warn_of_a_future_or_of_a_closed_coroutine(self) -> None:
        async def main() -> None:
            future = asyncio.get_running_loop().create_future()
            lane("future", future)  # type: ignore[unused-coroutine]
            lane("closed", work()).close()
            task = asyncio.create_task(lane("cancelled", work()))
            task.cancel()

        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            result = told(main)
            gc.collect()
        self.assertEqual(result.outcomes(), {"future": "never started", "closed": "never started", "cancelled": None})
        self.assertEqual(caught, [])

    def test_lanes_that_only_main_kept_have_never_started_whether_main_returns_or_raises(self) -> None:
        async def returns() -> None:
            kept = lane("kept", work())
            self.assertTrue(asyncio.iscoroutine(kept))

        async def raises() -> None:
            kept = [lane("bad", work(5, ValueError("no"))), lane("kept", work())]
            for one in kept:
                await one

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.assertEqual(told(returns).outcomes(), {"kept": "never started"})
            self.assertEqual(told(raises).outcomes(), {"bad": "failed", "kept": "never started"})

    def test_a_coroutine_is_awaited_once(self) -> None:
        async def main() -> None:
            finished = lane("a", work(10))
            await finished
            finished.close()
            with self.assertRaisesRegex(RuntimeError, "cannot reuse already awaited coroutine"):
                await finished
            waiting = lane("b", work(10))
            task = asyncio.create_task(waiting)
            await asyncio.sleep(0)
            with self.assertRaisesRegex(RuntimeError, "coroutine is being awaited already"):
                await waiting
            await task

        result = told(main)
        self.assertEqual(result.outcomes(), {"a": "finished", "b": "finished"})
        self.assertEqual([len(record["polls"]) for record in result.recording["lanes"]], [2, 2])


class Awaitables(unittest.TestCase):
    def test_a_lane_is_a_coroutine_for_asyncio(self) -> None:
        async def main() -> None:
            one = lane("a", work())
            self.assertTrue(asyncio.iscoroutine(one))
            task = asyncio.create_task(one, name="mine")
            self.assertIn("work", repr(task))
            await task

        self.assertEqual(told(main).code, 0)

    def test_a_lane_wraps_tasks_futures_and_other_awaitables(self) -> None:
        class Twice:
            def __await__(self) -> Generator[Any, None, str]:
                yield from asyncio.sleep(0.01).__await__()
                yield from lane("within", asyncio.sleep(0.01)).__await__()
                return "twice"

        async def main() -> None:
            future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
            asyncio.get_running_loop().call_later(0.005, future.set_result, "future")
            task = asyncio.create_task(work(3, "task"))
            several = asyncio.gather(work(1, "x"), work(2, "y"))
            results = await asyncio.gather(
                lane("task", task),
                lane("future", future),
                lane("gather", several),
                lane("custom", Twice()),
                lane("outer", lane("inner", work(4, "nested"))),
            )
            self.assertEqual(results, ["task", "future", ["x", "y"], "twice", "nested"])

        result = told(main)
        self.assertEqual(set(result.outcomes().values()), {"finished"})
        # Ends of one instant are in the order of the lanes' numbers.
        self.assertEqual(result.order(), ["gather", "task", "inner", "outer", "future", "custom", "within"])
        self.assertEqual(result.lane("within")["parent"], 3)

    def test_a_cancelled_lane_cancels_the_task_it_awaits(self) -> None:
        async def main() -> None:
            task = asyncio.create_task(lane("task", work(99)))
            with self.assertRaises(TimeoutError):
                await asyncio.wait_for(lane("around", task), 0.01)

        self.assertEqual(told(main).outcomes(), {"task": "cancelled", "around": "cancelled"})

    def test_a_lane_refuses_what_cannot_be_awaited(self) -> None:
        async def main() -> None:
            with self.assertRaisesRegex(
                TypeError, r"^lane\('a', ...\) needs a coroutine or another awaitable, not function$"
            ):
                lane("a", work)  # type: ignore[arg-type, unused-coroutine]

        self.assertEqual(told(main).recording["lanes"], [])

    def test_results_come_as_completed(self) -> None:
        async def main() -> None:
            tasks = [asyncio.create_task(lane(f"t{n}", work(n, n))) for n in (30, 10, 20)]
            self.assertEqual([await one for one in asyncio.as_completed(tasks)], [10, 20, 30])
            done, pending = await asyncio.wait(
                [asyncio.create_task(lane("w", work(5)))], return_when=asyncio.FIRST_COMPLETED
            )
            self.assertEqual((len(done), len(pending)), (1, 0))

        self.assertEqual(told(main).order(), ["t10", "t20", "t30", "w"])

    def test_async_generators_work_inside_and_outside(self) -> None:
        async def numbers() -> AsyncIterator[int]:
            try:
                for number in range(5):
                    yield await lane("step", work(10, number))
            finally:
                say("generator closed")

        async def reader() -> list[int]:
            got = []
            async with contextlib.aclosing(numbers()) as stream:  # type: ignore[type-var]
                async for number in stream:
                    got.append(number)
                    if number == 2:
                        break
            return got

        async def main() -> None:
            self.assertEqual(await lane("reader", reader()), [0, 1, 2])
            waiting: Any = numbers()
            step = asyncio.create_task(lane("first", waiting.__anext__()))
            await asyncio.sleep(0.005)
            step.cancel()
            await asyncio.wait([step])

        result = told(main)
        self.assertEqual([record["outcome"] for record in result.lanes("step")], ["finished"] * 3 + ["cancelled"])
        self.assertEqual([record["parent"] for record in result.lanes("step")], [0, 0, 0, 4])
        self.assertEqual(result.lane("reader")["notes"][0]["text"], "generator closed")
        self.assertEqual(result.lane("first")["outcome"], "cancelled")

    def test_locks_queues_and_events_work_in_lanes(self) -> None:
        async def main() -> None:
            queue: asyncio.Queue[int] = asyncio.Queue(1)

            async def produce() -> None:
                for number in range(3):
                    await queue.put(number)

            async def consume() -> int:
                return sum([await queue.get() for _ in range(3)])

            async with asyncio.TaskGroup() as group:
                group.create_task(lane("produce", produce()))
                consumer = group.create_task(lane("consume", consume()))
            self.assertEqual(consumer.result(), 3)

        self.assertEqual(told(main).outcomes(), {"produce": "finished", "consume": "finished"})


class Lines(unittest.TestCase):
    def test_a_line_names_the_innermost_lane(self) -> None:
        async def inner() -> None:
            say("in")
            await asyncio.sleep(1.25)
            say("in again")

        async def outer() -> None:
            say("out")
            await lane("inner", inner())
            say("out again")

        async def main() -> None:
            say("start")
            await asyncio.gather(lane("outer", outer()), lane("a very long name", inner()))
            say("")

        result = told(main)
        expected = [
            "python, in asyncio: virtual clock, seed 1",
            "   0.00 s               start",
            "   0.00 s  outer        out",
            "   0.00 s  inner        in",
            "   0.00 s  a very long name  in",
            "   1.25 s  inner        in again",
            "   1.25 s  outer        out again",
            "   1.25 s  a very long name  in again",
            "   1.25 s",
        ]
        self.assertEqual(sorted(result.lines), sorted(expected))
        self.assertEqual(result.lines[:5], expected[:5])
        self.assertEqual(result.lane("inner")["parent"], 0)
        self.assertIsNone(result.lane("a very long name")["parent"])
        self.assertEqual([note["text"] for note in result.recording["notes"]], ["start", ""])
        self.assertEqual([note["at"] for note in result.lane("inner")["notes"]], [0, 1_250_000])

    def test_on_a_terminal_long_lines_are_broken_between_words(self) -> None:
        class Terminal(io.StringIO):
            def isatty(self) -> bool:
                return True

        recorder = story.Recorder(virtual=lambda: 0)
        for stream, columns, expected in [
            (io.StringIO(), "44", "   0.00 s               the first answer came\n"),
            (Terminal(), "45", "   0.00 s               the first answer came\n"),
            (Terminal(), "44", "   0.00 s               the first answer\n" + " " * 24 + "came\n"),
            (Terminal(), "39", "   0.00 s               the first answer came\n"),
        ]:
            with (
                mock.patch.object(story, "recorder", recorder),
                mock.patch.dict(os.environ, COLUMNS=columns),
                contextlib.redirect_stdout(stream),
            ):
                say("the first answer came")
            self.assertEqual(stream.getvalue(), expected, columns)
        for errors, expected in [(io.StringIO(), "At 1 s every task waits\n"), (Terminal(), "At 1 s every task\nwaits\n")]:
            with mock.patch.dict(os.environ, COLUMNS="20"), contextlib.redirect_stderr(errors):
                story.complain("At 1 s every task waits")
            self.assertEqual(errors.getvalue(), expected)

    def test_the_parent_is_the_lane_in_which_the_call_was_made(self) -> None:
        async def outer() -> None:
            self.kept = asyncio.create_task(lane("spawned", work(50)))
            await asyncio.sleep(0.01)

        async def main() -> None:
            before = lane("before", work(5))
            await lane("outer", outer())
            await before
            await self.kept

        result = told(main)
        self.assertEqual([record["parent"] for record in result.recording["lanes"]], [None, None, 1])

    def test_a_task_inherits_the_lane_of_its_maker(self) -> None:
        async def background() -> None:
            await asyncio.sleep(0.02)
            say("from the background")

        async def maker() -> None:
            self.kept = asyncio.create_task(background())

        async def main() -> None:
            await lane("maker", maker())
            await self.kept

        self.assertEqual(told(main).lines[1:], ["   0.02 s  maker        from the background"])

    def test_places_are_lines_of_source(self) -> None:
        async def main() -> None:
            line = sys._getframe().f_lineno
            await lane("a", work(1))
            say("here")
            self.line = line

        result = told(main)
        self.assertEqual(result.lane("a")["place"], f"crates/story/python/test_story.py:{self.line + 1}")
        self.assertEqual(result.recording["notes"][0]["place"], f"crates/story/python/test_story.py:{self.line + 2}")

    def test_a_place_outside_of_the_repository_is_none(self) -> None:
        result = told_afresh("async def main():\n    say('here')\n\ntell(main)", "--fast")
        self.assertEqual(result.recording["notes"], [{"at": 0, "seq": 0, "text": "here", "place": None}])
        self.assertEqual(result.recording["title"], "gather, in asyncio")

    def test_seconds_are_rounded_half_up(self) -> None:
        cases = {
            0: "   0.00",
            4_999: "   0.00",
            5_000: "   0.01",
            14_999: "   0.01",
            15_000: "   0.02",
            25_000: "   0.03",
        }
        cases |= {994_999: "   0.99", 995_000: "   1.00", 2_675_000: "   2.68", 3_600_000_000: "3600.00"}
        for microseconds, text in cases.items():
            self.assertEqual(story.seconds(microseconds), text)

    def test_lines_come_at_once_and_in_utf8(self) -> None:
        body = "async def main():\n    say('größer → ✓')\n    sys.stdin.readline()\n\ntell(main)"
        process = twin_process(body, "--fast", stdin=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        self.assertEqual(process.stdout.readline().decode(), "   0.00 s               größer → ✓\n")
        self.assertIsNone(process.poll())
        self.assertEqual(finish(process).code, 0)

    @unittest.skipUnless(Path("/dev/full").exists(), "needs a device that is always full, as Linux has")
    def test_a_full_disk_is_one_sentence(self) -> None:
        with open("/dev/full", "wb") as full:
            result = finish(twin_process("async def main():\n    say('told')\n\ntell(main)", stdout=full))
        self.assertEqual(result.errors, "standard output cannot be written: No space left on device\n")
        self.assertEqual(result.code, 1)

    def test_a_full_lane_adds_later_polls_to_its_last_entry(self) -> None:
        async def many(times: int) -> None:
            for _ in range(times):
                await asyncio.sleep(0.001)

        async def main() -> None:
            await asyncio.gather(lane("full", many(63)), lane("over", many(100)))

        result = told(main)
        self.assertEqual(result.lane("full")["polls"][-1][:5], [63_000, 63_000, 1, 0, 0])
        self.assertEqual(len(result.lane("over")["polls"]), 64)
        self.assertEqual(result.lane("over")["polls"][-1][:5], [63_000, 100_000, 38, 0, 0])


class VirtualClock(unittest.TestCase):
    def test_virtual_time_takes_no_real_time(self) -> None:
        async def main() -> None:
            await asyncio.sleep(3599)

        started = time.perf_counter()
        self.assertEqual(told(main).recording["ended"], 3_599_000_000)
        self.assertLess(time.perf_counter() - started, 60)

    def test_a_block_lets_its_time_pass_at_once(self) -> None:
        seen: list[float] = []

        async def sleeper() -> None:
            await asyncio.sleep(0.1)
            seen.append(asyncio.get_running_loop().time())

        async def main() -> None:
            task = asyncio.create_task(sleeper())
            await asyncio.sleep(0.05)
            story.block(0.2)
            self.assertEqual((asyncio.get_running_loop().time(), seen), (0.25, []))
            await task

        self.assertEqual(told(main).recording["ended"], 250_000)
        self.assertEqual(seen, [0.25])

    def test_sums_do_not_drift(self) -> None:
        async def main() -> None:
            loop = asyncio.get_running_loop()
            for _ in range(1000):
                await asyncio.sleep(0.1)
            self.assertEqual(loop.time(), 100.0)
            for _ in range(1000):
                await asyncio.sleep(0.001)
            self.assertEqual(loop.time(), 101.0)

        self.assertEqual(told(main).recording["ended"], 101_000_000)

    def test_equal_instants_are_equal_however_they_are_summed_up(self) -> None:
        seen: list[tuple[str, float]] = []

        async def sleeper(name: str, *delays: float) -> None:
            for delay in delays:
                await asyncio.sleep(delay)
            seen.append((name, asyncio.get_running_loop().time()))

        async def main() -> None:  # 0.1 + 0.2 > 0.3, and 0.1 + 0.7 < 0.8, in floats.
            await asyncio.gather(sleeper("0.1 + 0.2", 0.1, 0.2), sleeper("0.3", 0.3))
            await asyncio.sleep(0.7)
            await asyncio.gather(sleeper("0.1 + 0.7", 0.1, 0.7), sleeper("0.8", 0.8))

        self.assertEqual(told(main).code, 0)
        self.assertEqual(seen, [("0.3", 0.3), ("0.1 + 0.2", 0.3), ("0.8", 1.8), ("0.1 + 0.7", 1.8)])

    def test_the_clock_shows_the_due_timers_own_time(self) -> None:
        async def main() -> None:
            loop = asyncio.get_running_loop()
            for step in range(1, 500):
                fired: asyncio.Future[float] = loop.create_future()

                def fire(fired: asyncio.Future[float] = fired) -> None:
                    fired.set_result(loop.time())

                timer = loop.call_later(step / 997, fire)
                self.assertEqual(await fired, timer.when())

        self.assertEqual(told(main).code, 0)

    def test_distinct_instants_fire_apart_and_equal_ones_in_the_order_they_were_set(self) -> None:
        async def main() -> None:
            loop, fired = asyncio.get_running_loop(), []
            for number in range(50):
                loop.call_at(1.0, lambda number=number: fired.append((number, loop.time())))  # type: ignore[misc]
            loop.call_at(1.000_001, lambda: fired.append((50, loop.time())))
            loop.call_at(1.001, lambda: fired.append((51, loop.time())))
            await asyncio.sleep(2)
            expected = [(number, 1.0) for number in range(50)]
            self.assertEqual(fired, [*expected, (50, 1.000_001), (51, 1.001)])

        coarse = mock.Mock(resolution=0.015_6)  # The resolution that the clock of Windows had for a long time.
        with mock.patch("time.get_clock_info", return_value=coarse):
            self.assertEqual(told(main).errors, "")

    def test_a_cancelled_timer_does_not_move_the_clock(self) -> None:
        async def main() -> None:
            async with asyncio.timeout(50):
                await asyncio.sleep(1)
            timers = [asyncio.get_running_loop().call_later(n + 2, print) for n in range(300)]
            for timer in timers:
                timer.cancel()
            await asyncio.sleep(1000)

        self.assertEqual(told(main).recording["ended"], 1_001_000_000)

    def test_time_moves_only_when_no_task_is_ready(self) -> None:
        async def main() -> None:
            loop = asyncio.get_running_loop()
            task = asyncio.create_task(work(1))
            for _ in range(100):
                await asyncio.sleep(0)
            self.assertEqual((loop.time(), task.done()), (0.0, False))
            await task

        self.assertEqual(told(main).recording["ended"], 1_000)

    def test_operations_that_the_virtual_clock_lacks_are_refused_with_one_sentence(self) -> None:
        loop = story.VirtualLoop()
        try:
            for name in (
                "run_in_executor subprocess_exec subprocess_shell create_connection create_server "
                "create_datagram_endpoint sock_recv sock_sendall sock_connect sock_accept add_reader add_writer "
                "connect_read_pipe connect_write_pipe create_unix_connection create_unix_server sendfile start_tls "
                "add_signal_handler"
            ).split():
                message = rf"^The virtual clock has no .* \({name}\): leave out --fast\.$"
                with self.assertRaisesRegex(story.VirtualClockError, message):
                    getattr(loop, name)()
        finally:
            loop.close()

    def test_the_usual_calls_of_such_operations_are_refused(self) -> None:
        for call in (
            "asyncio.to_thread(print)",
            "asyncio.create_subprocess_exec('true')",
            "asyncio.create_subprocess_shell('true')",
            "asyncio.open_connection('127.0.0.1', 1)",
            "asyncio.start_server(print, '127.0.0.1', 0)",
            "asyncio.get_running_loop().getaddrinfo('localhost', 1)",
        ):
            result = told_afresh(f"async def main():\n    await lane('a', {call})\n\ntell(main)", "--fast")
            self.assertEqual(result.code, 1, call)
            self.assertRegex(result.errors, r"^The virtual clock has no [^\n]*\n$")

    def test_a_deadlock_is_reported_with_the_open_lanes(self) -> None:
        result = told_afresh(
            """
            async def consumer(queue):
                await asyncio.sleep(1.5)
                try:
                    await queue.get()
                finally:
                    say("never said")

            async def main():
                await asyncio.gather(lane("first", consumer(asyncio.Queue())), lane("second", asyncio.Event().wait()))

            tell(main)
            """,
            "--fast",
        )
        self.assertEqual(result.code, 1)
        waiting = "open lanes: first (since 1.50 s), second (since 0.00 s)."
        self.assertEqual(result.errors, f"Deadlock at 1.50 s: every task waits and no timer is set; {waiting}\n")
        self.assertEqual(result.outcomes(), {"first": None, "second": None})
        self.assertEqual(len(result.lines), 1)
        self.assertEqual(result.recording["ended"], 1_500_000)

    def test_the_message_names_only_a_few_of_many_open_lanes(self) -> None:
        result = told_afresh(
            """
            async def main():
                await asyncio.gather(*[lane(f"waiter {number}", asyncio.Event().wait()) for number in range(100)])

            tell(main)
            """,
            "--fast",
        )
        self.assertTrue(result.errors.endswith("waiter 7 (since 0.00 s) and 92 more.\n"), result.errors)

    def test_waiting_for_a_thread_is_not_called_a_deadlock(self) -> None:
        result = told_afresh(
            """
            async def main():
                loop = asyncio.get_running_loop()
                answer = loop.create_future()
                called = threading.Event()
                threading.Thread(target=called.wait, daemon=True).start()
                await lane("waits for a thread", answer)

            tell(main)
            """,
            "--fast",
        )
        self.assertEqual(result.code, 1)
        self.assertIn("perhaps for a thread, which has no virtual clock: leave out --fast", result.errors)
        self.assertNotIn("Deadlock", result.errors)

    def test_a_swallowed_cancellation_is_a_note(self) -> None:
        async def swallows() -> None:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(10)
            await asyncio.sleep(1)

        async def cleans_up() -> None:
            try:
                await asyncio.sleep(10)
            finally:
                await asyncio.sleep(0.5)

        async def has_a_timeout() -> None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(3):
                    await asyncio.sleep(10)

        async def main() -> None:
            tasks = [asyncio.create_task(lane(each.__name__, each())) for each in (swallows, cleans_up)]
            patient = asyncio.create_task(lane("has_a_timeout", has_a_timeout()))
            await asyncio.sleep(2)
            for task in tasks:
                task.cancel()
            await asyncio.wait([*tasks, patient])

        result = told(main)
        notes = {each["name"]: [(note["at"], note["text"]) for note in each["notes"]] for each in result.recording["lanes"]}
        swallowed = [(2_000_000, "was cancelled, and went on")]
        self.assertEqual(notes, {"swallows": swallowed, "cleans_up": [], "has_a_timeout": []})
        self.assertEqual(result.outcomes()["swallows"], "finished")

    def test_a_lane_keeps_the_coroutines_introspection(self) -> None:
        async def child() -> None:
            await asyncio.sleep(1)

        async def main() -> None:
            task = asyncio.create_task(lane("child", child()))
            await asyncio.sleep(0)
            (frame,) = task.get_stack()
            say(frame.f_code.co_name)
            with self.assertRaises(AttributeError):
                task.get_coro().no_such_name  # type: ignore[union-attr]
            await task

        self.assertIn("child", told(main).lines[-1])

    def test_a_program_with_its_own_asyncio_run_is_recorded(self) -> None:
        async def main() -> None:
            await asyncio.gather(lane("first", asyncio.sleep(0)), lane("second", asyncio.sleep(0)))

        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "own.json")
            with self.assertRaises(ZeroDivisionError), story.recording(str(file), "mine"):
                asyncio.run(main())
                _ = 1 / 0
            written = json.loads(file.read_text(encoding="utf-8"))
        self.assertEqual((written["title"], written["clock"]), ("mine", "real"))
        self.assertEqual([each["outcome"] for each in written["lanes"]], ["finished", "finished"])

    def test_a_story_ends_after_an_hour(self) -> None:
        for delay in ("1", "math.inf", "1e300"):
            result = told_afresh(
                f"""
                import math

                async def beat():
                    while True:
                        await asyncio.sleep({delay})

                async def main():
                    await lane("beat", beat())

                tell(main)
                """,
                "--fast",
            )
            self.assertEqual(result.code, 1)
            message = r"^The story goes on after 3,600 virtual seconds; open lanes: beat \(since .* s\)\.\n$"
            self.assertRegex(result.errors, message)
            self.assertIsNone(result.lane("beat")["outcome"])

    def test_a_task_group_cancels_in_the_order_in_which_its_tasks_were_made(self) -> None:
        body = """
            async def main():
                async def fail():
                    raise ValueError

                try:
                    async with asyncio.TaskGroup() as group:
                        # Tasks that end leave gaps in memory, and the next tasks fill them.
                        gone = [asyncio.create_task(asyncio.sleep(0)) for _ in range(40)]
                        await asyncio.sleep(0)
                        await asyncio.sleep(0)
                        for place in range(0, 40, 3):
                            gone[place] = None
                        for number in range(9):
                            group.create_task(lane(str(number), asyncio.sleep(1)))
                        group.create_task(fail())
                except* ValueError:
                    pass

            tell(main)
            """
        lanes = told_afresh(body, "--fast").recording["lanes"]
        ended = [lane["name"] for lane in sorted(lanes, key=lambda lane: lane["closed_seq"])]
        self.assertEqual(ended, [str(number) for number in range(9)])

    def test_fifty_fresh_processes_tell_the_same_story(self) -> None:
        body = """
            async def fetch(name, milliseconds):
                await asyncio.sleep(milliseconds / 1000)
                say("answered")
                if name == "bad":
                    raise ValueError(name)

            async def main():
                names = ["users", "orders", "bad", "stock", "prices"]
                delays = [rng.pick(1, 100) * 7 + place for place, _ in enumerate(names)]
                stories = [lane(name, fetch(name, delay)) for name, delay in zip(names, delays)]
                say(await asyncio.gather(*stories, return_exceptions=True))

            tell(main)
            """
        seen = set()
        for _ in range(25):
            for process in [twin_process(body, "--fast", "--seed", "7") for _ in range(2)]:
                result = finish(process)
                self.assertEqual(result.code, 0, result.errors)
                self.assertEqual(len(result.lines), 7)
                seen.add(("\n".join(result.lines), json.dumps(result.recording)))
        self.assertEqual(len(seen), 1)


class RealClock(unittest.TestCase):
    def test_polls_have_durations_and_nested_polls_do_not_count_twice(self) -> None:
        async def busy() -> None:
            time.sleep(0.02)

        async def outer() -> None:
            time.sleep(0.01)
            await lane("inner", busy())
            await lane("inner", busy())

        async def main() -> None:
            await lane("outer", outer())

        result = told(main, fast=False)
        self.assertEqual((result.recording["clock"], result.recording["threads"]), ("real", ["main"]))
        self.assertEqual(result.lines, ["python, in asyncio: real clock, seed 1"])
        nested = [record["polls"][0] for record in result.lanes("inner")]
        for at, until, _, longest, *_ in nested:
            self.assertEqual(longest, until - at)
            self.assertGreaterEqual(longest, 20_000)
        at, until, _, longest, *_ = result.lane("outer")["polls"][0]
        self.assertEqual(longest, until - at - sum(poll[3] for poll in nested))
        self.assertGreaterEqual(longest, 10_000)

    def test_the_last_entry_of_a_full_lane_keeps_the_longest_poll(self) -> None:
        async def many() -> None:
            for number in range(90):
                if number == 80:
                    time.sleep(0.02)
                await asyncio.sleep(0)

        async def main() -> None:
            await lane("many", many())

        last = told(main, fast=False).lane("many")["polls"][63]
        self.assertEqual(last[2], 28)
        self.assertGreaterEqual(last[3], 20_000)
        self.assertLessEqual(last[3], last[1] - last[0])

    def test_functions_on_other_threads_have_one_poll_there(self) -> None:
        def hash_it(number: int) -> int:
            say("hashing")
            if number < 0:
                raise ValueError("negative")
            return number + 1

        async def outer() -> None:
            loop = asyncio.get_running_loop()
            self.assertEqual(await asyncio.to_thread(lane_blocking("good", hash_it), 1), 2)
            with self.assertRaises(ValueError):
                await loop.run_in_executor(None, lane_blocking("bad", hash_it), -1)
            lane_blocking("unused", hash_it)
            twice = lane_blocking("twice", hash_it)
            twice(1)
            with self.assertRaises(RuntimeError):
                twice(1)

        async def main() -> None:
            await lane("outer", outer())

        result = told(main, fast=False)
        self.assertEqual(
            result.outcomes(),
            {"outer": "finished", "good": "finished", "bad": "failed", "unused": "never started", "twice": "finished"},
        )
        self.assertEqual(result.recording["threads"], ["main", "asyncio_0"])
        for record, thread in zip(result.recording["lanes"][1:4], ([1], [1], [])):
            self.assertEqual((record["kind"], record["parent"]), ("blocking", 0))
            self.assertEqual([poll[4] for poll in record["polls"]], thread)
        self.assertEqual(result.lane("bad")["notes"][0]["text"], "hashing")
        self.assertRegex(result.lines[1], r"^   \d\.\d\d s  good         hashing$")

    def test_many_threads_at_once_lose_nothing(self) -> None:
        def busy() -> None:
            for number in range(20):
                say(str(number))

        async def main() -> None:
            async with asyncio.TaskGroup() as group:
                for number in range(50):
                    group.create_task(lane(f"f{number}", asyncio.to_thread(lane_blocking(f"b{number}", busy))))

        result = told(main, fast=False)
        self.assertEqual(set(result.outcomes().values()), {"finished"})
        self.assertEqual(len(result.lines), 1 + 50 * 20)
        for record in result.recording["lanes"]:
            said = [str(number) for number in range(20)] if record["name"][0] == "b" else []
            self.assertEqual([note["text"] for note in record["notes"]], said)

    def test_a_function_still_running_at_the_end_is_recorded_up_to_there(self) -> None:
        release = threading.Event()

        async def main() -> None:
            started = asyncio.Event()
            loop = asyncio.get_running_loop()

            def busy() -> None:
                loop.call_soon_threadsafe(started.set)
                release.wait(30)

            loop.run_in_executor(None, lane_blocking("busy", busy))
            await started.wait()
            threading.Timer(0.05, release.set).start()

        result = told(main, fast=False)
        record = result.lane("busy")
        self.assertIsNone(record["outcome"])
        self.assertEqual([poll[1] for poll in record["polls"]], [result.recording["ended"]])

    @unittest.skipIf(sys.platform == "win32", "POSIX signals")
    def test_ctrl_c_keeps_the_recording_even_while_the_loop_is_blocked(self) -> None:
        process = twin_process(
            """
            async def blocks():
                try:
                    say("blocked")
                    time.sleep(60)
                finally:
                    say("never said")

            async def main():
                await asyncio.gather(lane("waits", asyncio.sleep(60)), lane("outer", lane("blocks", blocks())))

            tell(main)
            """
        )
        assert process.stdout is not None
        lines = [process.stdout.readline().decode() for _ in range(2)]
        self.assertTrue(lines[1].endswith(" s  blocks       blocked\n"), lines)
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        result = finish(process)
        self.assertEqual((result.code, result.errors, result.lines), (130, "", []))
        self.assertEqual(result.outcomes(), {"waits": None, "outer": None, "blocks": None})
        (poll,), (around,) = result.lane("blocks")["polls"], result.lane("outer")["polls"]
        self.assertGreaterEqual(poll[3], 50_000)
        self.assertLess(around[3], poll[3])

    def test_a_twin_ends_with_its_standard_input_if_the_environment_says_so(self) -> None:
        body = """
            def busy():
                say("busy")
                time.sleep(60)

            async def main():
                await lane("f", asyncio.to_thread(lane_blocking("b", busy)))

            tell(main)
            """
        with mock.patch.dict(os.environ, {"ENDS_WITH_STDIN": "1"}):
            process = twin_process(body, stdin=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline(), process.stdout.readline()
        self.assertIsNone(process.poll())
        result = finish(process)  # This closes its standard input.
        self.assertEqual((result.code, result.errors, result.lines, result.recording), (1, "", [], {}))

    @unittest.skipIf(sys.platform == "win32", "POSIX signals")
    def test_ctrl_c_does_not_wait_for_threads(self) -> None:
        body = """
            def busy():
                say("busy")
                time.sleep(60)

            async def main():
                await lane("f", asyncio.to_thread(lane_blocking("b", busy)))

            tell(main)
            """
        process = twin_process(body)
        assert process.stdout is not None
        process.stdout.readline(), process.stdout.readline()
        started = time.perf_counter()
        process.send_signal(signal.SIGINT)
        result = finish(process)
        self.assertLess(time.perf_counter() - started, 30)
        self.assertEqual((result.code, result.outcomes()), (130, {"f": None, "b": None}))
        self.assertEqual(len(result.lane("b")["polls"]), 1)

    @unittest.skipIf(sys.platform == "win32", "POSIX signals")
    def test_ctrl_c_wakes_a_loop_that_waits_where_no_system_call_is_interrupted(self) -> None:
        body = """
            import signal, threading

            def busy():
                time.sleep(0.1)
                # As if the signal had come just before the loop began to wait: nothing wakes the main thread.
                signal.pthread_kill(threading.get_ident(), signal.SIGINT)
                time.sleep(30)
                say("nobody woke the loop")

            async def main():
                await lane("f", asyncio.to_thread(lane_blocking("b", busy)))

            tell(main)
            """
        result = finish(twin_process(body))
        self.assertEqual((result.code, len(result.lines)), (130, 1), result.lines)
        self.assertEqual(result.outcomes(), {"f": None, "b": None})

    @unittest.skipIf(sys.platform == "win32", "POSIX pipes")
    def test_a_broken_pipe_ends_quietly(self) -> None:
        body = """
            async def main():
                for number in range(100000):
                    say(str(number))
                    await asyncio.sleep(0.001)

            tell(main)
            """
        process = twin_process(body, "--fast")
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        process.stdout = None
        _, errors = process.communicate(timeout=60)
        self.assertEqual((process.returncode, errors), (0, b""))


class Telling(unittest.TestCase):
    def test_the_parameters_of_main_are_flags(self) -> None:
        seen: list[Any] = []

        async def main(
            tasks: int = 4, ratio: float = 0.5, slow_name: str = "users", loud: bool = False, calm: bool = True
        ) -> None:
            seen.append((tasks, ratio, slow_name, loud, calm))

        async def wrong(tasks: int = 4) -> None:
            seen.append(tasks)

        told(main)
        told(main, "--tasks", "0", "--ratio=2", "--slow-name", "x y", "--loud", "--no-calm", naive=wrong)
        told(main, "--tasks", "9", "--loud", "--naive", naive=wrong)
        self.assertEqual(seen, [(4, 0.5, "users", False, True), (0, 2.0, "x y", True, False), 9])

    def test_a_wrong_flag_is_explained_in_one_sentence(self) -> None:
        async def main(tasks: int = 4, ratio: float = 0.5) -> None:
            raise AssertionError("it ran")

        flags = "--tasks, --ratio, --seed, --fast, --json"
        for arguments, message in {
            ("--tsks", "3"): f"--tsks is not a flag of python's asyncio twin, which has {flags}.",
            ("--task", "3"): f"--task is not a flag of python's asyncio twin, which has {flags}.",
            ("--naive",): f"--naive is not a flag of python's asyncio twin, which has {flags}.",
            ("three",): f"three is not a flag of python's asyncio twin, which has {flags}.",
            ("--tasks", "-1"): "--tasks needs a whole number from 0 to 2**64 - 1, not '-1'.",
            ("--tasks", "1.5"): "--tasks needs a whole number from 0 to 2**64 - 1, not '1.5'.",
            ("--tasks", "٣"): "--tasks needs a whole number from 0 to 2**64 - 1, not '٣'.",
            ("--seed", str(2**64)): f"--seed needs a whole number from 0 to 2**64 - 1, not '{2**64}'.",
            ("--ratio", "x"): "--ratio needs a number from 0, not 'x'.",
            ("--ratio", "nan"): "--ratio needs a number from 0, not 'nan'.",
            ("--ratio", "-2"): "--ratio needs a number from 0, not '-2'.",
            ("--tasks",): "--tasks expected one argument.",
            (
                "--json",
                "/no/such/folder/x.json",
            ): "--json needs a file in a folder that exists, not '/no/such/folder/x.json'.",
        }.items():
            result = told(main, *arguments)
            self.assertEqual((result.errors, result.code, result.lines), (message + "\n", 2, []))

    def test_an_exception_is_one_line_and_the_recording_is_kept(self) -> None:
        async def main() -> None:
            await asyncio.gather(lane("bad", work(5, ValueError("no such\nuser"))), lane("other", work(20)))

        result = told(main)
        self.assertEqual((result.errors, result.code), ("ValueError: no such user\n", 1))
        self.assertEqual(result.outcomes(), {"bad": "failed", "other": None})

    def test_an_exception_group_names_its_members(self) -> None:
        async def main() -> None:
            async with asyncio.TaskGroup() as group:
                group.create_task(lane("a", work(5, ValueError("no"))))
                group.create_task(lane("b", work(5, KeyError())))

        message = "ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions): ValueError: no; KeyError\n"
        self.assertEqual(told(main).errors, message)

    def test_a_main_that_is_cancelled_or_exits(self) -> None:
        async def cancels() -> None:
            raise asyncio.CancelledError

        async def exits() -> None:
            await lane("a", work())
            sys.exit(3)

        self.assertEqual((told(cancels).code, told(cancels).errors), (1, "CancelledError\n"))
        self.assertEqual((told(exits).code, told(exits).outcomes()), (3, {"a": "finished"}))

    def test_a_story_without_a_seed_takes_1_on_the_virtual_clock_and_says_which_on_the_real_one(self) -> None:
        body = "async def main():\n    print(rng.pick(0, 10**9))\n\ntell(main)"
        self.assertEqual(told_afresh(body, "--fast").lines, told_afresh(body, "--fast", "--seed", "1").lines)
        first = told_afresh(body)
        found = re.fullmatch(r"gather, in asyncio: real clock, seed (\d+)", first.lines[0])
        assert found
        self.assertEqual(told_afresh(body, "--seed", found[1]).lines, first.lines)
        self.assertNotEqual(told_afresh(body).lines, first.lines)

    def test_help_lists_the_flags(self) -> None:
        result = told_afresh("async def main(tasks: int = 4):\n    pass\n\ntell(main)", "--help")
        self.assertEqual(result.code, 0)
        self.assertIn("default: 4", "\n".join(result.lines))

    def test_an_old_python_says_so(self) -> None:
        program = "import sys; sys.version_info = (3, 10, 4); import story"
        done = subprocess.run(
            [sys.executable, "-B", "-c", program], cwd=HERE, capture_output=True, text=True, timeout=60
        )
        self.assertEqual(done.stderr, "The asyncio twins need Python 3.11 or newer, this is Python 3.10.\n")
        self.assertEqual((done.returncode, done.stdout), (2, ""))


class Seeds(unittest.TestCase):
    def test_the_stream_equals_the_one_of_rand_xoshiro(self) -> None:
        # Printed by rand_xoshiro 0.8.1: SplitMix64::seed_from_u64(seed), then next_u64() four times.
        for seed, expected in {
            0: [16294208416658607535, 7960286522194355700, 487617019471545679, 17909611376780542444],
            1: [10451216379200822465, 13757245211066428519, 17911839290282890590, 8196980753821780235],
            42: [13679457532755275413, 2949826092126892291, 5139283748462763858, 6349198060258255764],
            2**64 - 1: [16490336266968443936, 16834447057089888969, 4048727598324417001, 7862637804313477842],
            1477776061723855037: [1985237415132408290, 2979275885539914483, 13511426838097143398, 8488337342461049707],
        }.items():
            generator = story.Random(seed)
            self.assertEqual([generator.next_u64() for _ in range(4)], expected)

    def test_pick_takes_both_ends(self) -> None:
        async def main() -> None:
            picks = [rng.pick(100, 999) for _ in range(12)]
            self.assertEqual(picks, [465, 719, 490, 435, 661, 348, 145, 733, 820, 650, 637, 170])
            self.assertEqual((rng.pick(7, 7), rng.pick(0, 1)), (7, 0))
            with self.assertRaises(ValueError):
                rng.pick(2, 1)

        self.assertEqual(told(main).errors, "")


if __name__ == "__main__":
    unittest.main()
