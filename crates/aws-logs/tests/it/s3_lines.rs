//! The lines of each type of object, and their times.

use crate::s3_support;
use crate::s3_support::{
    CLOUDFRONT, FLOW_LOG, GUARDDUTY, LOAD_BALANCER, MSK, Read, S3_ACCESS, WAF, object, read_all,
};

/// The time of the sample lines, 2026-03-04T05:06:07Z, in seconds.
const AT: i128 = 1_772_600_767;
const MICROS: i128 = 123_456_000;

fn nanos(seconds: i128) -> i128 {
    seconds * 1_000_000_000
}

/// Expects an object of one line with this time, or `None` for the time when the object was written.
fn expect(key: &str, line: &str, time: Option<i128>) {
    let lines = read_all(&object(key), line.as_bytes());
    assert_eq!(
        lines,
        [Read::line(line, time.unwrap_or_else(|| s3_support::fallback(1)))],
        "{line}"
    );
}

#[test]
fn load_balancers() {
    let alb = r#"https 2026-03-04T05:06:07.123456Z app/shop/0a1b2c3d4e5f6071 203.0.113.7:50111 10.0.3.4:8080 0.001 0.012 0.000 200 200 712 1534 "GET https://shop.example.com:443/cart?id=7 HTTP/1.1" "curl/8.5.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/0123456789abcdef "Root=1-65e5a1b2-0123456789abcdef01234567" "shop.example.com" "session-reused" 1 2026-03-04T05:06:07.110000Z "forward" "-" "-" "10.0.3.4:8080" "200" "-" "-" TID_0a1b2c3d4e5f "-" "-" "-""#;
    let connection = r#"2026-03-04T05:06:07.123456Z 203.0.113.7 50111 443 TLSv1.3 TLS_AES_128_GCM_SHA256 4.012 "CN=client,O=Example" NotBefore=2026-01-01T00:00:00Z;NotAfter=2027-01-01T00:00:00Z 0ABC Success TID_0a1b2c3d4e5f"#;
    let health_check =
        "http 2026-03-04T05:06:07.123456Z 0.002 10.0.3.4:8080 targetgroup/web/0123456789abcdef PASS 200 -";
    let nlb = r#"tls 2.0 2026-03-04T05:06:07 net/edge/0a1b2c3d4e5f6071 9f8e7d6c5b4a3928 203.0.113.7:50111 10.0.1.9:443 31 9 812 2210 - arn:aws:acm:eu-west-1:111122223333:certificate/aaaa-bbbb - ECDHE-RSA-AES128-GCM-SHA256 tlsv12 - api.example.com h2 h2 "h2","http/1.1" 2026-03-04T05:06:06"#;
    let classic = r#"2026-03-04T05:06:07.123456Z old-lb 203.0.113.7:50111 10.0.3.4:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://old.example.com:80/ HTTP/1.1" "curl/8.5.0" - -"#;
    for line in [alb, connection, health_check, classic] {
        expect(LOAD_BALANCER, line, Some(nanos(AT) + MICROS));
    }
    expect(LOAD_BALANCER, nlb, Some(nanos(AT)));
    // Upstream fails on a zone without a fraction, and on one to which it appends its own.
    expect(LOAD_BALANCER, &nlb.replacen(":07 ", ":07Z ", 1), Some(nanos(AT)));
    expect(
        LOAD_BALANCER,
        &nlb.replacen(":07 ", ":07.5Z ", 1),
        Some(nanos(AT) + 500_000_000),
    );
}

#[test]
fn a_load_balancers_impossible_time_is_not_replaced_by_a_clients() {
    for line in [
        "tls 2.0 2026-02-30T05:06:07 net/edge/0 9f 203.0.113.7:50111 10.0.1.9:443 31 2026-03-04T05:06:06",
        r#"https - app/shop/0 203.0.113.7:50111 "GET /?from= 2026-03-04T05:06:07Z HTTP/1.1""#,
        "2026-13-04T05:06:07.123456Z old-lb",
        "2026-03-04T",
        "\"2026-03-04T05:06:07Z\"",
        "-",
    ] {
        expect(LOAD_BALANCER, line, None);
    }
}

