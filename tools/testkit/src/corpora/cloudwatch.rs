//! Deliveries of a CloudWatch Logs subscription filter, with lines as an application writes them.

use std::fmt::Write;

/// The time of the first log event, 2026-03-04T05:06:07Z, in milliseconds.
const FIRST_MILLIS: u64 = 1_772_600_767_000;

/// Returns the JSON of a delivery with `events` log events, one millisecond apart. Deliveries with different
/// numbers have different lines, and a higher number has later times.
///
/// The members are in CloudWatch's order: "Using subscription filters" in the CloudWatch Logs user guide.
pub fn delivery(number: u64, events: u64) -> String {
    let mut random = fastrand::Rng::with_seed(number);
    let mut json = String::from(
        r#"{"messageType":"DATA_MESSAGE","owner":"123456789012","logGroup":"/aws/lambda/checkout","logStream":"2026/03/04/[$LATEST]6f1d","subscriptionFilters":["lambda-promtail"],"logEvents":["#,
    );
    for index in 0..events {
        let comma = if index > 0 { "," } else { "" };
        let nth = number * events + index;
        let millis = FIRST_MILLIS + nth;
        let message = serde_json::Value::from(line(&mut random));
        // Writing to a String cannot fail. Real ids are numbers like these, and ascend within a stream.
        let _ = write!(
            json,
            r#"{comma}{{"id":"{nth:056}","timestamp":{millis},"message":{message}}}"#
        );
    }
    json += "]}";
    json
}

fn line(random: &mut fastrand::Rng) -> String {
    let level = ["info", "info", "info", "warn", "error"][random.usize(0..5)];
    let path = ["orders", "cart", "users", "products"][random.usize(0..4)];
    let (trace, span) = (random.u128(..), random.u64(..));
    let (id, millis) = (random.u32(1..500_000), random.u32(1..900));
    format!(
        r#"{{"level":"{level}","logger":"com.example.shop.Checkout","thread":"worker-{}","msg":"order {id} of \"{path}\" was handled in {millis} ms","trace_id":"{trace:032x}","span_id":"{span:016x}","http":{{"method":"POST","path":"/api/v1/{path}/{id}","status":201,"user_agent":"okhttp/5.1.0"}}}}"#,
        random.u32(0..16),
    )
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::Value;

    use super::*;

    #[test]
    fn a_delivery_has_its_log_events_and_no_line_comes_twice() {
        let mut lines = HashSet::new();
        let mut last = FIRST_MILLIS - 1;
        for number in 0..3 {
            let data: Value = serde_json::from_str(&delivery(number, 40)).unwrap();
            assert_eq!(data["messageType"], "DATA_MESSAGE");
            let events = data["logEvents"].as_array().unwrap();
            assert_eq!(events.len(), 40);
            for event in events {
                let millis = event["timestamp"].as_u64().unwrap();
                assert_eq!(millis, last + 1);
                last = millis;
                let line = event["message"].as_str().unwrap();
                let parsed: Value = serde_json::from_str(line).unwrap();
                assert_eq!(parsed["http"]["status"], 201);
                assert!(lines.insert(line.to_owned()), "{line}");
            }
        }
        assert_eq!(delivery(1, 40), delivery(1, 40));
    }
}
