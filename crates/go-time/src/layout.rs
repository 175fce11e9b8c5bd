//! Layouts, parsed into literal text and the elements of Go's reference time.

/// A part of a layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Literal(String),
    Element(Element),
}

/// An element of the reference time `Mon Jan 2 15:04:05 MST 2006`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    /// The year with four digits: `2006`.
    LongYear,
    /// The year with two digits: `06`.
    Year,
    /// The name of the month: `January`.
    LongMonth,
    /// The abbreviated name of the month: `Jan`.
    Month,
    /// The number of the month: `1`, `01`.
    NumMonth(Pad),
    /// The name of the weekday: `Monday`.
    LongWeekday,
    /// The abbreviated name of the weekday: `Mon`.
    Weekday,
    /// The day of the month: `2`, `_2`, `02`.
    Day(Pad),
    /// The day of the year: `__2`, `002`.
    YearDay(Pad),
    /// The hour from 0 to 23: `15`.
    Hour,
    /// The hour from 1 to 12: `3`, `03`.
    Hour12(Pad),
    /// The minute: `4`, `04`.
    Minute(Pad),
    /// The second: `5`, `05`; and whether the next element of the layout is a fraction.
    Second(Pad, FractionNext),
    /// `AM` or `PM`: `PM`.
    UpperPm,
    /// `am` or `pm`: `pm`.
    LowerPm,
    /// The abbreviation of the zone: `MST`.
    ZoneName,
    /// The offset of the zone: `-0700` and its variants.
    Offset(Offset),
    /// A fraction with exactly that many digits: `.000`, `,000`.
    Fraction0(char, usize),
    /// A fraction without trailing zeros: `.999`, `,999`.
    Fraction9(char, usize),
}

/// The padding of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pad {
    None,
    Space,
    Zero,
}

/// Whether a fraction follows the seconds. If it does not, Go still reads one from the value.
pub(crate) type FractionNext = bool;

/// The form of a zone offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Offset {
    /// Whether UTC is written as `Z`, as in `Z07:00`.
    pub(crate) z_for_utc: bool,
    pub(crate) digits: OffsetDigits,
    pub(crate) colons: bool,
}

/// The smallest unit that an offset shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OffsetDigits {
    Hours,
    Minutes,
    Seconds,
}

/// The digits after the sign or the `Z`, in the order in which Go tries them.
const OFFSETS: [(&str, OffsetDigits, bool); 5] = [
    ("070000", OffsetDigits::Seconds, false),
    ("07:00:00", OffsetDigits::Seconds, true),
    ("0700", OffsetDigits::Minutes, false),
    ("07:00", OffsetDigits::Minutes, true),
    ("07", OffsetDigits::Hours, false),
];

/// A time format, written as Go's reference time looks in it. Every text is a valid layout: text that is not an
/// element stands for itself.
///
/// ```
/// let layout = go_time::Layout::new("02/Jan/2006:15:04:05 -0700");
/// let time = layout.parse("10/Oct/2000:13:55:36 -0700", None)?;
/// assert_eq!(time.unix_seconds(), 971_211_336);
/// assert_eq!(go_time::Layout::new(go_time::RFC3339).format(&time), "2000-10-10T13:55:36-07:00");
/// # Ok::<(), go_time::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    text: String,
    parts: Vec<Part>,
}

impl Layout {
    /// Parses a layout.
    pub fn new(layout: &str) -> Self {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = layout;
        while let Some(c) = rest.chars().next() {
            let found = element(rest).filter(|_| !(c == '_' && rest.starts_with("_2006")));
            let Some((element, len)) = found else {
                literal.push(c);
                rest = &rest[c.len_utf8()..];
                continue;
            };
            if !literal.is_empty() {
                parts.push(Part::Literal(std::mem::take(&mut literal)));
            }
            parts.push(Part::Element(element));
            rest = &rest[len..];
        }
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        mark_fractions(&mut parts);
        Self {
            text: layout.to_owned(),
            parts,
        }
    }

    /// Returns the text of the layout.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns whether the layout contains a year. Without one, a parsed time is in year 0.
    pub fn has_year(&self) -> bool {
        let year = |part: &Part| matches!(part, Part::Element(Element::LongYear | Element::Year));
        self.parts.iter().any(year)
    }

    /// Returns the parts of the layout in their order.
    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }
}

/// Marks each second whose next element, after any text between them, is a fraction.
fn mark_fractions(parts: &mut [Part]) {
    let mut next_is_fraction = false;
    for part in parts.iter_mut().rev() {
        let Part::Element(element) = part else { continue };
        if let Element::Second(_, fraction_next) = element {
            *fraction_next = next_is_fraction;
        }
        next_is_fraction = matches!(element, Element::Fraction0(..) | Element::Fraction9(..));
    }
}

