//! Where log lines are written. While the service answers requests, they are handed to a thread that writes those of a
//! moment together, so that no request waits for a slow terminal, pipe or disk. The lines that wait are bounded in bytes.
//! Lines that find no room, and those that cannot be written because a disk is full, are lost; their number is reported
//! as soon as lines are written again.

use std::io::{self, Write};
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

use super::out::Out;

/// How long a line waits for others to be written with it. Warnings and errors wait for none.
const PERIOD: Duration = Duration::from_millis(20);
/// How long the end of the process waits for the last lines, where nobody reads them.
const LAST_WAIT: Duration = Duration::from_secs(5);
/// What the buffers keep of their memory when a flood of lines is over, bytes.
const KEPT: usize = 64 * 1024;

/// What waits to be written.
#[derive(Default)]
struct Waiting {
    lines: Vec<u8>,
    /// Lines that found no room since the last batch.
    dropped: u64,
    /// Whether a thread writes the lines; otherwise the thread that has a line writes it.
    is_batched: bool,
    is_urgent: bool,
    is_ending: bool,
}

impl Waiting {
    fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.dropped == 0
    }
}

/// Where log lines go.
pub struct Sink {
    waiting: Mutex<Waiting>,
    news: Condvar,
    ended: Condvar,
    out: Mutex<Out>,
    /// Bytes of lines that may wait.
    room: usize,
    report: Box<dyn Fn(u64) + Send + Sync>,
}

impl Sink {
    /// A sink that writes to `out`, of whose lines `room` bytes may wait. `report` receives the number of lines that were
    /// lost.
    pub fn new(
        out: impl Write + Send + 'static,
        room: usize,
        report: impl Fn(u64) + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            waiting: Mutex::default(),
            news: Condvar::new(),
            ended: Condvar::new(),
            out: Mutex::new(Out::to(out)),
            room,
            report: Box::new(report),
        })
    }

    /// From now on a thread writes the lines, until the guard is dropped. Then every line that was put before is written.
    pub fn batch(self: &Arc<Self>) -> Batched {
        let mut waiting = self.waiting();
        if !waiting.is_batched {
            let sink = self.clone();
            let thread = std::thread::Builder::new().name("log".to_owned());
            // Without a thread, each line is written at once as before.
            waiting.is_batched = thread.spawn(move || sink.write_batches()).is_ok();
        }
        drop(waiting);
        Batched(self.clone())
    }

    fn put(&self, line: &[u8], is_urgent: bool) {
        let mut waiting = self.waiting();
        if !waiting.is_batched {
            drop(waiting);
            self.out().write_lines(line);
            return;
        }
        let was_empty = waiting.is_empty();
        if waiting.lines.len() + line.len() > self.room {
            waiting.dropped += 1;
        } else {
            waiting.lines.extend_from_slice(line);
        }
        let becomes_urgent = is_urgent && !waiting.is_urgent;
        waiting.is_urgent |= is_urgent;
        drop(waiting);
        // The thread sleeps only while nothing waits, or until something urgent does.
        if was_empty || becomes_urgent {
            self.news.notify_one();
        }
    }

    fn write_batches(&self) {
        let _replaced = Replaced(self);
        let mut batch = Vec::new();
        // Lines that are lost and not reported yet.
        let mut lost = 0;
        loop {
            let nothing = |waiting: &mut Waiting| waiting.is_empty() && !waiting.is_ending;
            let waiting = self.news.wait_while(self.waiting(), nothing);
            let more = |waiting: &mut Waiting| !waiting.is_urgent && !waiting.is_ending;
            let waiting = waiting.unwrap_or_else(PoisonError::into_inner);
            let waiting = self.news.wait_timeout_while(waiting, PERIOD, more);
            let (mut waiting, _) = waiting.unwrap_or_else(PoisonError::into_inner);
            if waiting.is_empty() {
                if waiting.is_ending {
                    (waiting.is_batched, waiting.is_ending) = (false, false);
                    self.ended.notify_all();
                    return;
                }
                continue;
            }
            mem::swap(&mut waiting.lines, &mut batch);
            lost += mem::take(&mut waiting.dropped);
            waiting.is_urgent = false;
            drop(waiting);
            let unwritten = self.out().write_lines(&batch);
            batch.clear();
            batch.shrink_to(KEPT);
            if unwritten > 0 {
                // The report is a line as well: it waits until lines can be written.
                lost += u64::try_from(unwritten).unwrap_or(u64::MAX);
            } else if lost > 0 {
                (self.report)(mem::take(&mut lost));
            }
        }
    }

    /// Wait until everything is written, but not for ever.
    fn end(&self) {
        let mut waiting = self.waiting();
        if !waiting.is_batched {
            return;
        }
        waiting.is_ending = true;
        self.news.notify_one();
        drop(self.ended.wait_timeout_while(waiting, LAST_WAIT, |waiting| waiting.is_batched));
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn out(&self) -> MutexGuard<'_, Out> {
        self.out.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Held by the thread that writes. If that thread panics, each line is written at once again by the thread that has it.
struct Replaced<'a>(&'a Sink);

