//! Faults of the interpreter as `RegoError`, with the kind and the position that regorus only gives as text.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

create_exception!(
    scanner._rego,
    RegoError,
    PyException,
    "A fault of a policy, of its input or of the engine: attributes kind, file, line, col, reason."
);

/// Starts the reason of every cap in `overrides`: extensions hand text to regorus, so the kind travels in it.
pub const LIMIT_MARK: &str = "limit exceeded: ";

const MAX_REASON_CHARS: usize = 300;

/// One fault, detached from Python. `line` and `col` count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub kind: &'static str,
    pub file: Option<String>,
    pub line: Option<u32>,
    pub col: Option<u32>,
    pub reason: String,
}

impl Fault {
    /// A fault without a position.
    pub fn new(kind: &'static str, reason: impl Into<String>) -> Self {
        Fault { kind, file: None, line: None, col: None, reason: shortened(reason.into()) }
    }

    /// A fault at a position of a module.
    pub fn at(kind: &'static str, file: &str, line: u32, col: u32, reason: impl Into<String>) -> Self {
        Fault { kind, file: Some(file.to_owned()), line: Some(line), col: Some(col), reason: shortened(reason.into()) }
    }

    /// What regorus reports: a bare sentence, or one or more blocks of
    /// `--> file:line:col`, source line, caret, `error: sentence`. The outermost block says where, the innermost why.
    pub fn from_text(default_kind: &'static str, text: &str) -> Self {
        let sentence = text.rsplit_once("\nerror: ").map_or(text, |(_, tail)| tail);
        let reason = summary(sentence);
        let kind = classify(&reason).unwrap_or(default_kind);
        match text.split_once("--> ").and_then(|(_, tail)| position(tail)) {
            Some((file, line, col)) => Fault::at(kind, file, line, col, reason),
            None => Fault::new(kind, reason),
        }
    }

    /// As the Python exception; its text is `file:line:col: reason`.
    pub fn into_pyerr(self, py: Python<'_>) -> PyErr {
        let position = match (&self.file, self.line, self.col) {
            (Some(file), Some(line), Some(col)) => format!("{file}:{line}:{col}: "),
            (Some(file), _, _) => format!("{file}: "),
            _ => String::new(),
        };
        let error = RegoError::new_err(format!("{position}{}", self.reason));
        let instance = error.value(py);
        // A fresh exception instance has a dict, so these cannot fail.
        let _ = instance.setattr("kind", self.kind);
        let _ = instance.setattr("file", self.file);
        let _ = instance.setattr("line", self.line);
        let _ = instance.setattr("col", self.col);
        let _ = instance.setattr("reason", self.reason);
        error
    }
}

/// Reasons may quote a pattern or a value of any length.
fn shortened(mut reason: String) -> String {
    if let Some((at, _)) = reason.char_indices().nth(MAX_REASON_CHARS) {
        reason.truncate(at);
        reason.push('…');
    }
    reason
}

/// One line for a sentence of several: a cycle ends with its name, other text starts with the point.
fn summary(sentence: &str) -> String {
    let sentence = sentence.trim();
    if let Some((_, name)) = sentence.rsplit_once("\ndepends on: ") {
        return name.trim().to_owned();
    }
    sentence.lines().next().unwrap_or("unknown error").trim().to_owned()
}

fn position(tail: &str) -> Option<(&str, u32, u32)> {
    let mut parts = tail.lines().next()?.rsplitn(3, ':');
    let col = parts.next()?.trim().parse().ok()?;
    let line = parts.next()?.trim().parse().ok()?;
    Some((parts.next()?, line, col))
}

/// The kind a sentence of regorus (or of our overrides) stands for; `None` leaves the caller's default.
fn classify(reason: &str) -> Option<&'static str> {
    const KINDS: &[(&str, &[&str])] = &[
        ("limit", &[LIMIT_MARK, "exceeded time limit", "exceeds maximum allowed", "exceeded size limit"]),
        ("unsafe", &["is unsafe", "undefined var", "used before definition"]),
        ("unknown-function", &["could not find function", "invalid function expression"]),
        ("arity", &["mismatch in number of arguments", "number of parameters supplied", "` expects "]),
        ("recursion", &["cyclic evaluation", "recursion detected", "rule recursion"]),
        (
            "conflict",
            &[
                "should not produce multiple outputs",
                "must not produce multiple outputs",
                "produced multiple",
                "rule conflicts with",
                "generated multiple times",
            ],
        ),
        ("entrypoint", &["not a valid rule path"]),
        ("syntax", &["mismatch in number of array elements", "incompatible destructuring patterns"]),
        ("engine", &["internal error", "out of bounds"]),
    ];
    let found = KINDS.iter().find(|(_, signs)| signs.iter().any(|sign| reason.contains(sign)));
    let kind = found.map(|(kind, _)| *kind)?;
    // "`f` expects 2 arguments" is about their number; "`f` expects integer arguments" is not.
    let counts = |(_, rest): (&str, &str)| rest.starts_with(|first: char| first.is_ascii_digit());
    (kind != "arity" || reason.split_once("` expects ").is_none_or(counts)).then_some(kind)
}

/// Runs `work`; an error becomes a fault of `kind` (or a more exact one), a panic a fault of kind "panic".
pub fn guard<T>(kind: &'static str, work: impl FnOnce() -> anyhow::Result<T>) -> Result<T, Fault> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Fault::from_text(kind, &error.to_string())),
        Err(payload) => {
            let text = payload
                .downcast_ref::<&str>()
                .map(|s| (*s).to_owned())
                .or_else(|| payload.downcast_ref::<String>().cloned())
                .unwrap_or_else(|| "no message".to_owned());
            Err(Fault::new("panic", format!("the engine panicked: {text}")))
        }
    }
}
