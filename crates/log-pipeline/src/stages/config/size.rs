//! Sizes in bytes, such as `5`, `5b` and `1kb`.

/// Parses a whole number of bytes, kilobytes (1024 bytes) and so on up to exabytes, with the unit in any case.
pub(crate) fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    let end = text
        .find(|char: char| !char.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let shift = match unit {
        "" | "b" => 0,
        "k" | "kb" => 10,
        "m" | "mb" => 20,
        "g" | "gb" => 30,
        "t" | "tb" => 40,
        "p" | "pb" => 50,
        "e" | "eb" => 60,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(1 << shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_powers_of_1024() {
        for (text, bytes) in [
            ("5", 5),
            ("5b", 5),
            ("1KB", 1024),
            ("2m", 2 << 20),
            ("1eb", 1 << 60),
        ] {
            assert_eq!(parse_size(text), Some(bytes), "{text}");
        }
        for text in ["", "kb", "1.5kb", "1kib", "-1", "16eb"] {
            assert_eq!(parse_size(text), None, "{text}");
        }
    }
}
