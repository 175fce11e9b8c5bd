//! Label sets.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{self, AtomicU64};

use go_text::quote;

/// The label that names the tenant of an entry. It is never sent as a label.
pub const TENANT_LABEL: &str = "__tenant_id__";

/// A label of a stream: a name and its value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label {
    /// The name, unique in its set.
    pub name: String,
    /// The value, which is never empty.
    pub value: String,
}

/// A set of the labels that identify a stream, sorted by name.
///
/// Prometheus and Loki treat a label with an empty value as absent, so setting an empty value removes the name.
///
/// [`Display`](fmt::Display) writes the text that Loki parses, in the form that upstream writes: the values as Go's
/// `%q` writes them, the pairs sorted by their text, and without [`TENANT_LABEL`].
///
/// ```
/// let labels = loki_push::LabelSet::from_iter([("b", "say \"hi\""), ("a", "1"), ("a1", "2")]);
/// assert_eq!(labels.to_string(), r#"{a1="2", a="1", b="say \"hi\""}"#);
/// ```
#[derive(Debug, Default)]
pub struct LabelSet {
    sorted: Vec<Label>,
    /// The hash of the labels, or 0 before it is first needed.
    ///
    /// With tens of thousands of streams, each of them in several maps for each push, hashing the labels took a sixth
    /// of the time.
    hash: AtomicU64,
}

/// The hasher of label sets. Its key is random, so that the author of a log cannot choose values with equal hashes.
static HASHES: LazyLock<RandomState> = LazyLock::new(RandomState::new);

impl LabelSet {
    /// Creates an empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the value of `name`, if the set has that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        let at = self.find(name).ok()?;
        Some(&self.sorted[at].value)
    }

    /// Sets the value of `name`, replacing an earlier one. An empty value removes the name.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        self.hash = AtomicU64::new(0);
        match (self.find(&name), value.is_empty()) {
            (Ok(at), false) => self.sorted[at].value = value,
            (Ok(at), true) => {
                self.sorted.remove(at);
            }
            (Err(at), false) => self.sorted.insert(at, Label { name, value }),
            (Err(_), true) => {}
        }
    }

    /// Removes `name`, if the set has it.
    pub fn remove(&mut self, name: &str) {
        if let Ok(at) = self.find(name) {
            self.hash = AtomicU64::new(0);
            self.sorted.remove(at);
        }
    }

    /// Returns the labels, sorted by name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Label> {
        self.sorted.iter()
    }

    /// Returns the number of labels.
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// Returns whether the set has no labels.
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// Returns the tenant that [`TENANT_LABEL`] names.
    pub fn tenant(&self) -> Option<&str> {
        self.get(TENANT_LABEL)
    }

    /// Returns the labels that are sent, which are all but [`TENANT_LABEL`], in upstream's order.
    ///
    /// Upstream sorts the text of the pairs, so a name that continues another one with a digit comes before it
    /// (`a1="…"` before `a="…"`, since `1` is less than `=`).
    pub(crate) fn sent(&self) -> Vec<&Label> {
        let rendered = |label: &Label| label.name.bytes().chain(*b"=").collect::<Vec<u8>>();
        let mut sent: Vec<&Label> = self.iter().filter(|label| label.name != TENANT_LABEL).collect();
        if sent
            .windows(2)
            .any(|pair| pair[1].name.starts_with(&pair[0].name))
        {
            sent.sort_by_cached_key(|label| rendered(label));
        }
        sent
    }

    /// Appends the text that [`Display`](fmt::Display) writes. A text of its own for each stream, grown in steps, took
    /// longer than its content.
    pub(crate) fn write_text(&self, out: &mut Vec<u8>) {
        let written = self.write_to(&mut TextBuffer(out));
        debug_assert!(written.is_ok(), "a buffer in memory takes any text");
    }

    fn write_to(&self, out: &mut impl fmt::Write) -> fmt::Result {
        out.write_str("{")?;
        for (index, label) in self.sent().into_iter().enumerate() {
            if index > 0 {
                out.write_str(", ")?;
            }
            out.write_str(&label.name)?;
            out.write_str("=")?;
            quote(&label.value, out)?;
        }
        out.write_str("}")
    }

    /// Returns the index of `name`, or else the index at which to insert it.
    fn find(&self, name: &str) -> Result<usize, usize> {
        self.sorted
            .binary_search_by(|label| label.name.as_str().cmp(name))
    }
}

