//! The path of the installed moto.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// The list of packages to install. The installer also uses it to recognise a complete installation.
const REQUIREMENTS: &str = include_str!("../../moto/requirements.txt");

/// Returns the path of the server in the cache.
pub(super) fn find() -> PathBuf {
    let cache = variable("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.unwrap_or_else(|| Path::new(&variable("HOME").unwrap_or_default()).join(".cache"));
    let directory = cache.join("lambda-promtail").join(format!("moto-{}", version()));
    let installed = fs::read_to_string(directory.join("requirements.txt"));
    assert!(
        installed.is_ok_and(|installed| installed == REQUIREMENTS),
        "there is no moto in {}, or one of other pins; this installs it, once: tools/testkit/moto/install",
        directory.display()
    );
    directory.join("bin/moto_server")
}

fn version() -> &'static str {
    let line = REQUIREMENTS.lines().find_map(|line| line.strip_prefix("moto=="));
    line.and_then(|line| line.split_whitespace().next()).unwrap()
}

/// Returns the value of a variable. As in the installer, an empty one counts as not set.
#[allow(
    clippy::disallowed_methods,
    reason = "not a setting of the function: the machine says where its cache is"
)]
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pinned_version_is_found() {
        assert!(
            version().split('.').all(|part| part.parse::<u32>().is_ok()),
            "{}",
            version()
        );
    }
}
