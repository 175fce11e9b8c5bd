//! As much of Terraform's language as the module needs: top-level blocks with an argument on each line.

/// A `variable` or `output` block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block<'a> {
    pub(crate) name: &'a str,
    body: &'a str,
}

impl<'a> Block<'a> {
    /// Returns the argument's expression as it is written.
    pub(crate) fn argument(&self, name: &str) -> Option<&'a str> {
        self.body.lines().find_map(|line| {
            let rest = line.strip_prefix("  ")?.strip_prefix(name)?;
            rest.trim_start().strip_prefix("= ")
        })
    }

    /// Returns the description without its quotation marks.
    pub(crate) fn description(&self) -> &'a str {
        self.argument("description").unwrap_or_default().trim_matches('"')
    }
}

/// Returns the top-level blocks of a kind with one label, such as `variable "name"`.
pub(crate) fn blocks<'a>(kind: &str, file: &'a str) -> Vec<Block<'a>> {
    let start = format!("{kind} \"");
    let mut blocks = Vec::new();
    let mut rest = file;
    while let Some((line, after)) = rest.split_once('\n') {
        rest = after;
        let label = line
            .strip_prefix(&start)
            .and_then(|label| label.strip_suffix("\" {"));
        if let (Some(name), Some((body, after))) = (label, after.split_once("\n}")) {
            blocks.push(Block { name, body });
            rest = after;
        }
    }
    blocks
}

/// Returns the text as a quoted string.
pub(crate) fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", escaped.replace("${", "$${").replace("%{", "%%{"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_have_names_and_arguments() {
        let file = "# x\nvariable \"a\" {\n  description = \"A.\"\n  default     = {}\n  v {\n    default = 1\n  }\n}\n\noutput \"b\" {\n  value = 1\n}\nvariable \"c\" {\n  type = string\n}\n";
        let found = blocks("variable", file);
        let names: Vec<&str> = found.iter().map(|block| block.name).collect();
        assert_eq!(names, ["a", "c"]);
        assert_eq!(
            (found[0].description(), found[0].argument("default")),
            ("A.", Some("{}"))
        );
        assert_eq!(
            (found[1].argument("type"), found[1].argument("default")),
            (Some("string"), None)
        );
    }

    #[test]
    fn templates_are_escaped() {
        assert_eq!(quoted(r#"a "${b}" \"#), r#""a \"$${b}\" \\""#);
    }
}
