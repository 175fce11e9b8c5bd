//! A small cache of the values used last.

/// A map that keeps the values of the `most` keys used last. It is meant for a few keys: a look-up compares
/// each of them.
#[derive(Debug)]
pub(crate) struct Recent<K, V> {
    most: usize,
    /// The entries, with the one used last at the end.
    entries: Vec<(K, V)>,
}

impl<K: PartialEq, V: Clone> Recent<K, V> {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            entries: Vec::new(),
        }
    }

    /// Returns the key's value, which `make` makes if it is not kept. If there are more than `most` values,
    /// the one that was not used for longest is dropped.
    pub(crate) fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> V {
        let found = self.entries.iter().position(|(kept, _)| *kept == key);
        let entry = match found {
            Some(index) => self.entries.remove(index),
            None => (key, make()),
        };
        let value = entry.1.clone();
        self.entries.push(entry);
        if self.entries.len() > self.most {
            self.entries.remove(0);
        }
        value
    }

    #[cfg(test)]
    pub(crate) fn keys(&self) -> impl ExactSizeIterator<Item = &K> {
        self.entries.iter().map(|(key, _)| key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_unused_for_longest_goes_first() {
        let mut recent = Recent::new(2);
        let mut made = Vec::new();
        for key in ["a", "b", "a", "c", "a", "b"] {
            let value = recent.get_or_insert_with(key, || {
                made.push(key);
                key.to_uppercase()
            });
            assert_eq!(value, key.to_uppercase());
        }
        assert_eq!(made, ["a", "b", "c", "b"]);
        assert_eq!(recent.keys().copied().collect::<Vec<_>>(), ["a", "b"]);
    }
}
