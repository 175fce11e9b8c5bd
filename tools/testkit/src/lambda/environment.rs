//! The environment of a function's process.

use std::collections::BTreeMap;

/// The name of the function.
pub const FUNCTION_NAME: &str = "lambda-promtail";

/// Returns the variables that Lambda sets for a custom runtime, without the address of the Runtime API.
pub(super) fn of_lambda() -> BTreeMap<String, String> {
    [
        ("AWS_ACCESS_KEY_ID", "ASIATESTKITTESTKIT00"),
        ("AWS_DEFAULT_REGION", "eu-west-1"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
        ("AWS_LAMBDA_FUNCTION_NAME", FUNCTION_NAME),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/lambda-promtail"),
        (
            "AWS_LAMBDA_LOG_STREAM_NAME",
            "2024/01/01/[$LATEST]0123456789abcdef0123456789abcdef",
        ),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_SECRET_ACCESS_KEY", "testkit-secret-access-key"),
        ("AWS_SESSION_TOKEN", "testkit-session-token"),
        ("LAMBDA_RUNTIME_DIR", "/var/runtime"),
        ("LAMBDA_TASK_ROOT", "/var/task"),
        ("LANG", "en_US.UTF-8"),
        ("PATH", "/usr/local/bin:/usr/bin:/bin"),
        ("TZ", ":UTC"),
        ("_HANDLER", "bootstrap"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

/// Returns the function's ARN, which each invocation contains.
pub(super) fn function_arn() -> String {
    format!("arn:aws:lambda:eu-west-1:123456789012:function:{FUNCTION_NAME}")
}
