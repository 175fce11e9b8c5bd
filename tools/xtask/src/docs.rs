//! Finds docs of functions that do not begin with a verb in the third person.

use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Lit, Meta};

use crate::language::Count;
use crate::source::SourceFile;

/// Words that end in "s" like verbs, but are not verbs where a function's doc begins with them.
const NOUNS: [&str; 30] = [
    "address",
    "alias",
    "as",
    "bytes",
    "characters",
    "class",
    "digits",
    "entries",
    "errors",
    "events",
    "fields",
    "is",
    "its",
    "keys",
    "labels",
    "lines",
    "names",
    "nanoseconds",
    "milliseconds",
    "objects",
    "options",
    "others",
    "records",
    "rows",
    "rules",
    "seconds",
    "settings",
    "stages",
    "this",
    "values",
];

/// Counts the documented functions of a file, tests aside, and finds those whose doc does not begin with a verb.
pub(crate) fn of_functions(file: &SourceFile) -> syn::Result<Count> {
    let mut functions = Functions {
        file,
        count: Count::default(),
    };
    functions.visit_file(&syn::parse_file(&file.text)?);
    Ok(functions.count)
}

struct Functions<'a> {
    file: &'a SourceFile,
    count: Count,
}

impl Functions<'_> {
    fn add(&mut self, attributes: &[Attribute]) {
        if attributes.iter().any(is_test) {
            return;
        }
        let Some((line, doc)) = attributes.iter().find_map(doc) else {
            return;
        };
        self.count.all += 1;
        if !begins_with_a_verb(&doc) {
            self.count.findings.push(self.file.finding(line, &doc));
        }
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.add(&function.attrs);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.add(&function.attrs);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        self.add(&function.attrs);
        visit::visit_trait_item_fn(self, function);
    }
}

/// Returns whether the attribute is `#[test]` or a runtime's own, such as `#[tokio::test]`.
fn is_test(attribute: &Attribute) -> bool {
    let name = attribute.path().segments.last();
    name.is_some_and(|name| name.ident == "test")
}

/// Returns the line and the text of an attribute that is a doc.
fn doc(attribute: &Attribute) -> Option<(usize, String)> {
    let Meta::NameValue(doc) = &attribute.meta else {
        return None;
    };
    let Expr::Lit(text) = &doc.value else {
        return None;
    };
    match &text.lit {
        Lit::Str(text) if doc.path.is_ident("doc") => Some((text.span().start().line, text.value())),
        _ => None,
    }
}

fn begins_with_a_verb(doc: &str) -> bool {
    let word = doc.split_whitespace().next().unwrap_or_default();
    let word = word.trim_end_matches([',', ':']).to_ascii_lowercase();
    word.ends_with('s')
        && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        && !NOUNS.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docs_begin_with_a_verb() {
        for doc in ["Returns the label set.", " Re-reads it.", " Parses, and counts."] {
            assert!(begins_with_a_verb(doc), "{doc}");
        }
        for doc in [
            "",
            " The label set.",
            " Bytes of a batch.",
            " Whether it is empty.",
            " `s` as text.",
        ] {
            assert!(!begins_with_a_verb(doc), "{doc}");
        }
    }

    #[test]
    fn tests_and_undocumented_functions_do_not_count() {
        let text = "
            /// The first.
            fn first() {}
            /// Returns the second.
            fn second() {}
            fn third() {}
            /// A bug of old.
            #[tokio::test]
            async fn fourth() {}
            impl S {
                /// The fifth.
                fn fifth() {}
            }";
        let file = SourceFile {
            path: "a.rs".into(),
            text: text.to_owned(),
        };
        let count = of_functions(&file).unwrap();
        let found: Vec<String> = count.findings.iter().map(ToString::to_string).collect();
        assert_eq!(count.all, 3);
        assert_eq!(found, ["a.rs:2: The first.", "a.rs:11: The fifth."]);
    }
}
