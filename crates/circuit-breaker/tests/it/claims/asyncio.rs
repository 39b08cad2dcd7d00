//! The breaker that a tutorial shows, in Python itself.

use room::{run_asyncio, run_python};

/// As it is shown: nothing defines the exception that it raises.
const SHOWN: &str = "
import asyncio, time
class CircuitBreaker:
    def __init__(self, failure_threshold=5, recovery_timeout=60):
        self.failure_threshold, self.recovery_timeout = failure_threshold, recovery_timeout
        self.failures, self.last_failure_time, self.state = 0, None, 'CLOSED'
    async def call(self, coroutine):
        if self.state == 'OPEN':
            if time.time() - self.last_failure_time > self.recovery_timeout:
                self.state, self.failures = 'HALF_OPEN', 0
            else:
                raise CircuitBreakerOpenError('circuit breaker is open')
        try:
            result = await coroutine
            if self.state == 'HALF_OPEN':
                self.state = 'CLOSED'
            return result
        except Exception:
            self.failures += 1
            self.last_failure_time = time.time()
            if self.failures >= self.failure_threshold:
                self.state = 'OPEN'
            raise
async def down():
    raise ConnectionError
async def up():
    return 'answer'
async def fails(breaker, times=5):
    for _ in range(times):
        try: await breaker.call(down())
        except ConnectionError: pass
async def after_the_pause(breaker):
    await fails(breaker)
    assert breaker.state == 'OPEN'
    breaker.last_failure_time -= 61
";

/// What mends the name.
const MENDED: &str = "
class CircuitBreakerOpenError(Exception): pass
";

fn shown(script: &str) {
    run_asyncio(&format!("{SHOWN}{MENDED}{script}"));
}

#[test]
fn the_tutorials_breaker_raises_a_name_error_when_it_is_to_refuse() {
    run_asyncio(&format!(
        "{SHOWN}
async def main():
    breaker, work = CircuitBreaker(), up()
    await fails(breaker)
    try: await breaker.call(work)
    except NameError as error: assert 'CircuitBreakerOpenError' in str(error)
    else: assert False
    work.close()"
    ));
}

#[test]
fn the_tutorials_breaker_lets_fifty_of_fifty_through_after_the_pause() {
    shown(
        "
async def main():
    breaker, called, gate = CircuitBreaker(), 0, asyncio.Event()
    async def backend():
        nonlocal called
        called += 1
        await gate.wait()
    await after_the_pause(breaker)
    callers = [asyncio.create_task(breaker.call(backend())) for _ in range(50)]
    await asyncio.sleep(0)
    assert called == 50, called
    gate.set()
    await asyncio.gather(*callers)",
    );
}

#[test]
fn the_tutorials_breaker_needs_five_new_failures_to_open_again() {
    shown(
        "
async def main():
    breaker = CircuitBreaker()
    await after_the_pause(breaker)
    await fails(breaker, 4)
    assert breaker.state == 'HALF_OPEN'
    await fails(breaker, 1)
    assert breaker.state == 'OPEN'",
    );
}

#[test]
fn the_tutorials_breaker_adds_failures_up_over_its_life() {
    shown(
        "
async def main():
    breaker = CircuitBreaker()
    for _ in range(5):
        for _ in range(1000): await breaker.call(up())
        await fails(breaker, 1)
    assert breaker.state == 'OPEN'",
    );
}

#[test]
fn the_tutorials_breaker_stays_open_when_the_wall_clock_is_set_back() {
    shown(
        "
async def main():
    breaker, work, now = CircuitBreaker(), up(), time.time
    await fails(breaker)
    time.time = lambda: now() - 3600 + 61  # An hour back, and the pause is over.
    try: await breaker.call(work)
    except CircuitBreakerOpenError: pass
    else: assert False
    work.close()",
    );
}

#[test]
fn a_coroutine_that_a_python_breaker_refuses_is_never_awaited() {
    let printed = run_python(&format!(
        "import warnings
warnings.showwarning = lambda message, *rest: print(message)
{SHOWN}{MENDED}
async def main():
    breaker = CircuitBreaker()
    await fails(breaker)
    try: await breaker.call(up())
    except CircuitBreakerOpenError as error: print(error)
asyncio.run(main())"
    ));
    if room::python().is_some() {
        // The warning comes when the coroutine is collected, and that is the interpreter's business.
        let mut lines: Vec<_> = printed.lines().collect();
        lines.sort_unstable();
        assert_eq!(lines, ["circuit breaker is open", "coroutine 'up' was never awaited"]);
    }
}

#[test]
fn the_tutorials_breaker_counts_a_bad_request_as_a_failure() {
    shown(
        "
async def main():
    breaker = CircuitBreaker()
    async def bad_request(): raise ValueError('no such page')
    for _ in range(5):
        try: await breaker.call(bad_request())
        except ValueError: pass
    assert breaker.state == 'OPEN'",
    );
}

#[test]
fn a_cancelled_probe_of_a_python_breaker_that_catches_exception_keeps_its_place() {
    run_asyncio(
        "
class OneProbe:
    def __init__(self): self.probing = False
    async def probe(self, function):
        if self.probing: raise RuntimeError('refused')
        self.probing = True
        try: await function()
        except Exception: pass
        self.probing = False
async def main():
    breaker = OneProbe()
    probe = asyncio.create_task(breaker.probe(asyncio.Event().wait))
    await asyncio.sleep(0)
    probe.cancel()
    await asyncio.wait([probe])
    assert probe.cancelled()
    try: await breaker.probe(asyncio.Event().wait)
    except RuntimeError: pass
    else: assert False",
    );
}
