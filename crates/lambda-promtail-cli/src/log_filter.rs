//! The events of the function's log that the commands show.

use lambda_promtail::Environment;
use tracing::{Level, Metadata};

/// The events that a command shows, as far as `LOG_LEVEL` allows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFilter {
    /// All events.
    All,
    /// All events except the errors of items, which the command prints itself, once each.
    WithoutErrorsOfItems,
    /// Warnings about the settings and about pushes. Events about single objects are left out, since a backfill can have
    /// millions of objects.
    OfManyObjects,
}

/// Returns the filter of `ship`. Whoever sets `LOG_LEVEL` also sees the events of each object of a backfill.
pub(crate) fn of_ship(is_backfill: bool, environment: &impl Environment) -> LogFilter {
    match is_backfill && environment.text("LOG_LEVEL").is_none() {
        true => LogFilter::OfManyObjects,
        false => LogFilter::WithoutErrorsOfItems,
    }
}

impl LogFilter {
    /// Returns whether an event is shown.
    pub(crate) fn shows(self, event: &Metadata<'_>) -> bool {
        let is_of = |module: &str| event.target().starts_with(module);
        match self {
            Self::All => true,
            // The summary of an event is at ERROR, too, if something failed.
            Self::WithoutErrorsOfItems => *event.level() != Level::ERROR || is_of("lambda_promtail::summary"),
            Self::OfManyObjects => {
                *event.level() == Level::WARN && (is_of("loki_client") || is_of("lambda_promtail::start"))
            }
        }
    }
}
