//! Every bound of the binding, and the lexical check of a module that runs before regorus parses it.
//!
//! Why each is needed: regorus' parser backtracks, so that time doubles with every open `[` or `{`; it recurses without
//! a bound through calls, signs and operator chains, so that a long source overflows the stack, which kills the process.

use std::num::{NonZeroU32, NonZeroUsize};

use regorus::PolicyLengthConfig;
use regorus::unstable::{Lexer, Source, TokenKind};

use crate::errors::{Fault, LIMIT_MARK};

/// Nesting of an input or a result.
pub const MAX_VALUE_DEPTH: usize = 512;
/// Values in one input or data document, counted as written out: shared Python objects are converted each time.
pub const MAX_INPUT_VALUES: usize = 10_000_000;
/// Values in one result, counted as written out.
pub const MAX_RESULT_VALUES: usize = 1_000_000;
/// Bytes of a string a built-in may build.
pub const MAX_STRING_BYTES: usize = 16 << 20;
/// Elements of an array a built-in may build.
pub const MAX_ELEMENTS: usize = 1_000_000;
/// Bits of a number a built-in may build.
pub const MAX_NUMBER_BITS: usize = 1 << 20;

/// Bytes of a module's source.
pub const MAX_SOURCE_BYTES: usize = 1 << 20;
/// Open `[` and `{` at one point of a module.
pub const MAX_COLLECTIONS: usize = 12;
/// Open brackets of any kind.
pub const MAX_BRACKETS: usize = 32;
/// Minus signs in a row.
pub const MAX_SIGNS: usize = 8;
/// Operators, dots and indexes of one expression, counted through the brackets it is nested in.
pub const MAX_OPERATORS: usize = 500;
/// Variables as indexes of one reference, as in `input.a[i].b[j]`: the scheduler's work doubles with each.
pub const MAX_INDEXES: usize = 10;
/// Work of the parser, in visits of a token: one to two seconds at worst.
pub const MAX_PARSE_COST: u64 = 2_000_000;
/// Work of the scheduler, which is quadratic in the statements of a body: 1,000 statements of the form `a := b`.
pub const MAX_SCHEDULE_COST: u64 = 4_000_000;

/// Imports of one module: the parser compares each with all before it.
pub const MAX_IMPORTS: usize = 500;

/// A bracket costs the parser as much as this many tokens: it is where it guesses wrong and makes an error of it.
const BRACKET_COST: u64 = 32;

/// Wide enough for any module that passes `precheck`: only the size in bytes bounds a source.
pub fn policy_length() -> PolicyLengthConfig {
    PolicyLengthConfig {
        max_col: NonZeroU32::new(1 << 21).unwrap_or(NonZeroU32::MAX),
        max_file_bytes: NonZeroUsize::new(2 * MAX_SOURCE_BYTES).unwrap_or(NonZeroUsize::MAX),
        max_lines: NonZeroUsize::new(1 << 20).unwrap_or(NonZeroUsize::MAX),
    }
}

/// What is open at one point of a module: the module itself, or a bracket.
#[derive(Default)]
struct Level {
    operators: usize,
    /// Signs of statements: generous, an assignment counts twice.
    statements: u64,
    is_collection: bool,
    /// An index: `[` after an operand.
    is_index: bool,
    tokens: usize,
    names: usize,
    /// Variables as indexes of the reference that is being read.
    indexes: usize,
}

/// Counters over the tokens of one module.
struct Counters {
    levels: Vec<Level>,
    current: Level,
    collections: usize,
    signs: usize,
    imports: usize,
    /// Operators of all open levels.
    operators: usize,
    parse_cost: u64,
    schedule_cost: u64,
    /// The last token ends an operand, so that another operand starts a statement and `[` is an index.
    after_operand: bool,
    /// The last token is a closing bracket, so that `(` is no call.
    after_bracket: bool,
}

impl Counters {
    fn new() -> Self {
        Counters {
            levels: Vec::new(),
            current: Level::default(),
            collections: 0,
            signs: 0,
            imports: 0,
            operators: 0,
            parse_cost: 0,
            schedule_cost: 0,
            after_operand: false,
            after_bracket: false,
        }
    }

    fn token(&mut self, kind: &TokenKind, text: &str) {
        self.parse_cost += 1 << self.collections.min(40);
        self.current.tokens += 1;
        self.current.names += usize::from(*kind == TokenKind::Ident && text != "_");
        match (kind, text) {
            (TokenKind::Symbol, symbol) => self.symbol(symbol),
            (TokenKind::Ident, "in" | "with" | "as") => self.operator(),
            (
                TokenKind::Ident,
                "if" | "contains" | "some" | "every" | "not" | "default" | "else" | "import" | "package",
            ) => {
                self.imports += usize::from(text == "import");
                self.statement();
                self.after_operand = false;
            }
            _ => {
                if self.after_operand {
                    self.statement();
                }
                self.after_operand = true;
            }
        }
        self.signs = if text == "-" { self.signs + 1 } else { 0 };
        self.after_bracket = matches!(text, ")" | "]" | "}");
    }

    fn symbol(&mut self, text: &str) {
        match text {
            "(" | "[" | "{" => self.open(text),
            ")" | "]" | "}" => self.close(),
            "," | ":" => self.new_operand(),
            ";" => {
                self.statement();
                self.after_operand = false;
            }
            _ => {
                if matches!(text, "=" | ":=") {
                    self.current.statements += 1;
                }
                if text != "." {
                    self.current.indexes = 0;
                }
                self.operator();
            }
        }
    }

