//! Memory that holds code: written once, then executable and never written again.

use memmap2::{Mmap, MmapMut};

/// Finished code.
pub(super) struct Executable(Mmap);

impl Executable {
    /// None where the system refuses executable memory.
    pub(super) fn new(bytes: &[u8]) -> Option<Self> {
        let mut map = MmapMut::map_anon(bytes.len()).ok()?;
        map.copy_from_slice(bytes);
        map.make_exec().ok().map(Self)
    }

    /// The address of a byte of it.
    pub(super) fn at(&self, offset: usize) -> *const u8 {
        self.0[offset..].as_ptr()
    }
}
