//! The keys that AWS services give their objects, and what of them upstream makes labels of.

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

/// Whether the key is one of a type, and then what it says about the source.
pub(crate) type Matcher = for<'k> fn(&Key<'k>) -> Option<Source<'k>>;

/// What a key says about where the log comes from. What it does not say is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Source<'k> {
    /// The load balancer, flow log, distribution, ...
    pub(crate) src: &'k str,
    /// The account; for CloudFront the folder.
    pub(crate) owner: &'k str,
}

/// A key, taken apart.
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

    /// What follows the last slash.
    pub(crate) fn file(&self) -> &'k str {
        self.file
    }

    /// What precedes it.
    fn folder(&self) -> &'k str {
        self.folder
    }

    /// The first source that the matcher finds in the places of the key that are laid out as services
    /// under `AWSLogs/` do.
    fn vended(&self, matcher: impl FnMut(&Vended<'k>) -> Option<Source<'k>>) -> Option<Source<'k>> {
        self.vended.iter().find_map(matcher)
    }
}
