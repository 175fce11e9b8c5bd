//! The tables of types in the book. A test compares them with the pages.

use std::fmt::Write;

use super::log_types;

/// Returns the Markdown of the types: a table of their keys and times, and a key of each.
pub fn types_markdown() -> String {
    let mut text = String::from("| logs | `__aws_log_type` | key | time |\n| --- | --- | --- | --- |\n");
    for log_type in log_types() {
        let docs = &log_type.docs;
        let title = match docs.page {
            Some(page) => format!("[{}]({page})", docs.title),
            None => docs.title.to_owned(),
        };
        let keys: Vec<String> = docs.keys.iter().map(|key| format!("`{key}`")).collect();
        let keys = match &keys[..] {
            [] => "any".to_owned(),
            keys => keys.join(" or "),
        };
        // Writing to a string never fails.
        let _ = writeln!(
            text,
            "| {title} | `{}` | {keys} | {} |",
            log_type.token, docs.time
        );
    }
    text.push_str("\nExamples of keys:\n\n```text,keys\n");
    let width = log_types().iter().map(|log_type| log_type.token.len()).max();
    let width = width.unwrap_or_default();
    for log_type in log_types() {
        let _ = writeln!(text, "{:width$} {}", log_type.token, log_type.docs.example);
    }
    text.push_str("```\n");
    text
}

/// Returns the Markdown table of the types' labels and what they contain.
pub fn labels_markdown() -> String {
    let mut text = String::from("| `__aws_log_type` | logs | further labels |\n| --- | --- | --- |\n");
    for log_type in log_types() {
        let (token, docs) = (log_type.token, &log_type.docs);
        let labels: Vec<String> = [("", docs.src), ("_owner", docs.owner)]
            .into_iter()
            .filter_map(|(suffix, content)| Some(format!("`__aws_{token}{suffix}` ({})", content?)))
            .collect();
        let _ = writeln!(text, "| `{token}` | {} | {} |", docs.title, labels.join(", "));
    }
    text
}
