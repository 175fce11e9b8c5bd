//! Sprig's functions of paths: Go's packages `path` and `path/filepath`, which are the same where `/` separates.

use crate::funcs::{Function, Param, function};
use crate::value::Value;

use Param::Text;

pub(crate) const FUNCTIONS: &[Function] = &[
    function("base", &[Text], None, |env, args| env.text(base(args.text(0)))),
    function("osBase", &[Text], None, |env, args| env.text(base(args.text(0)))),
    function("dir", &[Text], None, |env, args| env.text(dir(args.text(0)))),
    function("osDir", &[Text], None, |env, args| env.text(dir(args.text(0)))),
    function("clean", &[Text], None, |env, args| env.text(clean(args.text(0)))),
    function("osClean", &[Text], None, |env, args| {
        env.text(clean(args.text(0)))
    }),
    function("ext", &[Text], None, |env, args| env.text(ext(args.text(0)))),
    function("osExt", &[Text], None, |env, args| env.text(ext(args.text(0)))),
    function("isAbs", &[Text], None, |_, args| {
        Ok(Value::Bool(args.text(0).starts_with('/')))
    }),
    function("osIsAbs", &[Text], None, |_, args| {
        Ok(Value::Bool(args.text(0).starts_with('/')))
    }),
];

fn base(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    let path = path.trim_end_matches('/');
    match path.rsplit('/').next() {
        Some("") | None => "/",
        Some(name) => name,
    }
}

fn dir(path: &str) -> String {
    clean(path.rfind('/').map_or("", |at| &path[..=at]))
}

fn ext(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rfind('.').map_or("", |at| &name[at..])
}

/// The shortest path that means the same.
fn clean(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut names: Vec<&str> = Vec::new();
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." => match names.last() {
                Some(&"..") | None if !absolute => names.push(".."),
                _ => {
                    names.pop();
                }
            },
            name => names.push(name),
        }
    }
    let joined = names.join("/");
    match (absolute, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}
