//! What the kernel says of processes (`/proc`), and nothing else: a process is not asked about itself.

use std::collections::HashMap;
use std::fs;
use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;

/// Ticks of a second in which processor time is counted.
static TICKS: LazyLock<u64> = LazyLock::new(|| {
    let asked = Command::new("getconf").arg("CLK_TCK").output().ok();
    let said = asked.and_then(|output| String::from_utf8(output.stdout).ok());
    said.and_then(|text| text.trim().parse().ok()).unwrap_or(100)
});

/// The fields of `/proc/<pid>/stat` behind the name, which is in brackets and may hold anything.
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    Some(fields.split_whitespace().map(str::to_owned).collect())
}

/// A number of those fields, counted as the manual does (`man 5 proc`): the first behind the name is the third.
fn field(fields: &[String], number: usize) -> u64 {
    fields.get(number - 3).and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// A process and all that it started, and they.
pub fn family(root: u32) -> Vec<u32> {
    let mut parents: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let Some(fields) = stat(pid) else { continue };
        let parent = u32::try_from(field(&fields, 4)).unwrap_or_default();
        parents.entry(parent).or_default().push(pid);
    }
    let mut found = vec![root];
    let mut at = 0;
    while let Some(pid) = found.get(at).copied() {
        found.extend(parents.remove(&pid).unwrap_or_default());
        at += 1;
    }
    found
}

/// Processor time that a process and all that it started have used, those that have ended included.
pub fn processor_time(root: u32) -> Duration {
    let of = |pid: u32| {
        let fields = stat(pid).unwrap_or_default();
        // User and system time; of children that have ended, too.
        (14..=17).map(|number| field(&fields, number)).sum::<u64>()
    };
    let ticks: u64 = family(root).into_iter().map(of).sum();
    Duration::from_millis(ticks * 1_000 / *TICKS)
}

/// Memory of a process, in KiB.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Memory {
    /// Resident: with the pages of the program's file that were read.
    pub resident: u64,
    /// Anonymous: what the process itself has written, which nothing else can give back.
    pub anonymous: u64,
}

impl Memory {
    /// The memory of a process now.
    pub fn of(pid: u32) -> Self {
        let text = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let line = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse().ok()
        };
        Self { resident: line("VmRSS:").unwrap_or_default(), anonymous: line("RssAnon:").unwrap_or_default() }
    }

    /// Resident memory in MiB.
    pub fn resident_mib(self) -> f64 {
        mib(self.resident)
    }

    /// Anonymous memory in MiB.
    pub fn anonymous_mib(self) -> f64 {
        mib(self.anonymous)
    }
}

fn mib(kib: u64) -> f64 {
    f64::from(u32::try_from(kib).unwrap_or(u32::MAX)) / 1_024.0
}

/// The machine in words: processor, cores, memory, kernel.
pub fn machine() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let value = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name))?.split_once(':')?.1.trim().to_owned();
        Some(line)
    };
    let model = value(&read("/proc/cpuinfo"), "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let memory = value(&read("/proc/meminfo"), "MemTotal");
    let kib = memory.and_then(|text| text.split(' ').next()?.parse().ok()).unwrap_or_default();
    let kernel = read("/proc/sys/kernel/osrelease");
    let kernel = kernel.split('.').take(2).collect::<Vec<_>>().join(".");
    format!("{model}, {} cores, {:.0} GiB memory, Linux {kernel}", super::cores(), mib(kib) / 1_024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_uses_time_and_memory_and_belongs_to_its_family() {
        let own = std::process::id();
        let mut sum = 0_u64;
        let end = std::time::Instant::now() + Duration::from_millis(60);
        while std::time::Instant::now() < end {
            sum = sum.wrapping_add(1);
        }
        assert!(sum > 0 && processor_time(own) > Duration::ZERO);
        assert!(Memory::of(own).anonymous > 0 && Memory::of(own).resident >= Memory::of(own).anonymous);
        assert_eq!(family(own).first(), Some(&own));
    }
}
