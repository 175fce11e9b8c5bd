//! The folders of a date, by which deliveries partition their objects.

use super::scan::{after_pattern, is_number};

/// The names that hive-style folders of dates have, in lower case: CloudWatch's log delivery writes the first
/// four.
const NAMES: [&str; 10] = [
    "year", "month", "day", "hour", "yyyy", "mm", "dd", "hh", "date", "dt",
];

/// Returns the folders before the first one that is a part of a date, without their last slash. Otherwise a
/// label made of them would change every day or hour.
pub(crate) fn before_dates(folder: &str) -> &str {
    let mut end = 0;
    for segment in folder.split('/') {
        if is_date_part(segment) {
            return folder[..end].strip_suffix('/').unwrap_or_default();
        }
        end += segment.len() + 1;
    }
    folder
}

/// Returns whether the folder is a year, a date with or without hyphens, or a hive-style part of a date.
///
/// Months, days and hours without names follow the year.
fn is_date_part(segment: &str) -> bool {
    if let Some((name, value)) = segment.split_once('=') {
        return NAMES.iter().any(|known| name.eq_ignore_ascii_case(known)) && is_date(value);
    }
    let begins_with_year = matches!(segment.get(..2), Some("19" | "20" | "21"));
    begins_with_year
        && (after_pattern(segment, "0000-00").is_some()
            || (is_number(segment) && matches!(segment.len(), 4 | 6 | 8 | 10)))
}

/// Returns whether the text consists of digits, with hyphens between them.
fn is_date(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_end_before_a_date() {
        for (folder, before) in [
            ("", ""),
            ("cdn", "cdn"),
            ("cdn/01/eu", "cdn/01/eu"),
            ("2026/03/04", ""),
            ("cdn/2026/03/04/05", "cdn"),
            ("cdn/2026/E1/05", "cdn"),
            ("cdn/2026-03-04", "cdn"),
            ("cdn/2026-03-04-05", "cdn"),
            ("cdn/2026-03/04", "cdn"),
            ("cdn/2026030405", "cdn"),
            (
                "AWSLogs/111122223333/CloudFront/E1/2026/03/04/05",
                "AWSLogs/111122223333/CloudFront/E1",
            ),
            (
                "AWSLogs/aws-account-id=111122223333/CloudFront/DistributionId=E1/year=2026/month=03/day=04",
                "AWSLogs/aws-account-id=111122223333/CloudFront/DistributionId=E1",
            ),
            ("a/Year=2026/E1", "a"),
            ("a/dt=2026-03-04/b", "a"),
            ("a/hour=05", "a"),
            ("a/year=all", "a/year=all"),
            ("a//b", "a//b"),
            ("a/20-rules/1999x", "a/20-rules/1999x"),
            ("é/é=é", "é/é=é"),
        ] {
            assert_eq!(before_dates(folder), before, "{folder}");
        }
    }
}
