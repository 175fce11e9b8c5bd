//! The actions, and what keys they take.

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Replace,
    Keep,
    Drop,
    KeepEqual,
    DropEqual,
    HashMod,
    LabelMap,
    LabelDrop,
    LabelKeep,
    Lowercase,
    Uppercase,
}

const ALL: [(&str, Action); 11] = [
    ("replace", Action::Replace),
    ("keep", Action::Keep),
    ("drop", Action::Drop),
    ("keepequal", Action::KeepEqual),
    ("dropequal", Action::DropEqual),
    ("hashmod", Action::HashMod),
    ("labelmap", Action::LabelMap),
    ("labeldrop", Action::LabelDrop),
    ("labelkeep", Action::LabelKeep),
    ("lowercase", Action::Lowercase),
    ("uppercase", Action::Uppercase),
];

impl Action {
    /// The action of that name, in whatever case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        ALL.iter()
            .find_map(|&(known, action)| known.eq_ignore_ascii_case(name).then_some(action))
    }

    pub(crate) fn names() -> [&'static str; ALL.len()] {
        ALL.map(|(name, _)| name)
    }

    pub(crate) fn name(self) -> &'static str {
        ALL.iter()
            .find_map(|&(name, action)| (action == self).then_some(name))
            .unwrap_or_default()
    }

    /// Whether `target_label` has to be there.
    pub(crate) fn needs_target(self) -> bool {
        self.writes_target() || matches!(self, Self::KeepEqual | Self::DropEqual)
    }

    /// Whether the label that `target_label` names is written.
    pub(crate) fn writes_target(self) -> bool {
        matches!(
            self,
            Self::Replace | Self::HashMod | Self::Lowercase | Self::Uppercase
        )
    }

    /// The keys that are an error beside it. Other keys that mean nothing to it are ignored.
    pub(crate) fn refuses(self, key: &str) -> bool {
        let refused: &[&str] = match self {
            Self::KeepEqual | Self::DropEqual => &["regex", "modulus", "separator", "replacement"],
            Self::LabelDrop | Self::LabelKeep => &[
                "source_labels",
                "target_label",
                "modulus",
                "separator",
                "replacement",
            ],
            Self::Lowercase | Self::Uppercase => &["replacement"],
            _ => &[],
        };
        refused.contains(&key)
    }

    /// The keys that it works with.
    pub(crate) fn takes(self) -> &'static str {
        match self {
            Self::Replace => "source_labels, separator, regex, target_label and replacement",
            Self::Keep | Self::Drop => "source_labels, separator and regex",
            Self::KeepEqual | Self::DropEqual => "source_labels and target_label",
            Self::HashMod => "source_labels, separator, target_label and modulus",
            Self::LabelMap => "regex and replacement",
            Self::LabelDrop | Self::LabelKeep => "regex",
            Self::Lowercase | Self::Uppercase => "source_labels, separator and target_label",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_its_name() {
        for name in Action::names() {
            assert_eq!(Action::named(&name.to_uppercase()).unwrap().name(), name);
        }
        assert_eq!(Action::named(""), None);
    }
}
