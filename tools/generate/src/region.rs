//! A generated part of a file.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// A generated part of a file, between two lines that stay.
#[derive(Clone, Copy, Debug)]
pub struct Region {
    /// The path under the top of the clone.
    pub file: &'static str,
    /// The line before the part, without its indentation.
    begin: &'static str,
    /// The line after the part, without its indentation.
    end: &'static str,
    /// Returns the part, whole lines, from the clone at this path.
    text: fn(&Path) -> Result<String, GenerateError>,
}

/// An error while generating a part of a file.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// A file cannot be read or written.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        error: io::Error,
    },
    /// A file lacks the lines that enclose its part.
    #[error(
        "{file} needs one line `{begin}` with a line `{end}` after it: the generated part goes between them"
    )]
    Marker {
        /// The file.
        file: &'static str,
        /// The line before the part.
        begin: &'static str,
        /// The line after the part.
        end: &'static str,
    },
}

impl Region {
    /// Returns a part of a Markdown file, which ends at `<!-- end -->`.
    pub(crate) const fn markdown(
        file: &'static str,
        begin: &'static str,
        text: fn(&Path) -> Result<String, GenerateError>,
    ) -> Self {
        let end = "<!-- end -->";
        Self {
            file,
            begin,
            end,
            text,
        }
    }

    /// Returns a part of a file whose comments begin with `#`, which ends at `# end of generated`.
    pub(crate) const fn code(
        file: &'static str,
        begin: &'static str,
        text: fn(&Path) -> Result<String, GenerateError>,
    ) -> Self {
        let end = "# end of generated";
        Self {
            file,
            begin,
            end,
            text,
        }
    }

    /// Returns the file's new text, or `None` if the file has it already.
    pub(crate) fn renewed(&self, top: &Path) -> Result<Option<String>, GenerateError> {
        let old = read(&top.join(self.file))?;
        let new = self.replaced(&old, &(self.text)(top)?)?;
        Ok((new != old).then_some(new))
    }

    /// Writes the file's new text.
    pub(crate) fn write(&self, top: &Path, text: &str) -> Result<(), GenerateError> {
        let path = top.join(self.file);
        fs::write(&path, text).map_err(|error| GenerateError::File { path, error })
    }

    /// Returns the file's text with this part in place of the one it has.
    fn replaced(&self, old: &str, part: &str) -> Result<String, GenerateError> {
        let missing = || GenerateError::Marker {
            file: self.file,
            begin: self.begin,
            end: self.end,
        };
        let lines: Vec<&str> = old.split_inclusive('\n').collect();
        let mut begins = (0..lines.len()).filter(|index| lines[*index].trim() == self.begin);
        let begin = begins.next().ok_or_else(missing)?;
        if begins.next().is_some() {
            return Err(missing());
        }
        let rest = lines[begin..].iter().position(|line| line.trim() == self.end);
        let end = begin + rest.ok_or_else(missing)?;
        Ok(lines[..=begin].concat() + part + &lines[end..].concat())
    }
}

/// Reads a file.
pub(crate) fn read(path: &Path) -> Result<String, GenerateError> {
    fs::read_to_string(path).map_err(|error| GenerateError::File {
        path: path.to_owned(),
        error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGION: Region = Region::code("x.tf", "# generated: x", |_| Ok(String::new()));

    #[test]
    fn the_lines_between_the_markers_are_replaced() {
        let old = "a\n  # generated: x\nold\nolder\n  # end of generated\nb\n";
        let new = "a\n  # generated: x\nnew\n  # end of generated\nb\n";
        assert_eq!(REGION.replaced(old, "new\n").ok().as_deref(), Some(new));
        assert_eq!(REGION.replaced(new, "new\n").ok().as_deref(), Some(new));
    }

    #[test]
    fn a_file_without_its_markers_is_named() {
        for old in [
            "",
            "# generated: x\n",
            "# end of generated\n# generated: x\n",
            "# generated: x\n# end of generated\n# generated: x\n# end of generated\n",
        ] {
            assert_eq!(
                REGION.replaced(old, "new\n").map_err(|error| error.to_string()),
                Err(
                    "x.tf needs one line `# generated: x` with a line `# end of generated` after it: the generated \
                     part goes between them"
                        .to_owned()
                ),
                "{old:?}"
            );
        }
    }
}
