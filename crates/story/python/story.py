"""Tells a demo's story in asyncio, and records it in the same form as the Rust demo does.

A `twin.py` is natural asyncio. It uses:

- `lane(name, coroutine)` for each coroutine that deserves a line in the timeline
- `lane_blocking(name, function)` for functions that run on other threads
- `say(text)` for the lines of the story
- `level(name, value)` and `with hold(name)` for numbers over time
- `rng` for random numbers
- `tell(main)` at its end: this makes flags of the parameters of `main` and runs it

    PYTHONPATH=crates/story/python python3 crates/gather/twin.py --fast --seed 1 --json gather.json

A program with its own command line calls `asyncio.run` inside `with recording("jobs.json"):` instead of `tell`.

Needs CPython 3.11 or newer, and nothing but its standard library.
"""

import sys

# An old interpreter must get as far as this message, so this file uses no syntax newer than Python 3.6.
if sys.version_info < (3, 11):
    sys.stderr.write("The asyncio twins need Python 3.11 or newer, this is Python %d.%d.\n" % sys.version_info[:2])
    sys.exit(2)

import argparse
import asyncio
import contextlib
import errno
import functools
import heapq
import inspect
import io
import itertools
import json
import math
import os
import random
import re
import selectors
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, TextIO, TypeVar
from weakref import WeakKeyDictionary

__all__ = ["hold", "lane", "lane_blocking", "level", "recording", "rng", "say", "tell"]

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[3]  # The repository: this file is crates/story/python/story.py.
MOST_POLLS = 64  # The polls that a lane keeps, and as many wakes.
MOST_NAMES = 8  # Lanes that a message names.
LEAST_ROOM = 16  # In columns: with less room for its text, a line is not wrapped.
LIMIT = 3_600_000_000  # The virtual clock ends here, in microseconds.


# What happened ----------------------------------------------------------------------------------------------------


@dataclass
class Note:
    """A line that was said: its time in microseconds, its text, and its source line."""

    at: int
    seq: int
    text: str
    place: str | None


@dataclass
class Level:
    """A number over time: its changes, each as [at, seq, value, limit or None], and the source line of the first one."""

    name: str
    place: str | None
    values: list[list[int | None]] = field(default_factory=list)


