//! The processor time of a process, as Linux counts it.

use std::time::Duration;

/// Returns the processor time of all threads that still run, in user and in kernel mode.
pub(super) fn time(pid: u32) -> Duration {
    let path = format!("/proc/{pid}/task");
    let tasks = std::fs::read_dir(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let tasks = tasks.map(|task| task.unwrap().path().join("schedstat"));
    // A thread may end between listing and reading.
    let times = tasks.filter_map(|path| std::fs::read_to_string(path).ok());
    times.map(|times| first_number(&times)).sum()
}

/// Returns the first number of a `schedstat` file, which is the time on a processor in nanoseconds ("Scheduler
/// Statistics" in the kernel's documentation).
fn first_number(times: &str) -> Duration {
    let nanos = times.split(' ').next().and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(nanos.unwrap_or_else(|| panic!("schedstat should start with a number: {times:?}")))
}