impl Clone for LabelSet {
    fn clone(&self) -> Self {
        Self {
            sorted: self.sorted.clone(),
            hash: AtomicU64::new(self.hash.load(atomic::Ordering::Relaxed)),
        }
    }
}

impl PartialEq for LabelSet {
    fn eq(&self, other: &Self) -> bool {
        self.sorted == other.sorted
    }
}

impl Eq for LabelSet {}

impl PartialOrd for LabelSet {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for LabelSet {
    fn cmp(&self, other: &Self) -> Ordering {
        self.sorted.cmp(&other.sorted)
    }
}

impl Hash for LabelSet {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut hash = self.hash.load(atomic::Ordering::Relaxed);
        if hash == 0 {
            // Two threads may compute it at the same time, with the same result.
            hash = HASHES.hash_one(&self.sorted);
            self.hash.store(hash, atomic::Ordering::Relaxed);
        }
        state.write_u64(hash);
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for LabelSet {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut labels = Self::new();
        for (name, value) in pairs {
            labels.set(name, value);
        }
        labels
    }
}

impl fmt::Display for LabelSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

/// A buffer that text is appended to. Writing to it never fails.
struct TextBuffer<'a>(&'a mut Vec<u8>);

impl fmt::Write for TextBuffer<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn write_char(&mut self, char: char) -> fmt::Result {
        self.write_str(char.encode_utf8(&mut [0; 4]))
    }
}

/// Returns whether Loki can parse the name without quotes: `[a-zA-Z_][a-zA-Z0-9_]*`.
///
/// Loki refuses a whole push for one name that it cannot parse.
pub fn is_label_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|first| first == b'_' || first.is_ascii_alphabetic())
        && bytes.all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_value_removes_its_label() {
        let mut labels = LabelSet::from_iter([("a", "1"), ("b", "")]);
        assert_eq!(labels.len(), 1);
        labels.set("a", "");
        assert!(labels.is_empty());
        assert_eq!(labels.to_string(), "{}");
    }

    #[test]
    fn equal_sets_have_equal_hashes_after_any_changes() {
        let set = LabelSet::from_iter([("a", "1"), ("b", "2")]);
        let hash = |set: &LabelSet| HASHES.hash_one(set);
        let before = hash(&set);
        let mut other = set.clone();
        other.set("b", "3");
        assert_ne!(hash(&other), before);
        other.set("b", "2");
        assert_eq!(hash(&other), before);
        other.remove("b");
        assert_ne!(hash(&other), before);
        assert_eq!(hash(&other), hash(&LabelSet::from_iter([("a", "1")])));
    }

    #[test]
    fn the_last_value_of_a_name_wins() {
        let labels = LabelSet::from_iter([("b", "1"), ("a", "2"), ("b", "3")]);
        assert_eq!(labels.get("b"), Some("3"));
        assert_eq!(labels.to_string(), r#"{a="2", b="3"}"#);
    }

    #[test]
    fn pairs_are_sorted_by_their_text() {
        let labels = LabelSet::from_iter([("a", "1"), ("a1", "2"), ("a_b", "3"), ("aB", "4")]);
        assert_eq!(labels.to_string(), r#"{a1="2", a="1", aB="4", a_b="3"}"#);
    }

    #[test]
    fn the_tenant_is_not_in_the_text() {
        let labels = LabelSet::from_iter([("a", "1"), (TENANT_LABEL, "blue")]);
        assert_eq!(labels.tenant(), Some("blue"));
        assert_eq!(labels.to_string(), r#"{a="1"}"#);
    }

    #[test]
    fn label_names_follow_the_grammar() {
        for good in ["a", "_", "__aws_log_type", "A9", "a_1"] {
            assert!(is_label_name(good), "{good}");
        }
        for bad in ["", "1a", "a-b", "a.b", "a:b", "é", "a b"] {
            assert!(!is_label_name(bad), "{bad}");
        }
    }
}
