"""The story of async-files in asyncio: cargo run -p async-files -- --asyncio."""

import asyncio
import json
import os
import tempfile
from pathlib import Path

from story import lane, say, tell

LINES = 150_000
LONGEST = 200
BEAT = 0.02
WRITES = 0.09
LOOKS = 0.03
PIECE = 64 * 1024


def save(path, text):
    temporary = tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False)
    try:
        with temporary:
            temporary.write(text)
            temporary.flush()
            os.fsync(temporary.fileno())
        os.replace(temporary.name, path)
    except BaseException:
        os.unlink(temporary.name)
        raise
    sync_folder(path.parent)


def sync_folder(folder):
    if os.name == "posix":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


async def upper_case(folder):
    text = await asyncio.to_thread((folder / "greeting").read_text)
    await asyncio.to_thread(save, folder / "greeting", text.upper())
    say(f"wrote {await asyncio.to_thread((folder / 'greeting').read_text)}")


async def count_up(folder):
    counter = json.loads(await asyncio.to_thread((folder / "counter.json").read_text))
    counter["runs"] += 1
    await asyncio.to_thread(save, folder / "counter.json", json.dumps(counter, separators=(",", ":")))
    say(f"wrote {await asyncio.to_thread((folder / 'counter.json').read_text)}")


async def errors(folder, piece):
    count, errors, cut = 0, 0, 0
    with await asyncio.to_thread(open, folder / "log", encoding="utf-8", errors="replace") as log:
        while lines := await asyncio.to_thread(log.readlines, piece):
            count += len(lines)
            errors += sum("ERROR" in line for line in lines)
            cut += sum(len(line) > LONGEST for line in lines)
    say(f"{errors} of {count} lines are errors, {cut} was too long")


async def full_disk(folder):
    def write():
        with open(os.open(folder / "counter.json", os.O_RDONLY), "wb") as file:
            file.write(b"lost")  # Into the buffer. The error comes when `with` closes the file.

    await asyncio.to_thread(write)
    say("wrote to the full disk")


async def copy_log(folder):
    with open(folder / "log", "rb") as source, open(folder / "log.copy", "wb") as target:
        length, copied, quarters = os.fstat(source.fileno()).st_size, 0, 0
        while piece := await asyncio.to_thread(source.read, PIECE):
            await asyncio.to_thread(target.write, piece)
            copied += len(piece)
            while quarters < copied * 4 // length:
                quarters += 1
                say(f"{quarters * 25} % are copied")


async def grows(folder, asked):
    with open(folder / "growing", "ab", buffering=0) as file:
        for half in ["tea ", "is ready\n", "cake ", "is not\n"]:
            await asked.get()
            await asyncio.sleep(WRITES)
            say(f"writes {json.dumps(half)}")
            await asyncio.to_thread(file.write, half.encode())


async def next_line(file):
    line = ""
    while not line.endswith("\n"):
        read = await asyncio.to_thread(file.readline)
        line += read
        if not read:
            await asyncio.sleep(LOOKS)
    return line.rstrip("\n")


async def follow(folder, grow):
    with open(folder / "growing", encoding="utf-8", errors="replace") as file:
        for _ in range(2):
            for _ in range(2):
                await grow.put(None)
            say(f"reads {json.dumps(await next_line(file))}")


async def heart():
    while True:
        await asyncio.sleep(BEAT)


def make_files(folder):
    (folder / "greeting").write_text("hello, disk")
    (folder / "counter.json").write_text('{"runs":1}')
    (folder / "growing").write_text("")
    with open(folder / "log", "wb") as log:
        for number in range(LINES):
            level = "ERROR" if number % 60_000 == 59_999 else "INFO"
            log.write(f"{number:06} {level} a visitor came, looked at the teapot, and left again\n".encode())
        log.write(f"{LINES:06} INFO {'very ' * 200}\n".encode())
        log.write(b"150001 ERROR a caf\xe9 that is not UTF-8\n")


async def main(piece: int = 4096):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_files(folder)
        beating = asyncio.create_task(lane("heart", heart()))
        await lane("upper case", upper_case(folder))
        await lane("counter", count_up(folder))
        await lane("errors", errors(folder, piece))
        try:
            await lane("full disk", full_disk(folder))
        except OSError:
            say("the full disk is an error")
        await lane("copy", copy_log(folder))
        asked = asyncio.Queue(1)
        async with asyncio.TaskGroup() as group:
            group.create_task(lane("follow", follow(folder, asked)))
            group.create_task(lane("writer", grows(folder, asked)))
        beating.cancel()
        await asyncio.wait([beating])


if __name__ == "__main__":
    tell(main)
