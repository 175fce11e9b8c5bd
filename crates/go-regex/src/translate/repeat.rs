//! The repetition operators `*`, `+`, `?` and `{n,m}`.

use crate::SyntaxErrorKind;

/// The largest repeat count, with nested counts multiplied (Go's package `regexp/syntax`).
pub(crate) const MAX_COUNT: u64 = 1000;

/// A repetition operator.
#[derive(Clone, Copy)]
pub(crate) enum Operator {
    Star,
    Plus,
    Question,
    /// `{n,m}`: the smallest and the largest count; `None` means no upper limit.
    Counted(u64, Option<u64>),
}

impl Operator {
    /// Returns whether the operator has counts.
    pub(crate) fn is_counted(self) -> bool {
        matches!(self, Self::Counted(..))
    }

    /// Returns the repetition of `text` in the syntax of the regex crate.
    pub(crate) fn apply(self, text: &str, lazy: bool) -> String {
        let greed = if lazy { "?" } else { "" };
        match self {
            Self::Star => format!("{text}*{greed}"),
            Self::Plus => format!("{text}+{greed}"),
            Self::Question => format!("{text}?{greed}"),
            Self::Counted(low, Some(high)) if low == high => format!("{text}{{{low}}}{greed}"),
            Self::Counted(low, Some(high)) => format!("{text}{{{low},{high}}}{greed}"),
            Self::Counted(low, None) => format!("{text}{{{low},}}{greed}"),
        }
    }

    /// Returns the number of copies of an item that occurs `inner` times in what is repeated.
    pub(crate) fn repeats(self, inner: u64) -> u64 {
        match self {
            Self::Star | Self::Plus | Self::Question | Self::Counted(0, None) => inner,
            Self::Counted(_, Some(0)) => 0,
            Self::Counted(_, Some(count)) | Self::Counted(count, None) => inner.max(1).saturating_mul(count),
        }
    }
}

/// Reads the repetition operator at the start of `text`. A `{` that does not start one, as in `{,5}`, is an ordinary
/// character.
pub(crate) fn operator(text: &str) -> Result<Option<(Operator, &str)>, SyntaxErrorKind> {
    let simple = match text.as_bytes().first() {
        Some(b'*') => Operator::Star,
        Some(b'+') => Operator::Plus,
        Some(b'?') => Operator::Question,
        _ => return counted(text),
    };
    Ok(Some((simple, &text[1..])))
}

/// Reads `{n}`, `{n,}` or `{n,m}`.
fn counted(text: &str) -> Result<Option<(Operator, &str)>, SyntaxErrorKind> {
    let Some((low, high, rest)) = bounds(text) else {
        return Ok(None);
    };
    let in_order = high.is_none_or(|high| low <= high);
    if low > MAX_COUNT || high.is_some_and(|high| high > MAX_COUNT) || !in_order {
        return Err(SyntaxErrorKind::RepeatCount(
            text[..text.len() - rest.len()].to_owned(),
        ));
    }
    Ok(Some((Operator::Counted(low, high), rest)))
}

/// Reads the counts between the braces.
fn bounds(text: &str) -> Option<(u64, Option<u64>, &str)> {
    let (low, rest) = integer(text.strip_prefix('{')?)?;
    let (high, rest) = match rest.strip_prefix(',') {
        None => (Some(low), rest),
        Some(rest) if rest.starts_with('}') => (None, rest),
        Some(rest) => {
            let (high, rest) = integer(rest)?;
            (Some(high), rest)
        }
    };
    Some((low, high, rest.strip_prefix('}')?))
}

/// Reads a decimal number without leading zeros. A number that does not fit becomes `u64::MAX`, which is above the
/// limit.
fn integer(text: &str) -> Option<(u64, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(length);
    if digits.is_empty() || digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    Some((digits.parse().unwrap_or(u64::MAX), rest))
}
