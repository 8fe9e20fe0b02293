//! `sprintf` with the semantics of Go's `fmt.Sprintf`, as OPA calls it: integers arrive as `int64` or `*big.Int`, other
//! numbers as `float64`, strings as `string`, and everything else as the string of its term.
//!
//! Wrong verbs, missing and surplus arguments are text in the result (`%!d(string=a)`), never an error: a message with a
//! mistake in its format must not make the rule undefined.

use anyhow::{Result, bail};
use regorus::Value;

use super::{bounds, float, integer, quote, string, too_much, type_name};
use crate::limits::MAX_STRING_BYTES;

/// Go gives up on a width or precision whose digits go on beyond this, so that ten megabytes are the longest padding.
const MAX_WIDTH: usize = 1_000_000;

/// One argument, typed as OPA hands it to Go.
pub enum Arg<'a> {
    Int(&'a Value),
    Big(&'a Value),
    Float(f64),
    Text(std::borrow::Cow<'a, str>),
}

impl Arg<'_> {
    fn type_name(&self) -> &'static str {
        match self {
            Arg::Int(_) => "int64",
            Arg::Big(_) => "*big.Int",
            Arg::Float(_) => "float64",
            Arg::Text(_) => "string",
        }
    }
}

/// The flags, width and precision of one verb.
#[derive(Default, Clone, Copy)]
pub struct Spec {
    pub plus: bool,
    pub minus: bool,
    pub sharp: bool,
    pub space: bool,
    pub zero: bool,
    /// `%+v` and `%#v` are modes of their own, in which the flags proper are off.
    pub plus_v: bool,
    pub sharp_v: bool,
    pub width: Option<usize>,
    pub precision: Option<usize>,
}

impl Spec {
    /// `text` padded to the width; zeros only on the left.
    pub fn pad(&self, text: &str, out: &mut String) {
        let missing = self.width.unwrap_or(0).saturating_sub(text.chars().count());
        if self.minus {
            out.push_str(text);
            out.extend(std::iter::repeat_n(' ', missing));
        } else {
            out.extend(std::iter::repeat_n(if self.zero { '0' } else { ' ' }, missing));
            out.push_str(text);
        }
    }
}

pub fn sprintf(args: &[Value]) -> Result<Value> {
    let format = string(args, 1)?;
    let Value::Array(values) = &args[1] else { bail!("operand 2 must be array but got {}", type_name(args.get(1))) };
    let mut budget = MAX_STRING_BYTES / 4;
    if !values.iter().all(|value| bounds::fits(value, &mut budget)) {
        return Err(too_much("arguments that large", format_args!("{MAX_STRING_BYTES} bytes")));
    }
    let values = values.iter().map(argument).collect::<Result<Vec<_>>>()?;
    let mut printer = Printer { format: format.chars().collect(), at: 0, args: &values, next: 0, ..Printer::default() };
    printer.run()?;
    Ok(Value::from(printer.out))
}

fn argument(value: &Value) -> Result<Arg<'_>> {
    Ok(match value {
        Value::String(text) => Arg::Text(std::borrow::Cow::Borrowed(text)),
        Value::Number(number) if number.as_i64().is_some() => Arg::Int(value),
        Value::Number(number) => match number.as_f64() {
            Some(float) if !number.is_integer() => Arg::Float(float),
            _ => Arg::Big(value),
        },
        other => {
            let mut text = String::new();
            quote::term(other, &mut text)?;
            Arg::Text(std::borrow::Cow::Owned(text))
        }
    })
}

/// The state of Go's `doPrintf`.
#[derive(Default)]
struct Printer<'a> {
    format: Vec<char>,
    at: usize,
    args: &'a [Arg<'a>],
    next: usize,
    /// An explicit `[n]` was used: surplus arguments are then not reported.
    reordered: bool,
    /// The `[n]` just read names an argument that exists.
    good_index: bool,
    /// A `[n]` stands directly before the current position.
    after_index: bool,
    out: String,
}

