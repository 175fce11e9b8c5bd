//! Counting the entries that came from each item.

use std::collections::BTreeMap;

use crate::ItemId;

/// Returns the items in ascending order, each with the number of times it occurs.
pub fn count_items(items: impl Iterator<Item = ItemId>) -> Vec<(ItemId, u64)> {
    let mut runs: Vec<(ItemId, u64)> = Vec::new();
    for item in items {
        match runs.last_mut() {
            Some((last, count)) if *last == item => *count += 1,
            _ => runs.push((item, 1)),
        }
    }
    let mut counts = BTreeMap::new();
    for (item, count) in runs {
        *counts.entry(item).or_insert(0) += count;
    }
    counts.into_iter().collect()
}
