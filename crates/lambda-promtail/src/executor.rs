//! The threads that the function runs on.

use std::io;
use std::num::NonZero;
use std::thread;

use lambda_promtail::Environment;
use tokio::runtime::{Builder, Runtime};

/// The variable in which Lambda gives the function's memory, in MB.
const MEMORY_SIZE: &str = "AWS_LAMBDA_FUNCTION_MEMORY_SIZE";
/// The variable in which Lambda Managed Instances give the number of events that may be handled at once.
const MAX_CONCURRENCY: &str = "AWS_LAMBDA_MAX_CONCURRENCY";
/// The memory with which a function has one core, in MB: "At 1,769 MB, a function has the equivalent of one vCPU"
/// (Lambda's developer guide, "Configure function memory"). With less memory Lambda still shows two cores, but both
/// together get less time than one core has.
const ONE_CORE_MB: u64 = 1_769;

/// Returns the tokio runtime that runs the function. A function with one event at a time reads on the main thread and,
/// where there is a second core, compresses and pushes on another one. With several events at once each core has a
/// thread.
pub(crate) fn executor(environment: &impl Environment) -> io::Result<Runtime> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let number = |name| environment.text(name).and_then(|value| value.parse::<u64>().ok());
    let mut builder = if has_second_core(cores, number(MEMORY_SIZE)) {
        let is_concurrent = number(MAX_CONCURRENCY).is_some_and(|events| events > 1);
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(if is_concurrent { cores } else { 1 });
        builder
    } else {
        // Handing work over to a second thread gains nothing if both wait for the same core.
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
