//! What a listing has found.

use std::collections::BTreeMap;
use std::io::{self, Write};

use indicatif::{HumanBytes, HumanCount};
use jiff::{SignedDuration, Timestamp};
use lambda_promtail::SkipReason;
use lambda_promtail::logging::Escaped;
use serde::{Serialize, Serializer};

use super::candidates::ObjectTime;
use super::objects;

/// The age above which Loki refuses lines by default (`limits_config.reject_old_samples_max_age`, 168 hours, in Loki's
/// "Configuration" page).
const LOKIS_MAX_AGE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The time ahead of its clock above which Loki refuses lines by default (`limits_config.creation_grace_period`, on the
/// same page).
const LOKIS_GRACE: SignedDuration = SignedDuration::from_mins(10);

/// The counts of a listing.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Survey {
    /// The objects to ship, by type.
    types: BTreeMap<String, TypeCounts>,
    /// The number of objects that have nothing to ship, by reason.
    skipped: BTreeMap<String, u64>,
    /// The number of objects whose type is not known. They fail.
    unknown: u64,
    /// The number of objects that an earlier run has shipped.
    finished: u64,
    /// The number of objects whose date is not in the range.
    out_of_range: u64,
    /// The number of objects to ship whose lines are so old that Loki refuses them by default.
    too_old: u64,
    /// The number of objects to ship whose date is so far in the future that Loki refuses their lines by default.
    too_new: u64,
    /// The key of an object of unknown type.
    #[serde(skip)]
    first_unknown: Option<String>,
    /// The dates of the objects outside of the range.
    #[serde(skip)]
    outside: Option<(Timestamp, Timestamp)>,
}

/// The objects of one type.
#[derive(Debug, Serialize)]
struct TypeCounts {
    objects: u64,
    /// The size as it is stored.
    bytes: u64,
    #[serde(serialize_with = "as_text")]
    first: Timestamp,
    #[serde(serialize_with = "as_text")]
    last: Timestamp,
}

fn as_text<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}

impl Survey {
    /// Counts an object to ship.
    pub(crate) fn add(&mut self, type_name: &str, time: &ObjectTime, size: u64, now: Timestamp) {
        if now.duration_since(time.end) > LOKIS_MAX_AGE {
            self.too_old += 1;
        }
        if time.start.duration_since(now) > LOKIS_GRACE {
            self.too_new += 1;
        }
        match self.types.get_mut(type_name) {
            Some(counts) => {
                counts.objects += 1;
                counts.bytes += size;
                counts.first = counts.first.min(time.order);
                counts.last = counts.last.max(time.order);
            }
            None => {
                let counts = TypeCounts {
                    objects: 1,
                    bytes: size,
                    first: time.order,
                    last: time.order,
                };
                self.types.insert(type_name.to_owned(), counts);
            }
        }
    }

    pub(crate) fn add_skipped(&mut self, reason: SkipReason) {
        *self.skipped.entry(reason.to_string()).or_default() += 1;
    }

    pub(crate) fn add_unknown(&mut self, key: &str) {
        self.unknown += 1;
        self.first_unknown.get_or_insert_with(|| key.to_owned());
    }

    pub(crate) fn add_finished(&mut self) {
        self.finished += 1;
    }

    pub(crate) fn add_out_of_range(&mut self, time: &ObjectTime) {
        self.out_of_range += 1;
        let (first, last) = self.outside.get_or_insert((time.order, time.order));
        (*first, *last) = ((*first).min(time.order), (*last).max(time.order));
    }

    /// Returns the number of objects to ship, with those that will fail because their type is not known.
    pub(crate) fn to_ship(&self) -> u64 {
        self.of_known_types() + self.unknown
    }

    fn of_known_types(&self) -> u64 {
        self.types.values().map(|counts| counts.objects).sum()
    }

    /// Returns why there is nothing to ship. If all that there is was shipped by earlier runs, that is not an error.
    pub(crate) fn nothing_to_ship(&self, prefix: &str) -> Option<String> {
        if self.of_known_types() + self.finished > 0 {
            return None;
        }
        let mut found: Vec<String> = Vec::new();
        if let Some((first, last)) = self.outside {
            let count = HumanCount(self.out_of_range);
            found.push(format!(
                "{count} outside of --since and --until, with dates from {first} to {last}"
            ));
        }
        for (reason, count) in &self.skipped {
            found.push(format!("{} skipped ({reason})", HumanCount(*count)));
        }
        if let Some(key) = &self.first_unknown {
            let count = HumanCount(self.unknown);
            found.push(format!("{count} of no known type, such as {}", Escaped(key)));
        }
        Some(match found.is_empty() {
            true => format!("{prefix}: no object has this prefix"),
            false => format!("{prefix}: there is nothing to ship: {}", found.join("; ")),
        })
    }

    /// Returns what Loki will refuse by default.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let of = objects(self.of_known_types());
        let (old, new) = (HumanCount(self.too_old), HumanCount(self.too_new));
        let mut warnings = Vec::new();
        if self.too_old > 0 {
            warnings.push(format!(
                "warning: of {of}, {old} are older than 7 days, and Loki refuses such lines by default: set \
                 limits_config.reject_old_samples_max_age higher in Loki, or leave them out with --since"
            ));
        }
        if self.too_new > 0 {
            warnings.push(format!(
                "warning: of {of}, {new} have a date more than 10 minutes in the future, and Loki refuses such lines by \
                 default: set limits_config.creation_grace_period higher in Loki, or leave them out with --until"
            ));
        }
        warnings
    }

    /// Writes a table of what would be shipped.
    pub(crate) fn write(&self, mut out: impl Write) -> io::Result<()> {
        let width = self
            .types
            .keys()
            .map(String::len)
            .max()
            .unwrap_or_default()
            .max("type".len());
        writeln!(
            out,
            "{:<width$}  {:>11}  {:>11}  {:<20}  last",
            "type", "objects", "bytes", "first"
        )?;
        for (name, counts) in &self.types {
            writeln!(
                out,
                "{name:<width$}  {:>11}  {:>11}  {:<20}  {:.0}",
                HumanCount(counts.objects).to_string(),
                HumanBytes(counts.bytes).to_string(),
                format!("{:.0}", counts.first),
                counts.last,
            )?;
        }
        for (reason, count) in &self.skipped {
            writeln!(out, "skipped: {} ({reason})", HumanCount(*count))?;
        }
        if let Some(key) = &self.first_unknown {
            let count = HumanCount(self.unknown);
            writeln!(
                out,
                "would fail: {count} of no known type, such as {}",
                Escaped(key)
            )?;
        }
        for (count, what) in [
            (self.finished, "shipped by earlier runs"),
            (self.out_of_range, "outside of --since and --until"),
        ] {
            if count > 0 {
                writeln!(out, "{what}: {}", HumanCount(count))?;
            }
        }
        Ok(())
    }
}