@dataclass
class LaneRecord:
    """What one lane did, with the fields of timeline's JSON. Times are microseconds since the start.

    An entry of `polls` is [at, until, count, longest, thread, busy, seq, until_seq]. One of `wakes` is
    [at, seq, by, until, count]: `by` is a lane or "runtime", `until` the next poll.
    """

    name: str
    kind: str
    parent: int | None
    place: str | None
    opened: int
    opened_seq: int
    polls: list[list[int]] = field(default_factory=list)
    wakes: list[list[Any]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    polling: bool = False
    outcome: str | None = None
    closed: int | None = None
    closed_seq: int | None = None


class Recorder:
    """Collects what the lanes do, from any thread, and writes it down once.

    Arguments: the recording's title, the file for it (None: it is not written), and a virtual clock that returns
    microseconds (None: the real clock, from now on).
    """

    def __init__(self, title: str = "", file: str | None = None, virtual: Callable[[], int] | None = None) -> None:
        start = time.perf_counter_ns()
        self.now = virtual or (lambda: (time.perf_counter_ns() - start) // 1000)
        self.title, self.file, self.virtual = title, file, virtual is not None
        self.lock = threading.RLock()  # Reentrant: a garbage collection or a signal may need it on the thread that holds it.
        self.threads = [] if self.virtual else ["main"]
        self.lanes: list[LaneRecord] = []
        self.levels: dict[str, Level] = {}
        self.notes: list[Note] = []
        self.seq = 0
        # The polls that run on each thread, the innermost last: [lane, at, time in nested polls, sequence number].
        self.running: dict[int, list[list[int]]] = {}
        # The lanes that each task was in when it last ran, the innermost last.
        self.inside: WeakKeyDictionary[asyncio.Task[Any], list[int]] = WeakKeyDictionary()
        self.finished = False

    def open(self, name: str, kind: str, place: str | None) -> int:
        """Opens a lane in the current one, and returns its number."""
        with self.lock:
            self.lanes.append(LaneRecord(name, kind, current_lane.get(), place, self.now(), self._next()))
            return len(self.lanes) - 1

    def close(self, number: int, outcome: str) -> None:
        """Notes how the lane ended; only its first end counts."""
        with self.lock:
            record = self.lanes[number]
            if record.outcome is None:
                record.outcome, record.closed, record.closed_seq = outcome, self.now(), self._next()

    def begin(self, number: int, task: "asyncio.Task[Any] | None" = None) -> None:
        """A poll of the lane begins on this thread, in this task."""
        with self.lock:
            if self.finished:
                return
            polls, now, wakes = self.running.setdefault(self._thread(), []), self.now(), self.lanes[number].wakes
            if task is not None:
                inside = self.inside.setdefault(task, [])
                if not polls:
                    inside.clear()
                inside.append(number)
            if wakes and wakes[-1][3] is None:
                wakes[-1][3] = now
            polls.append([number, now, 0, self._next()])

    def wake(self, task: "asyncio.Task[Any]", late: int) -> None:
        """Marks the lanes in which a task waits as ready, woken by the running lane or by the runtime.

        `late` says how many microseconds late the runtime's timer fired.
        """
        with self.lock:
            polls = self.running.get(self._thread())
            by = polls[-1][0] if polls else "runtime"
            for lane in [self.lanes[number] for number in self.inside.get(task, ())]:
                if lane.outcome is not None or self.finished:
                    continue
                if lane.wakes and (lane.wakes[-1][3] is None or len(lane.wakes) == MOST_POLLS):
                    lane.wakes[-1][4] += 1
                else:
                    due = max(self.now() - late, lane.polls[-1][1] if lane.polls else lane.opened)
                    lane.wakes.append([due, self._next(), by, None, 1])

    def end(self) -> None:
        """The innermost poll on this thread ends."""
        with self.lock:
            if not self.finished:
                self._end(self._thread(), self.now())

    def moment(self) -> tuple[int, int]:
        """Now, and the sequence number of what comes next."""
        with self.lock:
            return self.now(), self.seq

    def note(self, number: int, at: int, seq: int, text: str) -> None:
        """Adds a note to a lane for a given moment, and prints nothing."""
        with self.lock:
            notes = self.lanes[number].notes
            notes.append(Note(at, seq, text, None))
            notes.sort(key=lambda note: note.seq)

    def say(self, text: str, place: str | None) -> None:
        """Prints the line and notes it. If standard output is closed (`| head`), the story ends quietly."""
        with self.lock:
            number, at = current_lane.get(), self.now()
            notes = self.notes if number is None else self.lanes[number].notes
            notes.append(Note(at, self._next(), text, place))
            head = f"{seconds(at)} s  {'' if number is None else self.lanes[number].name:<11}  "
            print_line(fitted(text, sys.stdout, head).rstrip())

    def level(self, name: str, change: Callable[[int], int], limit: int | None, place: str | None) -> None:
        """Sets a level from now on to `change` of its value so far."""
        with self.lock:
            seq, values = self._next(), self.levels.setdefault(name, Level(name, place)).values
            value = change(values[-1][2] or 0 if values else 0)
            if not values or values[-1][2:] != [value, limit]:
                values.append([self.now(), seq, value, limit])

    def waiting(self) -> str:
        """The open lanes, for an error message."""
        with self.lock:
            waiting = [
                (lane.name, lane.polls[-1][1] if lane.polls else lane.opened) for lane in self.lanes if not lane.outcome
            ]
        names = [f"{name} (since {seconds(at).strip()} s)" for name, at in waiting]
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        return "open lanes: " + ", ".join(names[:MOST_NAMES]) + more if names else "no lane is open"

    def finish(self) -> None:
        """Ends the recording now and writes it; later calls do nothing. Raises OSError."""
        with self.lock:
            if self.finished:
                return
            self.finished, ended = True, self.now()
            for thread, polls in self.running.items():
                while polls:
                    self.lanes[polls[-1][0]].polling = True
                    self._end(thread, ended)
            if self.file is None:
                return
            clock = "virtual" if self.virtual else "real"
            recording = {"version": 2, "title": self.title, "clock": clock, "ended": ended, "threads": self.threads}
            missing = {"finished": 0, "notes": 0, "early": 0, "filtered": 0}
            recording |= {"multi_thread": False, "missing": missing, "lanes": self.lanes}
            recording |= {"levels": list(self.levels.values()), "notes": self.notes}
            text = json.dumps(recording, default=vars, ensure_ascii=False)
            Path(self.file).write_text(text + "\n", encoding="utf-8", newline="\n")

    def _end(self, thread: int, until: int) -> None:
        number, at, nested, seq = self.running[thread].pop()
        if self.running[thread]:
            self.running[thread][-1][2] += until - at
        polls = self.lanes[number].polls
        busy = until - at - nested
        if len(polls) < MOST_POLLS:
            polls.append([at, until, 1, busy, thread, busy, seq, self._next()])
        else:
            last = polls[-1]
            last[1:4] = until, last[2] + 1, max(last[3], busy)
            last[5:8] = last[5] + busy, last[6], self._next()

    def _next(self) -> int:
        """The next sequence number. It orders the events of one instant."""
        self.seq += 1
        return self.seq - 1

    def _thread(self) -> int:
        if self.virtual:
            return 0
        main = threading.current_thread() is threading.main_thread()
        name = "main" if main else threading.current_thread().name
        if name not in self.threads:
            self.threads.append(name)
        return self.threads.index(name)


recorder = Recorder()
current_lane: ContextVar[int | None] = ContextVar("current_lane", default=None)


def seconds(microseconds: int) -> str:
    """The seconds in seven columns, rounded half up with whole numbers, so that Rust prints the same bytes."""
    hundredths = (microseconds + 5_000) // 10_000
    return f"{hundredths // 100:4}.{hundredths % 100:02}"


def fitted(text: str, stream: TextIO, head: str = "") -> str:
    """The head and the text. On a terminal, a long text continues below its own beginning."""
    if not (stream and stream.isatty()):
        return head + text
    # Imported here because only a terminal needs them.
    import shutil
    import textwrap

    room = shutil.get_terminal_size().columns - len(head)
    if room < LEAST_ROOM or len(text) <= room:
        return head + text
    lines = textwrap.wrap(text, room, replace_whitespace=False, break_long_words=False, break_on_hyphens=False)
    return head + ("\n" + " " * len(head)).join(lines)


def complain(sentence: object) -> None:
    """Prints a sentence to standard error."""
    print(fitted(str(sentence), sys.stderr), file=sys.stderr)


def print_line(line: str) -> None:
    """Prints a line at once. If standard output is closed, ends the process quietly; after another error, with a message."""
    try:
        print(line, flush=True)
    except OSError as error:
        if isinstance(error, BrokenPipeError) or error.errno == errno.EINVAL:  # Windows says EINVAL.
            leave(0)
        complain(f"standard output cannot be written: {error.strerror}")
        leave(1)


def leave(code: int) -> NoReturn:
    """Writes the recording so far and ends the process now, without clean-up and without waiting for threads."""
    try:
        recorder.finish()
    except OSError as error:
        complain(in_short(error))
    finally:
        os._exit(code)


def leave_with_stdin(file: str | None) -> NoReturn:
    """Ends the process when its standard input ends: the program that started it is gone, so nothing reads the recording."""
    while os.read(0, 4096):
        pass
    if file is not None:
        Path(file).unlink(missing_ok=True)
    os._exit(1)


def caller(frame: FrameType) -> str | None:
    """The source line of a frame, such as `crates/gather/twin.py:20`; None outside the repository."""
    file = relative(frame.f_code.co_filename)
    return file and f"{file}:{frame.f_lineno}"


@functools.cache
def relative(file: str) -> str | None:
    """The file's path from the repository's root, with forward slashes; None outside the repository."""
    path = Path(file).resolve()
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else None


# What a twin calls ------------------------------------------------------------------------------------------------


def say(text: object) -> None:
    """Prints a line of the story, with the time and the innermost lane of this task, and notes it in that lane."""
    recorder.say(str(text), caller(sys._getframe(1)))


def lane(name: str, awaitable: Awaitable[T]) -> Coroutine[Any, Any, T]:
    """Puts a coroutine, or any awaitable, into a lane of the timeline.

    The result is a coroutine: await it, or give it to create_task, gather, wait_for and the like. The lane is open
    from this call on, inside the lane in which the call was made.

    Raises TypeError if `awaitable` cannot be awaited.
    """
    if not inspect.isawaitable(awaitable):
        raise TypeError(f"lane({name!r}, ...) needs a coroutine or another awaitable, not {type(awaitable).__name__}")
    return Lane(recorder.open(name, "future", caller(sys._getframe(1))), awaitable)


def lane_blocking(name: str, function: Callable[..., T]) -> Callable[..., T]:
    """Puts a function for another thread into a lane: give the result to to_thread or run_in_executor.

    The lane is open from this call on, and has one poll, from the function's start to its end. It can be called once;
    a second call raises RuntimeError.
    """
    return BlockingLane(recorder.open(name, "blocking", caller(sys._getframe(1))), function)


def level(name: str, value: int, limit: int | None = None) -> None:
    """Sets a number from now on, such as the length of a queue or the permits taken. `limit` is its maximum, if it has one.

    Numbers with the same name are one level. The drawings show it as steps below the lanes.

    Raises ValueError unless both are whole numbers from 0.
    """
    for number in (value, 0 if limit is None else limit):
        if not isinstance(number, int) or number < 0:
            raise ValueError(f"level({name!r}, ...) needs whole numbers from 0, not {number!r}")
    recorder.level(name, lambda _: value, limit, caller(sys._getframe(1)))


def hold(name: str, limit: int | None = None) -> contextlib.AbstractContextManager[None]:
    """Adds one to a level while its `with` block runs, and takes it off again however the block ends."""
    return held(name, limit, caller(sys._getframe(1)))


@contextlib.contextmanager
def held(name: str, limit: int | None, place: str | None) -> Iterator[None]:
    """The context manager of `hold`, with the source line of its `with`."""
    here = recorder
    here.level(name, lambda before: before + 1, limit, place)
    try:
        yield
    finally:
        here.level(name, lambda before: before - 1, limit, place)


class Lane(Coroutine[Any, Any, T]):
    """A coroutine that wraps another one and records it. `lane` makes it."""

    def __init__(self, number: int, awaitable: Awaitable[T]) -> None:
        self._recorder, self._number = recorder, number
        self._started = self._ended = False
        self._cancelled: tuple[int, int] | None = None  # When the lane got a cancellation that has not ended it.
        self._wrapped = not isinstance(awaitable, Coroutine)
        self._inner = awaitable if isinstance(awaitable, Coroutine) else wait_for_it(awaitable)
        self.__name__ = getattr(awaitable, "__name__", type(awaitable).__name__)
        self.__qualname__ = getattr(awaitable, "__qualname__", self.__name__)

    def __hash__(self) -> int:
        """Its number, not its address in memory, because asyncio also keeps coroutines in sets."""
        return self._number

    def send(self, value: Any) -> Any:
        """Resumes the coroutine: one poll."""
        self._started = True
        return self._poll(self._inner.send, value)

    def throw(self, *error: Any) -> Any:
        """Resumes the coroutine with an exception, as a cancellation does: one poll.

        A coroutine that has not started ends without running, so this is not a poll.
        """
        if not self._started:
            self._end("never started")
        elif isinstance(error[0], asyncio.CancelledError) or error[0] is asyncio.CancelledError:
            self._cancelled = self._recorder.moment()
        return self._poll(self._inner.throw, *error)

    def close(self) -> None:
        """Ends the coroutine where it is. What its clean-up says is still a line of its lane."""
        self._end("cancelled" if self._started else "never started")
        lane_before = current_lane.set(self._number)
        try:
            self._inner.close()
        finally:
            current_lane.reset(lane_before)

    def __del__(self) -> None:
        if self._ended:
            return
        if self._started or self._wrapped:
            self.close()
        else:  # It is not closed here, so that readers see Python's warning that it "was never awaited".
            self._end("never started")

    def __getattr__(self, name: str) -> Any:
        """A coroutine's introspection (`cr_frame`, `cr_await` and so on), so that `Task.get_stack` works."""
        if name.startswith("cr_"):
            return getattr(self._inner, name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __await__(self) -> Generator[Any, Any, T]:
        if self._started and not self._ended:
            raise RuntimeError("coroutine is being awaited already")
        return self  # `await` needs __next__, send, throw and close, and this class has them.

    def __iter__(self) -> "Lane[T]":
        return self

    def __next__(self) -> Any:
        return self.send(None)

    def _poll(self, resume: Callable[..., Any], *arguments: Any) -> Any:
        if self._ended:
            return resume(*arguments)  # This raises "cannot reuse already awaited coroutine".
        lane_before = current_lane.set(self._number)
        self._recorder.begin(self._number, asyncio.current_task() if asyncio._get_running_loop() else None)
        outcome = None
        try:
            return resume(*arguments)
        except StopIteration:
            outcome = "finished"
            self._note_swallowed()
            raise
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        except BaseException:
            outcome = "failed"
            raise
        finally:
            self._recorder.end()
            if outcome is not None:
                self._end(outcome)
            current_lane.reset(lane_before)

    def _note_swallowed(self) -> None:
        """Notes a cancellation that the lane caught and kept. A timeout's own does not count: `uncancel` takes it back."""
        if self._cancelled is None:
            return
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            self._recorder.note(self._number, *self._cancelled, "was cancelled, and went on")

    def _end(self, outcome: str) -> None:
        self._ended = True
        self._recorder.close(self._number, outcome)


async def wait_for_it(awaitable: Awaitable[T]) -> T:
    """Makes a coroutine of any awaitable."""
    return await awaitable


class BlockingLane:
    """A function that records its only call. `lane_blocking` makes it."""

    def __init__(self, number: int, function: Callable[..., Any]) -> None:
        self._recorder, self._number, self._function = recorder, number, function
        self._called = False

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        if self._called:
            raise RuntimeError("a lane_blocking function runs only once")
        self._called = True
        lane_before = current_lane.set(self._number)
        self._recorder.begin(self._number)
        outcome = "failed"
        try:
            result = self._function(*arguments, **keywords)
            outcome = "finished"
            return result
        finally:
            self._recorder.end()
            self._recorder.close(self._number, outcome)
            current_lane.reset(lane_before)

    def __del__(self) -> None:
        if not self._called:
            self._recorder.close(self._number, "never started")


class Random:
    """SplitMix64, a small seeded generator with the same stream as rand_xoshiro's `SplitMix64::seed_from_u64`.

    Source: https://prng.di.unimi.it/splitmix64.c
    """

    def __init__(self, seed: int = 0) -> None:
        self.state = seed

    def next_u64(self) -> int:
        """The next number from 0 to 2**64 - 1."""
        self.state = (self.state + 0x9E37_79B9_7F4A_7C15) % 2**64
        z = self.state
        z = (z ^ z >> 30) * 0xBF58_476D_1CE4_E5B9 % 2**64
        z = (z ^ z >> 27) * 0x94D0_49BB_1331_11EB % 2**64
        return z ^ z >> 31

    def pick(self, low: int, high: int) -> int:
        """A number from low to high, both included. Raises ValueError if low is above high."""
        if low > high:
            raise ValueError(f"pick({low}, {high}): nothing to pick from")
        return low + self.next_u64() % (high - low + 1)


rng = Random()


# The event loops --------------------------------------------------------------------------------------------------


# The names of the callbacks that run a task's next step, in C and in Python. A task's other methods wake nothing.
STEPS = ("", "task_wakeup", "__step", "__wakeup")


class NumberedTask(asyncio.Task):  # type: ignore[type-arg]
    """A task whose place in a set comes from its number, not from its address in memory.

    asyncio keeps tasks in sets and cancels them in the order of the set. The numbers make it the same in every process.
    """

    numbers = itertools.count()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._number = next(self.numbers)
        super().__init__(*arguments, **options)

    def __hash__(self) -> int:
        return self._number


class SeesWakes(asyncio.BaseEventLoop):
    """An event loop that sees which task is woken: every wake passes the task's next step to `call_soon`.

    If a task kept the thread and a timer fires late, the wake is recorded at the time for which the timer was set.
    """

    _due: float | None = None  # When the timer whose callback runs was due.

    def _timed(self, when: float, callback: Callable[..., Any]) -> Callable[..., Any]:
        """Wraps a timer's callback. While it runs, `_due` is the time for which the timer was set."""

        @functools.wraps(callback)
        def fired(*args: Any) -> None:
            self._due = when
            try:
                callback(*args)
            finally:
                self._due = None

        return fired

    def call_at(self, when: float, callback: Callable[..., Any], *args: Any, context: Any = None) -> asyncio.TimerHandle:
        """Sets a timer, as every loop does."""
        return super().call_at(when, self._timed(when, callback), *args, context=context)

    def call_soon(self, callback: Callable[..., Any], *args: Any, context: Any = None) -> asyncio.Handle:
        """Schedules the callback for the loop's next turn, as every loop does."""
        task = getattr(callback, "__self__", None)
        if isinstance(task, asyncio.Task) and getattr(callback, "__name__", "") in STEPS:
            recorder.wake(task, 0 if self._due is None else max(0, round((self.time() - self._due) * 1e6)))
        return super().call_soon(callback, *args, context=context)


class RealLoop(SeesWakes, asyncio.ProactorEventLoop if sys.platform == "win32" else asyncio.SelectorEventLoop):  # type: ignore[misc]
    """The loop that asyncio itself would make, which here also sees wakes."""


class VirtualClockError(RuntimeError):
    """The virtual clock cannot go on: an operation that it does not have, a deadlock, or its limit."""


class Jump(selectors.SelectSelector):
    """Sets the clock forward instead of waiting. The loop waits only when no task is ready."""

    now = 0  # In microseconds.

    def select(self, timeout: float | None = None) -> list[Any]:
        """Moves the clock by `timeout` seconds and returns at once. None means a deadlock. Raises VirtualClockError."""
        if timeout is None:
            at = seconds(self.now).strip()
            if threading.active_count() > 1:
                raise VirtualClockError(
                    f"At {at} s every task waits, perhaps for a thread, which has no virtual clock: leave out --fast;"
                    f" {recorder.waiting()}."
                )
            raise VirtualClockError(f"Deadlock at {at} s: every task waits and no timer is set; {recorder.waiting()}.")
        self.now = round((self.now / 1e6 + timeout) * 1e6)
        if self.now > LIMIT:
            raise VirtualClockError(f"The story goes on after 3,600 virtual seconds; {recorder.waiting()}.")
        return []


class Timer(asyncio.TimerHandle):
    """A timer that fires after the timers that were set before it for the same instant."""

    number = 0

    def __lt__(self, other: object) -> bool:
        return (self.when(), self.number) < (other.when(), other.number) if isinstance(other, Timer) else NotImplemented


class VirtualLoop(SeesWakes, asyncio.SelectorEventLoop):
    """An event loop on virtual time: when every task waits, its clock jumps to the next timer.

    Timers are rounded to whole microseconds, so that sums of floats do not drift: 0.1 and then 0.2 seconds end at the
    same time as 0.3 seconds. Timers of one instant fire in the order in which they were set. This is so on the real
    clock too, where the later timer is due a moment later.
    """

    def __init__(self) -> None:
        self._jump = Jump()
        self._timers = 0
        super().__init__(self._jump)
        self._clock_resolution = 0.5e-6  # The loop fires all timers due within this time together.

    def microseconds(self) -> int:
        """The time in whole microseconds."""
        return self._jump.now

    def time(self) -> float:
        """The time in seconds, equal to the due timer's own time."""
        return self._jump.now / 1e6

    def call_at(  # type: ignore[override]
        self, when: float, callback: Callable[..., Any], *args: Any, context: Any = None
    ) -> Timer:
        """Sets a timer, as every loop does. A time far beyond the limit is cut, as the story ends before it."""
        when = round(min(when, LIMIT / 1e5) * 1e6) / 1e6
        timer = Timer(when, self._timed(when, callback), args, self, context)
        timer.number = self._timers = self._timers + 1
        heapq.heappush(self._scheduled, timer)  # type: ignore[attr-defined]
        timer._scheduled = True  # type: ignore[attr-defined]
        return timer


def block(duration: float) -> None:
    """Keeps the thread for `duration` seconds, as real work would. Unlike `time.sleep`, it also moves the virtual clock."""
    loop = asyncio.get_running_loop()
    if isinstance(loop, VirtualLoop):
        loop._jump.now += round(duration * 1e6)
    else:
        time.sleep(duration)


def refuse(name: str) -> Callable[..., NoReturn]:
    """Makes a method that refuses the operation of this name on the virtual clock."""

    def refused(self: VirtualLoop, *arguments: Any, **keywords: Any) -> NoReturn:
        raise VirtualClockError(
            f"The virtual clock has no threads, processes, signals or sockets ({name}): leave out --fast."
        )

    return refused


OUTSIDE = re.compile(
    "run_in_executor|subprocess_|add_(reader|writer|signal)|connect_|create_(connection|server|datagram|unix)"
    "|sendfile|sock_|start_tls"
)
for _name in filter(OUTSIDE.match, dir(asyncio.SelectorEventLoop)):
    setattr(VirtualLoop, _name, refuse(_name))


# Telling ----------------------------------------------------------------------------------------------------------


def tell(
    main: Callable[..., Coroutine[Any, Any, Any]], naive: Callable[..., Coroutine[Any, Any, Any]] | None = None
) -> None:
    """Runs a story as the command line asks. It is all that a twin's `if __name__ == "__main__"` needs.

    Every parameter of `main` needs a default and a type (int, float, str or bool) and becomes a flag. `naive`, the
    version that goes wrong, gets the flags whose parameters it has. The recording ends when `main` ends, so a task that
    outlives `main` is still open there.

    Exit codes: 1 after an exception (one line on standard error) or a deadlock, 2 for a wrong flag or if the story could not begin, 130 after Ctrl-C.
    """
    global recorder
    topic = Path(inspect.getfile(main)).resolve().parent.name
    options = read_flags(topic, main, naive)
    seed, fast, json_file = options.pop("seed"), options.pop("fast"), options.pop("json")
    story = naive if naive is not None and options.pop("naive") else main
    title = f"{topic}{', naive' if story is naive else ''}, in asyncio"
    unasked = 1 if fast else random.randrange(1_000_000)
    rng.state = unasked if seed is None else seed
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    print_line(f"{title}: {'virtual' if fast else 'real'} clock, seed {rng.state}")

    if not fast and "ENDS_WITH_STDIN" in os.environ:
        threading.Thread(target=leave_with_stdin, args=(json_file,), daemon=True).start()

    def interrupted(*_: object) -> None:
        leave(130)

    signal.signal(signal.SIGINT, interrupted)
    try:
        with asyncio.Runner(loop_factory=VirtualLoop if fast else RealLoop) as runner:
            loop = runner.get_loop()
            loop.set_task_factory(lambda loop, coro, **options: NumberedTask(coro, loop=loop, **options))
            if not fast and sys.platform != "win32":
                # A signal just before the loop begins to wait does not end the wait; this handler does.
                loop.add_signal_handler(signal.SIGINT, interrupted)
                signal.signal(signal.SIGINT, interrupted)
            recorder = Recorder(title, json_file, loop.microseconds if isinstance(loop, VirtualLoop) else None)
            known = inspect.signature(story).parameters
            try:
                runner.run(record(story(**{name: value for name, value in options.items() if name in known})))
            except VirtualClockError as stuck:  # A stuck task would not clean up either.
                complain(stuck)
                leave(1)
            finally:
                recorder.finish()
    except (Exception, asyncio.CancelledError) as error:
        complain(in_short(error))
        sys.exit(1)


@contextlib.contextmanager
def recording(file: str, title: str = "") -> Iterator[Recorder]:
    """Records a program that has a command line and an `asyncio.run` of its own, on the real clock.

    Every lane made in the block belongs to the recording. The recording is written to `file` when the block ends, also
    after an exception. Its title is the program's name, unless you give one. Raises OSError if the file cannot be written.

        with recording("jobs.json"):
            asyncio.run(main())
    """
    global recorder
    before, recorder = recorder, Recorder(title or Path(sys.argv[0]).stem, file)
    try:
        yield recorder
    finally:
        recorder.finish()
        recorder = before


async def record(story: Coroutine[Any, Any, Any]) -> None:
    """Runs the story and ends the recording with it, before leftover tasks are cancelled."""
    try:
        await story
    except BaseException as error:
        if error.__traceback__ is not None and error.__traceback__.tb_next is not None:
            error.__traceback__.tb_next.tb_frame.clear()  # Ends what only its variables kept alive, as a return would.
        raise
    finally:
        recorder.finish()


def in_short(error: BaseException) -> str:
    """An exception in one line: `ValueError: no such user`; a group names its members."""
    text = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(":")
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return text + (f": {'; '.join(map(in_short, inner))}" if inner else "")


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one sentence."""

    def error(self, message: str) -> NoReturn:
        """Says what is wrong on standard error and exits with 2."""
        self.exit(2, fitted(re.sub(r"^argument (\S+): ", r"\1 ", message) + ".", sys.stderr) + "\n")


def read_flags(topic: str, main: Callable[..., Any], naive: Callable[..., Any] | None) -> dict[str, Any]:
    """The values of the flags by parameter name, with `seed`, `fast`, `json` and, if there is one, `naive`.

    Exits with 2 and one sentence for a wrong flag. Raises KeyError for a parameter of a type that has no flag.
    """
    parser = Parser(description=sys.modules["__main__"].__doc__, allow_abbrev=False)
    for name, parameter in inspect.signature(main, eval_str=True).parameters.items():
        flag, default, kind = "--" + name.replace("_", "-"), parameter.default, parameter.annotation
        if kind is bool:
            parser.add_argument(flag, action=argparse.BooleanOptionalAction, default=default)
        else:
            parser.add_argument(flag, type=READERS[kind], default=default, help="default: %(default)s")
    parser.add_argument("--seed", type=whole, help="the seed of all randomness; without it, 1 with --fast, else a random one")
    parser.add_argument("--fast", action="store_true", help="run on the virtual clock, at once")
    parser.add_argument("--json", metavar="FILE", help="write the recording to FILE")
    if naive is not None:
        parser.add_argument("--naive", action="store_true", help="the version that goes wrong")
    options, unknown = parser.parse_known_args()
    values = vars(options)
    if unknown:
        flags = ", ".join("--" + name.replace("_", "-") for name in values)
        parser.error(f"{unknown[0]} is not a flag of {topic}'s asyncio twin, which has {flags}")
    if options.json is not None and not Path(options.json).resolve().parent.is_dir():
        parser.error(f"--json needs a file in a folder that exists, not {options.json!r}")
    return values


def whole(text: str) -> int:
    """Reads an unsigned 64-bit number."""
    if not re.fullmatch("[0-9]+", text) or int(text) >= 2**64:
        raise argparse.ArgumentTypeError(f"needs a whole number from 0 to 2**64 - 1, not {text!r}")
    return int(text)


def number(text: str) -> float:
    """Reads a number that is not negative."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"needs a number from 0, not {text!r}")
    return value


READERS: dict[Any, Callable[[str], Any]] = {int: whole, float: number, str: str}
