//! Limits on the memory that reading takes.

/// The limits, in bytes, on what is held in memory at once.
///
/// Whatever is in a file, reading it takes at most the bytes that are fetched, the pages, and a footer with four times
/// its size when decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest footer.
    pub footer: usize,
    /// The bytes of a row group that are fetched ahead, or 64 KiB of each column, if that is more.
    pub fetched: usize,
    /// The decompressed pages of a row group that are needed at the same time: of each column its dictionary and one
    /// page, more if a row has elements in several pages. Compressed pages of more than 8 MiB count too.
    pub pages: usize,
    /// The longest row, as JSON.
    pub row: usize,
}

const MIB: usize = 1 << 20;

impl Limits {
    /// The smallest limit of a footer.
    const LEAST_FOOTER: usize = 4 * MIB;
    /// The bytes that are fetched ahead. More would save requests only for row groups that take seconds anyway.
    pub const FETCHED: usize = 8 * MIB;

    /// Returns the limits for pages and rows of so many bytes. The other limits follow from that of the pages.
    pub fn new(pages: usize, row: usize) -> Self {
        Self {
            footer: (pages / 32).max(Self::LEAST_FOOTER),
            fetched: Self::FETCHED,
            pages,
            row,
        }
    }
}
