//! `regex.*` as in OPA: Go's dialect (see `re2`), patterns up to `SIZE_LIMIT` compiled, Go's rules for splitting.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use anyhow::{Result, bail};
use regex::{Regex, RegexBuilder};
use regorus::Value;

use super::{re2, string, too_much, type_name};
use crate::limits::{MAX_ELEMENTS, MAX_STRING_BYTES};

/// Bytes of a compiled pattern; regorus stops at 100 KB, which common patterns such as `^[\w\s]{20,512}$` exceed.
const SIZE_LIMIT: usize = 8 << 20;
/// Compiled patterns kept per thread; cleared as a whole when full.
const CACHE_SIZE: usize = 256;

thread_local! {
    // Per thread: a Regex shared by threads hands its scratch space around under a lock. Behind Rc: a clone of a Regex
    // starts with empty scratch space, which costs four microseconds a match.
    static CACHE: RefCell<HashMap<String, Rc<Regex>>> = RefCell::new(HashMap::new());
}

fn compiled(pattern: &str) -> Result<Rc<Regex>> {
    if let Some(found) = CACHE.with_borrow(|cache| cache.get(pattern).cloned()) {
        return Ok(found);
    }
    let regex = Rc::new(compile(pattern)?);
    CACHE.with_borrow_mut(|cache| {
        if cache.len() >= CACHE_SIZE {
            cache.clear();
        }
        cache.insert(pattern.to_owned(), regex.clone());
    });
    Ok(regex)
}

fn compile(pattern: &str) -> Result<Regex> {
    let translated = match re2::translate(pattern) {
        Ok(translated) => translated,
        Err(error) => bail!("cannot parse regular expression `{pattern}`: {error}"),
    };
    RegexBuilder::new(&translated).size_limit(SIZE_LIMIT).build().map_err(|error| match error {
        regex::Error::CompiledTooBig(size) => too_much("a regular expression that large", format_args!("{size} bytes")),
        other => {
            let text = other.to_string();
            let sentence = text.lines().next_back().unwrap_or_default().trim_start_matches("error: ");
            anyhow::anyhow!("cannot parse regular expression `{pattern}`: {sentence}")
        }
    })
}

pub fn is_valid(args: &[Value]) -> Result<Value> {
    let Value::String(pattern) = &args[0] else { return Ok(Value::Bool(false)) };
    match compiled(pattern) {
        Ok(_) => Ok(Value::Bool(true)),
        Err(error) if error.to_string().starts_with(crate::errors::LIMIT_MARK) => Err(error),
        Err(_) => Ok(Value::Bool(false)),
    }
}

pub fn is_match(args: &[Value]) -> Result<Value> {
    Ok(Value::Bool(compiled(string(args, 1)?)?.is_match(string(args, 2)?)))
}

/// The `n` of `regex.find_n`: negative means all.
fn most(args: &[Value]) -> Result<usize> {
    let Value::Number(number) = &args[2] else { bail!("operand 3 must be number but got {}", type_name(args.get(2))) };
    if !number.is_integer() {
        bail!("operand 3 must be integer number but got floating-point number");
    }
    Ok(number.as_i64().and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX))
}

fn bounded(found: Vec<Value>) -> Result<Value> {
    if found.len() > MAX_ELEMENTS {
        return Err(too_much("an array of that many matches", MAX_ELEMENTS));
    }
    Ok(Value::from(found))
}

pub fn find(args: &[Value]) -> Result<Value> {
    let regex = compiled(string(args, 1)?)?;
    let matches = regex.find_iter(string(args, 2)?).take(most(args)?.min(MAX_ELEMENTS + 1));
    bounded(matches.map(|found| Value::from(found.as_str())).collect())
}

