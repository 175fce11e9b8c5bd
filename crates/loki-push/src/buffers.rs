//! A pool of memory for batches.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use snap::raw::Encoder;

/// The number of buffers for encoding that are kept: one in use, one that waits to be pushed, and two to spare.
const KEPT: usize = 4;
/// The number of buffers for compressed bytes that are kept, one for each push that may be in flight. With fewer, one
/// GiB of flow logs took 25 MiB of memory instead of 21: freed buffers leave gaps that are smaller than the next
/// request.
const KEPT_COMPRESSED: usize = 16;
/// The initial capacity of a small stream's buffer, in bytes, which is enough for the labels and a line. With as many
/// streams as entries, growing the buffers in steps took longer than encoding.
pub(crate) const SMALL: usize = 1024;

/// A pool of buffers that batches are encoded and compressed in, kept for the next batches. Clones share the pool.
///
/// Memory that is returned to the system would be cleared by it, page by page, before it can be used again.
#[derive(Clone, Debug)]
pub struct Buffers {
    pool: Arc<Pool>,
    /// The capacity, in bytes, above which a buffer is not kept. A larger one was needed for a single long line.
    capacity: usize,
}

#[derive(Debug, Default)]
struct Pool {
    plain: Mutex<Vec<Vec<u8>>>,
    /// The buffers of [`SMALL`] bytes, kept apart so that they do not take the places of those for whole bodies.
    small: Mutex<Vec<Vec<u8>>>,
    /// Kept apart from the others because these keep their length: bytes beyond it would have to be cleared before they
    /// can be written.
    compressed: Mutex<Vec<Vec<u8>>>,
    /// The encoder, which is kept because its tables take 34 KiB.
    encoder: Mutex<Option<Box<Encoder>>>,
}

impl Buffers {
    /// Creates a pool for batches with bodies of `batch_size` bytes.
    pub fn new(batch_size: usize) -> Self {
        Self {
            pool: Arc::default(),
            // A buffer doubles as it grows.
            capacity: batch_size.saturating_mul(2),
        }
    }

    /// Takes an empty buffer out of the pool, or creates one if the pool has none.
    pub(crate) fn take(&self) -> Vec<u8> {
        let mut buffer = lock(&self.pool.plain).pop().unwrap_or_default();
        buffer.clear();
        buffer
    }

    /// Puts a buffer back into the pool, which keeps it unless it is too large or the pool is full.
    pub(crate) fn give(&self, buffer: Vec<u8>) {
        self.keep(buffer, &self.pool.plain, KEPT);
    }

    /// Takes an empty buffer of [`SMALL`] bytes out of the pool, or creates one.
    pub(crate) fn take_small(&self) -> Vec<u8> {
        let mut buffer = lock(&self.pool.small)
            .pop()
            .unwrap_or_else(|| Vec::with_capacity(SMALL));
        buffer.clear();
        buffer
    }

    /// Puts back a buffer from [`take_small`](Self::take_small), unless it has grown. The small buffers that are kept
    /// take at most `capacity` bytes together.
    pub(crate) fn give_small(&self, buffer: Vec<u8>) {
        if buffer.capacity() != SMALL {
            return;
        }
        let mut free = lock(&self.pool.small);
        if free.len() < self.capacity / SMALL {
            free.push(buffer);
        }
    }

    /// Takes a buffer to compress into out of the pool. It still contains what was last written to it.
    pub(crate) fn take_compressed(&self) -> Vec<u8> {
        lock(&self.pool.compressed).pop().unwrap_or_default()
    }

    /// Puts back a buffer from [`take_compressed`](Self::take_compressed), as [`give`](Self::give) does.
    pub(crate) fn give_compressed(&self, buffer: Vec<u8>) {
        self.keep(buffer, &self.pool.compressed, KEPT_COMPRESSED);
    }

    /// Returns whether the pool would keep the buffer: it has a capacity, and not too large a one.
    pub(crate) fn keeps(&self, buffer: &Vec<u8>) -> bool {
        (1..=self.capacity).contains(&buffer.capacity())
    }

    /// Adds the buffer to a list unless the list has `most` buffers or the pool would not keep it.
    fn keep(&self, buffer: Vec<u8>, among: &Mutex<Vec<Vec<u8>>>, most: usize) {
        let mut free = lock(among);
        if self.keeps(&buffer) && free.len() < most {
            free.push(buffer);
        }
    }

    /// Takes the encoder out of the pool, or creates one while another thread uses it.
    pub(crate) fn take_encoder(&self) -> Box<Encoder> {
        lock(&self.pool.encoder)
            .take()
            .unwrap_or_else(|| Box::new(Encoder::new()))
    }

    /// Puts the encoder back into the pool.
    pub(crate) fn give_encoder(&self, encoder: Box<Encoder>) {
        *lock(&self.pool.encoder) = Some(encoder);
    }
}

/// Locks the mutex. A panic while it was locked does not matter, since its value is valid at any time.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_for_compressed_bytes_keep_their_length() {
        let buffers = Buffers::new(100);
        buffers.give_compressed(vec![1; 100]);
        assert_eq!(buffers.take().capacity(), 0);
        assert_eq!(buffers.take_compressed(), [1; 100]);
    }

    #[test]
    fn small_buffers_are_reused_unless_they_have_grown() {
        let buffers = Buffers::new(SMALL);
        buffers.give_small(Vec::with_capacity(SMALL + 1));
        assert!(lock(&buffers.pool.small).is_empty());
        for _ in 0..10 {
            buffers.give_small(vec![1; SMALL]);
        }
        assert_eq!(
            lock(&buffers.pool.small).len(),
            2,
            "they take as much as one large buffer"
        );
        assert!(buffers.take_small().is_empty());
        assert_eq!(buffers.take().capacity(), 0);
    }

    #[test]
    fn buffers_are_reused_unless_they_are_too_large() {
        let buffers = Buffers::new(100);
        buffers.give(Vec::with_capacity(201));
        assert_eq!(buffers.take().capacity(), 0);
        buffers.give(Vec::with_capacity(200));
        assert_eq!(buffers.clone().take().capacity(), 200);
        for _ in 0..10 {
            buffers.give(Vec::with_capacity(10));
        }
        assert_eq!(lock(&buffers.pool.plain).len(), KEPT);
    }
}
