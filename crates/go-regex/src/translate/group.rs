//! Groups, their flags and names.

use super::node::Node;
use crate::SyntaxErrorKind;

/// What flags are set.
#[derive(Clone, Copy, Default)]
pub(crate) struct Flags {
    /// `i`: case means nothing.
    pub(crate) fold: bool,
    /// `m`: `^` and `$` match at lines' ends too.
    pub(crate) multi_line: bool,
    /// `s`: `.` matches `\n` too.
    pub(crate) dot_all: bool,
    /// `U`: `x*` and `x*?` swap their meanings.
    pub(crate) swap_greed: bool,
}

/// What a `(` starts.
pub(crate) enum Opening {
    /// A group that is captured, with its name.
    Capturing(Option<String>),
    /// A group that is not, and its flags.
    NonCapturing(Flags),
    /// No group, but flags for what follows in this one.
    Flags(Flags),
}

/// Reads the opening that `text` starts with.
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

/// Reads `i-s:` or `i-s)`.
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

/// A group that is being read.
#[derive(Default)]
pub(crate) struct Frame {
    capturing: bool,
    outer_flags: Flags,
    /// The branches that are complete, each with a `|` behind it.
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

    /// The flags that hold again when the group ends.
    pub(crate) fn outer_flags(&self) -> Flags {
        self.outer_flags
    }

    pub(crate) fn push(&mut self, part: Node) {
        self.parts.push(part);
    }

    /// Takes back what a repetition would repeat.
    pub(crate) fn pop(&mut self) -> Option<Node> {
        self.parts.pop()
    }

    /// Ends a branch.
    pub(crate) fn next_branch(&mut self) {
        self.end_branch();
        self.branches.push('|');
    }

    fn end_branch(&mut self) {
        for part in self.parts.drain(..) {
            self.branches.push_str(&part.text);
            self.repeats = self.repeats.max(part.repeats);
            self.height = self.height.max(part.height());
        }
    }

    /// Ends the group.
    pub(crate) fn close(mut self) -> Result<Node, SyntaxErrorKind> {
        self.end_branch();
        let opening = if self.capturing { "(" } else { "(?:" };
        Node::around(format!("{opening}{})", self.branches), self.repeats, self.height)
    }
}
