//! Go's regular expressions in the dialect of the `regex` crate.
//!
//! Both are linear-time engines of the same family; what differs: `\d \w \s \b` are ASCII in Go; `\Q..\E` and octal
//! escapes exist only there; a `{` that starts no repetition, `\<`, and `[ && -- ~~` inside a class are plain there; `(?x)`, `(?u)`,
//! counts over 1,000 and `a**` are errors there.

use std::collections::HashSet;

use anyhow::{Result, bail};

const DIGIT: &str = "0-9";
const WORD: &str = "0-9A-Za-z_";
const SPACE: &str = r"\t\n\x0C\r ";
/// Go refuses larger counts.
const MAX_REPEAT: u32 = 1_000;

/// `pattern` as the `regex` crate reads it.
///
/// # Errors
/// Where Go refuses what the crate would accept; other mistakes are left to the crate.
pub fn translate(pattern: &str) -> Result<String> {
    let mut reader = Reader { rest: pattern, names: HashSet::new(), out: String::with_capacity(pattern.len() + 16) };
    let mut repeated = Repeated::No;
    while let Some(character) = reader.next() {
        repeated = match character {
            '\\' => {
                reader.escape()?;
                Repeated::No
            }
            '[' => {
                reader.class()?;
                Repeated::No
            }
            '(' => {
                reader.group()?;
                Repeated::No
            }
            '*' | '+' | '?' => {
                reader.out.push(character);
                repeated.then(character)?
            }
            '{' => match reader.repetition()? {
                true => repeated.then('{')?,
                false => Repeated::No,
            },
            other => {
                reader.out.push(other);
                Repeated::No
            }
        };
    }
    Ok(reader.out)
}

/// How far a repetition operator has come: Go allows one, and one `?` after it.
#[derive(Clone, Copy, PartialEq)]
enum Repeated {
    No,
    Once,
    Lazy,
}

