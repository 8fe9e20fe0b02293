//! Upper bounds on what a built-in would build, computed from its arguments before it runs.

use anyhow::Result;
use regorus::Value;

use super::too_much;
use crate::limits::{MAX_ELEMENTS, MAX_NUMBER_BITS, MAX_STRING_BYTES};

/// Host bits of the largest network whose addresses may be listed: 65,536 of them.
const MAX_HOST_BITS: u32 = 16;

fn bytes(size: usize) -> Result<()> {
    if size > MAX_STRING_BYTES {
        return Err(too_much(format_args!("a string of {size} bytes"), MAX_STRING_BYTES));
    }
    Ok(())
}

fn elements(count: u128) -> Result<()> {
    if count > MAX_ELEMENTS as u128 {
        return Err(too_much(format_args!("an array of {count} elements"), MAX_ELEMENTS));
    }
    Ok(())
}

fn length(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(array) => array.len(),
        _ => 0,
    }
}

pub fn array_concat(args: &[Value]) -> Result<()> {
    elements(args.iter().map(|arg| length(arg) as u128).sum())
}

/// Encodings make a string at most three times as long.
pub fn encoded(args: &[Value]) -> Result<()> {
    bytes(args.iter().map(length).sum::<usize>().saturating_mul(3))
}

pub fn concat(args: &[Value]) -> Result<()> {
    let (size, count) = match &args[1] {
        Value::Array(array) => (array.iter().map(length).sum::<usize>(), array.len()),
        Value::Set(set) => (set.iter().map(length).sum(), set.len()),
        _ => return Ok(()),
    };
    bytes(size.saturating_add(length(&args[0]).saturating_mul(count)))
}

pub fn replace(args: &[Value]) -> Result<()> {
    let [Value::String(text), Value::String(old), Value::String(new)] = args else { return Ok(()) };
    replaced_size(text, old, new).and_then(bytes)
}

/// Bytes after replacing `old` by `new`; counts the matches only where the product alone does not settle it.
pub fn replaced_size(text: &str, old: &str, new: &str) -> Result<usize> {
    let most = text.len() / old.len().max(1) + 1;
    let bound = text.len().saturating_add(most.saturating_mul(new.len()));
    if bound <= MAX_STRING_BYTES {
        return Ok(bound);
    }
    Ok(text.len().saturating_add(text.matches(old).count().saturating_mul(new.len())))
}

pub fn bits_lsh(args: &[Value]) -> Result<()> {
    let (Ok(number), Ok(shift)) = (number_bits(&args[0]), args[1].as_number()) else { return Ok(()) };
    match shift.as_u64() {
        Some(shift) if (shift as usize).saturating_add(number) <= MAX_NUMBER_BITS => Ok(()),
        Some(shift) => Err(too_much(format_args!("a shift by {shift} bits"), MAX_NUMBER_BITS)),
        // Negative and fractional shifts are regorus' to refuse; a shift that fits no u64 is ours.
        None if shift.is_integer() && shift.is_positive() => Err(too_much("a shift by a huge number", MAX_NUMBER_BITS)),
        None => Ok(()),
    }
}

pub fn product(args: &[Value]) -> Result<()> {
    let bits: usize = match &args[0] {
        Value::Array(array) => array.iter().filter_map(|factor| number_bits(factor).ok()).sum(),
        Value::Set(set) => set.iter().filter_map(|factor| number_bits(factor).ok()).sum(),
        _ => 0,
    };
    if bits > MAX_NUMBER_BITS {
        return Err(too_much(format_args!("a number of {bits} bits"), MAX_NUMBER_BITS));
    }
    Ok(())
}

fn number_bits(value: &Value) -> Result<usize> {
    let number = value.as_number()?;
    if number.as_i64().is_some() {
        return Ok(64);
    }
    Ok(number.as_big().map_or(64, |big| big.bits() as usize))
}

pub fn range(args: &[Value]) -> Result<()> {
    elements(distance(&args[0], &args[1])?)
}

/// Whole steps between two numbers; operands that are no integers are regorus' to refuse.
fn distance(from: &Value, to: &Value) -> Result<u128> {
    let (Ok(from), Ok(to)) = (from.as_number(), to.as_number()) else { return Ok(0) };
    if !from.is_integer() || !to.is_integer() {
        return Ok(0);
    }
    let difference = from.as_i128().zip(to.as_i128()).and_then(|(from, to)| to.checked_sub(from));
    difference.map(i128::unsigned_abs).ok_or_else(|| too_much("a range between huge numbers", MAX_ELEMENTS))
}

pub fn cidr_expand(args: &[Value]) -> Result<()> {
    let [Value::String(network)] = args else { return Ok(()) };
    let Some((address, prefix)) = network.rsplit_once('/') else { return Ok(()) };
    let width: u32 = if address.contains(':') { 128 } else { 32 };
    match prefix.parse::<u32>() {
        Ok(prefix) if width.saturating_sub(prefix) > MAX_HOST_BITS => {
            Err(too_much(format_args!("the addresses of a /{prefix} network"), format_args!("2^{MAX_HOST_BITS}")))
        }
        _ => Ok(()),
    }
}

/// Sub-values may be shared, so that a value of a few kilobytes is gigabytes of text.
pub fn written_out(args: &[Value]) -> Result<()> {
    let mut left = MAX_STRING_BYTES / 4;
    if args.iter().all(|arg| fits(arg, &mut left)) {
        return Ok(());
    }
    Err(too_much("a value that large as text", format_args!("{MAX_STRING_BYTES} bytes")))
}

/// Takes the least number of bytes `value` needs as text from `left`.
pub fn fits(value: &Value, left: &mut usize) -> bool {
    let own = if let Value::String(text) = value { text.len() + 2 } else { 1 };
    let Some(rest) = left.checked_sub(own) else { return false };
    *left = rest;
    match value {
        Value::Array(array) => array.iter().all(|item| fits(item, left)),
        Value::Set(set) => set.iter().all(|item| fits(item, left)),
        Value::Object(object) => object.iter().all(|(key, item)| fits(key, left) && fits(item, left)),
        _ => true,
    }
}