#[test]
fn flow_logs_find_start_through_the_header() {
    let header = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";
    let line = "2 111122223333 eni-0a1b2c3d 10.0.1.5 203.0.113.7 443 50111 6 12 4321 1772600700 1772600760 ACCEPT OK";
    let no_data = "2 111122223333 eni-0a1b2c3d - - - - - - - 1772600700 1772600760 - NODATA";
    let skipped = "2 111122223333 eni-0a1b2c3d - - - - - - - - - - SKIPDATA";
    let object = object(FLOW_LOG);
    let start = nanos(1_772_600_700);
    assert_eq!(
        read_all(&object, [header, line, no_data, skipped].join("\n").as_bytes()),
        [
            Read::line(line, start),
            Read::line(no_data, start),
            Read::line(skipped, start + 1)
        ]
    );
    assert_eq!(read_all(&object, header.as_bytes()), []);
    // If the header is missing, the default format is assumed, and no line is lost as a header.
    expect(FLOW_LOG, line, Some(start));
    expect(FLOW_LOG, "eni-0a1b egress", None);

    for (header, line, time) in [
        ("start srcaddr", "1772600700 10.0.1.5", start),
        (
            "interface-id flow-direction end",
            "eni-0a1b egress 1772600760",
            nanos(1_772_600_760),
        ),
        ("end start type", "1772600760 1772600700 IPv4", start),
        (
            "srcaddr dstaddr action",
            "10.0.1.5 10.0.1.6 ACCEPT",
            s3_support::fallback(1),
        ),
        ("version start", "2", s3_support::fallback(1)),
        ("version start", "2 yesterday", s3_support::fallback(1)),
    ] {
        let text = format!("{header}\n{line}\n");
        assert_eq!(
            read_all(&object, text.as_bytes()),
            [Read::line(line, time)],
            "{text}"
        );
    }
    // Concatenated objects, each with its header.
    assert_eq!(
        read_all(&object, b"start end\n1772600700 -\nend start\n- 1772600700\n"),
        [
            Read::line("1772600700 -", start),
            Read::line("- 1772600700", start)
        ]
    );
}

#[test]
fn transit_gateway_flow_logs_are_flow_logs() {
    let header = "version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id tgw-dst-subnet-id tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id srcaddr dstaddr srcport dstport protocol packets bytes start end log-status type packets-lost-no-route packets-lost-blackhole packets-lost-mtu-exceeded packets-lost-ttl-expired tcp-flags region flow-direction pkt-src-aws-service pkt-dst-aws-service";
    let line = "6 TransitGateway 111122223333 tgw-0 tgw-attach-0 111122223333 111122223333 vpc-0 vpc-1 subnet-0 subnet-1 eni-0 eni-1 use1-az1 use1-az2 tgw-attach-1 10.0.0.1 10.1.0.1 443 50111 6 12 4321 1772600700 1772600760 OK IPv4 0 0 0 0 19 us-east-1 ingress - -";
    assert_eq!(
        read_all(&object(FLOW_LOG), format!("{header}\n{line}").as_bytes()),
        [Read::line(line, nanos(1_772_600_700))]
    );
}

