//! Access-log mode through the real binary: each kind of log has the status that AWS writes, and a client cannot make
//! streams.

use std::collections::BTreeSet;

use testkit::compress::gzip;

use crate::support::objects::{assert_redelivered, deliver};

const FOLDER: &str = "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/11/24/";
const VARIABLES: [(&str, &str); 2] = [
    ("ALB_LOG_S3", "elasticloadbalancing"),
    ("CLOUDFRONT_LOG_S3", "cf-logs"),
];
/// 2026-11-24T06:07:08Z in nanoseconds, the time of the lines.
const AT: i128 = 1_795_500_428_000_000_000;
const MICROS: i128 = 123_456_000;

/// An object with its header and one line, and the expected `source` label, status and time.
struct Case {
    key: String,
    header: &'static str,
    line: String,
    source: &'static str,
    status: &'static str,
    time: i128,
}

fn load_balancer(
    file: &str,
    header: &'static str,
    line: impl Into<String>,
    status: &'static str,
    time: i128,
) -> Case {
    Case {
        key: format!("{FOLDER}{file}"),
        header,
        line: line.into(),
        source: "alb",
        status,
        time,
    }
}

fn cloudfront(file: &str, header: &'static str, line: impl Into<String>, status: &'static str) -> Case {
    Case {
        key: format!("cf-logs/E1ABCDEFGHIJKL.2026-11-24-06.{file}.gz"),
        header,
        line: line.into(),
        source: "cloudfront",
        status,
        time: AT,
    }
}

/// Returns logs of load balancers in the fixed format, without a choice of fields.
fn fixed_load_balancer_logs() -> Vec<Case> {
    let request = r#""GET https://shop.example.com:443/404 HTTP/1.1" "curl 404 404""#;
    let alb = format!(
        "https 2026-11-24T06:07:08.123456Z app/shop/0f1e 203.0.113.7:50111 10.0.3.4:8080 0.001 0.012 0.000 502 200 712 1534 {request}"
    );
    let classic = format!(
        "2026-11-24T06:07:08.123456Z old-lb 203.0.113.7:50111 10.0.3.4:80 0.000073 0.001048 0.000057 502 200 0 29 {request} - -"
    );
    let connection = r#"2026-11-24T06:07:08.123456Z 203.0.113.7 36280 443 TLSv1.3 TLS_AES_256_GCM_SHA384 4.036 "CN=client,O=Client Chosen Words" NotBefore=2025-09-21T22:43:21Z;NotAfter=2027-06-17T22:43:21Z 0ABC Success TID_3180 X25519MLKEM768"#;
    let health_check =
        "http 2026-11-24T06:07:08.123456Z 0.002 10.0.3.4:8080 targetgroup/web/0123456789abcdef PASS 200 -";
    let nlb = r#"tls 2.0 2026-11-24T06:07:08 net/edge/0a1b 9f8e 203.0.113.7:50111 10.0.1.9:443 31 200 812 2210 - arn:aws:acm:eu-west-1:111122223333:certificate/aaaa - ECDHE-RSA-AES128-GCM-SHA256 tlsv12 - api.example.com h2 h2 "h2","http/1.1" 2026-11-24T06:07:07"#;
    let name = "111122223333_elasticloadbalancing_eu-west-1";
    let app = "app.shop.0f1e2d3c4b5a6978_20261124T0610Z_10.0.3.9";
    vec![
        load_balancer(&format!("{name}_{app}_1.log.gz"), "", alb, "502", AT + MICROS),
        load_balancer(
            &format!("{name}_old-lb_20261124T0610Z_203.0.113.99_2.log"),
            "",
            classic,
            "502",
            AT + MICROS,
        ),
        load_balancer(
            &format!("conn_log_{name}_{app}_3.log.gz"),
            "",
            connection,
            "Unknown",
            AT + MICROS,
        ),
        load_balancer(
            &format!("health_check_log_{name}_{app}_4.log.gz"),
            "",
            health_check,
            "Unknown",
            AT + MICROS,
        ),
        load_balancer(
            &format!("{name}_net.edge.0a1b_20261124T0610Z_5.log.gz"),
            "",
            nlb,
            "Unknown",
            AT,
        ),
    ]
}

/// Returns logs of load balancers from CloudWatch's log delivery, whose keys do not show their type.
fn chosen_load_balancer_logs() -> Vec<Case> {
    let json = r#"{"type":"https","time":"2026-11-24T06:07:08.123456Z","elb":"app/shop/0f1e","client_port":"203.0.113.7:50111","elb_status_code":"200","request_line":"GET https://shop.example.com:443/ HTTP/1.1","user_agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/1 404"}"#;
    let health_check =
        r#"{"type":"http","time":"2026-11-24T06:07:08.123456Z","status":"PASS","status_code":"200"}"#;
    vec![
        load_balancer("json.log.gz", "", json, "200", AT + MICROS),
        load_balancer("json-health.log.gz", "", health_check, "Unknown", AT + MICROS),
        load_balancer(
            "w3c.log.gz",
            "#Version: 1.0\n#Fields: type time elb client_port elb_status_code\n",
            "https\t2026-11-24T06:07:08.123456Z\tapp/shop/0f1e\t203.0.113.7:50111\t503",
            "503",
            AT + MICROS,
        ),
        load_balancer(
            "w3c-agent.log.gz",
            "#Version: 1.0\n#Fields: time user_agent elb_status_code\n",
            r#"2026-11-24T06:07:08.123456Z "curl 404 404 404" 200"#,
            "200",
            AT + MICROS,
        ),
    ]
}

