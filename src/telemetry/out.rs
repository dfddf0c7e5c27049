//! Writes lines to something that may have no room for them, such as a file on a full disk.

use std::io::{ErrorKind, Write};

/// What receives the lines, for example standard error.
pub(super) struct Out {
    to: Box<dyn Write + Send>,
    /// Whether the last line that was written lacks its end.
    is_torn: bool,
}

impl Out {
    /// Nothing is written yet.
    pub(super) fn to(to: impl Write + Send + 'static) -> Self {
        Self { to: Box::new(to), is_torn: false }
    }

    /// Write lines as far as that is possible, and give the number of those that are lost.
    pub(super) fn write_lines(&mut self, lines: &[u8]) -> usize {
        // Otherwise the next line would go on where the torn one broke off, and neither could be read.
        if self.is_torn && self.to.write_all(b"\n").is_ok() {
            self.is_torn = false;
        }
        let mut left = lines;
        while !self.is_torn && !left.is_empty() {
            match self.to.write(left) {
                Ok(n @ 1..) => left = left.get(n..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Ok(_) | Err(_) => break,
            }
        }
        let written = lines.get(..lines.len() - left.len()).unwrap_or_default();
        if let Some(last) = written.last() {
            self.is_torn = *last != b'\n';
        }
        // A failure cannot be reported: this is where reports are written.
        let _ = self.to.flush();
        left.iter().filter(|byte| **byte == b'\n').count()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::io;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex};

    use super::*;

    /// A disk with room for so many bytes, and how often it had none.
    #[derive(Clone, Default)]
    pub(in crate::telemetry) struct Disk {
        pub written: Arc<Mutex<Vec<u8>>>,
        pub room: Arc<AtomicUsize>,
        pub refusals: Arc<AtomicUsize>,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let n = bytes.len().min(self.room.load(Ordering::SeqCst));
            if n == 0 {
                self.refusals.fetch_add(1, Ordering::SeqCst);
                return Err(ErrorKind::StorageFull.into());
            }
            self.room.fetch_sub(n, Ordering::SeqCst);
            self.written.lock().unwrap().extend_from_slice(&bytes[..n]);
            Ok(n)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_loses_lines_and_spoils_none_that_come_later() {
        let disk = Disk::default();
        disk.room.store(7, Ordering::SeqCst);
        let mut out = Out::to(disk.clone());
        assert_eq!(out.write_lines(b"one\ntwo two\nthree\n"), 2);
        assert_eq!(out.write_lines(b"four\n"), 1, "still full");
        disk.room.store(100, Ordering::SeqCst);
        assert_eq!(out.write_lines(b"five\n"), 0);
        assert_eq!(*disk.written.lock().unwrap(), *b"one\ntwo\nfive\n");
    }
}