#[test]
fn cloudfront_in_all_its_formats() {
    let legacy = "2026-03-04\t05:06:07\tCDG50-C1\t2390\t203.0.113.7\tGET\td111abc.cloudfront.net\t/index.html\t200\t-\tcurl/8.5.0\t-\t-\tHit\treqid==\twww.example.com\thttps\t23\t0.001\t-\tTLSv1.3\tTLS_AES_128_GCM_SHA256\tHit\tHTTP/2.0\t-\t-\t11040\t0.001\tHit\ttext/html\t78\t-\t-";
    let json = r#"{"date":"2026-03-04","time":"05:06:07","x-edge-location":"CDG50-C1","sc-bytes":"2390","c-ip":"203.0.113.7","cs-method":"GET","cs(Host)":"d111abc.cloudfront.net","sc-status":"200"}"#;
    let object = object(CLOUDFRONT);
    let header = "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host)\n";
    assert_eq!(
        read_all(&object, format!("{header}{legacy}\n{legacy}").as_bytes()),
        [Read::line(legacy, nanos(AT)), Read::line(legacy, nanos(AT))]
    );
    assert_eq!(read_all(&object, header.as_bytes()), []);
    // Without a header upstream loses the first two lines.
    expect(CLOUDFRONT, legacy, Some(nanos(AT)));
    expect(CLOUDFRONT, json, Some(nanos(AT)));
    assert_eq!(read_all(&object, [json; 3].join("\n").as_bytes()).len(), 3);

    for (text, time) in [
        (
            "#Fields: x-edge-location date time\nCDG\t2026-03-04\t05:06:07",
            nanos(AT),
        ),
        (
            "#Fields: time c-ip date\n05:06:07,203.0.113.7,2026-03-04",
            nanos(AT),
        ),
        (
            "#Fields: date time c-ip\n2026-03-04 05:06:07 203.0.113.7",
            nanos(AT),
        ),
        (
            "#Fields: c-ip timestamp(ms)\n203.0.113.7\t1772600767034",
            nanos(AT) + 34_000_000,
        ),
        (
            "#Fields: c-ip sc-status\n203.0.113.7\t200",
            s3_support::fallback(1),
        ),
        (
            "#Fields: date time\n2026-03-04\t25:06:07",
            s3_support::fallback(1),
        ),
        // Delimited lines without a header: the date may be anywhere.
        ("CDG50-C1|2026-03-04|05:06:07|10:20:30", nanos(AT)),
        ("203.0.113.7\t/a:b", s3_support::fallback(1)),
        (
            r#"{"timestamp(ms)":"1772600767034","c-ip":"::1"}"#,
            nanos(AT) + 34_000_000,
        ),
        (r#"{"c-ip":"203.0.113.7"}"#, s3_support::fallback(1)),
        (r#"{"date":"2026-03-04","time":"#, s3_support::fallback(1)),
    ] {
        let line = text.rsplit('\n').next().unwrap();
        assert_eq!(
            read_all(&object, text.as_bytes()),
            [Read::line(line, time)],
            "{text}"
        );
    }
}

#[test]
fn waf_reads_its_own_milliseconds() {
    let line = r#"{"timestamp":1772600767034,"formatVersion":1,"webaclId":"arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/edge/aaaa","terminatingRuleId":"Default_Action","terminatingRuleType":"REGULAR","action":"ALLOW","httpSourceName":"ALB","httpSourceId":"111122223333-app/shop/0a1b","httpRequest":{"clientIp":"203.0.113.7","country":"FR","headers":[],"uri":"/","args":"","httpVersion":"HTTP/2.0","httpMethod":"GET","requestId":"1-65e5"}}"#;
    expect(WAF, line, Some(nanos(AT) + 34_000_000));
    for (line, time) in [
        (r#"{"timestamp":1772600767005,"action":"BLOCK"}"#, Some(5_000_000)),
        (r#"{"action":"BLOCK","timestamp": 1772600767000}"#, Some(0)),
        (
            r#"{"httpRequest":{"timestamp":1},"timestamp":1772600767120}"#,
            Some(120_000_000),
        ),
        (r#"{"httpRequest":{"timestamp":1772600767120}}"#, None),
        (r#"{"args":"\"timestamp\":1772600767120,"}"#, None),
        (r#"{"timestamp":-5}"#, None),
        ("not JSON", None),
    ] {
        expect(WAF, line, time.map(|millis| nanos(AT) + millis));
    }
}

#[test]
fn guardduty_findings_have_the_time_of_their_last_change() {
    let line = r#"{"schemaVersion":"2.0","accountId":"111122223333","region":"eu-west-1","partition":"aws","id":"aabbcc","type":"Recon:EC2/PortProbeUnprotectedPort","severity":2,"createdAt":"2026-03-04T05:06:07.123Z","updatedAt":"2026-03-04T05:16:07.123Z","title":"t","description":"d","resource":{},"service":{}}"#;
    let created = nanos(AT) + 123_000_000;
    expect(GUARDDUTY, line, Some(created + nanos(600)));
    for (line, time) in [
        (r#"{"createdAt":"2026-03-04T05:06:07.123Z"}"#, Some(created)),
        (
            r#"{"updatedAt":null,"createdAt":"2026-03-04T05:06:07.123Z"}"#,
            Some(created),
        ),
        (
            r#"{"service":{"eventLastSeen":"2026-03-04T05:06:07.123Z"}}"#,
            Some(created),
        ),
        (r#"{"service":{"updatedAt":"2026-03-04T05:06:07.123Z"}}"#, None),
        (r#"{"service":"eventLastSeen"}"#, None),
    ] {
        expect(GUARDDUTY, line, time);
    }
}

#[test]
fn kafka_brokers_stack_traces_keep_their_order() {
    let first = "[2026-03-04 05:06:07,123] INFO [GroupCoordinator 1]: Preparing to rebalance group g1 (kafka.coordinator.group.GroupCoordinator)";
    let trace = "\tat kafka.server.KafkaApis.handle(KafkaApis.scala:1)";
    assert_eq!(
        read_all(&object(MSK), [first, trace, trace].join("\n").as_bytes()),
        [
            Read::line(first, nanos(AT) + 123_000_000),
            Read::line(trace, nanos(AT) + 123_000_001),
            Read::line(trace, nanos(AT) + 123_000_002)
        ]
    );
}

#[test]
fn s3_access() {
    let line = r#"79a5 my-bucket [04/Mar/2026:05:06:07 +0000] 203.0.113.7 arn:aws:iam::111122223333:user/ann 3E57427F3EXAMPLE REST.GET.OBJECT img/a%2520b.png "GET /my-bucket/img/a%20b.png HTTP/1.1" 200 - 1024 1024 12 11 "-" "aws-cli/2.15" - hostid= SigV4 TLS_AES_128_GCM_SHA256 AuthHeader my-bucket.s3.eu-west-1.amazonaws.com TLSv1.3 - - eu-west-1"#;
    expect(S3_ACCESS, line, Some(nanos(AT)));
    expect(S3_ACCESS, &line.replace("04/Mar", "31/Feb"), None);
}