impl Repeated {
    fn then(self, operator: char) -> Result<Self> {
        match (self, operator) {
            (Repeated::No, _) => Ok(Repeated::Once),
            (Repeated::Once, '?') => Ok(Repeated::Lazy),
            _ => bail!("invalid nested repetition operator"),
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
    names: HashSet<String>,
    out: String,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let character = self.rest.chars().next()?;
        self.rest = &self.rest[character.len_utf8()..];
        Some(character)
    }

    /// What follows a backslash outside of a class.
    fn escape(&mut self) -> Result<()> {
        match self.rest.chars().next() {
            Some('b') => self.replaced(r"(?-u:\b)"),
            Some('B') => self.replaced(r"(?-u:\B)"),
            Some('A') => self.replaced(r"\A"),
            Some('z') => self.replaced(r"\z"),
            Some('Q') => self.literal(),
            _ => match self.set()? {
                Some(set) => self.out.push_str(&format!("[{set}]")),
                None => {
                    let character = self.escaped_char()?;
                    self.push_char(character);
                }
            },
        }
        Ok(())
    }

    fn replaced(&mut self, text: &str) {
        self.next();
        self.out.push_str(text);
    }

    /// A set of characters after a backslash, as it is written inside a class; nothing is consumed where there is none.
    fn set(&mut self) -> Result<Option<String>> {
        let set = match self.rest.chars().next() {
            Some('d') => DIGIT.to_owned(),
            Some('w') => WORD.to_owned(),
            Some('s') => SPACE.to_owned(),
            Some('D') => format!("[^{DIGIT}]"),
            Some('W') => format!("[^{WORD}]"),
            Some('S') => format!("[^{SPACE}]"),
            Some(letter @ ('p' | 'P')) => {
                let name = &self.rest[1..];
                let length = match name.strip_prefix('{') {
                    Some(inner) => inner.find('}').map(|at| at + 2),
                    None => name.chars().next().map(char::len_utf8),
                };
                let Some(length) = length else { bail!("invalid character class range: `\\{}`", self.rest) };
                let set = format!("\\{letter}{}", &name[..length]);
                self.rest = &name[length..];
                return Ok(Some(set));
            }
            _ => return Ok(None),
        };
        self.next();
        Ok(Some(set))
    }

    /// The single character after a backslash: a control letter, `\012`, `\x41`, `\x{20AC}`, or punctuation.
    fn escaped_char(&mut self) -> Result<char> {
        let Some(character) = self.next() else { bail!("trailing backslash at end of expression") };
        Ok(match character {
            'a' => '\x07',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\x0b',
            'x' => self.hexadecimal()?,
            '0'..='7' => self.octal(character)?,
            _ if character.is_ascii() && !character.is_ascii_alphanumeric() => character,
            _ => bail!("invalid escape sequence: `\\{character}`"),
        })
    }

    /// A character that stands for itself wherever it is put.
    fn push_char(&mut self, character: char) {
        if character.is_ascii_alphanumeric() {
            self.out.push(character);
        } else {
            self.out.push_str(&format!("\\x{{{:X}}}", character as u32));
        }
    }

    /// `\Q...\E`, or to the end.
    fn literal(&mut self) {
        let quoted = &self.rest[1..];
        let (text, rest) = quoted.split_once("\\E").unwrap_or((quoted, ""));
        self.out.push_str(&regex::escape(text));
        self.rest = rest;
    }

    /// After `\x`: two digits, or any number in braces.
    fn hexadecimal(&mut self) -> Result<char> {
        let (digits, rest) = match self.rest.strip_prefix('{') {
            Some(inner) => inner.split_once('}').unwrap_or(("", inner)),
            None => self.rest.split_at_checked(2).unwrap_or(("", "")),
        };
        self.rest = rest;
        let code = if digits.starts_with('+') { None } else { u32::from_str_radix(digits, 16).ok() };
        code.and_then(char::from_u32).ok_or_else(|| anyhow::anyhow!("invalid escape sequence: `\\x{digits}`"))
    }

    /// `\0`, `\012`, `\123`; a single digit from 1 to 7 would be a back reference, which Go refuses.
    fn octal(&mut self, first: char) -> Result<char> {
        let digits: String =
            self.rest.chars().take(2).take_while(|character| ('0'..='7').contains(character)).collect();
        if first != '0' && digits.is_empty() {
            bail!("invalid escape sequence: `\\{first}`");
        }
        self.rest = &self.rest[digits.len()..];
        let code = u32::from_str_radix(&format!("{first}{digits}"), 8)?;
        char::from_u32(code).ok_or_else(|| anyhow::anyhow!("invalid escape sequence: `\\{first}{digits}`"))
    }

    fn class(&mut self) -> Result<()> {
        self.out.push('[');
        if self.rest.starts_with('^') {
            self.replaced("^");
        }
        let mut first = true;
        loop {
            if self.rest.is_empty() {
                bail!("missing closing ]");
            }
            if self.rest.starts_with(']') && !first {
                self.replaced("]");
                return Ok(());
            }
            first = false;
            self.class_item()?;
        }
    }

    fn class_item(&mut self) -> Result<()> {
        if self.rest.starts_with("[:") && self.rest.contains(":]") {
            self.posix();
            return Ok(());
        }
        if let Some(escape) = self.rest.strip_prefix('\\') {
            let whole = std::mem::replace(&mut self.rest, escape);
            if let Some(set) = self.set()? {
                self.out.push_str(&set);
                return Ok(());
            }
            self.rest = whole;
        }
        let low = self.class_char()?;
        self.push_char(low);
        let is_range = self.rest.strip_prefix('-').is_some_and(|after| !after.is_empty() && !after.starts_with(']'));
        if is_range {
            self.replaced("-");
            let high = self.class_char()?;
            if high < low {
                bail!("invalid character class range: `{low}-{high}`");
            }
            self.push_char(high);
        }
        Ok(())
    }

    fn class_char(&mut self) -> Result<char> {
        match self.next() {
            Some('\\') => self.escaped_char(),
            Some(character) => Ok(character),
            None => bail!("missing closing ]"),
        }
    }

    /// `[:alpha:]`, which both know.
    fn posix(&mut self) {
        let end = self.rest.find(":]").map_or(self.rest.len(), |at| at + 2);
        self.out.push_str(&self.rest[..end]);
        self.rest = &self.rest[end..];
    }

    fn group(&mut self) -> Result<()> {
        self.out.push('(');
        let Some(flags) = self.rest.strip_prefix('?') else { return Ok(()) };
        if flags.starts_with(':') {
            return Ok(());
        }
        if let Some(named) = flags.strip_prefix("P<").or_else(|| flags.strip_prefix('<')) {
            let name = named.split('>').next().unwrap_or_default();
            // Go lets a name come twice, and `$name` means the first.
            if !self.names.insert(name.to_owned()) {
                self.rest = &named[(name.len() + 1).min(named.len())..];
            }
            return Ok(());
        }
        let end = flags.find([')', ':']).unwrap_or(flags.len());
        if flags[..end].chars().any(|flag| !matches!(flag, 'i' | 'm' | 's' | 'U' | '-')) {
            bail!("invalid or unsupported Perl syntax: `(?{}`", &flags[..end]);
        }
        Ok(())
    }

    /// After `{`: true where it starts a count such as `{2}`, `{2,}`, `{2,5}`; a plain brace otherwise.
    fn repetition(&mut self) -> Result<bool> {
        let count = self.rest.split_once('}').map(|(inner, _)| inner).filter(|inner| is_count(inner));
        let Some(inner) = count else {
            self.out.push_str("\\{");
            return Ok(false);
        };
        let too_many = |number: &str| number.parse::<u32>().map_or(!number.is_empty(), |count| count > MAX_REPEAT);
        if inner.split(',').any(too_many) {
            bail!("invalid repeat count: `{{{inner}}}`");
        }
        self.out.push('{');
        self.out.push_str(inner);
        self.out.push('}');
        self.rest = &self.rest[inner.len() + 1..];
        Ok(true)
    }
}

fn is_count(inner: &str) -> bool {
    let (least, most) = inner.split_once(',').unwrap_or((inner, "0"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !least.is_empty() && digits(least) && digits(most)
}
