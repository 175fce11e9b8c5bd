//! The status of each line in access-log mode.

use aws_logs::s3::{AccessLog, ObjectType};

use crate::s3_support::read_all;

/// Returns the status of each line of an object.
fn statuses(log: AccessLog, text: &str) -> Vec<String> {
    let lines = read_all(&ObjectType::access_log(log), text.as_bytes());
    lines.into_iter().map(|line| line.status.unwrap()).collect()
}

#[test]
fn the_status_of_a_load_balancer_is_that_of_its_kind_of_log() {
    let time = "2026-03-04T05:06:07.123456Z";
    let client = "203.0.113.7:50111 10.0.3.4:8080";
    let request = r#""GET http://shop.example.com:80/ 404 HTTP/1.1" "curl 404 404""#;
    for (line, status) in [
        (
            format!("http {time} app/shop/0a1b {client} 0.001 0.012 0.000 502 200 712 1534 {request}"),
            "502",
        ),
        (
            format!("h2 {time} app/shop/0a1b 203.0.113.7:50111 - -1 -1 -1 460 - 712 0 {request}"),
            "460",
        ),
        (
            format!("wss {time} app/shop/0a1b {client} 0.001 0.012 0.000 - - 712 1534 {request}"),
            "-",
        ),
        // Classic load balancers, which have no type.
        (
            format!("{time} old-lb {client} 0.000073 0.001048 0.000057 502 200 0 29 {request} - -"),
            "502",
        ),
        // A TCP listener of a classic load balancer.
        (
            format!("{time} old-lb {client} 0.001069 0.000028 0.000041 - - 82 305 \"- - - \" \"-\" - -"),
            "-",
        ),
        // Connection logs.
        (
            format!(
                "{time} 203.0.113.7 36280 443 TLSv1.3 TLS_AES_256_GCM_SHA384 4.036 \"200\" NotBefore=2025-09-21T22:43:21Z;NotAfter=2027-06-17T22:43:21Z 404 Success TID_3180"
            ),
            "Unknown",
        ),
        (
            format!("{time} 203.0.113.7 36280 443 - - - - - - - TID_3180"),
            "Unknown",
        ),
        (
            format!("{time} 2001:db8::7 36280 443 - - - - - - - TID_3180"),
            "Unknown",
        ),
        (format!("{time} - - 443 - - - - - - - TID_3180"), "Unknown"),
        // Health check logs; one with an additional field, which AWS does not write at present.
        (
            format!("http {time} 0.002 10.0.3.4:8080 targetgroup/web/0123456789abcdef PASS 200 -"),
            "Unknown",
        ),
        (
            format!("http {time} 2 10.0.3.4:8080 targetgroup/web/0123456789abcdef PASS 200 - 200 200"),
            "Unknown",
        ),
        (
            format!("http {time} - 10.0.3.4:8080 targetgroup/web/0123456789abcdef FAIL - - 200 200"),
            "Unknown",
        ),
        // Network load balancers, with the fields of their own logs and with chosen ones.
        (
            r#"tls 2.0 2026-03-04T05:06:07 net/edge/0a1b 9f8e 203.0.113.7:50111 10.0.1.9:443 31 200 200 2210 - arn:aws:acm:eu-west-1:111122223333:certificate/aaaa-bbbb - ECDHE-RSA-AES128-GCM-SHA256 tlsv12 - api.example.com h2 h2 "h2","http/1.1" 2026-03-04T05:06:06"#.to_owned(),
            "Unknown",
        ),
        (
            format!("tls {time} net/edge/0a1b {client} 0.1 0.2 0.3 200"),
            "Unknown",
        ),
        // Values that are not statuses.
        (
            format!("http {time} app/shop/0a1b {client} 0.001 0.012 0.000 2000 200"),
            "Unknown",
        ),
        (
            format!("http {time} app/shop/0a1b {client} 0.001 0.012 0.000 ٢٠٠ 200"),
            "Unknown",
        ),
        (
            format!("http {time} app/shop/0a1b {client} 0.001 0.012 0.000 -1 200"),
            "Unknown",
        ),
        (
            format!("http {time} app/shop/0a1b {client} 0.001 0.012 0.000"),
            "Unknown",
        ),
        // Other fields in these positions.
        (
            format!("http {time} app/shop/0a1b {client} 200 200 200 200 200"),
            "Unknown",
        ),
        ("a b c d e f g h 200".to_owned(), "Unknown"),
        (String::new(), "Unknown"),
    ] {
        assert_eq!(statuses(AccessLog::Alb, &format!("{line}\n")), [status], "{line}");
    }
}

