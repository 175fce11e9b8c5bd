//! The actions of relabelling rules, and the keys that they use.

/// The action of a rule.
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

/// The actions with their names.
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
    /// Returns the action with that name, in any case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        ALL.iter()
            .find_map(|&(known, action)| known.eq_ignore_ascii_case(name).then_some(action))
    }

    /// Returns the names of all actions.
    pub(crate) fn names() -> [&'static str; ALL.len()] {
        ALL.map(|(name, _)| name)
    }

    /// Returns the name of the action.
    pub(crate) fn name(self) -> &'static str {
        ALL.iter()
            .find_map(|&(name, action)| (action == self).then_some(name))
            .unwrap_or_default()
    }

    /// Returns whether `target_label` is required.
    pub(crate) fn needs_target(self) -> bool {
        self.writes_target() || matches!(self, Self::KeepEqual | Self::DropEqual)
    }

    /// Returns whether the action writes the label that `target_label` names.
    pub(crate) fn writes_target(self) -> bool {
        matches!(
            self,
            Self::Replace | Self::HashMod | Self::Lowercase | Self::Uppercase
        )
    }

    /// Returns whether the key is an error for the action, as it is in Prometheus. Other keys that the action does
    /// not use are ignored.
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

    /// Returns the keys that the action uses, for an error message.
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