impl Printer<'_> {
    fn run(&mut self) -> Result<()> {
        while self.at < self.format.len() {
            if self.out.len() > MAX_STRING_BYTES {
                return Err(too_much("a string that long", format_args!("{MAX_STRING_BYTES} bytes")));
            }
            let character = self.format[self.at];
            self.at += 1;
            if character == '%' {
                self.directive()?;
            } else {
                self.out.push(character);
            }
        }
        if !self.reordered && self.next < self.args.len() {
            self.surplus()?;
        }
        Ok(())
    }

    fn peek(&self) -> Option<char> {
        self.format.get(self.at).copied()
    }

    fn directive(&mut self) -> Result<()> {
        let mut spec = self.flags();
        self.good_index = true;
        self.after_index = false;
        self.index();
        self.width(&mut spec);
        self.precision(&mut spec);
        if !self.after_index {
            self.index();
        }
        let Some(verb) = self.peek() else {
            self.out.push_str("%!(NOVERB)");
            return Ok(());
        };
        self.at += 1;
        if verb == '%' {
            self.out.push('%');
        } else if !self.good_index {
            self.out.push_str(&format!("%!{verb}(BADINDEX)"));
        } else if let Some(arg) = self.args.get(self.next) {
            self.next += 1;
            print(arg, verb, spec, &mut self.out)?;
        } else {
            self.out.push_str(&format!("%!{verb}(MISSING)"));
        }
        Ok(())
    }

    fn flags(&mut self) -> Spec {
        let mut spec = Spec::default();
        while let Some(character) = self.peek() {
            match character {
                '+' => spec.plus = true,
                '-' => spec.minus = true,
                '#' => spec.sharp = true,
                ' ' => spec.space = true,
                '0' => spec.zero = true,
                _ => break,
            }
            self.at += 1;
        }
        spec
    }

    fn width(&mut self, spec: &mut Spec) {
        if self.peek() == Some('*') {
            self.at += 1;
            match self.star() {
                Some(width) => {
                    spec.width = Some(width.unsigned_abs() as usize);
                    if width < 0 {
                        spec.minus = true;
                        spec.zero = false;
                    }
                }
                None => self.out.push_str("%!(BADWIDTH)"),
            }
            self.after_index = false;
        } else {
            spec.width = self.digits();
            if self.after_index && spec.width.is_some() {
                self.good_index = false;
            }
        }
    }

    fn precision(&mut self, spec: &mut Spec) {
        // A point at the very end is a verb.
        if self.peek() != Some('.') || self.at + 1 == self.format.len() {
            return;
        }
        self.at += 1;
        if self.after_index {
            self.good_index = false;
        }
        self.index();
        if self.peek() == Some('*') {
            self.at += 1;
            let star = self.star();
            if star.is_none_or(|precision| precision < 0) {
                self.out.push_str("%!(BADPREC)");
            }
            spec.precision = star.and_then(|precision| usize::try_from(precision).ok());
            self.after_index = false;
        } else {
            spec.precision = Some(self.digits().unwrap_or(0));
        }
    }

    /// The integer argument of a `*`, which is used up even when it is no width.
    fn star(&mut self) -> Option<i64> {
        let arg = self.args.get(self.next)?;
        self.next += 1;
        match arg {
            Arg::Int(value) => value.as_i64().ok().filter(|number| number.unsigned_abs() <= MAX_WIDTH as u64),
            _ => None,
        }
    }

    /// A decimal number; Go gives up on the whole format where one is too large.
    fn digits(&mut self) -> Option<usize> {
        let mut number = None;
        while let Some(digit) = self.peek().and_then(|character| character.to_digit(10)) {
            let so_far = number.unwrap_or(0);
            if so_far > MAX_WIDTH {
                self.at = self.format.len();
                return None;
            }
            number = Some(so_far * 10 + digit as usize);
            self.at += 1;
        }
        number
    }

    /// An explicit argument index `[n]`.
    fn index(&mut self) {
        self.after_index = false;
        if self.peek() != Some('[') {
            return;
        }
        self.reordered = true;
        let Some(length) = self.format[self.at..].iter().position(|&character| character == ']') else {
            self.good_index = false;
            self.at += 1;
            return;
        };
        let inner: String = self.format[self.at + 1..self.at + length].iter().collect();
        self.at += length + 1;
        let is_number = !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit());
        match inner.parse::<usize>().ok().filter(|_| is_number) {
            Some(index) if (1..=self.args.len()).contains(&index) => {
                self.next = index - 1;
                self.after_index = true;
            }
            Some(_) => {
                self.good_index = false;
                self.after_index = true;
            }
            None => self.good_index = false,
        }
    }

    fn surplus(&mut self) -> Result<()> {
        self.out.push_str("%!(EXTRA ");
        for (position, arg) in self.args[self.next..].iter().enumerate() {
            if position > 0 {
                self.out.push_str(", ");
            }
            self.out.push_str(arg.type_name());
            self.out.push('=');
            print(arg, 'v', Spec::default(), &mut self.out)?;
        }
        self.out.push(')');
        Ok(())
    }
}

