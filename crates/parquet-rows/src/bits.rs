//! Integers of any number of bits.

/// Returns the integer of `width` bits, at most 64, that begins at this bit, counted from the lowest of the first byte.
#[inline]
pub(crate) fn at(bytes: &[u8], bit: usize, width: u32) -> Option<u64> {
    if width == 0 {
        return Some(0);
    }
    let end = bit.checked_add(width as usize)?;
    if end.div_ceil(8) > bytes.len() {
        return None;
    }
    let (first, shift) = (bit / 8, (bit % 8) as u32);
    let rest = bytes.get(first..)?;
    let low = match rest.first_chunk::<8>() {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => {
            let mut chunk = [0; 8];
            chunk[..rest.len()].copy_from_slice(rest);
            u64::from_le_bytes(chunk)
        }
    } >> shift;
    // With more than 57 bits, a ninth byte can be needed.
    let high = if shift + width > 64 {
        u64::from(*rest.get(8)?) << (64 - shift)
    } else {
        0
    };
    let mask = u64::MAX >> (64 - width);
    Some((low | high) & mask)
}
