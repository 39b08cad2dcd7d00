//! What `--cost` measures, and within which limits.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sync_vs_async::cost::{
    Case, Cost, Memory, Room, measure, room_for_tasks, room_for_threads, tell, too_few, within_room,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_sync-vs-async");
#[cfg(target_os = "linux")]
const MIB: u64 = 1024 * 1024;

#[test]
fn each_case_starts_as_many_as_it_was_told() {
    for case in [Case::Thread, Case::Task] {
        assert_eq!(measure(Path::new(PROGRAM), case, 50).unwrap().count, 50, "{case}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_thread_of_the_standard_library_reserves_two_mebibytes() {
    let memory = measure(Path::new(PROGRAM), Case::Thread, 200).unwrap().memory.unwrap();
    assert!((2 * MIB..2 * MIB + MIB / 4).contains(&(memory.reserved / 200)), "{memory:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_thread_uses_a_fraction_of_what_it_reserves() {
    let memory = measure(Path::new(PROGRAM), Case::Thread, 200).unwrap().memory.unwrap();
    assert!(memory.resident < memory.reserved / 20, "{memory:?}");
    assert!(memory.kernel < memory.reserved, "{memory:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_waiting_task_takes_a_fraction_of_what_a_waiting_thread_takes() {
    let thread = measure(Path::new(PROGRAM), Case::Thread, 200).unwrap().memory.unwrap();
    let task = measure(Path::new(PROGRAM), Case::Task, 20_000).unwrap().memory.unwrap();
    assert!(task.resident / 20_000 < (thread.resident + thread.kernel) / 200 / 5, "{task:?} {thread:?}");
}

#[test]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn a_python_thread_reserves_the_stack_size_of_ulimit() {
    if room::python().is_none() {
        return;
    }
    let cost = measure(Path::new(PROGRAM), Case::PythonThread, 200).unwrap();
    let limits = fs::read_to_string("/proc/self/limits").unwrap();
    let stack = limits.lines().find_map(|line| line.strip_prefix("Max stack size")).unwrap();
    // With no limit set, glibc takes its own default for the architecture.
    let Ok(stack) = stack.split_whitespace().next().unwrap().parse::<u64>() else { return };
    let each = cost.memory.unwrap().reserved / 200;
    assert!((stack..stack + MIB).contains(&each), "{each} for stacks of {stack}");
}

#[test]
#[cfg(target_os = "linux")]
fn an_asyncio_task_takes_more_than_a_tokio_task() {
    if room::python().is_none() {
        return;
    }
    let asyncio = measure(Path::new(PROGRAM), Case::PythonTask, 20_000).unwrap();
    let tokio = measure(Path::new(PROGRAM), Case::Task, 20_000).unwrap();
    assert!(asyncio.memory.unwrap().resident > tokio.memory.unwrap().resident, "{asyncio:?} {tokio:?}");
}

#[test]
fn the_table_has_a_row_for_every_case_and_says_once_what_bounds_the_threads() {
    let machine = machine("table", &[("sys/fs/cgroup/pids.max", "60\n"), ("sys/fs/cgroup/pids.current", "20\n")]);
    let mut table = Vec::new();
    tell(Path::new(PROGRAM), &machine, 50, |line| table.push(line));
    for (case, count) in [("Rust thread", "20"), ("Python thread", "20"), ("Tokio task", "50"), ("asyncio task", "50")]
    {
        let row = table.iter().find(|line| line.starts_with(case));
        let row = row.unwrap_or_else(|| panic!("{case} is missing in {table:#?}"));
        let measured = room::python().is_some() || ["Rust thread", "Tokio task"].contains(&case);
        assert_eq!(row.split_whitespace().nth(2), Some(if measured { count } else { "not" }), "{row}");
    }
    let bound = "20 threads instead of 50, to stay well within pids.max of its cgroup.";
    assert_eq!(table.iter().filter(|line| *line == bound).count(), 1, "{table:#?}");
    assert!(!table.iter().any(|line| line.contains("gave no more")), "{table:#?}");
    let too_wide = |line: &&String| line.chars().count() > 80 && !line.contains("not measured here");
    assert_eq!(table.iter().find(too_wide), None, "wider than a terminal of 80 columns");
}

#[test]
fn fewer_threads_than_asked_for_are_a_sentence_below_the_table() {
    let sentence = "Rust thread: the operating system gave no more than 1,234.";
    assert_eq!(too_few(Case::Thread, 1_235, 1_234).as_deref(), Some(sentence));
    assert_eq!(too_few(Case::Thread, 1_234, 1_234), None);
}

#[test]
fn a_program_that_is_not_there_is_an_error() {
    let error = measure(Path::new("no-such-program"), Case::Task, 1).unwrap_err();
    assert_eq!(error.to_string(), "there is no no-such-program");
}

#[test]
fn a_large_machine_measures_the_wanted_number() {
    let machine = machine("roomy", &[]);
    assert_eq!(within_room(Case::Thread, Case::Thread.wanted(), &machine), (10_000, None));
    assert_eq!(within_room(Case::Task, Case::Task.wanted(), &machine), (100_000, None));
}

#[test]
fn a_container_with_a_pids_limit_measures_half_of_what_is_left() {
    let machine = machine("container", &[("sys/fs/cgroup/pids.max", "400\n"), ("sys/fs/cgroup/pids.current", "100\n")]);
    let (count, sentence) = within_room(Case::Thread, 10_000, &machine);
    assert_eq!(count, 150);
    assert_eq!(sentence.unwrap(), "150 threads instead of 10,000, to stay well within pids.max of its cgroup.");
    assert_eq!(within_room(Case::Thread, 150, &machine), (150, None));
    assert_eq!(within_room(Case::Thread, 149, &machine), (149, None));
}

#[test]
fn the_first_version_of_cgroups_is_read_too() {
    let files = [
        ("proc/self/cgroup", "8:pids:/a/b\n9:name=systemd:/\n0::/\n"),
        ("sys/fs/cgroup/pids/a/pids.max", "1000\n"),
        ("sys/fs/cgroup/pids/a/pids.current", "200\n"),
    ];
    let room = room_for_threads(&machine("older", &files));
    assert_eq!(room, Some(Room { most: 400, limit: "pids.max of its cgroup" }));
}

#[test]
fn each_limit_of_a_machine_counts() {
    // The file, what it says, what the limit is called, and how many threads it leaves.
    let limits = [
        ("proc/self/limits", "Max processes  1000  2000  processes \n", "RLIMIT_NPROC", 450),
        ("proc/self/limits", "Max address space  1048576000  unlimited  bytes \n", "RLIMIT_AS", 100),
        ("proc/sys/kernel/threads-max", "1100\n", "threads-max", 500),
        ("proc/sys/kernel/pid_max", "1100\n", "pid_max", 500),
        ("proc/sys/vm/max_map_count", "400\n", "max_map_count", 100),
        ("proc/meminfo", "MemTotal:  999999999 kB\nMemAvailable:  128000 kB\n", "the free memory", 1_000),
    ];
    for (file, text, limit, most) in limits {
        assert_eq!(room_for_threads(&machine(limit, &[(file, text)])), Some(Room { most, limit }));
    }
}

#[test]
fn the_limits_of_the_cgroups_above_count_too() {
    let files = [
        ("proc/self/cgroup", "0::/a/b\n"),
        ("sys/fs/cgroup/a/pids.max", "400\n"),
        ("sys/fs/cgroup/a/pids.current", "100\n"),
    ];
    let room = room_for_threads(&machine("above", &files));
    assert_eq!(room, Some(Room { most: 150, limit: "pids.max of its cgroup" }));
}

#[test]
fn the_memory_of_a_cgroup_counts_in_both_versions() {
    let newer = [
        ("proc/self/cgroup", "0::/\n"),
        ("sys/fs/cgroup/memory.max", "141072000\n"),
        ("sys/fs/cgroup/memory.current", "10000000\n"),
    ];
    let older = [
        ("proc/self/cgroup", "4:memory:/a\n"),
        ("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "141072000\n"),
        ("sys/fs/cgroup/memory/a/memory.usage_in_bytes", "10000000\n"),
    ];
    for (name, files) in [("newer memory", newer), ("older memory", older)] {
        let room = room_for_threads(&machine(name, &files));
        assert_eq!(room, Some(Room { most: 1_000, limit: "the free memory" }), "{name}");
    }
}

#[test]
fn a_row_shows_the_share_of_one() {
    let memory = Memory { reserved: 200 * 2 * 1024 * 1024, resident: 200 * 9_728, kernel: 200 * 512 };
    let cost = Cost { count: 200, memory: Some(memory), took: Duration::from_micros(7_940) };
    assert_eq!(cost.to_string(), "     200    2.0 MiB    9.5 KiB      512 B    39.7 µs");
}

#[test]
fn a_small_memory_bounds_the_tasks() {
    let files = [("proc/meminfo", "MemTotal:  512000 kB\nMemAvailable:   80000 kB\n")];
    assert_eq!(room_for_tasks(&machine("small", &files)), Some(Room { most: 10_000, limit: "the free memory" }));
}

#[test]
fn a_machine_without_readable_limits_measures_a_thousand_threads() {
    let nowhere = Path::new(env!("CARGO_TARGET_TMPDIR")).join("nowhere");
    let sentence = "1,000 threads instead of 10,000: the limits of this system cannot be read.";
    assert_eq!(within_room(Case::Thread, 10_000, &nowhere), (1_000, Some(sentence.to_owned())));
    assert_eq!(within_room(Case::Thread, 1_000, &nowhere), (1_000, None));
    assert_eq!(within_room(Case::Thread, 999, &nowhere), (999, None));
    assert_eq!(within_room(Case::Task, 100_000, &nowhere), (100_000, None));
}

/// A folder that looks like the root of a Linux machine of this name, with these files changed.
fn machine(name: &str, changed: &[(&str, &str)]) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("machines").join(name);
    let files = [
        ("proc/loadavg", "0.54 0.50 0.41 2/100 1234\n"),
        ("proc/meminfo", "MemAvailable:   8000000 kB\n"),
        ("proc/self/cgroup", "0::/\n"),
        ("proc/self/limits", "Max processes             unlimited            unlimited            processes \n"),
        ("proc/sys/kernel/pid_max", "4194304\n"),
        ("proc/sys/kernel/threads-max", "63000\n"),
        ("proc/sys/vm/max_map_count", "65530\n"),
    ];
    let _ = fs::remove_dir_all(&root);
    for (file, text) in files.iter().chain(changed) {
        let file = root.join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    root
}
