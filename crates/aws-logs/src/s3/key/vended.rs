//! The key layout that many services share: `[prefix/]AWSLogs/[<organization>/]<account>/<service>/...`, or
//! with hive-style partitions `AWSLogs/aws-account-id=<account>/aws-service=<service>/aws-region=...`.

use super::Found;
use super::scan::{is_number, is_region, leading_name};

const ROOT: &str = "AWSLogs/";

/// The part of a key that follows `AWSLogs/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Vended<'k> {
    pub(crate) account: &'k str,
    pub(crate) service: &'k str,
    /// The folders after the service, without hive-style names (`year=2026` becomes `2026`).
    pub(crate) folders: Vec<&'k str>,
    pub(crate) file: &'k str,
}

impl<'k> Vended<'k> {
    /// Returns one value for each `AWSLogs/` in the key, because a prefix can contain one too.
    pub(crate) fn all(key: &'k str) -> Vec<Self> {
        key.match_indices(ROOT)
            .filter_map(|(at, _)| Self::parse(&key[at + ROOT.len()..]))
            .collect()
    }

    fn parse(rest: &'k str) -> Option<Self> {
        let mut segments = rest.split('/').map(value);
        let first = segments.next()?;
        let account = if is_organization(first) {
            segments.next()?
        } else {
            first
        };
        let service = segments.next()?;
        let mut folders: Vec<&str> = segments.collect();
        let file = folders.pop()?;
        is_number(account).then_some(Self {
            account,
            service,
            folders,
            file,
        })
    }

    /// Returns the region and the folders between it and the date, if the date consists of the folders that
    /// AWS makes: year, month and day, optionally followed by hour and minute.
    pub(crate) fn dated(&self) -> Option<(&'k str, &[&'k str])> {
        let (region, folders) = self.folders.split_first()?;
        let date_parts = folders
            .iter()
            .rev()
            .take_while(|folder| is_number(folder))
            .count();
        (3..=5)
            .contains(&date_parts)
            .then(|| (*region, &folders[..folders.len() - date_parts]))
    }

    /// Returns the log if it has one of these services and the layout that CloudWatch Logs delivers,
    /// `<region>/yyyy/mm/dd/<account>_<service>_<region>_[<id>_]...`. Its source is the id, if that begins with `prefix`.
    pub(crate) fn log_of_service(&self, services: &[&str], prefix: &str) -> Option<Found<'k>> {
        self.dated().filter(|(_, between)| between.is_empty())?;
        if !services.contains(&self.service) {
            return None;
        }
        let rest = self.file_after(self.file, self.service)?;
        let src = Some(leading_name(rest))
            .filter(|name| name.starts_with(prefix))
            .unwrap_or_default();
        (!rest.is_empty()).then_some(Found::Log {
            src,
            owner: self.account,
        })
    }

    /// Returns the part of the file name after `<account>_<service>_<region>_`.
    pub(crate) fn file_after(&self, file: &'k str, service: &str) -> Option<&'k str> {
        account_and_rest(file, service).map(|(_, rest)| rest)
    }
}

/// Returns the account of a file named `<account>_<service>_<region>_<rest>`, and the rest.
pub(crate) fn account_and_rest<'k>(file: &'k str, service: &str) -> Option<(&'k str, &'k str)> {
    let mut parts = file.splitn(4, '_');
    let (account, named_service) = (parts.next()?, parts.next()?);
    let (region, rest) = (parts.next()?, parts.next()?);
    (is_number(account) && named_service == service && is_region(region)).then_some((account, rest))
}

/// Returns the value of a hive-style folder `name=value`, and other folders unchanged.
pub(super) fn value(segment: &str) -> &str {
    match segment.split_once('=') {
        Some((name, value))
            if !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') =>
        {
            value
        }
        _ => segment,
    }
}

/// Returns whether the folder is an organization id: `o-` and 10 to 32 lower-case letters or digits
/// (Organizations API reference, "Organization").
fn is_organization(segment: &str) -> bool {
    segment.strip_prefix("o-").is_some_and(|id| {
        (10..=32).contains(&id.len())
            && id
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    })
}
