//! The function with as much memory as Lambda gives it.

use std::path::Path;

use serde_json::{Value, json};
use testkit::lambda::{Lambda, LambdaBuilder};

/// Starts the program with 128 MB, as the system enforces it.
///
/// `RLIMIT_DATA` counts what a process may write and shares with nobody, heap and stacks (Linux 4.7 and later). Unlike a
/// cgroup it needs no rights, and unlike `RLIMIT_AS` it does not count what is mapped and never written, such as 64 MB
/// of address space for each further arena of glibc's. An allocation beyond it fails, and the process aborts, where
/// Lambda would kill it.
pub fn within_128_mb(program: impl AsRef<Path>) -> LambdaBuilder {
    Lambda::builder("/bin/sh")
        .arg("-c")
        .arg("ulimit -d 131072 && exec \"$0\"")
        .arg(program.as_ref())
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
}

/// A batch of SQS messages that each hold another event.
pub fn sqs(messages: &[(&str, String)]) -> String {
    let messages: Vec<Value> = messages
        .iter()
        .map(|(id, body)| json!({"messageId": id, "eventSource": "aws:sqs", "body": body}))
        .collect();
    json!({"Records": messages}).to_string()
}
