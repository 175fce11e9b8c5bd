//! Memory for batches.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use snap::raw::Encoder;

/// How many to encode in are kept: one that is in use, one that waits to be pushed, and two to spare.
const KEPT: usize = 4;
/// How many to compress into are kept: a push in flight has one, and there may be so many. With fewer, flow logs of a
/// gibibyte needed 25 MiB of memory in place of 21: what is given back leaves gaps, each smaller than what comes next.
const KEPT_COMPRESSED: usize = 16;

/// Memory that batches were encoded and compressed in, kept for the next ones. Clones share it.
///
/// Memory that is given back to the system must be cleared by it before it is had again, page by page.
#[derive(Clone, Debug)]
pub struct Buffers {
    pool: Arc<Pool>,
    /// Larger ones, which a single long line needed, are not kept.
    capacity: usize,
}

#[derive(Debug, Default)]
struct Pool {
    plain: Mutex<Vec<Vec<u8>>>,
    /// Apart from the others, for it is their length that counts: what was never written is cleared before it is.
    compressed: Mutex<Vec<Vec<u8>>>,
    /// Its tables take 34 KiB.
    encoder: Mutex<Option<Box<Encoder>>>,
}

impl Buffers {
    /// For batches with bodies of so many bytes.
    pub fn new(batch_size: usize) -> Self {
        Self {
            pool: Arc::default(),
            // A buffer doubles as it grows.
            capacity: batch_size.saturating_mul(2),
        }
    }

    /// An empty buffer, with the memory of an earlier one if there is any.
    pub(crate) fn take(&self) -> Vec<u8> {
        let mut buffer = lock(&self.pool.plain).pop().unwrap_or_default();
        buffer.clear();
        buffer
    }

    /// Keeps the memory, if it may be of use.
    pub(crate) fn give(&self, buffer: Vec<u8>) {
        self.keep(buffer, &self.pool.plain, KEPT);
    }

    /// A buffer to compress into, with what was left in it.
    pub(crate) fn take_compressed(&self) -> Vec<u8> {
        lock(&self.pool.compressed).pop().unwrap_or_default()
    }

    /// Keeps what [`take_compressed`](Self::take_compressed) gave, if it may be of use.
    pub(crate) fn give_compressed(&self, buffer: Vec<u8>) {
        self.keep(buffer, &self.pool.compressed, KEPT_COMPRESSED);
    }

    /// Whether it is memory that is worth keeping.
    pub(crate) fn keeps(&self, buffer: &Vec<u8>) -> bool {
        (1..=self.capacity).contains(&buffer.capacity())
    }

    fn keep(&self, buffer: Vec<u8>, among: &Mutex<Vec<Vec<u8>>>, most: usize) {
        let mut free = lock(among);
        if self.keeps(&buffer) && free.len() < most {
            free.push(buffer);
        }
    }

    pub(crate) fn take_encoder(&self) -> Box<Encoder> {
        lock(&self.pool.encoder)
            .take()
            .unwrap_or_else(|| Box::new(Encoder::new()))
    }

    pub(crate) fn give_encoder(&self, encoder: Box<Encoder>) {
        *lock(&self.pool.encoder) = Some(encoder);
    }
}

/// What is in there is whole at any time.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_compressed_into_keeps_its_length() {
        let buffers = Buffers::new(100);
        buffers.give_compressed(vec![1; 100]);
        assert_eq!(buffers.take().capacity(), 0);
        assert_eq!(buffers.take_compressed(), [1; 100]);
    }

    #[test]
    fn memory_comes_back_unless_it_is_too_much() {
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
