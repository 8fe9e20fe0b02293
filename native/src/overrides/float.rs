//! A `float64` under Go's verbs: `strconv.FormatFloat` and the flags package fmt adds.

use super::format::Spec;

/// No finite float64 has more significant decimal digits; Rust refuses precisions beyond 65,535.
const MAX_DIGITS: usize = 1_100;

/// False for a verb floats have not.
pub fn print(number: f64, verb: char, spec: Spec, out: &mut String) -> bool {
    let (style, default_precision) = match verb {
        'v' | 'g' => ('g', None),
        'G' => ('G', None),
        'e' | 'E' => (verb, Some(6)),
        'f' | 'F' => ('f', Some(6)),
        'b' | 'x' | 'X' => (verb, None),
        _ => return false,
    };
    let precision = spec.precision.or(default_precision);
    let mut digits = unsigned(number.abs(), style, precision);
    if spec.sharp && verb != 'b' {
        digits = with_point(digits, verb, precision);
    }
    let sign = match (number.is_sign_negative(), spec.plus, spec.space) {
        (true, _, _) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        (false, false, false) => "",
    };
    let length = sign.len() + digits.len();
    match spec.width {
        // The sign goes before the zeros.
        Some(width) if spec.zero && !spec.minus && width > length && !sign.is_empty() => {
            out.push_str(sign);
            out.push_str(&"0".repeat(width - length));
            out.push_str(&digits);
        }
        _ => spec.pad(&format!("{sign}{digits}"), out),
    }
    true
}

fn unsigned(number: f64, style: char, precision: Option<usize>) -> String {
    match style {
        'e' | 'E' => scientific(number, style, precision),
        'f' => fixed(number, precision.unwrap_or(6)),
        'b' => binary(number),
        'x' | 'X' => hexadecimal(number, style, precision),
        _ => general(number, style, precision),
    }
}

/// Significant digits without trailing zeros, and the decimal exponent of the first one.
fn decimal(number: f64, significant: Option<usize>) -> (String, i32) {
    let text = match significant {
        Some(count) => format!("{number:.*e}", count.clamp(1, MAX_DIGITS) - 1),
        None => format!("{number:e}"),
    };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits = mantissa.replace('.', "");
    let digits = digits.trim_end_matches('0');
    (digits.to_owned(), exponent.parse().unwrap_or(0))
}

fn exponent_text(letter: char, exponent: i32) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{letter}{sign}{:02}", exponent.abs())
}

fn scientific(number: f64, style: char, precision: Option<usize>) -> String {
    let (digits, exponent) = decimal(number, precision.map(|count| count.saturating_add(1)));
    let fraction = precision.unwrap_or_else(|| digits.len().saturating_sub(1));
    point_after_first(&digits, fraction) + &exponent_text(style, if digits.is_empty() { 0 } else { exponent })
}

fn point_after_first(digits: &str, fraction: usize) -> String {
    let first = digits.get(..1).unwrap_or("0");
    if fraction == 0 {
        return first.to_owned();
    }
    format!("{first}.{:0<fraction$}", digits.get(1..).unwrap_or(""), fraction = fraction.min(MAX_DIGITS))
        + &"0".repeat(fraction.saturating_sub(MAX_DIGITS))
}

fn fixed(number: f64, precision: usize) -> String {
    format!("{number:.*}", precision.min(MAX_DIGITS)) + &"0".repeat(precision.saturating_sub(MAX_DIGITS))
}

/// Go's %g: scientific for small and large exponents, by the rules of `strconv`.
fn general(number: f64, style: char, precision: Option<usize>) -> String {
    let (digits, exponent) = decimal(number, precision);
    let count = digits.len() as i32;
    let point = exponent + 1;
    let mut limit = precision.map_or(6, |count| count.max(1) as i32);
    if limit > count && count >= point {
        limit = count;
    }
    if precision.is_none() {
        limit = 6;
    }
    if !digits.is_empty() && (exponent < -4 || exponent >= limit) {
        let letter = if style == 'G' { 'E' } else { 'e' };
        return point_after_first(&digits, digits.len() - 1) + &exponent_text(letter, exponent);
    }
    place_point(&digits, point)
}

fn place_point(digits: &str, point: i32) -> String {
    if digits.is_empty() {
        return "0".to_owned();
    }
    match usize::try_from(point) {
        Ok(point) if point >= digits.len() => digits.to_owned() + &"0".repeat(point - digits.len()),
        Ok(point) if point > 0 => format!("{}.{}", &digits[..point], &digits[point..]),
        _ => format!("0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
    }
}

/// `%b`: the mantissa as an integer and a binary exponent.
fn binary(number: f64) -> String {
    let (mantissa, exponent) = parts(number);
    format!("{mantissa}p{exponent:+}")
}

fn parts(number: f64) -> (u64, i32) {
    let bits = number.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32;
    let mantissa = bits & ((1 << 52) - 1);
    if exponent == 0 { (mantissa, -1074) } else { (mantissa | 1 << 52, exponent - 1075) }
}

/// `%x`: `0x1.8p+01`, rounded half to even where a precision is given.
fn hexadecimal(number: f64, style: char, precision: Option<usize>) -> String {
    let (mut mantissa, mut exponent) = parts(number);
    if mantissa == 0 {
        exponent = 0;
    } else {
        // One hexadecimal digit before the point, which is 1.
        let shift = mantissa.leading_zeros() - 11;
        mantissa <<= shift;
        exponent += 52 - shift as i32;
    }
    if let Some(count) = precision.filter(|count| *count < 13) {
        let dropped = 4 * (13 - count) as u32;
        let half = 1_u64 << (dropped - 1);
        let odd = (mantissa >> dropped) & 1;
        mantissa = (mantissa + half - 1 + odd) >> dropped << dropped;
        if mantissa >> 53 != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let fraction = format!("{:013x}", mantissa & ((1 << 52) - 1));
    let fraction = match precision {
        Some(count) => format!("{fraction:0<count$.count$}", count = count.min(MAX_DIGITS)),
        None => fraction.trim_end_matches('0').to_owned(),
    };
    let point = if fraction.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    let text = format!("0x{}{point}{fraction}p{sign}{:02}", mantissa >> 52, exponent.abs());
    if style == 'X' { text.to_uppercase() } else { text }
}

/// The # flag: always a decimal point, and for %g and %x (but not %X) trailing zeros up to the precision.
fn with_point(number: String, verb: char, precision: Option<usize>) -> String {
    let letters: &[char] = if matches!(verb, 'x' | 'X') { &['p', 'P'] } else { &['e', 'E'] };
    let (head, tail) = number.split_at(number.find(letters).unwrap_or(number.len()));
    let mut wanted = match verb {
        'v' | 'g' | 'G' | 'x' => precision.unwrap_or(6) as i64,
        _ => 0,
    };
    let significant = head.chars().filter(|character| *character != '.').skip_while(|character| *character == '0');
    wanted -= significant.count() as i64;
    let mut head = head.to_owned();
    if !head.contains('.') {
        if head == "0" {
            wanted -= 1;
        }
        head.push('.');
    }
    head + &"0".repeat(usize::try_from(wanted).unwrap_or(0)) + tail
}
