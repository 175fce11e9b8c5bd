//! The threads the function runs on.

use std::io;
use std::num::NonZero;
use std::thread;

use lambda_promtail::Environment;
use tokio::runtime::{Builder, Runtime};

/// Set by Lambda, in MB.
const MEMORY_SIZE: &str = "AWS_LAMBDA_FUNCTION_MEMORY_SIZE";
/// Set by Lambda Managed Instances: how many events there may be at once.
const MAX_CONCURRENCY: &str = "AWS_LAMBDA_MAX_CONCURRENCY";
/// "At 1,769 MB, a function has the equivalent of one vCPU" (Lambda's developer guide, "Configure function memory").
/// With less there are two all the same, and both together get less time than one has.
const ONE_CORE_MB: u64 = 1_769;

/// Returns what runs the function. A function with one event at a time reads on this thread and, where there is a
/// second core, compresses and pushes on another. With several events at once each core has a thread.
pub(crate) fn executor(environment: &impl Environment) -> io::Result<Runtime> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let number = |name| environment.text(name).and_then(|value| value.parse::<u64>().ok());
    let mut builder = if has_second_core(cores, number(MEMORY_SIZE)) {
        let is_concurrent = number(MAX_CONCURRENCY).is_some_and(|events| events > 1);
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(if is_concurrent { cores } else { 1 });
        builder
    } else {
        // Nothing is gained by handing work over to a thread that waits for the same core.
        Builder::new_current_thread()
    };
    builder.enable_all().build()
}

fn has_second_core(cores: usize, memory_mb: Option<u64>) -> bool {
    cores > 1 && memory_mb.is_none_or(|memory| memory > ONE_CORE_MB)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_core_comes_with_the_memory() {
        for (cores, memory_mb, expected) in [
            (2, Some(128), false),
            (2, Some(1_769), false),
            (2, Some(1_770), true),
            (6, Some(10_240), true),
            (1, Some(10_240), false),
            (2, None, true),
            (1, None, false),
        ] {
            assert_eq!(
                has_second_core(cores, memory_mb),
                expected,
                "{cores} cores, {memory_mb:?} MB"
            );
        }
    }
}
