//! Measures subscription events, one after the other through a warm function.

use std::time::Duration;

use testkit::compress::{Level, gzip_at};
use testkit::corpora::cloudwatch;
use testkit::events;
use testkit::receiver::Receiver;

use crate::report::{Limit, Report, Row};
use crate::statistics::median;
use crate::{floor, function};

const LINES: usize = 200;
const LIMIT: f64 = 1.5;

/// Sends the function this many events, and reports the cost of one.
pub(crate) async fn measure(
    events: usize,
    rounds: usize,
    settings: &[(String, String)],
    report: &mut Report,
) {
    let payloads: Vec<Vec<u8>> = (0..events).map(payload).collect();
    let (mut costs, mut peak, mut bytes) = (Vec::new(), 0, 0);
    for _ in 0..rounds {
        let receiver = Receiver::counting().await;
        let mut lambda = function::release(settings)
            .env("WRITE_ADDRESS", receiver.url())
            .start()
            .await;
        lambda.wait_until_ready().await.unwrap();
        let before = lambda.cpu_time();
        let (mut floor, mut wall) = (Duration::ZERO, Duration::ZERO);
        for payload in &payloads {
            floor += floor::of_payload(payload);
            let invocation = lambda.invoke(events::cloudwatch_data(payload)).await;
            assert_eq!(invocation.response()["entries"], LINES, "{:?}", invocation.logs);
            wall += invocation.elapsed;
        }
        assert_eq!(
            (receiver.accepted_count(), receiver.distinct_count()),
            (events * LINES, events * LINES)
        );
        costs.push((lambda.cpu_time() - before, floor, wall));
        peak = peak.max(lambda.peak_resident_bytes());
        bytes = receiver.accepted_line_bytes();
    }
    let of_one = |times: Duration| times / events as u32;
    let ratio = |(cpu, floor, _): &(Duration, Duration, Duration)| cpu.as_secs_f64() / floor.as_secs_f64();
    let row = Row {
        name: "cloudwatch, an event",
        receiver: Duration::ZERO,
        cpu: of_one(median(costs.iter().map(|cost| cost.0))),
        floor: of_one(median(costs.iter().map(|cost| cost.1))),
        ratio: median(costs.iter().map(ratio)),
        wall: of_one(median(costs.iter().map(|cost| cost.2))),
        bytes: bytes / events as u64,
        peak,
        pushes: 1,
        lines: LINES,
    };
    report.row(&row);
    report.limit(Limit::time_at_most("CPU, times the floor", row.ratio, LIMIT));
}

/// Returns the gzipped payload of an event with lines of an application.
fn payload(number: usize) -> Vec<u8> {
    gzip_at(
        Level::default(),
        cloudwatch::delivery(number as u64, LINES as u64).as_bytes(),
    )
}
