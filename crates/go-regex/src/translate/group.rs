//! Groups, with their flags and names.

use super::node::Node;
use crate::SyntaxErrorKind;

/// The flags that are in force.
#[derive(Clone, Copy, Default)]
pub(crate) struct Flags {
    /// `i`: letters match in either case.
    pub(crate) fold: bool,
    /// `m`: `^` and `$` also match at the start and end of each line.
    pub(crate) multi_line: bool,
    /// `s`: `.` also matches `\n`.
    pub(crate) dot_all: bool,
    /// `U`: `x*` is lazy and `x*?` is greedy.
    pub(crate) swap_greed: bool,
}

/// The meaning of a `(`.
pub(crate) enum Opening {
    /// A capturing group, with its name if it has one.
    Capturing(Option<String>),
    /// A non-capturing group, with the flags inside it.
    NonCapturing(Flags),
    /// The flags for the rest of the enclosing group.
    Flags(Flags),
}

/// Reads what follows a `(` at the start of `text`, and returns it with the rest of the text.
pub(crate) fn opening(text: &str, flags: Flags) -> Result<(Opening, &str), SyntaxErrorKind> {
    let Some(special) = text.strip_prefix("(?") else {
        return Ok((Opening::Capturing(None), &text[1..]));
    };
    for look_around in ["=", "!", "<=", "<!"] {
        if special.starts_with(look_around) {
            return Err(SyntaxErrorKind::LookAround(format!("(?{look_around}")));
        }
    }
    if let Some(rest) = special.strip_prefix("P<").or_else(|| special.strip_prefix('<')) {
        return named(text, rest);
    }
    with_flags(text, special, flags)
}

/// Reads the name of a group up to its `>`.
fn named<'a>(text: &'a str, name_and_rest: &'a str) -> Result<(Opening, &'a str), SyntaxErrorKind> {
    let Some((name, rest)) = name_and_rest.split_once('>') else {
        return Err(SyntaxErrorKind::GroupName(text.to_owned()));
    };
    let valid = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
    if !valid {
        return Err(SyntaxErrorKind::GroupName(
            text[..text.len() - rest.len()].to_owned(),
        ));
    }
    Ok((Opening::Capturing(Some(name.to_owned())), rest))
}

/// Reads flags such as `i-s:` or `i-s)`.
fn with_flags<'a>(
    text: &str,
    special: &'a str,
    mut flags: Flags,
) -> Result<(Opening, &'a str), SyntaxErrorKind> {
    let (mut set, mut nothing_cleared) = (true, false);
    for (at, char) in special.char_indices() {
        let rest = &special[at + char.len_utf8()..];
        let flag = match char {
            'i' => &mut flags.fold,
            'm' => &mut flags.multi_line,
            's' => &mut flags.dot_all,
            'U' => &mut flags.swap_greed,
            '-' if set => {
                (set, nothing_cleared) = (false, true);
                continue;
            }
            ':' if !nothing_cleared => return Ok((Opening::NonCapturing(flags), rest)),
            ')' if !nothing_cleared => return Ok((Opening::Flags(flags), rest)),
            _ => return Err(SyntaxErrorKind::Group(text[..text.len() - rest.len()].to_owned())),
        };
        *flag = set;
        nothing_cleared = false;
    }
    Err(SyntaxErrorKind::Group(text.to_owned()))
}

/// A builder of a group that is still open.
#[derive(Default)]
pub(crate) struct Frame {
    capturing: bool,
    outer_flags: Flags,
    /// The text of the complete branches, each followed by `|`.
    branches: String,
    parts: Vec<Node>,
    repeats: u64,
    height: usize,
}

impl Frame {
    pub(crate) fn new(capturing: bool, outer_flags: Flags) -> Self {
        Self {
            capturing,
            outer_flags,
            ..Self::default()
        }
    }

    /// Returns the flags that are in force again after the group.
    pub(crate) fn outer_flags(&self) -> Flags {
        self.outer_flags
    }

    /// Appends a part to the open branch.
    pub(crate) fn push(&mut self, part: Node) {
        self.parts.push(part);
    }

    /// Removes and returns the last part, which a repetition then repeats.
    pub(crate) fn pop(&mut self) -> Option<Node> {
        self.parts.pop()
    }

    /// Ends the open branch and starts the next one.
    pub(crate) fn next_branch(&mut self) {
        self.end_branch();
        self.branches.push('|');
    }

    /// Moves the parts of the open branch to the text.
    fn end_branch(&mut self) {
        for part in self.parts.drain(..) {
            self.branches.push_str(&part.text);
            self.repeats = self.repeats.max(part.repeats);
            self.height = self.height.max(part.height());
        }
    }

    /// Ends the group and returns it as one node.
    pub(crate) fn close(mut self) -> Result<Node, SyntaxErrorKind> {
        self.end_branch();
        let opening = if self.capturing { "(" } else { "(?:" };
        Node::around(format!("{opening}{})", self.branches), self.repeats, self.height)
    }
}
