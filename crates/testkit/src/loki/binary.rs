//! Where the installer put Loki.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The pinned release; the installer reads the same file.
const VERSION: &str = include_str!("../../loki/version");

/// `LOKI_BIN`, or the one in the cache.
pub(super) fn find() -> PathBuf {
    let chosen = variable("LOKI_BIN").map(PathBuf::from);
    let binary = chosen.unwrap_or_else(|| {
        let cache = variable("XDG_CACHE_HOME").map(PathBuf::from);
        let cache = cache.unwrap_or_else(|| Path::new(&variable("HOME").unwrap_or_default()).join(".cache"));
        cache
            .join("lambda-promtail")
            .join(format!("loki-{}", VERSION.trim()))
            .join("loki")
    });
    assert!(
        binary.is_file(),
        "there is no Loki at {}; this installs it, once: crates/testkit/loki/install",
        binary.display()
    );
    binary
}

/// Empty is as good as not set, as in the installer.
#[allow(
    clippy::disallowed_methods,
    reason = "not a setting of the function: the machine says where its cache is"
)]
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}
