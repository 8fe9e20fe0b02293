//! Integers under Go's verbs: `int64` as package fmt prints it, `*big.Int` as it prints itself.

use anyhow::Result;
use regorus::Value;

use super::format::Spec;
use super::quote;

/// An `int64`; false for a verb it has not.
pub fn int(value: &Value, verb: char, spec: Spec, out: &mut String) -> Result<bool> {
    let number = value.as_i64()?;
    match verb {
        'd' | 'v' => digits(value, 10, verb, spec, out),
        'b' => digits(value, 2, verb, spec, out),
        'o' | 'O' => digits(value, 8, verb, spec, out),
        'x' | 'X' => digits(value, 16, verb, spec, out),
        'c' => spec.pad(&character(number).to_string(), out),
        'q' => spec.pad(&quote::quote_char(character(number), spec.plus)?, out),
        'U' => unicode(number, spec, out),
        _ => return Ok(false),
    }
    Ok(true)
}

/// Go's rune of a number: U+FFFD for what is none.
fn character(number: i64) -> char {
    u32::try_from(number).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn unicode(number: i64, mut spec: Spec, out: &mut String) {
    let code = number as u64;
    let mut text = format!("U+{code:0width$X}", width = spec.precision.unwrap_or(4).clamp(4, 256));
    let printable = u32::try_from(code).ok().and_then(char::from_u32).filter(|found| quote::is_print(*found));
    if let Some(found) = printable.filter(|_| spec.sharp) {
        text.push_str(&format!(" '{found}'"));
    }
    spec.zero = false;
    spec.pad(&text, out);
}

/// Digits of the magnitude in a base, lower case.
fn magnitude(value: &Value, base: u32) -> (bool, String) {
    let Ok(number) = value.as_number() else { return (false, String::new()) };
    let negative = !number.is_positive();
    let number = number.abs();
    let digits = match base {
        2 => number.format_bin(),
        8 => number.format_octal(),
        16 => number.format_hex(),
        _ => number.to_big().map_or_else(|_| number.format_decimal(), |big| big.to_string()),
    };
    (negative, digits)
}

fn digits(value: &Value, base: u32, verb: char, mut spec: Spec, out: &mut String) {
    let (negative, mut digits) = magnitude(value, base);
    let signed = negative || spec.plus || spec.space;
    let least = match (spec.precision, spec.width) {
        (Some(0), _) if digits == "0" => {
            spec.zero = false;
            return spec.pad("", out);
        }
        (Some(precision), _) => precision,
        (None, Some(width)) if spec.zero && !spec.minus => width.saturating_sub(usize::from(signed)),
        _ => 0,
    };
    if digits.len() < least {
        digits = "0".repeat(least - digits.len()) + &digits;
    }
    let prefix = match (base, verb) {
        (_, 'O') => "0o",
        (2, _) if spec.sharp => "0b",
        (8, _) if spec.sharp && !digits.starts_with('0') => "0",
        (16, _) if spec.sharp => "0x",
        _ => "",
    };
    // With %O and #, the leading zero of the octal number comes after the prefix.
    let zero = if verb == 'O' && spec.sharp && !digits.starts_with('0') { "0" } else { "" };
    let sign = sign(negative, spec);
    let text = format!("{prefix}{zero}{digits}");
    let text = if verb == 'X' { text.to_uppercase() } else { text };
    spec.zero = false;
    spec.pad(&format!("{sign}{text}"), out);
}

fn sign(negative: bool, spec: Spec) -> &'static str {
    match (negative, spec.plus, spec.space) {
        (true, _, _) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        (false, false, false) => "",
    }
}

/// A `*big.Int`, which has fewer verbs; false for others.
pub fn big(value: &Value, verb: char, mut spec: Spec, out: &mut String) -> bool {
    let base = match verb {
        'b' => 2,
        'o' | 'O' => 8,
        'd' | 's' | 'v' => 10,
        'x' | 'X' => 16,
        _ => return false,
    };
    // A type that formats itself sees the flags %v keeps from the others.
    spec.plus |= spec.plus_v;
    spec.sharp |= spec.sharp_v;
    let (negative, mut digits) = magnitude(value, base);
    if verb == 'X' {
        digits = digits.to_uppercase();
    }
    let prefix = match verb {
        'O' => "0o",
        'b' if spec.sharp => "0b",
        'o' if spec.sharp => "0",
        'x' if spec.sharp => "0x",
        'X' if spec.sharp => "0X",
        _ => "",
    };
    let sign = sign(negative, spec);
    let mut zeros = spec.precision.unwrap_or(0).saturating_sub(digits.len());
    let length = sign.len() + prefix.len() + zeros + digits.len();
    let missing = spec.width.unwrap_or(0).saturating_sub(length);
    if spec.zero && !spec.minus && spec.precision.is_none() {
        zeros = missing;
    }
    spec.zero = false;
    spec.pad(&format!("{sign}{prefix}{}{digits}", "0".repeat(zeros)), out);
    true
}
