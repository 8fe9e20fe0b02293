//! Rego values as JSON text, the way Go's `encoding/json` writes them for OPA: no spaces, keys sorted, sets as arrays,
//! `<`, `>` and `&` escaped, integers of any size exact.

use regorus::Value;

/// Appends the text of a value; `Err` when it has more than `budget` parts.
pub fn write(value: &Value, out: &mut String, budget: &mut usize) -> Result<(), ()> {
    *budget = budget.checked_sub(1).ok_or(())?;
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => match number.as_big().filter(|_| number.is_integer()) {
            Some(integer) => out.push_str(&integer.to_string()),
            None => out.push_str(&float(number.as_f64().unwrap_or_default())),
        },
        Value::String(text) => string(text, out),
        Value::Array(array) => list(array.iter(), out, budget)?,
        Value::Set(set) => list(set.iter_sorted(), out, budget)?,
        Value::Object(object) => {
            out.push('{');
            for (index, (key, member)) in object.iter_sorted().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_key(key, out, budget)?;
                out.push(':');
                write(member, out, budget)?;
            }
            out.push('}');
        }
        Value::Undefined => return Err(()),
    }
    Ok(())
}

fn list<'a>(items: impl Iterator<Item = &'a Value>, out: &mut String, budget: &mut usize) -> Result<(), ()> {
    out.push('[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(item, out, budget)?;
    }
    out.push(']');
    Ok(())
}

/// A key that is no string becomes the string of its JSON text.
fn write_key(key: &Value, out: &mut String, budget: &mut usize) -> Result<(), ()> {
    if let Value::String(text) = key {
        string(text, out);
        return Ok(());
    }
    let mut inner = String::new();
    write(key, &mut inner, budget)?;
    string(&inner, out);
    Ok(())
}

fn string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\0'..='\x1f' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                out.push_str(&format!("\\u{:04x}", character as u32));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// The shortest digits that read back as the number; an exponent only for the very small and the very large.
fn float(number: f64) -> String {
    if number != 0.0 && !(1e-6..1e21).contains(&number.abs()) {
        let text = format!("{number:e}");
        return match text.split_once("e-") {
            Some(_) => text,
            None => text.replacen('e', "e+", 1),
        };
    }
    number.to_string()
}
