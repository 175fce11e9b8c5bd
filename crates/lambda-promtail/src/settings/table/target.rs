//! The Loki that pushes go to.

use http::HeaderValue;
use loki_client::WriteAddress;

use super::super::setting::{Setting, Shown};
use super::super::value::{Optional, set};

pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "WRITE_ADDRESS",
        is_required: true,
        meaning: "push URL, `http` or `https`, used exactly as given: it must include the path, usually `/loki/api/v1/push`",
        shown: Shown::Url,
        value: &Optional(|raw, text| set(&mut raw.write_address, WriteAddress::parse(text).map(Some))),
        ..Setting::PLAIN
    },
    Setting {
        name: "TENANT_ID",
        meaning: "tenant, sent in the header `X-Scope-OrgID`",
        value: &Optional(|raw, text| {
            let tenant = HeaderValue::from_str(text).map(Some);
            let tenant = tenant.map_err(|_| "has characters that are not allowed in a header");
            set(&mut raw.tenant, tenant)
        }),
        ..Setting::PLAIN
    },
];
