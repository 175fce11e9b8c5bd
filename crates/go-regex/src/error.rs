//! Why a pattern is no regular expression.

/// A pattern that Go's regular expressions do not know, or that is too large.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("regular expression {pattern:?}: {kind}")]
pub struct SyntaxError {
    /// The pattern, as it was written.
    pub pattern: String,
    /// What is wrong with it.
    pub kind: SyntaxErrorKind,
}

/// What is wrong with a pattern. The texts in it are the parts of the pattern that are wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SyntaxErrorKind {
    /// `(?=a)`, `(?!a)`, `(?<=a)`, `(?<!a)`.
    #[error("look-around {0:?} is not supported (RE2 syntax)")]
    LookAround(String),
    /// `\1`.
    #[error("back-reference {0:?} is not supported (RE2 syntax)")]
    BackReference(String),
    /// `(?` with something else behind it.
    #[error("unknown group {0:?}; expected (?:, (?P<name>, (?<name> or flags among i, m, s and U")]
    Group(String),
    /// `(?P<a-b>x)`.
    #[error("invalid group name {0:?}; expected (?P<name> of letters, digits and _")]
    GroupName(String),
    /// `\y`, `\C`.
    #[error("unknown escape sequence {0:?}")]
    Escape(String),
    /// A pattern that ends in `\`.
    #[error("a backslash at the end")]
    TrailingBackslash,
    /// `[z-a]`, `[[:nope:]]`, `\p{Nope}`.
    #[error("invalid range or unknown class {0:?}")]
    ClassRange(String),
    /// `[a`.
    #[error("{0:?} has no closing ]")]
    MissingBracket(String),
    /// `(a`.
    #[error("a group has no closing )")]
    MissingParenthesis,
    /// `a)`.
    #[error(") closes no group")]
    UnexpectedParenthesis,
    /// `*a`.
    #[error("nothing is before {0:?} to be repeated")]
    NothingToRepeat(String),
    /// `a**`.
    #[error("repetition of a repetition, {0:?}; expected a group around the inner one")]
    NestedRepetition(String),
    /// `a{1001}`, `a{2,1}`, `(a{100}){100}`.
    #[error("repeat count {0:?}; expected at most 1000, nested counts multiplied, and the smaller one first")]
    RepeatCount(String),
    /// Groups in groups in groups.
    #[error("nested more than {0} deep")]
    Nesting(usize),
    /// More memory would be needed than a pattern gets.
    #[error("compiled, it is larger than {0} bytes")]
    TooLarge(usize),
    /// The regex crate refuses what it was translated to.
    #[error("{0}")]
    Refused(String),
}
