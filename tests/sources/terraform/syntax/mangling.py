"""Makes broken Terraform out of good: small changes at random places, with the pieces the language is sensitive to."""

from random import Random

SAMPLE = """\
# comment "${
locals {
  a = "x${var.a ? "y" : "z${1 + 2}"}w" # c
  b = <<-EOT
    one ${a.b[0]}
      %{ for k, v in m ~}
      two $${x} %%{y}
      %{~ endfor }
    EOT
  c = [for k, v in var.x : v.id if k != "q"]
  d = { for k, v in var.x : k => v... if !v.on && k == 1 }
  e = a.*.b[3].c[*].d.0.e
  f = -1 + 2 * (3 - 4) / 5 % 6 >= 7 || !false
  g = provider::ns::fn(1, [2, 3]...)
  h = { a = 1, "b" : 2
    (c) = 3, d.e = 4
  }
  /* c */ i = 1.5e3 // x
  j = "\\u00e9\\n\\"%%{}${~ "a" ~}"
  k = <<EOT
 raw %{ if a }b%{ else }c%{ endif }
EOT
  l = f(<<A
x
A
  , 2)
}
resource "a" b { x = 1 }
b {}
é-name "l\\n" { # c
  y = zürich.ß
  dynamic "z" {
    for_each = x ? [1] : []
    content {
      w = z.value
    }
  }
}
"""

# fmt: off
PIECES = [
    "{", "}", "[", "]", "(", ")", '"', "${", "%{", "~}", "~", "...", "..", ".", "*", "[*]", "=", "==", "=>", ",", "::",
    ":", "?", "#", "//", "/*", "*/", "<<EOT\n", "<<-E\n", "EOT\n", "for ", "in ", "if ", "%{ if x }", "%{else}",
    "%{endif}", "%{for a in b}", "%{endfor}", "endif", "1", "1.", ".5", "1e5", "é", "-", "!", "&&", "||", "<", ">=",
    "$", "%", "\\", "\\n", "\\u00e9", "\\x", "$${", "%%{", "true", "null", "a", "_", "٣", "²", "'", "`", "&", "|",
    "^", ";", "@", "\n", "\r\n", "\r", "\t", " ", "\0", "\u00a0", "\u0301", "\ufeff",
]
# fmt: on


def mangled(text: str, random: Random) -> str:
    """Return ``text`` with one to four changes."""
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        at = random.randrange(len(text) + 1)
        other = random.randrange(len(text) + 1)
        change = random.randrange(5)
        if change == 0:
            text = text[:at] + text[at + random.choice((1, 1, 2, 5)) :]
        elif change == 1:
            text = text[:at] + random.choice(PIECES) + text[at:]
        elif change == 2:
            text = text[:at] + random.choice(PIECES) + text[at + 1 :]
        elif change == 3:
            text = text[:at] + text[other : other + random.randrange(1, 30)] + text[at:]
        else:
            text = text[:at] + text[at + random.randrange(60) :]
    return text