#[test]
fn the_status_of_json_is_the_member_of_that_name() {
    for (log, line, status) in [
        (
            AccessLog::Alb,
            r#"{"type":"https","elb_status_code":"200","user_agent":"a b c d e f g h 404"}"#,
            "200",
        ),
        (AccessLog::Alb, r#"{"elb_status_code":503}"#, "503"),
        (AccessLog::Alb, r#"{"elb_status_code":"-"}"#, "-"),
        (
            AccessLog::Alb,
            r#"{"user_agent":"\",\"elb_status_code\":\"404\",\"","elb_status_code":"200","elb_status_code":"404"}"#,
            "200",
        ),
        (
            AccessLog::Alb,
            r#"{"inner":{"elb_status_code":"404"},"target_status_code":"404"}"#,
            "Unknown",
        ),
        (AccessLog::Alb, r#"{"elb_status_code":["200"]}"#, "Unknown"),
        (AccessLog::Alb, r#"{"elb_status_code":"20\u0030"}"#, "Unknown"),
        (AccessLog::Alb, r#"{"status_code":"200"}"#, "Unknown"),
        (
            AccessLog::CloudFront,
            r#"{"date":"2026-03-04","time":"05:06:07","cs(User-Agent)":"sc-status","sc-status":"304"}"#,
            "304",
        ),
        (AccessLog::CloudFront, r#"{"sc-status":"000"}"#, "000"),
        (AccessLog::CloudFront, r#"{"elb_status_code":"200"}"#, "Unknown"),
        (AccessLog::Unknown, r#"{"sc-status":"304"}"#, "Unknown"),
    ] {
        assert_eq!(statuses(log, line), [status], "{line}");
    }
}

#[test]
fn the_status_is_in_the_column_that_the_header_names() {
    let (alb, cloudfront) = (AccessLog::Alb, AccessLog::CloudFront);
    for (log, header, line, status) in [
        (
            cloudfront,
            "date\ttime\tsc-status\tc-ip\tcs-method\tcs(Host)\tcs-uri-stem\tx-edge-location\tcs(User-Agent)",
            "2026-03-04\t05:06:07\t404\t203.0.113.7\tGET\td1x\t/a\tFRA60\tclient%20says%20anything",
            "404",
        ),
        // The header's delimiter may differ from that of the lines.
        (
            cloudfront,
            "date time sc-status",
            "2026-03-04|05:06:07|404",
            "404",
        ),
        (
            cloudfront,
            "date,time,sc-status",
            "2026-03-04,05:06:07,404",
            "404",
        ),
        (
            cloudfront,
            "sc-status date time",
            "404;2026-03-04;05:06:07",
            "404",
        ),
        (cloudfront, "sc-status", "404", "404"),
        (cloudfront, "date time sc-status", "2026-03-04 05:06:07 -", "-"),
        // Columns with data from a client before it.
        (
            cloudfront,
            "date time cs-uri-stem cs(User-Agent) sc-status",
            "2026-03-04\t05:06:07\t/a,200;200\tx,y;z\t404",
            "404",
        ),
        (
            cloudfront,
            "cs-uri-stem sc-status date time",
            "/a,200,b;200\t404\t2026-03-04\t05:06:07",
            "404",
        ),
        // The status is unknown if data from a client move the columns.
        (
            cloudfront,
            "date time cs(User-Agent) sc-status",
            "2026-03-04,05:06:07,x,200,404",
            "Unknown",
        ),
        (
            cloudfront,
            "cs(User-Agent) cs(Referer) sc-status",
            "x,200,y;-;404",
            "Unknown",
        ),
        (
            cloudfront,
            "date time c-ip",
            "2026-03-04\t05:06:07\t200",
            "Unknown",
        ),
        (
            cloudfront,
            "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem cs(Referer)",
            "2026-03-04\t05:06:07\tCDG50-C1\t2390\t203.0.113.7\tGET\td111\t/a\t404",
            "Unknown",
        ),
        (
            alb,
            "type time elb client_port elb_status_code",
            "https\t2026-03-04T05:06:07.123456Z\tapp/shop/0f1e\t203.0.113.7:50111\t200",
            "200",
        ),
        (
            alb,
            "time user_agent elb_status_code request_line",
            r#"2026-03-04T05:06:07.123456Z "curl 404 404" 200 "GET /404 HTTP/1.1""#,
            "200",
        ),
        (alb, "user_agent elb_status_code", "curl 404\t200", "Unknown"),
        (
            alb,
            "type time status_code",
            "http\t2026-03-04T05:06:07Z\t200",
            "Unknown",
        ),
    ] {
        let text = format!("#Version: 1.0\n#Fields: {header}\n{line}\n");
        assert_eq!(statuses(log, &text), [status], "{text}");
    }
}

#[test]
fn cloudfront_without_a_header_is_legacy_where_its_lines_begin_with_a_date() {
    for (line, status) in [
        (
            "2026-03-04\t05:06:07\tCDG50-C1\t2390\t203.0.113.7\tGET\td111abc.cloudfront.net\t/index.html\t200\t-\tcurl",
            "200",
        ),
        (
            "2026-03-04\t05:06:07\tCDG50-C1\t2390\t203.0.113.7\tGET\td111abc.cloudfront.net\t/,200,200,200,200\t000\t-\tcurl",
            "000",
        ),
        (
            "2026-03-04,05:06:07,CDG50-C1,2390,203.0.113.7,GET,d111abc.cloudfront.net,/,404,200,-",
            "Unknown",
        ),
        (
            "1772600767034\t05:06:07\tCDG50-C1\t2390\t203.0.113.7\tGET\td111abc.cloudfront.net\t/\t200",
            "Unknown",
        ),
        ("2026-03-04\t05:06:07\t200", "Unknown"),
        ("a\tb\tc\td\te\tf\tg\th\t200", "Unknown"),
    ] {
        assert_eq!(statuses(AccessLog::CloudFront, line), [status], "{line}");
    }
}
