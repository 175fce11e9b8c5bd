//! Formatting of floats as Go does it.

/// Formats a float as Go's `strconv.FormatFloat` does for the verbs `e E f F g G`. Without a precision, it uses the
/// fewest digits that identify the number.
pub(crate) fn format_float(value: f64, verb: char, precision: Option<usize>) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    match verb {
        'e' | 'E' => exponential(value, verb, precision),
        'g' | 'G' => general(value, verb, precision),
        _ => match precision {
            Some(precision) => format!("{value:.precision$}"),
            None => format!("{value}"),
        },
    }
}

/// Returns the mantissa and the exponent of Rust's `1.5e7`.
fn split(value: f64, precision: Option<usize>) -> (String, i32) {
    let text = match precision {
        Some(precision) => format!("{value:.precision$e}"),
        None => format!("{value:e}"),
    };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (mantissa.to_owned(), exponent.parse().unwrap_or(0))
}

/// Formats a float for `e` and `E`.
fn exponential(value: f64, verb: char, precision: Option<usize>) -> String {
    let (mantissa, exponent) = split(value, precision);
    join(&mantissa, exponent, verb)
}

/// Joins mantissa and exponent. The exponent has a sign and at least two digits.
fn join(mantissa: &str, exponent: i32, verb: char) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    let e = if verb.is_ascii_uppercase() { 'E' } else { 'e' };
    format!("{mantissa}{e}{sign}{:02}", exponent.unsigned_abs())
}

/// Formats a float for `g` and `G`.
fn general(value: f64, verb: char, precision: Option<usize>) -> String {
    let significant = precision.map(|precision| precision.max(1));
    let (mantissa, exponent) = split(value, significant.map(|digits| digits - 1));
    let mantissa = trim_zeros(&mantissa);
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
    // From this exponent on, the exponent is written: the precision, or 6 digits without one.
    let limit = match significant {
        None => 6,
        Some(significant) if significant > digits && i32::try_from(digits).is_ok_and(|n| n > exponent) => {
            digits
        }
        Some(significant) => significant,
    };
    if exponent < -4 || i32::try_from(limit).is_ok_and(|limit| exponent >= limit) {
        return join(mantissa, exponent, verb);
    }
    let decimals = i32::try_from(digits).unwrap_or(i32::MAX) - 1 - exponent;
    match significant {
        None => format!("{value}"),
        Some(_) => format!("{value:.*}", usize::try_from(decimals).unwrap_or(0)),
    }
}

/// Removes the zeros at the end of a fraction.
fn trim_zeros(number: &str) -> &str {
    if number.contains('.') {
        number.trim_end_matches('0').trim_end_matches('.')
    } else {
        number
    }
}

/// Formats a float as Go's `%x` without a precision: `0x1.8p+01`.
pub(crate) fn hex_float(value: f64) -> String {
    if !value.is_finite() {
        return format_float(value, 'g', None);
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let bits = value.to_bits();
    let (mut mantissa, mut exponent) = (bits & ((1 << 52) - 1), ((bits >> 52) & 0x7ff) as i64 - 1023);
    if exponent == -1023 {
        if mantissa == 0 {
            return format!("{sign}0x0p+00");
        }
        // A subnormal number is shifted until its first bit is the one before the point.
        let shift = mantissa.leading_zeros() - 11;
        mantissa = (mantissa << shift) & ((1 << 52) - 1);
        exponent = -1022 - i64::from(shift);
    }
    let digits = format!("{mantissa:013x}");
    let digits = digits.trim_end_matches('0');
    let point = if digits.is_empty() { "" } else { "." };
    let direction = if exponent < 0 { '-' } else { '+' };
    format!(
        "{sign}0x1{point}{digits}p{direction}{:02}",
        exponent.unsigned_abs()
    )
}
