//! Access-log mode: ALB and CloudFront logs as streams of `source` and `status_code`.

use aws_logs::s3::{AccessLog, ObjectType};

use crate::s3_support::{Read, fallback, read};

/// The time of the sample lines, 2026-03-04T05:06:07Z, in nanoseconds.
const AT: i128 = 1_772_600_767_000_000_000;

#[test]
fn access_log_mode_goes_by_parts_of_bucket_and_key() {
    for (bucket, key, alb, cloudfront, log, source) in [
        (
            "logs",
            "prod-alb/x.gz",
            Some("alb"),
            Some("cdn"),
            AccessLog::Alb,
            "alb",
        ),
        ("alb-logs", "x.gz", Some("alb"), None, AccessLog::Alb, "alb"),
        (
            "logs",
            "cdn/x.gz",
            Some("alb"),
            Some("cdn"),
            AccessLog::CloudFront,
            "cloudfront",
        ),
        (
            "alb-logs",
            "cdn/x.gz",
            Some("alb"),
            Some("cdn"),
            AccessLog::Alb,
            "alb",
        ),
        (
            "logs",
            "x.gz",
            Some("alb"),
            Some("cdn"),
            AccessLog::Unknown,
            "Unknown",
        ),
        ("logs", "x.gz", Some(""), None, AccessLog::Unknown, "Unknown"),
    ] {
        assert_eq!(AccessLog::of(bucket, key, alb, cloudfront), log, "{bucket} {key}");
        assert_eq!(
            ObjectType::access_log(log).labels().to_string(),
            format!(r#"{{source="{source}"}}"#)
        );
    }
}

#[test]
fn access_log_mode_labels_each_line_with_its_status() {
    let alb = "https 2026-03-04T05:06:07.123456Z app/shop/0a 203.0.113.7:50111 10.0.3.4:8080 0.001 0.012 0.000 502 200 712 1534 \"GET / HTTP/1.1\"";
    let cloudfront =
        "2026-03-04\t05:06:07\tCDG50-C1\t2390\t203.0.113.7\tGET\td111abc.cloudfront.net\t/a b\t404\t-";
    let with_status = |log, text: &str| read(&ObjectType::access_log(log), &[text.as_bytes()]).0;
    assert_eq!(
        with_status(
            AccessLog::Alb,
            &format!("{alb}\nhttps 2026-03-04T05:06:07Z x\n# text\n")
        ),
        [
            Read::with_status(alb, AT + 123_456_000, "502"),
            Read::with_status("https 2026-03-04T05:06:07Z x", AT, "Unknown"),
            Read::with_status("# text", AT + 1, "Unknown"),
        ]
    );
    let header = "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer)\n";
    assert_eq!(
        with_status(AccessLog::CloudFront, &format!("{header}{cloudfront}\n")),
        [Read::with_status(cloudfront, AT, "404")]
    );
    assert_eq!(
        with_status(AccessLog::Unknown, alb),
        [Read::with_status(alb, fallback(0), "Unknown")]
    );
    assert_eq!(
        with_status(AccessLog::Alb, "1 2 3 4 5 6 7 8  10")[0]
            .status
            .as_deref(),
        Some("Unknown"),
        "an empty field is no status"
    );
}
