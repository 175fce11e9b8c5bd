//! Statistics over several measurements.

/// Returns the median, the lower of two if the number of values is even.
pub(crate) fn median<T: PartialOrd + Copy>(values: impl IntoIterator<Item = T>) -> T {
    let mut values: Vec<T> = values.into_iter().collect();
    values.sort_by(|one, other| one.partial_cmp(other).expect("measurements should be numbers"));
    values[(values.len() - 1) / 2]
}