fn print(arg: &Arg<'_>, verb: char, mut spec: Spec, out: &mut String) -> Result<()> {
    if verb == 'v' {
        (spec.sharp_v, spec.sharp) = (spec.sharp, false);
        (spec.plus_v, spec.plus) = (spec.plus, false);
    }
    if verb == 'T' {
        text(arg.type_name(), 's', spec, out)?;
        return Ok(());
    }
    let known = match arg {
        Arg::Int(value) => integer::int(value, verb, spec, out)?,
        Arg::Big(value) => integer::big(value, verb, spec, out),
        Arg::Float(number) => float::print(*number, verb, spec, out),
        Arg::Text(string) => text(string, verb, spec, out)?,
    };
    if !known {
        wrong_verb(arg, verb, spec, out)?;
    }
    Ok(())
}

fn wrong_verb(arg: &Arg<'_>, verb: char, spec: Spec, out: &mut String) -> Result<()> {
    if let Arg::Big(value) = arg {
        // *big.Int formats itself and names itself without the star, its digits without any flag.
        out.push_str(&format!("%!{verb}(big.Int={})", value.as_number()?.format_decimal()));
        return Ok(());
    }
    out.push_str(&format!("%!{verb}({}=", arg.type_name()));
    // The flags stay in force for the value, also those that %v would have taken for itself.
    match arg {
        Arg::Int(value) => integer::int(value, 'v', spec, out)?,
        Arg::Float(number) => float::print(*number, 'v', spec, out),
        Arg::Text(string) => text(string, 'v', spec, out)?,
        Arg::Big(_) => true,
    };
    out.push(')');
    Ok(())
}

/// A string under its verbs; false for a verb it has not.
fn text(string: &str, verb: char, spec: Spec, out: &mut String) -> Result<bool> {
    match verb {
        'v' if spec.sharp_v => quoted(string, spec, out)?,
        'v' | 's' => spec.pad(truncated(string, spec.precision), out),
        'q' => quoted(string, spec, out)?,
        'x' => hex(string, spec, out, false),
        'X' => hex(string, spec, out, true),
        _ => return Ok(false),
    }
    Ok(true)
}

fn truncated(string: &str, precision: Option<usize>) -> &str {
    let end = precision.and_then(|count| string.char_indices().nth(count)).map_or(string.len(), |(at, _)| at);
    &string[..end]
}

fn quoted(string: &str, spec: Spec, out: &mut String) -> Result<()> {
    let string = truncated(string, spec.precision);
    let backquotable = |character: char| {
        character == '\t' || !(character.is_ascii_control() || character == '`' || character == '\u{feff}')
    };
    let text = if spec.sharp && string.chars().all(backquotable) {
        format!("`{string}`")
    } else if spec.plus {
        quote::quote_ascii(string)?
    } else {
        quote::quote(string)?
    };
    spec.pad(&text, out);
    Ok(())
}

fn hex(string: &str, spec: Spec, out: &mut String, upper: bool) {
    let bytes = &string.as_bytes()[..spec.precision.unwrap_or(usize::MAX).min(string.len())];
    let prefix = match (spec.sharp, upper) {
        (false, _) => "",
        (true, false) => "0x",
        (true, true) => "0X",
    };
    let mut text = String::with_capacity(bytes.len() * 2);
    for (position, byte) in bytes.iter().enumerate() {
        if spec.space && position > 0 {
            text.push(' ');
        }
        if position == 0 || spec.space {
            text.push_str(prefix);
        }
        text.push_str(&if upper { format!("{byte:02X}") } else { format!("{byte:02x}") });
    }
    spec.pad(&text, out);
}