impl Drop for Replaced<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        let mut waiting = self.0.waiting();
        let Waiting { lines, .. } = mem::take(&mut *waiting);
        self.0.out().write_lines(&lines);
        drop(waiting);
        self.0.ended.notify_all();
    }
}

/// While it lives, a thread writes the lines.
#[must_use = "the lines are written one by one again when it is dropped"]
pub struct Batched(Arc<Sink>);

impl Drop for Batched {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// What hands the lines of the log to a sink.
pub struct Lines(pub Arc<Sink>);

/// One line on its way.
pub struct Line<'a> {
    sink: &'a Sink,
    is_urgent: bool,
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line { sink: &self.0, is_urgent: false }
    }

    fn make_writer_for(&'a self, line: &Metadata<'_>) -> Line<'a> {
        Line { sink: &self.0, is_urgent: *line.level() <= Level::WARN }
    }
}

impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.sink.put(line, self.is_urgent);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;
    use std::sync::mpsc;

    use super::super::out::tests::Disk;
    use super::*;

    /// What is written, and a gate that holds the writer up while it is locked.
    #[derive(Clone, Default)]
    struct Slow {
        written: Arc<Mutex<Vec<u8>>>,
        gate: Arc<Mutex<()>>,
    }

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _open = self.gate.lock().unwrap();
            self.written.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Slow {
        fn text(&self) -> String {
            String::from_utf8(self.written.lock().unwrap().clone()).unwrap()
        }
    }

    fn never(lost: u64) {
        panic!("{lost} lines were lost");
    }

    #[test]
    fn every_line_is_written_when_the_end_comes() {
        let out = Slow::default();
        let sink = Sink::new(out.clone(), 1 << 20, never);
        sink.put(b"before\n", false);
        assert_eq!(out.text(), "before\n", "without a thread a line is written at once");
        let batched = sink.batch();
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let sink = sink.clone();
                std::thread::spawn(move || {
                    for n in 0..1000 {
                        sink.put(format!("{writer} {n}\n").as_bytes(), n % 100 == 0);
                    }
                })
            })
            .collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        drop(batched);
        sink.put(b"after\n", false);
        let text = out.text();
        assert_eq!(text.lines().count(), 4002);
        assert!(text.ends_with("after\n"));
        for writer in 0..4 {
            let own = text.lines().filter_map(|line| line.strip_prefix(&format!("{writer} ")));
            assert!(own.map(|n| n.parse::<u32>().unwrap()).eq(0..1000), "in order");
        }
    }

    #[test]
    fn lines_survive_a_panic_of_the_thread_that_serves() {
        let out = Slow::default();
        let sink = Sink::new(out.clone(), 1 << 20, never);
        let serving = sink.clone();
        let served = std::thread::spawn(move || {
            let _batched = serving.batch();
            serving.put(b"the last words\n", false);
            panic!("on purpose");
        });
        assert!(served.join().is_err());
        assert_eq!(out.text(), "the last words\n");
    }

    #[test]
    fn a_flood_is_bounded_and_what_was_dropped_is_counted() {
        let out = Slow::default();
        let (reports, reported) = mpsc::channel();
        let sink = Sink::new(out.clone(), 100, move |dropped| reports.send(dropped).unwrap());
        let batched = sink.batch();
        let held = out.gate.lock().unwrap();
        for _ in 0..1000 {
            sink.put(b"123456789\n", false);
        }
        assert!(sink.waiting().lines.len() <= 100);
        drop(held);
        drop(batched);
        let written = u64::try_from(out.text().lines().count()).unwrap();
        let dropped: u64 = reported.try_iter().sum();
        assert!(dropped > 900, "{dropped}");
        assert_eq!(written + dropped, 1000);
    }

    #[test]
    fn lines_that_could_not_be_written_are_reported_once_lines_are_written_again() {
        let disk = Disk::default();
        let (reports, reported) = mpsc::channel();
        let sink = Sink::new(disk.clone(), 1 << 20, move |lost| reports.send(lost).unwrap());
        let batched = sink.batch();
        sink.put(b"lost\n", true);
        while disk.refusals.load(Ordering::SeqCst) == 0 {
            std::thread::yield_now();
        }
        disk.room.store(100, Ordering::SeqCst);
        sink.put(b"written\n", false);
        drop(batched);
        assert_eq!(*disk.written.lock().unwrap(), *b"written\n");
        assert_eq!(reported.try_iter().collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn without_the_thread_that_writes_lines_are_written_at_once() {
        let out = Slow::default();
        let sink = Sink::new(out.clone(), 10, |_| panic!("on purpose"));
        let batched = sink.batch();
        sink.put(b"a line for which there is no room\n", true);
        drop(batched);
        sink.put(b"after\n", false);
        assert_eq!(out.text(), "after\n");
    }
}
