//! The distribution of an event's lines over streams and hours.

use fastrand::Rng;

/// The distribution of an event's lines over streams and hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// A few streams, within about an hour.
    Plain,
    /// A `labels` stage distributes the lines over this many streams.
    ManyStreams { users: usize },
    /// Lines are minutes apart, and each part of an event continues the same streams some hours later.
    ManyHours,
}

/// The stages that turn the user in each line into a label.
const STAGES: &str = r#"[{"regex":{"expression":" (?P<user>u[0-9]+) "}},{"labels":{"user":null}}]"#;

impl Shape {
    pub fn draw(rng: &mut Rng) -> Self {
        match rng.u8(..20) {
            0 => Self::ManyStreams {
                users: rng.usize(100..3_000),
            },
            1..6 => Self::ManyHours,
            _ => Self::Plain,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::ManyStreams { .. } => "many streams",
            Self::ManyHours => "many hours",
        }
    }

    /// Returns the value of `LOKI_STAGE_CONFIGS`.
    pub fn stages(self) -> Option<&'static str> {
        matches!(self, Self::ManyStreams { .. }).then_some(STAGES)
    }

    /// Returns the user in a line.
    pub fn user(self, line: usize) -> String {
        match self {
            Self::ManyStreams { users } => format!("u{}", line % users),
            _ => "nobody".to_owned(),
        }
    }

    /// Returns the labels of a line, made of those without the user.
    pub fn labels(self, labels: &str, line: &str) -> String {
        let Self::ManyStreams { .. } = self else {
            return labels.to_owned();
        };
        let is_user = |word: &&str| {
            let digits = word.strip_prefix('u').unwrap_or_default();
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        let user = line.split(' ').find(is_user).unwrap_or_default();
        format!("{}, user=\"{user}\"}}", labels.trim_end_matches('}'))
    }
}
