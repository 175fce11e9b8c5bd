//! The keys of objects, and the parts of them from which types are told and labels are made.

mod origin;
pub(crate) mod partition;
pub(crate) mod scan;
mod vended;

use super::Skipped;
use super::format::Variant;
pub use origin::KeyOrigin;
pub(crate) use vended::{Vended, account_and_rest};

/// A function that returns what a key means, if it belongs to the function's type.
pub(crate) type Matcher = for<'k> fn(&Key<'k>) -> Option<Found<'k>>;

/// The meaning of a key that belongs to a type.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Found<'k> {
    /// A log. Parts that the key does not name are empty.
    Log {
        /// The load balancer, flow log, distribution or similar.
        src: &'k str,
        /// The account; for CloudFront the folder up to a date.
        owner: &'k str,
    },
    /// A log of the type whose objects have another format.
    Variant {
        /// As in [`Log`](Self::Log).
        src: &'k str,
        /// As in [`Log`](Self::Log).
        owner: &'k str,
        /// The format, in place of the type's.
        variant: &'static Variant,
    },
    /// An object of the same service that is not a log and has nothing to ship.
    Skipped(Skipped),
}

impl Found<'_> {
    /// Returns a log with another format than that of its type, and everything else unchanged.
    pub(crate) fn with_format(self, variant: &'static Variant) -> Self {
        match self {
            Self::Log { src, owner } | Self::Variant { src, owner, .. } => {
                Self::Variant { src, owner, variant }
            }
            Self::Skipped(reason) => Self::Skipped(reason),
        }
    }
}

/// A key, split into its parts.
#[derive(Clone, Debug)]
pub(crate) struct Key<'k> {
    segments: Vec<&'k str>,
    folder: &'k str,
    file: &'k str,
    vended: Vec<Vended<'k>>,
}

impl<'k> Key<'k> {
    pub(crate) fn new(key: &'k str) -> Self {
        let (folder, file) = key.rsplit_once('/').unwrap_or(("", key));
        Self {
            segments: key.split('/').collect(),
            folder,
            file,
            vended: Vended::all(key),
        }
    }

    /// Returns the parts between the slashes.
    pub(crate) fn segments(&self) -> &[&'k str] {
        &self.segments
    }

    /// Returns the part after the last slash.
    pub(crate) fn file(&self) -> &'k str {
        self.file
    }

    /// Returns the part before the last slash.
    pub(crate) fn folder(&self) -> &'k str {
        self.folder
    }

    /// Returns what the matcher finds first, at any place where the key has the `AWSLogs/` layout.
    pub(crate) fn vended(&self, matcher: impl FnMut(&Vended<'k>) -> Option<Found<'k>>) -> Option<Found<'k>> {
        self.vended.iter().find_map(matcher)
    }
}
