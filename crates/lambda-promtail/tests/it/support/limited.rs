//! The function with a limit on its memory.

use std::path::Path;

use serde_json::{Value, json};
use testkit::lambda::{Lambda, LambdaBuilder};

/// Returns the program with a memory limit of 128 MB that the system enforces.
///
/// `RLIMIT_DATA` counts the private writable memory of a process, heap and stacks (Linux 4.7 and later). Unlike a
/// cgroup it needs no privileges, and unlike `RLIMIT_AS` it does not count reserved address space, such as 64 MB for
/// each further arena of glibc. An allocation beyond it fails and the process aborts, where Lambda would kill it.
pub fn within_128_mb(program: impl AsRef<Path>) -> LambdaBuilder {
    Lambda::builder("/bin/sh")
        .arg("-c")
        .arg("ulimit -d 131072 && exec \"$0\"")
        .arg(program.as_ref())
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
}

/// Returns a batch of SQS messages that each hold another event.
pub fn sqs(messages: &[(&str, String)]) -> String {
    let messages: Vec<Value> = messages
        .iter()
        .map(|(id, body)| json!({"messageId": id, "eventSource": "aws:sqs", "body": body}))
        .collect();
    json!({"Records": messages}).to_string()
}
