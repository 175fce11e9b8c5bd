//! `*`, `+`, `?` and `{n,m}`.

use crate::SyntaxErrorKind;

/// The largest repeat count, nested ones multiplied.
pub(crate) const MAX_COUNT: u64 = 1000;

/// How often what comes before is repeated.
#[derive(Clone, Copy)]
pub(crate) enum Operator {
    Star,
    Plus,
    Question,
    /// From and to; no end means without limit.
    Counted(u64, Option<u64>),
}

impl Operator {
    pub(crate) fn is_counted(self) -> bool {
        matches!(self, Self::Counted(..))
    }

    /// The repetition of `text` as the regex crate reads it.
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

    /// How many copies there are of what was there `inner` times.
    pub(crate) fn repeats(self, inner: u64) -> u64 {
        match self {
            Self::Star | Self::Plus | Self::Question | Self::Counted(0, None) => inner,
            Self::Counted(_, Some(0)) => 0,
            Self::Counted(_, Some(count)) | Self::Counted(count, None) => inner.max(1).saturating_mul(count),
        }
    }
}

/// Reads the operator that `text` starts with. A `{` that starts none, as in `{,5}`, is a character.
pub(crate) fn operator(text: &str) -> Result<Option<(Operator, &str)>, SyntaxErrorKind> {
    let simple = match text.as_bytes().first() {
        Some(b'*') => Operator::Star,
        Some(b'+') => Operator::Plus,
        Some(b'?') => Operator::Question,
        _ => return counted(text),
    };
    Ok(Some((simple, &text[1..])))
}

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

/// A decimal number without leading zeros. One too large for the type is as wrong as any above the limit.
fn integer(text: &str) -> Option<(u64, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(length);
    if digits.is_empty() || digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    Some((digits.parse().unwrap_or(u64::MAX), rest))
}