    fn open(&mut self, text: &str) {
        let is_index = text == "[" && self.after_operand;
        match text {
            "[" if self.after_operand => self.operator(),
            "{" if self.after_operand => self.statement(),
            "(" if self.after_bracket => self.current.statements += 1,
            _ => {}
        }
        let is_collection = text != "(";
        if is_collection {
            self.collections += 1;
            self.parse_cost += BRACKET_COST << self.collections.min(40);
        }
        self.levels.push(std::mem::replace(&mut self.current, Level { is_collection, is_index, ..Level::default() }));
        self.after_operand = false;
    }

    fn close(&mut self) {
        self.operators -= self.current.operators;
        self.schedule_cost += self.current.statements * self.current.statements;
        self.collections -= usize::from(self.current.is_collection);
        // The closing bracket counts as a token.
        let is_variable = self.current.is_index && self.current.tokens == 2 && self.current.names == 1;
        self.current = self.levels.pop().unwrap_or_default();
        if is_variable {
            self.current.indexes += 1;
            self.schedule_cost += 1 << self.current.indexes.min(40);
        }
        self.after_operand = true;
    }

    fn operator(&mut self) {
        self.current.operators += 1;
        self.operators += 1;
        self.after_operand = false;
    }

    fn new_operand(&mut self) {
        self.current.indexes = 0;
        self.operators -= self.current.operators;
        self.current.operators = 0;
        self.after_operand = false;
    }

    fn statement(&mut self) {
        self.current.indexes = 0;
        self.operators -= self.current.operators;
        self.current.operators = 0;
        self.current.statements += 1;
    }

    fn excess(&self) -> Option<String> {
        let bounds = [
            (self.collections, MAX_COLLECTIONS, "open [ and {"),
            (self.levels.len(), MAX_BRACKETS, "open brackets"),
            (self.signs, MAX_SIGNS, "minus signs in a row"),
            (self.operators, MAX_OPERATORS, "operators in one expression"),
            (self.imports, MAX_IMPORTS, "imports"),
            (self.current.indexes, MAX_INDEXES, "variables as indexes of one reference"),
        ];
        if let Some((count, most, what)) = bounds.iter().find(|(count, most, _)| count > most) {
            return Some(format!("{LIMIT_MARK}{count} {what}; at most {most} are allowed"));
        }
        if self.parse_cost > MAX_PARSE_COST {
            return Some(format!("{LIMIT_MARK}nested brackets make the module too costly to parse"));
        }
        let costly = self.schedule_cost > MAX_SCHEDULE_COST;
        costly.then(|| format!("{LIMIT_MARK}too many statements in one body"))
    }
}

/// Checks a module's tokens against the bounds above.
///
/// # Errors
/// A fault of kind "limit" at the first token over a bound, or "syntax" where the text is not made of tokens.
pub fn precheck(name: &str, text: &str) -> Result<(), Fault> {
    if text.len() > MAX_SOURCE_BYTES {
        let reason = format!("{LIMIT_MARK}{} bytes of source; at most {MAX_SOURCE_BYTES} are allowed", text.len());
        return Err(Fault::at("limit", name, 1, 1, reason));
    }
    raw_check(name, text)?;
    let length = policy_length();
    let syntax = |error: anyhow::Error| Fault::from_text("syntax", &error.to_string());
    let source =
        Source::from_contents_with_limits(name.to_owned(), text.to_owned(), length.max_file_bytes, length.max_lines)
            .map_err(syntax)?;
    let mut lexer = Lexer::new(&source);
    lexer.set_max_col(length.max_col);
    let mut counters = Counters::new();
    loop {
        let token = lexer.next_token().map_err(syntax)?;
        if token.0 == TokenKind::Eof {
            return Ok(());
        }
        counters.token(&token.0, token.1.text());
        if let Some(reason) = counters.excess() {
            return Err(Fault::at("limit", name, token.1.line, token.1.col, reason));
        }
    }
}

/// What must be refused before the lexer runs: it recurses at every `set(` that follows a `set(`, and takes a NUL for
/// the end, so that rules after it would vanish.
fn raw_check(name: &str, text: &str) -> Result<(), Fault> {
    if let Some(at) = text.find('\0') {
        let (line, col) = line_col(text, at);
        return Err(Fault::at("syntax", name, line, col, "NUL character"));
    }
    let mut run = 0;
    let mut end = usize::MAX;
    for (at, found) in text.match_indices("set(") {
        let adjacent = end <= at && only_space(&text[end..at]);
        run = if adjacent { run + 1 } else { 1 };
        end = at + found.len();
        if run > MAX_BRACKETS {
            let (line, col) = line_col(text, at);
            let reason = format!("{LIMIT_MARK}{run} nested calls of set; at most {MAX_BRACKETS} are allowed");
            return Err(Fault::at("limit", name, line, col, reason));
        }
    }
    Ok(())
}

/// White space and comments only.
fn only_space(text: &str) -> bool {
    text.lines().all(|line| {
        let line = line.trim_start();
        line.is_empty() || line.starts_with('#')
    })
}

/// A position as the lexer counts it: columns in bytes, a tab as four.
fn line_col(text: &str, at: usize) -> (u32, u32) {
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let width = |byte: u8| if byte == b'\t' { 4 } else { 1 };
    let col: usize = before.rsplit('\n').next().unwrap_or("").bytes().map(width).sum::<usize>() + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(col).unwrap_or(u32::MAX))
}
