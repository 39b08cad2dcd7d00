//! How many threads and tasks a measurement may start on this machine.

use std::fs;
use std::path::Path;

/// How many threads or tasks a measurement may start, and which limit decides that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// At most this many.
    pub most: u64,
    /// The name that the operating system gives to the limit.
    pub limit: &'static str,
}

/// A thread in Python, resident and in the kernel, with a margin.
const BYTES_A_THREAD: u64 = 64 * 1024;
/// A thread's stack in Python, with a margin.
const RESERVED_A_THREAD: u64 = 10 * 1024 * 1024;
/// A thread's stack and its signal stack, each with a guard page.
const MAPPINGS_A_THREAD: u64 = 4;
/// A task in asyncio, with a margin.
const BYTES_A_TASK: u64 = 4 * 1024;

/// The room for threads: what the tightest limit leaves. If other processes share a limit, only half of it counts, so that they do not run out of it.
///
/// `machine` is the folder that contains `proc` and `sys`. Outside of tests this is `/`.
/// A limit that cannot be read does not count. If no limit can be read, as on systems other than Linux, the result is `None`.
#[must_use]
pub fn room_for_threads(machine: &Path) -> Option<Room> {
    let threads_now =
        read(machine, "proc/loadavg").and_then(|text| number(text.split(['/', ' ']).nth(4)?)).unwrap_or(0);
    let left = |limit: u64| limit.saturating_sub(threads_now) / 2;
    let rooms = [
        ("RLIMIT_NPROC", process_limit(machine, "Max processes").map(left)),
        ("threads-max", one_number(machine, "proc/sys/kernel/threads-max").map(left)),
        ("pid_max", one_number(machine, "proc/sys/kernel/pid_max").map(left)),
        ("pids.max of its cgroup", cgroup_left(machine, "pids", "pids.max", "pids.current").map(|left| left / 2)),
        ("max_map_count", one_number(machine, "proc/sys/vm/max_map_count").map(|most| most / MAPPINGS_A_THREAD)),
        ("RLIMIT_AS", process_limit(machine, "Max address space").map(|most| most / RESERVED_A_THREAD)),
        ("the free memory", memory_left(machine).map(|bytes| bytes / 2 / BYTES_A_THREAD)),
    ];
    tightest(rooms)
}

/// The room for tasks: half of the free memory.
#[must_use]
pub fn room_for_tasks(machine: &Path) -> Option<Room> {
    tightest([("the free memory", memory_left(machine).map(|bytes| bytes / 2 / BYTES_A_TASK))])
}

fn tightest<const N: usize>(rooms: [(&'static str, Option<u64>); N]) -> Option<Room> {
    let rooms = rooms.into_iter().filter_map(|(limit, left)| Some(Room { most: left?, limit }));
    rooms.min_by_key(|room| room.most)
}

fn memory_left(machine: &Path) -> Option<u64> {
    let meminfo = read(machine, "proc/meminfo")?;
    let whole =
        meminfo.lines().find_map(|line| number(line.strip_prefix("MemAvailable:")?.trim().strip_suffix(" kB")?));
    let whole = whole.map(|kilobytes| kilobytes * 1024);
    // cgroups v2 and v1 use different names for the same two numbers.
    let newer = cgroup_left(machine, "memory", "memory.max", "memory.current");
    let older = cgroup_left(machine, "memory", "memory.limit_in_bytes", "memory.usage_in_bytes");
    [whole, newer, older].into_iter().flatten().min()
}

/// The soft limit of this name in `/proc/self/limits`.
fn process_limit(machine: &Path, name: &str) -> Option<u64> {
    let limits = read(machine, "proc/self/limits")?;
    limits.lines().find_map(|line| number(line.strip_prefix(name)?.split_whitespace().next()?))
}

/// What this process's cgroup and the cgroups above it leave of a resource. The tightest of them counts.
fn cgroup_left(machine: &Path, controller: &str, most: &str, current: &str) -> Option<u64> {
    let cgroups = read(machine, "proc/self/cgroup")?;
    let folders = cgroups.lines().flat_map(|line| {
        let mut fields = line.splitn(3, ':').skip(1);
        let (controllers, path) = (fields.next().unwrap_or(""), fields.next().unwrap_or(""));
        // cgroups v2 has one tree without a name. cgroups v1 has one tree for each controller.
        let tree = match controllers {
            "" => Some(machine.join("sys/fs/cgroup")),
            names => {
                names.split(',').find(|name| *name == controller).map(|name| machine.join("sys/fs/cgroup").join(name))
            }
        };
        let groups = Path::new(path.trim_start_matches('/')).ancestors();
        tree.into_iter().flat_map(move |tree| groups.map(move |group| tree.join(group)).collect::<Vec<_>>())
    });
    folders.filter_map(|folder| Some(one_number(&folder, most)?.saturating_sub(one_number(&folder, current)?))).min()
}

fn one_number(folder: &Path, file: &str) -> Option<u64> {
    number(&read(folder, file)?)
}

fn read(folder: &Path, file: &str) -> Option<String> {
    fs::read_to_string(folder.join(file)).ok()
}

/// The number in a text. "unlimited" and "max" are not numbers, and mean no limit.
fn number(text: &str) -> Option<u64> {
    text.trim().parse().ok()
}
