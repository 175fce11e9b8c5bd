//! The classification of keys, by the kind of service that writes the log.

mod cloudfront_and_s3;
mod network;
mod not_logs;
mod services;

use aws_logs::s3::{Classified, classify};

fn labels(key: &str) -> String {
    match classify(key) {
        Classified::Log(object) => object.labels().to_string(),
        other => format!("{other:?}"),
    }
}

/// Formats upstream's three labels; an empty source or owner gives no label.
fn upstream(token: &str, src: &str, owner: &str) -> String {
    let mut labels = vec![format!(r#"__aws_log_type="{token}""#)];
    if !src.is_empty() {
        labels.push(format!(r#"__aws_{token}="{src}""#));
    }
    if !owner.is_empty() {
        labels.push(format!(r#"__aws_{token}_owner="{owner}""#));
    }
    labels.sort();
    format!("{{{}}}", labels.join(", "))
}

fn expect(table: &[(&str, &str, &str, &str)]) {
    for (key, token, src, owner) in table {
        assert_eq!(labels(key), upstream(token, src, owner), "{key}");
    }
}
