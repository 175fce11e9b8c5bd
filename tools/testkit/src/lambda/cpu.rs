//! The processor time of a process, as Linux counts it.

use std::time::Duration;

/// Returns the processor time of all threads that still run, in user and in kernel mode, or `None` if the process has ended.
pub fn cpu_time(pid: u32) -> Option<Duration> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).ok()?;
    let tasks = tasks
        .map_while(Result::ok)
        .map(|task| task.path().join("schedstat"));
    // A thread may end between listing and reading.
    let times = tasks.filter_map(|path| std::fs::read_to_string(path).ok());
    Some(times.map(|times| first_number(&times)).sum())
}

/// Returns the first number of a `schedstat` file, which is the time on a processor in nanoseconds ("Scheduler
/// Statistics" in the kernel's documentation).
fn first_number(times: &str) -> Duration {
    let nanos = times.split(' ').next().and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(nanos.unwrap_or_else(|| panic!("schedstat should start with a number: {times:?}")))
}
