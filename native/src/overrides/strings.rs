//! String built-ins that regorus answers differently from Go's `strings` package.

use anyhow::{Result, bail};
use regorus::Value;

use super::{bounds, string, too_much, type_name};
use crate::json;
use crate::limits::MAX_STRING_BYTES;

/// Matches that do not overlap; the empty needle matches before, between and after the code points.
pub fn count(args: &[Value]) -> Result<Value> {
    let (text, needle) = (string(args, 1)?, string(args, 2)?);
    let matches = if needle.is_empty() { text.chars().count() + 1 } else { text.matches(needle).count() };
    Ok(Value::from(matches))
}

/// Go's `Replacer`: one pass over the text, at each position the first pattern, in key order, that matches (regorus
/// replaces in what it has replaced before).
pub fn replace_n(args: &[Value]) -> Result<Value> {
    let Value::Object(patterns) = &args[0] else {
        bail!("operand 1 must be object but got {}", type_name(args.first()));
    };
    let text = string(args, 2)?;
    let mut pairs = Vec::with_capacity(patterns.len());
    for (old, new) in patterns.iter_sorted() {
        match (old, new) {
            (Value::String(old), Value::String(new)) => pairs.push((old.as_ref(), new.as_ref())),
            _ => bail!("operand 1 must be an object of strings"),
        }
    }
    replace_each(text, &pairs).map(Value::from)
}

fn replace_each(text: &str, pairs: &[(&str, &str)]) -> Result<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // The empty pattern matches once at each position, before a longer one that is later in order.
    let mut was_empty = false;
    loop {
        if out.len() > MAX_STRING_BYTES {
            return Err(too_much("a string that long", format_args!("{MAX_STRING_BYTES} bytes")));
        }
        let found = pairs.iter().find(|(old, _)| rest.starts_with(old) && !(was_empty && old.is_empty()));
        was_empty = found.is_some_and(|(old, _)| old.is_empty());
        if let Some((old, new)) = found {
            out.push_str(new);
            rest = &rest[old.len()..];
            continue;
        }
        let Some(character) = rest.chars().next() else { return Ok(out) };
        out.push(character);
        rest = &rest[character.len_utf8()..];
    }
}

/// `json.marshal`; regorus rounds large integers and leaves `<`, `>` and `&` as they are.
pub fn to_json(args: &[Value]) -> Result<Value> {
    bounds::written_out(args)?;
    let mut text = String::new();
    let mut budget = MAX_STRING_BYTES;
    json::write(&args[0], &mut text, &mut budget).map_err(|()| anyhow::anyhow!("operand 1 is no JSON value"))?;
    Ok(Value::from(text))
}

/// Whether a text is JSON; anything but a string is not.
pub fn is_json(args: &[Value]) -> Result<Value> {
    Ok(Value::Bool(matches!(&args[0], Value::String(text) if Value::from_json_str(text).is_ok())))
}

/// Whether a text is YAML; anything but a string is not.
pub fn is_yaml(args: &[Value]) -> Result<Value> {
    Ok(Value::Bool(matches!(&args[0], Value::String(text) if Value::from_yaml_str(text).is_ok())))
}
