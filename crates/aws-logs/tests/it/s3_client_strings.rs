//! Tests that data from a client change neither the time of a line nor its status.

use aws_logs::s3::{AccessLog, ObjectType};
use proptest::prelude::*;
use serde_json::json;

use crate::s3_support;
use crate::s3_support::{
    BEDROCK, CLIENT_VPN, CLOUDFRONT, GUARDDUTY, NETWORK_FIREWALL, R53_RESOLVER, REDSHIFT, S3_ACCESS,
    VERIFIED_ACCESS, VPC_LATTICE, WAF, object, read_all,
};

/// The time of all lines, 2026-03-04T05:06:07Z, in nanoseconds.
const AT: i128 = 1_772_600_767_000_000_000;

/// Generates strings with everything that is significant in one of the formats.
fn client_string() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(vec![
            " ",
            "\t",
            ",",
            ";",
            "|",
            "\"",
            "\\",
            "#Fields: time elb_status_code",
            "{",
            "}",
            "\":",
            "2019-01-01T00:00:00Z",
            "2019-01-01",
            "00:00:00",
            "1546300800000",
            "[01/Jan/2019:00:00:00 +0000]",
            "\"time\":\"2019-01-01T00:00:00Z\"",
            "\"timestamp\":1546300800000",
            "\"elb_status_code\":\"404\"",
            "404",
            "https",
            "tls",
            "-",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// Encodes a value as CloudFront does ("Standard log file fields").
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            0..=32 | 127.. => format!("%{byte:02X}"),
            b'<' | b'>' | b'"' | b'\'' | b'`' | b'#' | b'%' | b'{' | b'}' | b'[' | b']' | b'|' | b'\\'
            | b'^' | b'~' => format!("%{byte:02X}"),
            _ => char::from(byte).to_string(),
        })
        .collect()
}

/// Encodes a value as a load balancer does between quotes.
fn quoted(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            0..=31 | 127.. | b'"' | b'\\' => format!("\\x{byte:02X}"),
            _ => char::from(byte).to_string(),
        })
        .collect()
}

/// Returns the time and status of the only line.
fn read_one(object: &ObjectType, text: &str) -> (i128, Option<String>) {
    let mut lines = read_all(object, text.as_bytes());
    assert_eq!(lines.len(), 1, "{text}");
    let line = lines.remove(0);
    (line.nanos, line.status)
}

fn status(status: &str) -> Option<String> {
    Some(status.to_owned())
}

