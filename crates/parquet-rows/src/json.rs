//! Values as JSON.

use itoa::Integer;

/// Appends a string in quotes. Control characters are escaped, DEL too, so that the line is text without them.
pub(crate) fn string(text: &str, to: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    to.push(b'"');
    let bytes = text.as_bytes();
    let mut copied = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if !ESCAPED[usize::from(*byte)] {
            continue;
        }
        to.extend_from_slice(&bytes[copied..at]);
        copied = at + 1;
        match byte {
            b'"' | b'\\' => to.extend([b'\\', *byte]),
            b'\n' => to.extend(b"\\n"),
            b'\r' => to.extend(b"\\r"),
            b'\t' => to.extend(b"\\t"),
            byte => {
                to.extend(b"\\u00");
                to.push(DIGITS[usize::from(byte >> 4)]);
                to.push(DIGITS[usize::from(byte & 0x0f)]);
            }
        }
    }
    to.extend_from_slice(&bytes[copied..]);
    to.push(b'"');
}

/// The bytes that are escaped in strings.
const ESCAPED: [bool; 256] = {
    let mut escaped = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        escaped[byte] = true;
        byte += 1;
    }
    escaped[b'"' as usize] = true;
    escaped[b'\\' as usize] = true;
    escaped[0x7f] = true;
    escaped
};

/// Appends an integer.
pub(crate) fn number(number: impl Integer, to: &mut Vec<u8>) {
    to.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Appends a number in the shortest notation that is read as the same number. JSON has no notation for numbers that are
/// infinite or none: they are strings.
pub(crate) fn float(number: impl Float, to: &mut Vec<u8>) {
    match number.unusual() {
        Some(name) => string(name, to),
        None => to.extend_from_slice(format!("{number:?}").as_bytes()),
    }
}

/// A floating-point number.
pub(crate) trait Float: std::fmt::Debug {
    /// Returns the name of a number that JSON cannot write.
    fn unusual(&self) -> Option<&'static str>;
}

impl Float for f64 {
    fn unusual(&self) -> Option<&'static str> {
        match *self {
            number if number.is_nan() => Some("NaN"),
            f64::INFINITY => Some("Infinity"),
            f64::NEG_INFINITY => Some("-Infinity"),
            _ => None,
        }
    }
}

impl Float for f32 {
    fn unusual(&self) -> Option<&'static str> {
        f64::from(*self).unusual()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_those_of_serde() {
        for text in [
            "",
            "a",
            "\"\\/",
            "\n\r\t\u{8}\u{c}\0\u{1f}",
            "caf\u{e9} \u{1f642}\u{2028}",
        ] {
            let mut to = Vec::new();
            string(text, &mut to);
            assert_eq!(serde_json::from_slice::<String>(&to).unwrap(), text);
            assert!(!to.iter().any(u8::is_ascii_control));
        }
        let mut to = Vec::new();
        string("\u{7f}", &mut to);
        assert_eq!(to, br#""\u007f""#);
    }

    #[test]
    fn floats_are_read_as_the_same_number() {
        for number in [
            0.0,
            -0.0,
            1.0,
            0.1,
            1e300,
            1e-300,
            f64::MAX,
            f64::MIN_POSITIVE,
            5e-324,
        ] {
            let mut to = Vec::new();
            float(number, &mut to);
            assert_eq!(
                serde_json::from_slice::<f64>(&to).unwrap().to_bits(),
                f64::to_bits(number)
            );
        }
        let mut to = Vec::new();
        float(0.1_f32, &mut to);
        assert_eq!(to, b"0.1");
    }
}
