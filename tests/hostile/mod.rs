//! A small mutating fuzzer: one target at a time, so that the memory that is counted is its own.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a fuzzer has a budget of time, and tells what it did"
)]

use asregistered::source::write_whole;
use std::alloc::{GlobalAlloc, Layout, System};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// More memory than this for one small input is unbounded.
const MEMORY: usize = 640 << 20;
/// The same, of a foreign reader that takes a length of 32 bits at its word.
const CLAIMED: usize = 5 << 30;
/// More time than this for one small input is a hang, also in a debug build on a busy machine.
const TIME: Duration = Duration::from_secs(30);
/// Inputs of a target where no time is asked for.
const INPUTS: usize = 150;
/// The same, of a target whose inputs are runs of a study.
const RUNS: usize = 4;
/// The longest input.
const LONGEST: usize = 1 << 18;

struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let pointer = unsafe { System.alloc(layout) };
        // What was asked for and refused was never held.
        if !pointer.is_null() {
            let held = HELD.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
            MOST.fetch_max(held, Ordering::Relaxed);
        }
        pointer
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

type Run = Box<dyn Fn(&[u8]) -> String>;

/// What is attacked: bytes in, a short account of what was said of them out.
pub struct Target {
    name: &'static str,
    seeds: Vec<Vec<u8>>,
    words: Vec<Vec<u8>>,
    run: Run,
    inputs: usize,
    /// Of the time, one part in so many.
    share: u32,
    memory: usize,
}

impl Target {
    pub fn new(
        name: &'static str,
        seeds: Vec<Vec<u8>>,
        words: &[&str],
        run: impl Fn(&[u8]) -> String + 'static,
    ) -> Target {
        assert!(!seeds.is_empty(), "{name} has no seeds");
        Target {
            name,
            seeds,
            words: words.iter().map(|w| w.as_bytes().to_vec()).collect(),
            run: Box::new(run),
            inputs: INPUTS,
            share: 1,
            memory: MEMORY,
        }
    }

    /// Lengths that a file claims are believed, up to what 32 bits can say.
    pub fn claiming(self) -> Target {
        Target {
            memory: CLAIMED,
            ..self
        }
    }

    pub fn slow(self) -> Target {
        Target {
            inputs: RUNS,
            share: 4,
            ..self
        }
    }
}

/// SplitMix64 (Steele, Lea & Flood 2014, doi:10.1145/2660193.2660195).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

fn asked(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().and_then(|v| v.parse().ok())
}

/// What went wrong, if anything did.
pub fn attack(target: &Target) -> Option<String> {
    if std::env::var("FUZZ_TARGET").is_ok_and(|only| only != target.name) {
        return None;
    }
    let budget = asked("FUZZ_SECONDS").map(|seconds| Duration::from_secs(seconds) / target.share);
    let mut draw = Draw(asked("FUZZ_SEED").unwrap_or(1));
    let mut corpus = target.seeds.clone();
    let mut heard = BTreeSet::new();
    let (begin, mut tried) = (Instant::now(), 0);
    while budget.map_or(tried < target.inputs, |b| begin.elapsed() < b) {
        let input = match corpus.get(tried) {
            Some(seed) => seed.clone(),
            None => mutated(&corpus, &target.words, &mut draw),
        };
        tried += 1;
        let file = budget.map(|_| keep(target.name, "current", &input));
        match one(target, &input) {
            Ok(said) => {
                let said: String = said.chars().filter(|c| !c.is_ascii_digit()).take(500).collect();
                if heard.insert(said) && corpus.len() < 2_000 {
                    corpus.push(input);
                }
            }
            Err(why) => {
                let file = file.unwrap_or_else(|| keep(target.name, "failed", &input));
                return Some(format!("{} {why}: {}", target.name, file.display()));
            }
        }
    }
    eprintln!("{}: {tried} inputs, {} answers", target.name, heard.len());
    None
}

fn keep(target: &str, what: &str, input: &[u8]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("{}.{what}", target.replace([' ', '/'], "-")));
    write_whole(&file, input).unwrap();
    file
}

fn one(target: &Target, input: &[u8]) -> Result<String, String> {
    let held = HELD.load(Ordering::Relaxed);
    MOST.store(held, Ordering::Relaxed);
    let begin = Instant::now();
    let said =
        catch_unwind(AssertUnwindSafe(|| (target.run)(input))).map_err(|_| String::from("panicked"))?;
    let taken = MOST.load(Ordering::Relaxed).saturating_sub(held);
    if begin.elapsed() > TIME {
        return Err(format!("took {:?}", begin.elapsed()));
    }
    if taken > target.memory {
        return Err(format!("took {} MB", taken >> 20));
    }
    Ok(said)
}

/// Numbers at the edges of their types, as they stand in binary files.
const EDGES: [u64; 10] = [
    0,
    1,
    0x7F,
    0xFF,
    0x7FFF,
    0xFFFF,
    0x7FFF_FFFF,
    0xFFFF_FFFF,
    0x7FFF_FFFF_FFFF_FFFF,
    u64::MAX,
];

fn mutated(corpus: &[Vec<u8>], words: &[Vec<u8>], draw: &mut Draw) -> Vec<u8> {
    let mut input = corpus[draw.below(corpus.len())].clone();
    for _ in 0..1 + draw.below(4) {
        let (at, length) = (draw.below(input.len() + 1), input.len());
        let some = at..(at + 1 + draw.below(16)).min(length);
        match draw.below(10) {
            0 if at < length => input[at] ^= 1 << draw.below(8),
            1 if at < length => input[at] = draw.next() as u8,
            2 => input.truncate(at),
            3 if at < length => drop(input.drain(some)),
            4 if at < length => {
                let piece = input[some].to_vec();
                input.splice(at..at, piece);
            }
            5 => {
                let width = [1, 2, 4, 8][draw.below(4)].min(length - at);
                let edge = EDGES[draw.below(EDGES.len())].to_le_bytes();
                let big_endian = draw.below(2) == 0;
                let mut edge = edge[..width].to_vec();
                if big_endian {
                    edge.reverse();
                }
                input.splice(at..at + width, edge);
            }
            6 | 7 => {
                let word = words[draw.below(words.len())].clone();
                input.splice(at..at, word);
            }
            8 => {
                let word = words[draw.below(words.len())].repeat(1 << draw.below(13));
                input.splice(at..at, word);
            }
            _ => {
                let other = &corpus[draw.below(corpus.len())];
                let from = draw.below(other.len() + 1);
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
        }
        input.truncate(LONGEST);
    }
    input
}