proptest! {
    #[test]
    fn load_balancers(one in client_string(), other in client_string()) {
        let object = ObjectType::access_log(AccessLog::Alb);
        let (a, b) = (quoted(&one), quoted(&other));
        let client = "203.0.113.7:50111 10.0.3.4:80 0.001 0.012 0.000 502 200 712 1534";
        let time = "2026-03-04T05:06:07.000000Z";
        for line in [
            format!("https {time} app/shop/0a1b {client} \"{a}\" \"{b}\" - - -"),
            format!("{time} old-lb {client} \"{a}\" \"{b}\" - -"),
            json!({"user_agent": one, "time": time, "elb_status_code": "502", "x": {"time": one}, "request_line": other}).to_string(),
            format!("#Fields: time elb_status_code user_agent request_line\n{time}\t502\t{a}\t{b}"),
            format!("#Fields: time user_agent request_line elb_status_code\n{time} \"{a}\" \"{b}\" 502"),
            format!("#Fields: user_agent request_line time elb_status_code type\n\"{a}\" \"{b}\" {time} 502 https"),
        ] {
            prop_assert_eq!(read_one(&object, &line), (AT, status("502")), "{}", line);
        }
        for line in [
            format!("{time} 203.0.113.7 36280 443 TLSv1.3 TLS_AES_256_GCM_SHA384 4.036 \"{a}\" NotBefore=2019-01-01T00:00:00Z;NotAfter=2027-06-17T22:43:21Z 404 Success TID_1"),
            format!("tls 2.0 2026-03-04T05:06:07 net/edge/0a 9f8e 203.0.113.7:50111 10.0.1.9:443 31 9 200 200 - arn - c tlsv12 - {} h2 h2 \"{a}\" 2019-01-01T00:00:00", encoded(&other)),
        ] {
            prop_assert_eq!(read_one(&object, &line), (AT, status("Unknown")), "{}", line);
        }
    }

    #[test]
    fn cloudfront(one in client_string(), other in client_string()) {
        let object = ObjectType::access_log(AccessLog::CloudFront);
        let (a, b) = (encoded(&one), encoded(&other));
        let names = "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent)";
        let legacy = format!("2026-03-04\t05:06:07\tCDG50-C1\t2390\t203.0.113.7\tGET\td1.cloudfront.net\t/{a}\t502\t{b}\t{a}");
        for text in [
            legacy.clone(),
            format!("#Version: 1.0\n#Fields: {names}\n{legacy}"),
            json!({"cs(User-Agent)": one, "date": "2026-03-04", "sc-status": "502", "x": {"time": other}, "cs(Referer)": other, "time": "05:06:07"}).to_string(),
            format!("#Fields: date,time,sc-status,cs(Referer)\n2026-03-04,05:06:07,502,{a}"),
        ] {
            prop_assert_eq!(read_one(&object, &text), (AT, status("502")), "{}", text);
        }
        // Commas and semicolons are not encoded, so the line may be ambiguous with these delimiters, and then
        // has neither.
        for delimiter in ["\t", "|", " ", ",", ";"] {
            let fields = [&a[..], &b, "2026-03-04", "05:06:07", "502"].join(delimiter);
            let text = format!("#Fields: cs(Referer) cs(User-Agent) date time sc-status\n{fields}");
            let (time, found) = read_one(&object, &text);
            prop_assert!(time == AT || time >= s3_support::fallback(0), "{time} of {text}");
            prop_assert!(found == status("502") || found == status("Unknown"), "{found:?} of {text}");
        }
        // Lines without a time are not given one from data of a client.
        for text in [
            format!("203.0.113.7\tGET\t/{a}\t{b}\t{a}\t200"),
            format!("GET|{a}|{b}|200"),
            json!({"c-ip": "203.0.113.7", "cs(User-Agent)": one, "cs(Referer)": other}).to_string(),
        ] {
            prop_assert!(read_one(&object, &text).0 >= s3_support::fallback(0), "{}", text);
        }
    }

    #[test]
    fn cloudfront_connections_and_real_time(one in client_string(), other in client_string()) {
        let (a, b) = (encoded(&one), encoded(&other));
        for text in [
            json!({"tlsSni": one, "eventTimestamp": "1772600767000", "x": {"eventTimestamp": other}, "clientLeafCertSubject": other}).to_string(),
            json!({"cs-uri-stem": one, "timestamp": "1772600767.000", "cs-headers": other}).to_string(),
            format!("1772600767000\t{a}\t{b}"),
            format!("1772600767.000\t203.0.113.7\t0.002\t200\t{a}\t{b}"),
            format!("#Fields: connectionId eventTimestamp tlsSni\nx\t1772600767000\t{a}"),
        ] {
            prop_assert_eq!(read_one(&object(CLOUDFRONT), &text).0, AT, "{}", text);
        }
    }

    #[test]
    fn others(one in client_string(), other in client_string()) {
        let waf = json!({"httpRequest": {"timestamp": 1, "args": one}, "timestamp": 1_772_600_767_000_i64, "labels": [other]});
        prop_assert_eq!(read_one(&object(WAF), &waf.to_string()).0, AT);
        let finding = json!({"resource": {"updatedAt": "2019-01-01T00:00:00Z"}, "description": one, "updatedAt": "2026-03-04T05:06:07Z"});
        prop_assert_eq!(read_one(&object(GUARDDUTY), &finding.to_string()).0, AT);
        let a = quoted(&one);
        let s3 = format!("79a5 my-bucket [04/Mar/2026:05:06:07 +0000] 203.0.113.7 - 3E57 REST.GET.OBJECT k \"GET /{a} HTTP/1.1\" 200 - 1 1 1 1 \"{a}\" \"{a}\" -");
        prop_assert_eq!(read_one(&object(S3_ACCESS), &s3).0, AT);
        let s3 = json!({"key_name": one, "request_time": "2026-03-04T05:06:07.000Z", "user_agent": other});
        prop_assert_eq!(read_one(&object(S3_ACCESS), &s3.to_string()).0, AT);
    }

    #[test]
    fn json_and_audit_logs(one in client_string(), other in client_string()) {
        let at = "2026-03-04T05:06:07Z";
        for (key, line) in [
            (R53_RESOLVER, json!({"query_name": one, "query_timestamp": at, "answers": [{"Rdata": other}]})),
            (NETWORK_FIREWALL, json!({"firewall_name": "fw", "event_timestamp": "1", "event": {"http": {"url": one, "timestamp": other}, "timestamp": "2026-03-04T05:06:07.000000+0000"}})),
            (NETWORK_FIREWALL, json!({"event": {"http": {"url": one}, "timestamp": "-"}, "event_timestamp": "1772600767", "other": other})),
            (VPC_LATTICE, json!({"requestPath": one, "startTime": at, "userAgent": other})),
            (VERIFIED_ACCESS, json!({"http_request": {"time": one, "user_agent": other}, "time": "1772600767000"})),
            (CLIENT_VPN, json!({"common-name": one, "connection-start-time": "2019-01-01 00:00:00", "device-type": other, "connection-end-time": "2026-03-04 05:06:07"})),
            (BEDROCK, json!({"input": {"timestamp": "2019-01-01T00:00:00Z", "inputBodyJson": one}, "timestamp": at, "output": other})),
        ] {
            prop_assert_eq!(read_one(&object(key), &line.to_string()).0, AT, "{}", line);
        }
        // A name can contain everything but line breaks.
        let (a, b) = (one.replace(['\r', '\n'], " "), other.replace(['\r', '\n'], " "));
        for (kind, line) in [
            ("connectionlog", format!("authenticated |Wed, 4 Mar 2026 05:06:07:000|10.0.1.5 |50111 |4242|{a} |{b} |password |0")),
            ("userlog", format!("100 |{a} |{b} |create |0|0|0|infinity|4242|777|Wed, 4 Mar 2026 05:06:07:000")),
            ("useractivitylog", format!("'{at} UTC [ db=dev user=ann pid=4242 userid=100 xid=777 ]' LOG: {a} {b}")),
        ] {
            let key = REDSHIFT.replace("useractivitylog", kind);
            prop_assert_eq!(read_one(&object(&key), &line).0, AT, "{}", line);
        }
        let statement = format!("'{at} UTC [ db=dev user=ann pid=4242 userid=100 xid=777 ]' LOG: select\n--{a}\nx |Mon, 1 Jan 2019 00:00:00:000|{b}\n1|Mon, 1 Jan 2019 00:00:00:000");
        for (index, line) in (0..).zip(read_all(&object(REDSHIFT), statement.as_bytes())) {
            prop_assert_eq!(line.nanos, AT + index, "{}", statement);
        }
    }

    /// An object never leads to more streams than there are statuses, whatever its bytes are.
    #[test]
    fn a_status_is_three_digits_or_a_hyphen_or_unknown(pieces in proptest::collection::vec(client_string(), 0..20)) {
        for log in [AccessLog::Alb, AccessLog::CloudFront, AccessLog::Unknown] {
            for line in read_all(&ObjectType::access_log(log), pieces.join(" ").as_bytes()) {
                let status = line.status.unwrap();
                let digits = status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit());
                prop_assert!(digits || status == "-" || status == "Unknown", "{status}");
            }
        }
    }
}
