//! The keys that AWS services give their objects, and the parts that upstream uses as labels.

pub(crate) mod cloudfront;
pub(crate) mod cloudtrail;
pub(crate) mod config;
pub(crate) mod flow_log;
pub(crate) mod guardduty;
pub(crate) mod kafka;
pub(crate) mod load_balancer;
pub(crate) mod s3_access;
mod scan;
mod vended;
pub(crate) mod waf;

use vended::Vended;

/// A function that returns the source of a key, if the key belongs to a given type.
pub(crate) type Matcher = for<'k> fn(&Key<'k>) -> Option<Source<'k>>;

/// The source of a log, as far as the key names it. Parts that it does not name are empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Source<'k> {
    /// The load balancer, flow log, distribution or similar.
    pub(crate) src: &'k str,
    /// The account; for CloudFront the folder.
    pub(crate) owner: &'k str,
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

    /// Returns the part after the last slash.
    pub(crate) fn file(&self) -> &'k str {
        self.file
    }

    /// Returns the part before the last slash.
    fn folder(&self) -> &'k str {
        self.folder
    }

    /// Returns the first source that the matcher finds, at any place where the key has the `AWSLogs/` layout.
    fn vended(&self, matcher: impl FnMut(&Vended<'k>) -> Option<Source<'k>>) -> Option<Source<'k>> {
        self.vended.iter().find_map(matcher)
    }
}
