//! The position of the time that AWS wrote in each log, whatever a client sent.

use crate::s3_support;
use crate::s3_support::{CLOUDFRONT, FLOW_LOG, LOAD_BALANCER, Read, S3_ACCESS, WAF, object, read_all};

/// The time of the sample lines, 2026-03-04T05:06:07Z, in nanoseconds.
const AT: i128 = 1_772_600_767_000_000_000;
const MICROS: i128 = 123_456_000;

/// Expects that the only line of the object is its last, and has this time.
fn expect(key: &str, text: &str, time: i128) {
    let line = text.rsplit('\n').next().unwrap();
    assert_eq!(
        read_all(&object(key), text.as_bytes()),
        [Read::line(line, time)],
        "{text}"
    );
}

/// Expects that the only line of the object is its last, and has no time of its own.
fn expect_no_time(key: &str, text: &str) {
    let lines = read_all(&object(key), text.as_bytes());
    let [line] = &lines[..] else {
        panic!("{lines:?}");
    };
    assert_eq!(Some(&*line.text), text.rsplit('\n').next());
    let fallbacks = s3_support::fallback(0)..s3_support::fallback(1000);
    assert!(fallbacks.contains(&line.nanos), "{} of {text}", line.nanos);
}

#[test]
fn load_balancers_json_has_its_time_in_a_member() {
    let time = r#""time":"2026-03-04T05:06:07.123456Z""#;
    for line in [
        format!(
            r#"{{"type":"https",{time},"elb":"app/shop/0f1e","elb_status_code":"200","user_agent":"x 2019-01-01T00:00:00Z y"}}"#
        ),
        format!(r#"{{"user_agent":"x 2019-01-01T00:00:00Z \",\"time\":\"2019-01-01T00:00:00Z",{time}}}"#),
        format!(r#"{{"inner":{{"time":"2019-01-01T00:00:00Z"}},{time},"time":"2019-01-01T00:00:00Z"}}"#),
    ] {
        expect(LOAD_BALANCER, &line, AT + MICROS);
    }
    for line in [
        r#"{"request_creation_time":"2026-03-04T05:06:07Z","user_agent":"x 2019-01-01T00:00:00Z y"}"#,
        r#"{"time":1772600767,"user_agent":"2019-01-01T00:00:00Z"}"#,
        r#"{"ti\u006de":"2019-01-01T00:00:00Z"}"#,
        r#"{ 2019-01-01T00:00:00Z "#,
    ] {
        expect_no_time(LOAD_BALANCER, line);
    }
}

#[test]
fn load_balancers_w3c_has_its_time_in_a_column() {
    let object = object(LOAD_BALANCER);
    let line = "https\t2026-03-04T05:06:07.123456Z\tapp/shop/0f1e\t203.0.113.7:50111\t200";
    let header = "#Version: 1.0\n#Fields: type time elb client_port elb_status_code\n";
    let expected = Read::line(line, AT + MICROS);
    assert_eq!(
        read_all(
            &object,
            format!("{header}{line}\n{line}\n{header}{line}").as_bytes()
        ),
        [expected.clone(), expected.clone(), expected]
    );
    assert_eq!(read_all(&object, header.as_bytes()), []);
    for (names, line, time) in [
        (
            "user_agent\ttime",
            "2019-01-01T00:00:00Z\t2026-03-04T05:06:07Z",
            AT,
        ),
        (
            "elb user_agent time",
            r#"app/shop/0f1e "x 2019-01-01T00:00:00Z" 2026-03-04T05:06:07Z"#,
            AT,
        ),
        ("time", "2026-03-04T05:06:07Z", AT),
        // In a column with data from a client, JSON is a value like others.
        (
            "user_agent time",
            "{\"time\":\"2019-01-01T00:00:00Z\"}\t2026-03-04T05:06:07Z",
            AT,
        ),
    ] {
        let text = format!("#Fields: {names}\n{line}");
        assert_eq!(
            read_all(&object, text.as_bytes()),
            [Read::line(line, time)],
            "{text}"
        );
    }
    for text in [
        "#Fields: elb user_agent\napp/shop/0f1e\t2019-01-01T00:00:00Z",
        "#Fields: time user_agent\n-\t2019-01-01T00:00:00Z",
    ] {
        expect_no_time(LOAD_BALANCER, text);
    }
    // An empty line is a line, and does not determine the format.
    let lines = read_all(&object, format!("\n{header}{line}").as_bytes());
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[1].nanos, AT + MICROS);
}

#[test]
fn a_line_of_a_load_balancer_is_not_lost_to_a_number_sign() {
    let object = object(LOAD_BALANCER);
    for text in [
        "https 2026-03-04T05:06:07Z x\n#Fields: time\n#Version: 1.0",
        "# text\n#Fields\n#fields: time",
    ] {
        let lines: Vec<String> = read_all(&object, text.as_bytes())
            .into_iter()
            .map(|line| line.text)
            .collect();
        assert_eq!(lines.join("\n"), text);
    }
}

#[test]
fn load_balancers_lines_have_their_time_before_anything_of_a_client() {
    for (line, time) in [
        // Chosen fields in these positions.
        ("https\t2026-03-04T05:06:07Z\tapp/shop/0", Some(AT)),
        (
            "app/shop/0,203.0.113.7:50111,2026-03-04T05:06:07Z,2019-01-01T00:00:00Z",
            Some(AT),
        ),
        ("2026-03-04T05:06:07Z", Some(AT)),
        ("https\t-\t\"GET / HTTP/1.1\"\t\"x 2019-01-01T00:00:00Z y\"", None),
        ("\"x 2019-01-01T00:00:00Z y\" https", None),
        (
            "tls 2.0 - net/edge/0 9f 203.0.113.7:50111 10.0.1.9:443 31 9 812 2210 - arn - c tlsv12 - 2019-01-01T00:00:00Z",
            None,
        ),
    ] {
        match time {
            Some(time) => expect(LOAD_BALANCER, line, time),
            None => expect_no_time(LOAD_BALANCER, line),
        }
    }
}

#[test]
fn flow_logs_headers_are_told_from_records() {
    let object = object(FLOW_LOG);
    for (text, lines) in [
        (
            "encryption-status resource-id next-hop-vpc-id\n3 r-1 vpc-9",
            vec!["3 r-1 vpc-9"],
        ),
        ("encryption-status\n2", vec!["2"]),
        ("traffic-path sublocation-type\n- -", vec!["- -"]),
        (
            "ecs-cluster-name ecs-service-name flow-direction\nprod start egress\nend start egress",
            vec!["prod start egress", "end start egress"],
        ),
        (
            "packets-lost-blackhole tgw-src-az-id\n0 use1-az1",
            vec!["0 use1-az1"],
        ),
        // The header of an object that was appended.
        (
            "start resource-id\n1772600700 -\nstart resource-id\n1772600700 -",
            vec!["1772600700 -", "1772600700 -"],
        ),
        (
            "encryption-status resource-id new\n3 r-1 vpc-9\nencryption-status resource-id new\n3 r-1 vpc-9",
            vec!["3 r-1 vpc-9", "3 r-1 vpc-9"],
        ),
        ("prod version egress", vec!["prod version egress"]),
        ("eni-0a1b egress", vec!["eni-0a1b egress"]),
    ] {
        let found: Vec<String> = read_all(&object, text.as_bytes())
            .into_iter()
            .map(|line| line.text)
            .collect();
        assert_eq!(found, lines, "{text}");
    }
}

#[test]
fn cloudfronts_clients_make_no_times() {
    for text in [
        "203.0.113.7\tGET\t/a\t2019-01-01\t00:00:00",
        "203.0.113.7\tGET\t/a\tx,2019-01-01,00:00:00",
        "-\t2019-01-01\t00:00:00",
        "2026-02-30\t05:06:07\tCDG50-C1\t2390\t203.0.113.7\tGET\td1\t/\t200\t2019-01-01\t00:00:00",
        "2026-03-04\t05:06:07,200\t/,2019-01-01,00:00:00",
        "#Fields: c-ip cs(User-Agent)\n203.0.113.7\t2019-01-01,00:00:00",
        "#Fields: date time cs(User-Agent)\n2026-03-04\t05:06:07x\t2019-01-01",
        "#Fields: cs(User-Agent) cs(Referer) date time\n2019-01-01,00:00:00,2026-03-04,05:06:07,x",
    ] {
        expect_no_time(CLOUDFRONT, text);
    }
}

#[test]
fn cloudfronts_lines_without_a_header_have_their_time_before_anything_of_a_client() {
    for (text, time) in [
        ("FRA60\t203.0.113.7\t0.001\t2026-03-04\t05:06:07", AT),
        (
            "1772600767034\t203.0.113.7\t200\t2019-01-01\t00:00:00",
            AT + 34_000_000,
        ),
        (
            "#Fields: cs(User-Agent) date time\n2019-01-01,00:00:00\t2026-03-04\t05:06:07",
            AT,
        ),
        (
            r#"{"cs(User-Agent)":"\",\"date\":\"2019-01-01","date":"2026-03-04","date":"2019-01-01","time":"05:06:07"}"#,
            AT,
        ),
    ] {
        expect(CLOUDFRONT, text, time);
    }
}

#[test]
fn the_first_member_of_a_name_counts() {
    let line = r#"{"timestamp":1772600767120,"timestamp":1546300800000}"#;
    expect(WAF, line, AT + 120_000_000);
}

#[test]
fn half_a_line_of_s3_has_no_time() {
    expect_no_time(
        S3_ACCESS,
        r#"img/[04/Mar/2026:05:06:07 +0000] "GET / HTTP/1.1" 200 -"#,
    );
}
