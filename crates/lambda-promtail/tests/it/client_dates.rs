//! Dates in text that a client sent never become the time of a line, shown with the real binary.

use testkit::compress::gzip;

use crate::support::objects::{Entries, WRITTEN, assert_redelivered, deliver};

const LOAD_BALANCER: &str = "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/11/24/06/111122223333_elasticloadbalancing_eu-west-1_app.shop.0f1e2d3c4b5a6978_20261124T0610Z_1f2e3d4d.log.gz";
const CLOUDFRONT: &str = "AWSLogs/111122223333/CloudFront/E1ABCDEFGHIJKL.2026-11-24-06.1a2b3c50.gz";
const FLOW_LOG: &str = "AWSLogs/111122223333/vpcflowlogs/eu-west-1/2026/11/24/111122223333_vpcflowlogs_eu-west-1_fl-0a1b2c3d4e5f60718_20261124T0605Z_1f2e3d4c.log.gz";
const WAF: &str = "AWSLogs/111122223333/WAFLogs/eu-west-1/edge/2026/11/24/06/05/111122223333_waflogs_eu-west-1_edge_20261124T0605Z_e0ca43b5.log.gz";
const CLOUDTRAIL: &str = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/24/111122223333_CloudTrail_eu-west-1_20261124T0610Z_4jhzXFO2Jlvu2b3y.json.gz";
const S3_ACCESS: &str = "111122223333/eu-west-1/my-bucket/2026/11/24/2026-11-24-06-07-08-E568B2907131C0C0";
/// 2026-11-24T06:07:08Z in nanoseconds.
const AT: i128 = 1_795_500_428_000_000_000;
const MICROS: i128 = 123_456_000;

/// Delivers the text as a gzipped object twice, and returns the entries that arrive.
async fn delivered(key: &str, text: &str) -> Entries {
    let objects = [(key, gzip(text.as_bytes()))];
    let delivered = deliver(&objects, &[]).await;
    assert_redelivered(&objects, &[], &delivered).await;
    delivered
}

/// Checks that the object's only line is this, with this time.
async fn expect(key: &str, text: &str, line: &str, time: i128) {
    let entries = delivered(key, text).await;
    let found: Vec<(i128, &str)> = entries.iter().map(|(_, time, line)| (*time, &**line)).collect();
    assert_eq!(found, [(time, line)], "{text}");
}

/// Checks that the object's only line is this, and that it has no time of its own.
async fn expect_no_time(key: &str, line: &str) {
    let entries = delivered(key, line).await;
    let [(_, time, found)] = &entries[..] else {
        panic!("{entries:?}");
    };
    assert_eq!(found, line);
    assert!((WRITTEN..WRITTEN + 1000).contains(time), "{time} of {line}");
}

