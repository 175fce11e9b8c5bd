//! Valid and invalid settings that contain a marked secret.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// The mark. No other text contains a part of it.
pub const MARK: &str = "Zq7hVx3kWj9pLr5t";

/// Environment variables, of which the last contains the mark.
pub type Variables = Vec<(&'static str, String)>;

/// Returns a part of the mark, or of its base64, that the text contains.
pub fn found_in(text: &str) -> Option<String> {
    // For each of the three alignments, without the characters that also depend on the neighbouring bytes.
    let encoded = (0..3).map(|at| {
        let encoded = BASE64_STANDARD.encode(format!("{}{MARK}", "x".repeat(at)));
        encoded[4..encoded.len() - 4].to_owned()
    });
    let sources = [MARK.to_owned(), MARK.to_lowercase()].into_iter().chain(encoded);
    let mut parts = sources.flat_map(|source| {
        let last = source.len() - 6;
        (0..=last)
            .map(|start| source[start..start + 6].to_owned())
            .collect::<Vec<_>>()
    });
    parts.find(|part| text.contains(part))
}

fn values() -> [String; 3] {
    [
        format!("{MARK}end"),
        format!("begin{MARK}end"),
        format!("begin{MARK}"),
    ]
}

/// Returns settings with which the function does not start, or whose requests reach no server.
pub fn broken() -> Vec<Variables> {
    let address = || ("WRITE_ADDRESS", "http://127.0.0.1:9/loki/api/v1/push".to_owned());
    let mut cases = Vec::new();
    for value in values() {
        for variable in ["USERNAME", "PASSWORD", "BEARER_TOKEN"] {
            for value in [
                value.clone(),
                format!("{value}\nx"),
                format!("x\r{value}"),
                format!("ü{value}"),
                format!("arn:{value}"),
                format!("arn:aws:secretsmanager:eu-west-1:{value}:secret:x"),
                format!("arn:aws:iam::123456789012:user/{value}"),
                format!("arn:aws:ssm:{value}:123456789012:parameter/x"),
            ] {
                cases.push(vec![address(), (variable, value.clone())]);
                cases.push(vec![address(), ("TIMEOUT", "soon".to_owned()), (variable, value)]);
            }
        }
        for key in [
            value.clone(),
            format!("{value}\nx"),
            format!("arn:{value}"),
            format!("arn:aws:iam::123456789012:user/{value}"),
        ] {
            let stages = r#"[{"redact":{"hash":true}}]"#;
            cases.push(vec![
                address(),
                ("LOKI_STAGE_CONFIGS", stages.to_owned()),
                ("REDACT_KEY", key),
            ]);
        }
        for headers in [
            value.clone(),
            format!("x-key,{value},x-other"),
            format!("{value},x-key"),
            format!("{value} x,y"),
            format!("{value}:,y"),
            format!("x-key,{value}\nx"),
            format!("x-key,x\r{value}"),
            format!("x-key,ü{value}"),
            format!("x-key,arn:{value}"),
            format!("x-key,arn:aws:iam::123456789012:user/{value}"),
            format!("x-key,a,X-Key,{value}"),
            format!("host,{value}"),
            format!("Content-Length,{value}"),
            format!("{{\"x-key\":\"{value}\""),
            format!("{{\"x-key\":[\"{value}\"]}}"),
            format!("{{\"x-key\":{value}}}"),
            format!("{{\"x-key\":\"{value}\",\"a b\":\"x\"}}"),
            format!("{{\"{value} \u{fc}\":\"x\"}}"),
            format!("[\"x-key\",\"{value}\"]"),
        ] {
            cases.push(vec![address(), ("EXTRA_HEADERS", headers)]);
        }
        cases.push(vec![
            address(),
            ("BEARER_TOKEN", "x".to_owned()),
            ("EXTRA_HEADERS", format!("Authorization,{value}")),
        ]);
        cases.push(vec![
            address(),
            ("TENANT_ID", "x".to_owned()),
            ("EXTRA_HEADERS", format!("X-Scope-OrgID,{value}")),
        ]);
        for place in ["127.0.0.1:9", "", "lo ki", "127.0.0.1:port", "[::1"] {
            for url in [
                format!("http://u:{value}@{place}/push"),
                format!("http://{value}@{place}/push"),
                format!("http://{value}:@{place}/push"),
                format!("htp://u:{value}@{place}/push"),
                format!("u:{value}@{place}"),
                format!("{value}@{place}"),
                // A password that is not encoded.
                format!("http://u:12/{value}@{place}/push"),
                format!("http://u:#{value}@{place}/push"),
                format!("http://u:?{value}@{place}/push"),
                format!("http://u:\\{value}@{place}/push"),
                format!("http://u: {value}@{place}/push"),
                format!("http:u:{value}@{place}/push"),
                format!("http://u:%zz{value}@{place}/push"),
            ] {
                cases.push(vec![("WRITE_ADDRESS", url.clone())]);
                let to = || ("WRITE_ADDRESS", "http://loki.invalid/push".to_owned());
                let tls = || ("WRITE_ADDRESS", "https://loki.invalid/push".to_owned());
                cases.push(vec![to(), ("HTTP_PROXY", url.clone())]);
                cases.push(vec![to(), ("http_proxy", url.clone())]);
                cases.push(vec![tls(), ("HTTPS_PROXY", url)]);
            }
        }
        cases.push(vec![(
            "WRITE_ADDRESS",
            format!("http://127.0.0.1:9/push?token={value}"),
        )]);
        // A URL without a scheme, so that the user is in the scheme's place. With a scheme and a password it would be
        // shown.
        cases.push(vec![("WRITE_ADDRESS", format!("{value}:x@127.0.0.1:9"))]);
        cases.push(vec![(
            "WRITE_ADDRESS",
            format!("http://127.0.0.1:9/push#{value}"),
        )]);
        cases.extend(keys(&value).into_iter().map(|mut case| {
            case.insert(0, address());
            case
        }));
    }
    cases
}

/// Returns private keys in their variable and in the variables for certificates.
fn keys(value: &str) -> Vec<Variables> {
    // The content of a P-256 key that includes the mark.
    let body = format!("MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0w{value}oUQDQgAE/+Zr");
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
    let long = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n{body}\n",
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC".repeat(8)
    );
    let (first_line, rest) = pem.split_once('\n').unwrap();
    let forms = [
        body.clone(),
        pem.clone(),
        long,
        pem.replace('\n', "\\n"),
        pem.replace('\n', " "),
        pem.replace('\n', ""),
        rest.to_owned(),
        rest.replace('\n', "\\n"),
        format!("{first_line}\n{body}"),
        format!("{first_line}{body}"),
        format!("/{body}"),
        format!("garbage {pem}"),
        pem.replace("PRIVATE", "SECRET"),
        value.to_owned(),
    ];
    let mut cases = Vec::new();
    for form in forms {
        let encoded = BASE64_STANDARD.encode(&form);
        for form in [form, encoded[..encoded.len() - 2].to_owned(), encoded] {
            for variable in ["TLS_CLIENT_KEY", "TLS_CLIENT_CERT", "TLS_CA_CERT"] {
                // The short mark may be the name of a file, which only the key's variable hides.
                if form.len() > 40 || variable == "TLS_CLIENT_KEY" {
                    cases.push(vec![(variable, form.clone())]);
                }
            }
        }
    }
    cases
}
