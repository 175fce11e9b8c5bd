//! A map with a bounded number of keys.

use std::collections::HashMap;
use std::hash::Hash;

/// A map of at most `capacity` keys. Its keys are in a young and an old generation: when the young one holds half of
/// the capacity, it becomes the old one, and the keys that were not used since are removed.
#[derive(Clone, Debug)]
pub(crate) struct BoundedMap<K, V> {
    capacity: usize,
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K: Eq + Hash + Clone, V> BoundedMap<K, V> {
    /// Returns an empty map.
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            young: HashMap::new(),
            old: HashMap::new(),
        }
    }

    /// Returns the value of a key, and moves the key to the young generation.
    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        if let Some(value) = self.old.remove(key) {
            self.insert(key.clone(), value);
        }
        self.young.get_mut(key)
    }

    /// Inserts a key into the young generation.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        if self.young.len() >= self.capacity.div_ceil(2) && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.old.remove(&key);
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_are_not_used_are_removed() {
        let mut map = BoundedMap::new(4);
        for key in 0..4 {
            map.insert(key, key);
        }
        assert_eq!(map.get_mut(&0), Some(&mut 0));
        map.insert(9, 9);
        assert_eq!(map.get_mut(&1), None, "the older half went");
        assert_eq!(map.get_mut(&0), Some(&mut 0));
        assert_eq!(map.get_mut(&9), Some(&mut 9));
        for key in 0..1000 {
            map.insert(key, key);
            assert!(map.young.len() + map.old.len() <= 4);
        }
    }
}
