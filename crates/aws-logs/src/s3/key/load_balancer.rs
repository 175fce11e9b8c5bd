//! Keys of Elastic Load Balancing: access logs of all three kinds of load balancer, and the connection and
//! health check logs of application load balancers.

use super::scan::leading_name;
use super::{Key, Source};

const SERVICE: &str = "elasticloadbalancing";
/// The prefixes of the file names of other logs than access logs. Real objects have an underscore where one
/// page of AWS's documentation has a dot.
const PREFIXES: [&str; 4] = ["conn_log_", "conn_log.", "health_check_log_", "health_check_log."];

/// Matches `[prefix/]AWSLogs/<account>/elasticloadbalancing/<region>/yyyy/mm/dd/<file>`, where the file is
/// `[conn_log_|health_check_log_]<account>_elasticloadbalancing_<region>_[app.|net.]<name>[.<id>]_...`
/// ("Access logs for your Application Load Balancer", "... Network ...", "... Classic ...").
pub(crate) fn log<'k>(key: &Key<'k>) -> Option<Source<'k>> {
    key.vended(|vended| {
        vended
            .dated()
            .filter(|(_, between)| vended.service == SERVICE && between.is_empty())?;
        let file = PREFIXES
            .iter()
            .find_map(|prefix| vended.file.strip_prefix(prefix))
            .unwrap_or(vended.file);
        let load_balancer = vended.file_after(file, SERVICE)?;
        // The dot is required: a classic load balancer can be named `appserver`, which upstream takes for the
        // application load balancer `server`.
        let name = load_balancer
            .strip_prefix("app.")
            .or_else(|| load_balancer.strip_prefix("net."))
            .unwrap_or(load_balancer);
        let src = leading_name(name);
        (!src.is_empty()).then_some(Source {
            src,
            owner: vended.account,
        })
    })
}
