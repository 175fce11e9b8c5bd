//! The warnings about variables whose names resemble that of a setting.

use super::error::Finding;
use super::setting::Setting;
use super::table;
use crate::Environment;

/// The number of letters of a setting's name for each one that may differ. With more differences than one in six,
/// `FTP_PROXY` would pass for `HTTP_PROXY`, `TMOUT` for `TIMEOUT` and `PGPASSWORD` for `PASSWORD`.
const LETTERS_PER_DIFFERENCE: usize = 6;

/// Returns a warning for each variable that is not a setting but has nearly the name of one, in the order of the names.
pub(super) fn warnings(environment: &impl Environment) -> Vec<Finding> {
    let mut names = environment.names();
    names.sort_unstable();
    let warning = |name: String| {
        let meant = meant(&name)?;
        Some(Finding {
            text: format!("not a setting, and ignored; did you mean {meant}?"),
            variable: name.into(),
        })
    };
    names.into_iter().filter_map(warning).collect()
}

/// Returns the setting that was probably meant by the name of a variable that is not a setting.
fn meant(name: &str) -> Option<&'static str> {
    let is_plain = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    // Lambda and AWS's libraries use such names.
    let is_reserved = ["AWS_", "LAMBDA_", "_"]
        .iter()
        .any(|prefix| name.starts_with(prefix));
    let is_setting = |setting: &Setting| setting.name == name || setting.other_name == Some(name);
    if !is_plain || is_reserved || table::all().any(is_setting) {
        return None;
    }
    let name = name.to_ascii_uppercase();
    let near = |setting: &'static Setting| {
        let most = setting.name.len() / LETTERS_PER_DIFFERENCE;
        // A name can be this near only if its length is.
        let is_possible =
            setting.name.len().abs_diff(name.len()) <= most && share_letters(&name, setting.name, most);
        let distance = is_possible.then(|| strsim::osa_distance(&name, setting.name))?;
        (distance <= most).then_some((distance, setting.name))
    };
    let nearest = table::all()
        .filter_map(near)
        .min_by_key(|(distance, _)| *distance);
    nearest.map(|(_, name)| name)
}

/// Returns whether so many letters are in both names that no more than `most` may differ. Without this check the
/// distances took two thirds of the instructions of a start with 43 variables.
fn share_letters(name: &str, setting: &str, most: usize) -> bool {
    let mut surplus = [0_i16; 32];
    for byte in name.bytes() {
        surplus[usize::from(byte & 31)] += 1;
    }
    for byte in setting.bytes() {
        surplus[usize::from(byte & 31)] -= 1;
    }
    // A letter in place of another changes the count of both.
    let differing: u16 = surplus.iter().map(|count| count.unsigned_abs()).sum();
    usize::from(differing) <= 2 * most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_names_are_near_a_setting() {
        for (name, setting) in [
            ("WRITE_ADRESS", "WRITE_ADDRESS"),
            ("WRITE_ADDRES", "WRITE_ADDRESS"),
            ("WRITEADDRESS", "WRITE_ADDRESS"),
            ("write_address", "WRITE_ADDRESS"),
            ("Write-Address", "WRITE_ADDRESS"),
            ("RELABEL_CONFIG", "RELABEL_CONFIGS"),
            ("LOKI_STAGES_CONFIG", "LOKI_STAGE_CONFIGS"),
            ("BATCHSIZE", "BATCH_SIZE"),
            ("BACTH_SIZE", "BATCH_SIZE"),
            ("TENANTID", "TENANT_ID"),
            ("LOGLEVEL", "LOG_LEVEL"),
            ("PASSWROD", "PASSWORD"),
            ("REPORT_BATCH_ITEM_FAILURE", "REPORT_BATCH_ITEM_FAILURES"),
        ] {
            assert_eq!(meant(name), Some(setting), "{name}");
        }
    }

    #[test]
    fn other_names_are_left_alone() {
        for name in [
            // Settings, under either of their names.
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "http_proxy",
            "no_proxy",
            "LOG_LEVEL",
            "MIN_BACKOFF",
            // Lambda's and AWS's.
            "AWS_LAMBDA_LOG_LEVEL",
            "AWS_LAMBDA_LOG_FORMAT",
            "AWS_MAX_ATTEMPTS",
            "LAMBDA_TASK_ROOT",
            "_HANDLER",
            "_X_AMZN_TRACE_ID",
            // Names of shells and other programs.
            "FTP_PROXY",
            "ALL_PROXY",
            "GOPROXY",
            "TMOUT",
            "PGPASSWORD",
            "PGUSERNAME",
            "USER",
            "LOGNAME",
            "RUST_LOG",
            "PATH",
            "LANG",
            "TZ",
            "",
        ] {
            assert_eq!(meant(name), None, "{name}");
        }
    }
}
