//! What asyncio and plain Python files do, asked of Python itself.

use room::run_asyncio;

/// A folder for the files of a script.
fn with_files(script: &str) {
    run_asyncio(&format!(
        "
import os, sys, subprocess, tempfile, threading
from pathlib import Path
folder = tempfile.TemporaryDirectory()
path = Path(folder.name) / 'file'
def takes_no_bytes():
    path.write_bytes(b'tea')
    return open(os.open(path, os.O_RDONLY), 'wb')
{script}"
    ));
}

#[test]
#[cfg(target_os = "linux")]
fn asyncio_cannot_wait_for_a_regular_file_on_linux() {
    with_files(
        "
async def main():
    path.write_bytes(b'tea')
    with open(path) as file:
        try: asyncio.get_running_loop().add_reader(file, print)
        except PermissionError: pass
        else: assert False",
    );
}

#[test]
fn asyncio_a_plain_read_blocks_the_loop_and_one_in_a_thread_does_not() {
    with_files(
        "
async def main():
    path.write_bytes(b'tea')
    ran = []
    async def other(): ran.append(1)
    task = asyncio.create_task(other())
    assert path.read_bytes() == b'tea' and ran == []
    assert await asyncio.to_thread(path.read_bytes) == b'tea' and ran == [1]
    await task",
    );
}

#[test]
fn asyncio_a_write_is_ok_and_the_end_of_with_raises_its_error() {
    with_files(
        "
async def main():
    written = []
    try:
        with takes_no_bytes() as file:
            file.write(b'cake')
            written.append(1)
    except OSError: pass
    else: assert False
    assert written == [1] and path.read_bytes() == b'tea'",
    );
}

#[test]
fn asyncio_a_file_that_is_dropped_without_close_raises_nothing_and_3_13_prints_the_error() {
    with_files(
        "
async def main():
    printed = []
    sys.unraisablehook = lambda hidden: printed.append(hidden.exc_type)
    file = takes_no_bytes()
    file.write(b'cake')
    del file
    assert printed == ([OSError] if sys.version_info >= (3, 13) else []), printed
    assert path.read_bytes() == b'tea'",
    );
}

#[test]
fn asyncio_what_was_written_is_not_there_for_the_next_reader_before_flush() {
    with_files(
        "
async def main():
    with open(path, 'w') as file:
        await asyncio.to_thread(file.write, 'tea')
        assert path.read_text() == ''
        await asyncio.to_thread(file.flush)
        assert path.read_text() == 'tea'",
    );
}

#[test]
fn asyncio_a_process_that_ends_at_once_loses_what_was_not_flushed_and_sys_exit_does_not() {
    with_files(
        "
async def main():
    for end, text in [('os._exit(0)', ''), ('sys.exit()', 'tea')]:
        program = f'import os, sys; file = open({str(path)!r}, \"w\"); file.write(\"tea\"); {end}'
        subprocess.run([sys.executable, '-c', program], check=True)
        assert path.read_text() == text",
    );
}

#[test]
fn asyncio_a_cancelled_to_thread_writes_on() {
    with_files(
        "
async def main():
    begun, gate, ended = threading.Event(), threading.Event(), threading.Event()
    def write():
        begun.set()
        gate.wait(30)
        path.write_text('tea')
        ended.set()
    task = asyncio.create_task(asyncio.to_thread(write))
    while not begun.is_set(): await asyncio.sleep(0.001)
    task.cancel()
    try: await task
    except asyncio.CancelledError: pass
    assert not path.exists()
    gate.set()
    assert ended.wait(30) and path.read_text() == 'tea'",
    );
}

#[test]
fn asyncio_text_that_is_not_utf_8_raises_and_errors_replace_does_not() {
    with_files(
        "
async def main():
    path.write_bytes(b'tea\\ncaf\\xe9\\n')
    try: path.read_text(encoding='utf-8')
    except UnicodeDecodeError: pass
    else: assert False
    assert path.read_text(encoding='utf-8', errors='replace') == 'tea\\ncaf\\ufffd\\n'",
    );
}

#[test]
fn asyncio_readline_gives_half_a_line_at_the_end_of_a_growing_file() {
    with_files(
        "
async def main():
    path.write_text('half a ')
    with open(path) as file, open(path, 'a') as log:
        assert file.readline() == 'half a '
        log.write('line\\n')
        log.flush()
        assert file.readline() == 'line\\n'",
    );
}

#[test]
fn asyncio_the_default_pool_has_at_most_32_threads() {
    with_files(
        "
async def main():
    await asyncio.to_thread(print, end='')
    pool = asyncio.get_running_loop()._default_executor
    assert pool._max_workers == min(32, (os.cpu_count() or 1) + 4) or sys.version_info >= (3, 13)
    assert pool._max_workers <= 32",
    );
}

#[test]
fn asyncio_open_in_place_empties_the_file_and_replace_does_not() {
    with_files(
        "
async def main():
    path.write_text('old')
    with open(path, 'w'): assert path.read_text() == ''
    path.write_text('old')
    new = path.with_suffix('.new')
    new.write_text('new')
    assert path.read_text() == 'old'
    os.replace(new, path)
    assert path.read_text() == 'new'",
    );
}
