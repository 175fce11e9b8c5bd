//! Promtail's own functions, which take precedence over sprig's.
//!
//! Source of names and behaviour: `clients/pkg/logentry/stages/template.go` of Loki 3.6.8.

use sha2::Digest as _;

use go_text::{to_lower, to_upper};

use crate::funcs::{Function, Param, function};

use Param::{Int, Text};

pub(crate) const FUNCTIONS: &[Function] = &[
    function("ToLower", &[Text], None, |env, args| {
        env.text(to_lower(args.text(0)))
    }),
    function("ToUpper", &[Text], None, |env, args| {
        env.text(to_upper(args.text(0)))
    }),
    function("Replace", &[Text, Text, Text, Int], None, |env, args| {
        let (text, old, new) = (args.text(0), args.text(1), args.text(2));
        let replaced = super::strings::replace(env, text, old, new, usize::try_from(args.int(3)).ok())?;
        env.text(replaced)
    }),
    function("Trim", &[Text, Text], None, |env, args| {
        env.text(args.text(0).trim_matches(|c| args.text(1).contains(c)))
    }),
    function("TrimLeft", &[Text, Text], None, |env, args| {
        env.text(args.text(0).trim_start_matches(|c| args.text(1).contains(c)))
    }),
    function("TrimRight", &[Text, Text], None, |env, args| {
        env.text(args.text(0).trim_end_matches(|c| args.text(1).contains(c)))
    }),
    function("TrimPrefix", &[Text, Text], None, |env, args| {
        env.text(args.text(0).strip_prefix(args.text(1)).unwrap_or(args.text(0)))
    }),
    function("TrimSuffix", &[Text, Text], None, |env, args| {
        env.text(args.text(0).strip_suffix(args.text(1)).unwrap_or(args.text(0)))
    }),
    function("TrimSpace", &[Text], None, |env, args| {
        env.text(args.text(0).trim())
    }),
    function("Hash", &[Text, Text], None, |env, args| {
        env.spend_bytes(args.text(0).len() + args.text(1).len())?;
        let hash = sha3::Sha3_256::new()
            .chain_update(args.text(0))
            .chain_update(args.text(1));
        env.text(super::digests::hex(&hash.finalize()))
    }),
    function("Sha2Hash", &[Text, Text], None, |env, args| {
        env.spend_bytes(args.text(0).len() + args.text(1).len())?;
        let hash = sha2::Sha256::new()
            .chain_update(args.text(0))
            .chain_update(args.text(1));
        env.text(super::digests::hex(&hash.finalize()))
    }),
    function("regexReplaceAll", &[Text, Text, Text], None, |env, args| {
        super::regexes::replace_all(env, args.text(0), args.text(1), args.text(2), false)
    }),
    function(
        "regexReplaceAllLiteral",
        &[Text, Text, Text],
        None,
        |env, args| super::regexes::replace_all(env, args.text(0), args.text(1), args.text(2), true),
    ),
];
