//! What the tests of the real binary share.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]

use testkit::lambda::{Lambda, LambdaBuilder};
use testkit::receiver::Receiver;

pub const GROUP: &str = "/aws/lambda/checkout";
pub const OWNER: &str = "123456789012";
pub const LABELS: &str = r#"{__aws_cloudwatch_log_group="/aws/lambda/checkout", __aws_cloudwatch_owner="123456789012", __aws_log_type="cloudwatch"}"#;

/// The real binary.
pub fn function() -> LambdaBuilder {
    Lambda::builder(env!("CARGO_BIN_EXE_lambda-promtail"))
}

/// The real binary, pushing to the receiver.
pub fn pushing_to(receiver: &Receiver) -> LambdaBuilder {
    function().env("WRITE_ADDRESS", receiver.url())
}

/// A subscription event with these lines, a millisecond apart.
pub fn event(lines: &[&str]) -> String {
    let events: Vec<(i64, &str)> = (1_700_000_000_123..).zip(lines.iter().copied()).collect();
    testkit::events::cloudwatch_event(GROUP, "2026/11/23/[$LATEST]6f1d", OWNER, &events)
}