pub fn find_all_submatches(args: &[Value]) -> Result<Value> {
    let regex = compiled(string(args, 1)?)?;
    let group_count = regex.captures_len();
    let captures = regex.captures_iter(string(args, 2)?).take(most(args)?.min(MAX_ELEMENTS / group_count + 1));
    let found: Vec<Value> = captures
        .map(|groups| {
            let texts = groups.iter().map(|group| Value::from(group.map_or("", |found| found.as_str())));
            Value::from(texts.collect::<Vec<_>>())
        })
        .collect();
    if found.len() > MAX_ELEMENTS / group_count {
        return Err(too_much("an array of that many matches", MAX_ELEMENTS));
    }
    Ok(Value::from(found))
}

pub fn replace(args: &[Value]) -> Result<Value> {
    let (text, pattern, template) = (string(args, 1)?, string(args, 2)?, string(args, 3)?);
    let regex = compiled(pattern)?;
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for groups in regex.captures_iter(text) {
        let Some(whole) = groups.get(0) else { continue };
        out.push_str(&text[end..whole.start()]);
        groups.expand(template, &mut out);
        end = whole.end();
        if out.len() > MAX_STRING_BYTES {
            return Err(too_much("a string that long", format_args!("{MAX_STRING_BYTES} bytes")));
        }
    }
    out.push_str(&text[end..]);
    Ok(Value::from(out))
}

/// Go's `Split`: an empty match at the start makes no empty piece, and nothing follows a match at the very end.
pub fn split(args: &[Value]) -> Result<Value> {
    let (pattern, text) = (string(args, 1)?, string(args, 2)?);
    let regex = compiled(pattern)?;
    if !pattern.is_empty() && text.is_empty() {
        return Ok(Value::from(vec![Value::from("")]));
    }
    let mut pieces = Vec::new();
    let (mut begin, mut end) = (0, 0);
    for found in regex.find_iter(text).take(MAX_ELEMENTS + 1) {
        end = found.start();
        if found.end() != 0 {
            pieces.push(Value::from(&text[begin..end]));
        }
        begin = found.end();
    }
    if end != text.len() {
        pieces.push(Value::from(&text[begin..]));
    }
    bounded(pieces)
}

/// OPA's templates: literal text with patterns between two delimiter characters, `urn:foo:{.*}`.
pub fn template_match(args: &[Value]) -> Result<Value> {
    let (template, text) = (string(args, 1)?, string(args, 2)?);
    let (open, close) = (delimiter(args, 3)?, delimiter(args, 4)?);
    let mut pattern = String::from("^");
    let mut literal_start = 0;
    for (start, end) in spans(template, open, close)? {
        pattern.push_str(&regex::escape(&template[literal_start..start]));
        let inner = &template[start + open.len_utf8()..end - close.len_utf8()];
        compile(inner)?;
        pattern.push_str(&format!("({inner})"));
        literal_start = end;
    }
    pattern.push_str(&regex::escape(&template[literal_start..]));
    pattern.push('$');
    Ok(Value::Bool(compiled(&pattern)?.is_match(text)))
}

fn delimiter(args: &[Value], position: usize) -> Result<char> {
    let mut characters = string(args, position)?.chars();
    match (characters.next(), characters.next()) {
        (Some(only), None) => Ok(only),
        _ => bail!("delimiter must be exactly one character"),
    }
}

/// Byte ranges of the outermost delimited parts, delimiters included.
fn spans(template: &str, open: char, close: char) -> Result<Vec<(usize, usize)>> {
    let mut found = Vec::new();
    let (mut level, mut start) = (0_usize, 0);
    for (at, character) in template.char_indices() {
        if character == open {
            level += 1;
            if level == 1 {
                start = at;
            }
        } else if character == close {
            level = match level {
                0 => bail!("unbalanced braces in {template:?}"),
                level => level - 1,
            };
            if level == 0 {
                found.push((start, at + close.len_utf8()));
            }
        }
    }
    if level != 0 {
        bail!("unbalanced braces in {template:?}");
    }
    Ok(found)
}