#[tokio::test]
async fn load_balancers_lines_have_the_time_that_aws_wrote() {
    let json = r#"{"type":"https","time":"2026-11-24T06:07:08.123456Z","elb":"app/shop/0f1e2d3c4b5a6978","client_port":"203.0.113.7:50111","elb_status_code":"200","request_line":"GET https://shop.example.com:443/ HTTP/1.1","user_agent":"x 2019-01-01T00:00:00Z y"}"#;
    expect(LOAD_BALANCER, &format!("{json}\n"), json, AT + MICROS).await;
    let nested = r#"{"x":{"time":"2019-01-01T00:00:00Z"},"user_agent":"\",\"time\":\"2019-01-01T00:00:00Z","time":"2026-11-24T06:07:08.123456Z"}"#;
    expect(LOAD_BALANCER, nested, nested, AT + MICROS).await;

    let header = "#Version: 1.0\n#Fields: type time elb client_port elb_status_code\n";
    let w3c = "https\t2026-11-24T06:07:08.123456Z\tapp/shop/0f1e2d3c4b5a6978\t203.0.113.7:50111\t200";
    expect(LOAD_BALANCER, &format!("{header}{w3c}\n"), w3c, AT + MICROS).await;
    let client_first = "\"2019-01-01T00:00:00Z x\" 2026-11-24T06:07:08.123456Z";
    let text = format!("#Fields: user_agent time\n{client_first}");
    expect(LOAD_BALANCER, &text, client_first, AT + MICROS).await;

    expect_no_time(LOAD_BALANCER, r#"{"user_agent":"x 2019-01-01T00:00:00Z y"}"#).await;
    expect_no_time(LOAD_BALANCER, "https\t-\t\"GET /\"\t\"x 2019-01-01T00:00:00Z y\"").await;
}

#[tokio::test]
async fn cloudfronts_lines_have_the_time_that_aws_wrote() {
    let legacy = "2026-11-24\t06:07:08\tFRA60-P1\t2390\t203.0.113.7\tGET\td1x\t/a\t304\t2019-01-01\t00:00:00";
    expect(CLOUDFRONT, legacy, legacy, AT).await;
    let millis = "1795500428123\t203.0.113.7\t200";
    expect(CLOUDFRONT, millis, millis, AT + 123_000_000).await;
    let chosen = "FRA60-P1|2026-11-24|06:07:08|2019-01-01|00:00:00";
    expect(CLOUDFRONT, chosen, chosen, AT).await;

    for line in [
        "203.0.113.7\tGET\t/a\t2019-01-01,00:00:00",
        "203.0.113.7\tGET\t/a\t2019-01-01\t00:00:00",
        "GET d1x /a?2019-01-01|00:00:00",
        r#"{"c-ip":"203.0.113.7","cs(User-Agent)":"2019-01-01,00:00:00"}"#,
    ] {
        expect_no_time(CLOUDFRONT, line).await;
    }
}

#[tokio::test]
async fn other_logs_have_the_time_that_aws_wrote() {
    let waf = r#"{"httpRequest":{"timestamp":1546300800000,"args":"\"timestamp\":1546300800000,"},"timestamp":1795500428000}"#;
    expect(WAF, waf, waf, AT).await;
    let event = r#"{"requestParameters":{"eventTime":"2019-01-01T00:00:00Z"},"userAgent":"\"eventTime\":\"2019-01-01T00:00:00Z\"","eventTime":"2026-11-24T06:07:08Z"}"#;
    expect(CLOUDTRAIL, &format!(r#"{{"Records":[{event}]}}"#), event, AT).await;
    let access = r#"79a5 my-bucket [24/Nov/2026:06:07:08 +0000] 203.0.113.7 - 3E57 REST.GET.OBJECT k "GET /k?[01/Jan/2019:00:00:00 +0000] HTTP/1.1" 200 -"#;
    expect(S3_ACCESS, access, access, AT).await;
    let cut = r#"k "GET /k?[01/Jan/2019:00:00:00 +0000] HTTP/1.1" 200 -"#;
    expect_no_time(S3_ACCESS, cut).await;
}

#[tokio::test]
async fn a_flow_logs_header_is_never_a_line() {
    for (header, line) in [
        ("encryption-status resource-id next-hop-vpc-id", "3 r-1 vpc-9"),
        ("traffic-path ecs-task-id", "8 0a1b"),
        ("packets-lost-no-route tgw-src-eni", "0 eni-0a1b"),
    ] {
        let entries = delivered(FLOW_LOG, &format!("{header}\n{line}\n")).await;
        let lines: Vec<&str> = entries.iter().map(|(.., line)| &**line).collect();
        assert_eq!(lines, [line]);
    }
    // Names that users chose can contain the words of a header.
    let text = "ecs-cluster-name ecs-service-name flow-direction start\nprod end egress 1795500428\nstart prod egress -\n";
    let entries = delivered(FLOW_LOG, text).await;
    let lines: Vec<&str> = entries.iter().map(|(.., line)| &**line).collect();
    assert!(lines.contains(&"prod end egress 1795500428"), "{lines:?}");
    assert!(lines.contains(&"start prod egress -"), "{lines:?}");
}
