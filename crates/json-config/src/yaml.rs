//! Configurations in the wrong format.

/// Returns whether a text that is not JSON looks like YAML, the format of the same rules and stages in Prometheus and
/// promtail.
pub fn looks_like_yaml(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#') && *line != "---");
    first.is_some_and(|line| {
        let item = line == "-" || line.starts_with("- ");
        item || line.split_once(':').is_some_and(|(key, value)| {
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            !key.is_empty() && key.chars().all(is_name) && (value.is_empty() || value.starts_with(' '))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_is_told_from_broken_json() {
        for yaml in [
            "- action: drop",
            "# rules\n---\n\n- json:\n    expressions:",
            "action: drop",
            "-\n  json: {}",
        ] {
            assert!(looks_like_yaml(yaml), "{yaml}");
        }
        for other in [
            "",
            "[{\"action\": \"drop\"",
            "{action: drop}",
            "arn:aws:ssm:eu",
            "https://x",
            "drop",
        ] {
            assert!(!looks_like_yaml(other), "{other}");
        }
    }
}
