//! Quoting as Go's `strconv.Quote`, and Rego terms as OPA prints them.

use anyhow::Result;
use regorus::Value;
use regorus::unstable::BUILTINS;

use super::CallSite;

/// `text` in double quotes, escaped as Go does.
pub fn quote(text: &str) -> Result<String> {
    let plain = text.bytes().all(|byte| matches!(byte, 0x20..=0x7e) && byte != b'"' && byte != b'\\');
    if plain {
        return Ok(format!("\"{text}\""));
    }
    // Go's table of printable characters is private to regorus; its own %q is exact.
    let Some(&sprintf) = BUILTINS.get("sprintf") else { anyhow::bail!("regorus has no sprintf") };
    let args = [Value::from("%q"), Value::from(vec![Value::from(text)])];
    match CallSite::new(2)?.call(sprintf, &args, true)? {
        Value::String(quoted) => Ok(quoted.to_string()),
        other => anyhow::bail!("cannot quote a string: got {other}"),
    }
}

/// Like `quote`, with every character above ASCII escaped (`%+q`).
pub fn quote_ascii(text: &str) -> Result<String> {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character as u32 {
            0..=0x7f => out.push_str(body(&quote(character.encode_utf8(&mut [0; 4]))?)),
            code @ 0x80..=0xffff => out.push_str(&format!("\\u{code:04x}")),
            code => out.push_str(&format!("\\U{code:08x}")),
        }
    }
    out.push('"');
    Ok(out)
}

/// A character in single quotes (`%q` of a number).
pub fn quote_char(character: char, ascii: bool) -> Result<String> {
    if character == '\'' {
        return Ok("'\\''".to_owned());
    }
    if character == '"' {
        return Ok("'\"'".to_owned());
    }
    let text = character.to_string();
    let quoted = if ascii { quote_ascii(&text)? } else { quote(&text)? };
    Ok(format!("'{}'", body(&quoted)))
}

/// Whether Go prints the character as it is.
pub fn is_print(character: char) -> bool {
    let text = character.to_string();
    matches!(character, '"' | '\\') || quote(&text).is_ok_and(|quoted| body(&quoted) == text)
}

fn body(quoted: &str) -> &str {
    quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(quoted)
}

/// A value as OPA prints a term: strings quoted, `set()` for the empty set.
pub fn term(value: &Value, out: &mut String) -> Result<()> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number.format_decimal()),
        Value::String(text) => out.push_str(&quote(text)?),
        Value::Array(array) => joined(out, "[", "]", array.iter(), term)?,
        Value::Set(set) if set.is_empty() => out.push_str("set()"),
        Value::Set(set) => joined(out, "{", "}", set.iter_sorted(), term)?,
        Value::Object(object) => joined(out, "{", "}", object.iter_sorted(), |(key, member), out| {
            term(key, out)?;
            out.push_str(": ");
            term(member, out)
        })?,
        Value::Undefined => out.push_str("undefined"),
    }
    Ok(())
}

fn joined<T>(
    out: &mut String,
    open: &str,
    close: &str,
    items: impl Iterator<Item = T>,
    write: impl Fn(T, &mut String) -> Result<()>,
) -> Result<()> {
    out.push_str(open);
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        write(item, out)?;
    }
    out.push_str(close);
    Ok(())
}
