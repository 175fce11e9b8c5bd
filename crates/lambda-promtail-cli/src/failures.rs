//! The items that failed, as one error.

use lambda_promtail::logging::Escaped;
use lambda_promtail::{EventProgress, ItemProgress};

use crate::Outcome;

/// Returns an error that says each failure once, under a sentence that counts them, or `None` if there are none. `what` is
/// what did not happen, such as `cannot be read`.
pub(crate) fn listed(items: &[ItemProgress], all: u64, what: &str) -> Option<String> {
    let reasons: Vec<String> = items.iter().filter_map(ItemProgress::reason).collect();
    let failed = reasons.len();
    let mut error = match (failed, all) {
        (0, _) => return None,
        // The reason names the item.
        (1, 0 | 1) => format!("{what}:"),
        (_, all) => format!("{failed} of {all} items {what}:"),
    };
    for reason in reasons {
        error += &format!("\n  {}", Escaped(&reason));
    }
    Some(error)
}

/// Returns the items that could not be read as an error.
///
/// # Errors
/// Returns an error if there are any.
pub(crate) fn of_reading(progress: &EventProgress) -> Outcome {
    match listed(&progress.items, progress.items.len() as u64, "cannot be read") {
        Some(error) => Err(error.into()),
        None => Ok(()),
    }
}