fn cloudfront_logs() -> Vec<Case> {
    let legacy =
        "2026-11-24\t06:07:08\tFRA60-P1\t2390\t203.0.113.7\tGET\td1x.cloudfront.net\t/a\t304\t-\tcurl";
    vec![
        cloudfront(
            "1a2b3c4d",
            "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent)\n",
            legacy,
            "304",
        ),
        cloudfront("1a2b3c4e", "", legacy.replace("\t304\t", "\t404\t"), "404"),
        cloudfront(
            "1a2b3c4f",
            "#Version: 1.0\n#Fields: date\ttime\tsc-status\tc-ip\tcs-method\tcs(Host)\tcs-uri-stem\tx-edge-location\tcs(User-Agent)\n",
            "2026-11-24\t06:07:08\t410\t203.0.113.7\tGET\td1x\t/a\tFRA60\tclient%20says%20anything",
            "410",
        ),
        cloudfront(
            "1a2b3c50",
            "#Version: 1.0\n#Fields: date time sc-status cs(User-Agent)\n",
            "2026-11-24,06:07:08,500,a,b;c",
            "500",
        ),
        cloudfront(
            "1a2b3c51",
            "#Version: 1.0\n#Fields: date time c-ip cs(User-Agent)\n",
            "2026-11-24\t06:07:08\t203.0.113.7\t200",
            "Unknown",
        ),
        cloudfront(
            "1a2b3c52",
            "",
            r#"{"date":"2026-11-24","time":"06:07:08","cs(User-Agent)":"\"sc-status\":\"200\"","sc-status":"403"}"#,
            "403",
        ),
    ]
}

#[tokio::test]
async fn each_kind_of_log_has_the_status_that_aws_writes() {
    let cases = [
        fixed_load_balancer_logs(),
        chosen_load_balancer_logs(),
        cloudfront_logs(),
    ];
    let cases: Vec<Case> = cases.into_iter().flatten().collect();
    let objects: Vec<(&str, Vec<u8>)> = cases
        .iter()
        .map(|case| {
            let text = format!("{}{}\n", case.header, case.line);
            let zipped = case.key.ends_with(".gz").then(|| gzip(text.as_bytes()));
            (&*case.key, zipped.unwrap_or(text.into_bytes()))
        })
        .collect();
    let mut expected: Vec<(String, i128, String)> = cases
        .iter()
        .map(|case| {
            let labels = format!(r#"{{source="{}", status_code="{}"}}"#, case.source, case.status);
            (labels, case.time, case.line.clone())
        })
        .collect();
    expected.sort();
    let delivered = deliver(&objects, &VARIABLES).await;
    assert_eq!(delivered, expected);
    assert_redelivered(&objects, &VARIABLES, &delivered).await;
}

/// Clients choose a certificate's subject, the user agent and the path.
#[tokio::test]
async fn a_client_makes_no_streams() {
    let numbers = 100..1100;
    let connections: String = numbers.clone().map(|number| format!(
        "2026-11-24T06:07:08.{number:06}Z 203.0.113.7 36280 443 TLSv1.3 TLS_AES_256_GCM_SHA384 4.036 \"CN=a {number} {number}\" NotBefore=2025-09-21T22:43:21Z;NotAfter=2027-06-17T22:43:21Z 0ABC Success TID_1\n"
    )).collect();
    let json: String = numbers.clone().map(|number| format!(
        "{{\"time\":\"2026-11-24T06:07:08.{number:06}Z\",\"elb_status_code\":\"200\",\"user_agent\":\"a b c d e f g {number} {number}\"}}\n"
    )).collect();
    let w3c: String = numbers
        .clone()
        .map(|number| format!("2026-11-24\t06:07:08\ta\tb\tc\td\te\tf\t{number}\n"))
        .collect();
    let w3c = format!(
        "#Fields: date time cs(Host) cs(Referer) cs-method cs-version cs(Cookie) cs-uri-query cs(User-Agent)\n{w3c}"
    );
    let commas: String = numbers
        .map(|number| format!("2026-11-24,06:07:08,a,{number},200\n"))
        .collect();
    let commas = format!("#Fields: date time cs(User-Agent) sc-status\n{commas}");
    let objects = [
        (&*format!("{FOLDER}conn_log_a.log"), connections.into_bytes()),
        (&*format!("{FOLDER}json.log"), json.into_bytes()),
        ("cf-logs/w3c", w3c.into_bytes()),
        ("cf-logs/commas", commas.into_bytes()),
    ];
    let delivered = deliver(&objects, &VARIABLES).await;
    assert_eq!(delivered.len(), 4000);
    let streams: BTreeSet<&str> = delivered.iter().map(|(labels, ..)| &**labels).collect();
    assert_eq!(
        Vec::from_iter(streams),
        [
            r#"{source="alb", status_code="200"}"#,
            r#"{source="alb", status_code="Unknown"}"#,
            r#"{source="cloudfront", status_code="Unknown"}"#,
        ]
    );
}