/// Returns the element at the start of the text, and its length in bytes.
fn element(text: &str) -> Option<(Element, usize)> {
    let bytes = text.as_bytes();
    let found = |element, len| Some((element, len));
    match bytes {
        [b'J', ..] if text.starts_with("January") => found(Element::LongMonth, 7),
        [b'J', b'a', b'n', rest @ ..] if !starts_lower(rest) => found(Element::Month, 3),
        [b'M', ..] if text.starts_with("Monday") => found(Element::LongWeekday, 6),
        [b'M', b'o', b'n', rest @ ..] if !starts_lower(rest) => found(Element::Weekday, 3),
        [b'M', b'S', b'T', ..] => found(Element::ZoneName, 3),
        [b'0', b'0', b'2', ..] => found(Element::YearDay(Pad::Zero), 3),
        [b'0', b'1', ..] => found(Element::NumMonth(Pad::Zero), 2),
        [b'0', b'2', ..] => found(Element::Day(Pad::Zero), 2),
        [b'0', b'3', ..] => found(Element::Hour12(Pad::Zero), 2),
        [b'0', b'4', ..] => found(Element::Minute(Pad::Zero), 2),
        [b'0', b'5', ..] => found(Element::Second(Pad::Zero, false), 2),
        [b'0', b'6', ..] => found(Element::Year, 2),
        [b'1', b'5', ..] => found(Element::Hour, 2),
        [b'1', ..] => found(Element::NumMonth(Pad::None), 1),
        [b'2', b'0', b'0', b'6', ..] => found(Element::LongYear, 4),
        [b'2', ..] => found(Element::Day(Pad::None), 1),
        [b'_', b'2', ..] => found(Element::Day(Pad::Space), 2),
        [b'_', b'_', b'2', ..] => found(Element::YearDay(Pad::Space), 3),
        [b'3', ..] => found(Element::Hour12(Pad::None), 1),
        [b'4', ..] => found(Element::Minute(Pad::None), 1),
        [b'5', ..] => found(Element::Second(Pad::None, false), 1),
        [b'P', b'M', ..] => found(Element::UpperPm, 2),
        [b'p', b'm', ..] => found(Element::LowerPm, 2),
        [b'-', ..] => offset(text, false),
        [b'Z', ..] => offset(text, true),
        [b'.' | b',', digit @ (b'0' | b'9'), ..] => fraction(bytes, *digit),
        _ => None,
    }
}

/// Returns whether the text starts with a lower-case ASCII letter.
fn starts_lower(rest: &[u8]) -> bool {
    rest.first().is_some_and(u8::is_ascii_lowercase)
}

/// Returns the zone offset at the start of the text, and its length in bytes.
fn offset(text: &str, z_for_utc: bool) -> Option<(Element, usize)> {
    let (digits_text, digits, colons) = OFFSETS
        .into_iter()
        .find(|(digits, ..)| text[1..].starts_with(digits))?;
    let offset = Offset {
        z_for_utc,
        digits,
        colons,
    };
    Some((Element::Offset(offset), 1 + digits_text.len()))
}

/// Reads a separator and a run of zeros or nines that another digit does not follow.
fn fraction(bytes: &[u8], digit: u8) -> Option<(Element, usize)> {
    let len = bytes[1..].iter().take_while(|&&b| b == digit).count();
    if bytes.get(1 + len).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let separator = if bytes[0] == b',' { ',' } else { '.' };
    let element = match digit {
        b'0' => Element::Fraction0(separator, len),
        _ => Element::Fraction9(separator, len),
    };
    Some((element, 1 + len))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_knows_whether_a_fraction_is_the_next_element() {
        let seconds = |layout: &str| -> Vec<bool> {
            let layout = Layout::new(layout);
            let second = |part: &Part| match part {
                Part::Element(Element::Second(_, next)) => Some(*next),
                _ => None,
            };
            layout.parts().iter().filter_map(second).collect()
        };
        assert_eq!(seconds("05.000"), [true]);
        assert_eq!(seconds("05 xx ,999 5"), [true, false]);
        assert_eq!(seconds("05 MST .000"), [false]);
    }

    #[test]
    fn an_underscore_before_a_year_is_text() {
        let parts = Layout::new("_2006_2__2").parts().to_vec();
        assert_eq!(
            parts,
            [
                Part::Literal("_".to_owned()),
                Part::Element(Element::LongYear),
                Part::Element(Element::Day(Pad::Space)),
                Part::Element(Element::YearDay(Pad::Space)),
            ]
        );
    }

    #[test]
    fn a_year_is_an_element_not_a_text() {
        assert!(Layout::new("06").has_year());
        assert!(Layout::new("2006").has_year());
        // The first two characters are text.
        assert!(Layout::new(".006").has_year());
        assert!(!Layout::new("Jan _2 15:04:05").has_year());
        assert!(!Layout::new("Year 2007").has_year());
    }
}
