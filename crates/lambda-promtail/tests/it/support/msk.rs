//! A log of an Amazon MSK broker with a stack trace.

use std::fmt::Write;

/// The key of an object of Amazon MSK.
pub const MSK_KEY: &str = "AWSLogs/111122223333/KafkaBrokerLogs/eu-west-1/orders-7f6b9b77-24f9-4921-87b6-d29a6401e292-3/2026-03-04-05/Broker-1_05-06_cab960bb.log.gz";
/// The number of lines that are not empty, including those of the stack trace.
pub const LINES: usize = 40_000;
/// The number of lines of the stack trace, which have no time.
pub const WITHOUT_TIME: usize = 3;
/// The time when the object was written, in seconds since the epoch: 2026-03-04T09:00:00Z, three hours after its last
/// line, as for a copy of an object.
pub const WRITTEN: i64 = 1_772_614_800;

/// Returns the lines from midnight to six on 2026-03-04, with one stack trace in the middle.
pub fn object_with_stack_trace() -> String {
    let mut text = String::new();
    let timed = LINES - WITHOUT_TIME;
    for number in 0..timed {
        let millis = number * 6 * 3_600_000 / timed;
        let (hour, minute) = (millis / 3_600_000, millis / 60_000 % 60);
        let (second, millis) = (millis / 1_000 % 60, millis % 1_000);
        let is_error = number == timed / 2;
        let level = if is_error { "ERROR" } else { "INFO" };
        writeln!(
            text,
            "[2026-03-04 {hour:02}:{minute:02}:{second:02},{millis:03}] {level} append {number} (kafka.server.ReplicaManager)"
        )
        .unwrap();
        if is_error {
            text += "java.lang.IllegalStateException: x\n\tat kafka.server.A.b(A.scala:1)\n\nCaused by: java.io.IOException: y\n";
        }
    }
    text
}
