//! Several measurements become one.

/// The one in the middle, the lower of two.
pub(crate) fn median<T: PartialOrd + Copy>(values: impl IntoIterator<Item = T>) -> T {
    let mut values: Vec<T> = values.into_iter().collect();
    values.sort_by(|one, other| one.partial_cmp(other).expect("measurements should be numbers"));
    values[(values.len() - 1) / 2]
}
