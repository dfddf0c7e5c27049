//! Which file leans on which: the names of every source, led to the file that has them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::names::{Import, Names};

/// A file by its path of modules; the crate's root has none.
pub type Module = Vec<String>;

/// How many hand-overs (`pub use`) lead to a name at most.
const HANDED_ON: usize = 10;

/// The name of a folder's own file among what lies in the folder.
pub const OWN: &str = "self";

/// An arrow, with a pair of files that it is drawn for.
pub type Arrows = BTreeMap<(String, String), (Module, Module)>;

/// The sources of the crate and what they name.
pub struct Map(BTreeMap<Module, Names>);

impl Map {
    /// Of sources with their paths below `src`. The binary is not part of the crate.
    pub fn of<'a>(sources: impl Iterator<Item = (PathBuf, &'a str)>) -> Self {
        let mut files: BTreeMap<Module, Names> = sources
            .filter(|(path, _)| path != Path::new("main.rs"))
            .map(|(path, source)| (module(&path), Names::of(source)))
            .collect();
        let for_tests: Vec<Module> = files
            .iter()
            .flat_map(|(module, names)| names.test_modules.iter().map(move |name| below(module, name)))
            .collect();
        files.retain(|module, _| !for_tests.iter().any(|tests| module.starts_with(tests)));
        Self(files)
    }

    /// The files with what they name.
    pub fn files(&self) -> impl Iterator<Item = (&Module, &Names)> {
        self.0.iter()
    }

    /// The files on which each file leans. What a file only hands on from below is no arrow of its own, and the crate's
    /// root has nothing but macros.
    pub fn arrows(&self) -> BTreeMap<&Module, BTreeSet<Module>> {
        self.0
            .iter()
            .map(|(module, names)| {
                let is_handed_on = |import: &Import, target: &Module| {
                    let is_used = import.name.as_ref().is_some_and(|name| names.words.contains(name));
                    import.is_public && !is_used && target.starts_with(module)
                };
                let imported = names.imports.iter().filter_map(|import| {
                    self.target(module, &import.path, HANDED_ON)
                        .filter(|target| !is_handed_on(import, target))
                });
                let named = names.paths.iter().filter_map(|path| self.target(module, path, HANDED_ON));
                let others = imported.chain(named).filter(|target| target != module && !target.is_empty());
                (module, others.collect())
            })
            .collect()
    }

    /// The file that has what a path names in a file; `None` where it leads out of the crate.
    fn target(&self, from: &Module, path: &[String], hops: usize) -> Option<Module> {
        let (mut module, rest) = self.start(from, path)?;
        for (at, name) in rest.iter().enumerate() {
            let child = below(&module, name);
            if self.0.contains_key(&child) {
                module = child;
                continue;
            }
            let imports = &self.0.get(&module)?.imports;
            let handed_on = imports.iter().find(|import| import.name.as_ref() == Some(name));
            return match handed_on {
                Some(import) if hops > 0 => {
                    let whole = [&import.path[..], &rest[at + 1..]].concat();
                    self.target(&module, &whole, hops - 1)
                }
                _ => Some(self.behind_a_glob(&module, imports, name, hops).unwrap_or(module)),
            };
        }
        Some(module)
    }

    /// The file behind a glob that has a name.
    fn behind_a_glob(&self, module: &Module, imports: &[Import], name: &str, hops: usize) -> Option<Module> {
        let globs = imports.iter().filter(|import| import.name.is_none() && hops > 0);
        globs.filter_map(|import| self.target(module, &import.path, hops - 1)).find(|target| {
            self.0.get(target).is_some_and(|names| names.words.contains(name)) && target != module
        })
    }

    /// Where a path begins, and what of it is left.
    fn start<'p>(&self, from: &Module, path: &'p [String]) -> Option<(Module, &'p [String])> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some((Vec::new(), rest)),
            "self" => Some((from.clone(), rest)),
            "super" => {
                let ups = path.iter().take_while(|segment| *segment == "super").count();
                Some((from[..from.len().checked_sub(ups)?].to_vec(), &path[ups..]))
            }
            child => self.0.contains_key(&below(from, child)).then(|| (from.clone(), path)),
        }
    }

    /// The folders, and of each the arrows between what lies in it: files, and folders taken as one.
    pub fn folders(&self) -> BTreeMap<Module, Arrows> {
        let mut folders: BTreeMap<Module, Arrows> = BTreeMap::new();
        for (from, targets) in self.arrows() {
            for to in targets {
                let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
                let entry = |module: &Module| module.get(common).map_or(OWN, String::as_str).to_owned();
                let arrow = (entry(from), entry(&to));
                let folder = folders.entry(from[..common].to_vec()).or_default();
                folder.entry(arrow).or_insert_with(|| (from.clone(), to));
            }
        }
        folders
    }
}

/// Whether arrows lead from one place to another.
pub fn leads(arrows: &Arrows, from: &str, to: &str) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(place) = open.pop() {
        if place == to {
            return true;
        }
        if seen.insert(place) {
            open.extend(arrows.keys().filter(|(a, _)| a == place).map(|(_, b)| b.as_str()));
        }
    }
    false
}

/// The path of modules of a file.
fn module(path: &Path) -> Module {
    let stem = path.with_extension("");
    let mut module: Module = stem.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if matches!(module.last().map(String::as_str), Some("mod" | "lib")) {
        module.pop();
    }
    module
}

fn below(module: &[String], name: &str) -> Module {
    [module, &[name.to_owned()]].concat()
}
