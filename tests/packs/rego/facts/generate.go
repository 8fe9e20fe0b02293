// Writes fmt.json and regexp.json: what Go's fmt.Sprintf and regexp answer for chance formats and patterns.
//
// OPA's sprintf and regex.* are these two packages (its integers arrive as int64), so the native engine's own must agree
// with them. Run with
// "go run generate.go" in this folder after changing a table; the seed is fixed, so the files change only with the tables
// or with Go itself.
package main

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand"
	"os"
	"regexp"
)

const (
	formatCount  = 1500
	patternCount = 900
)

// One line of fmt.json: [format, arguments, result]; a float is {"float": x}, a big integer {"big": "digits"}.
type formatFact [3]any

// One line of regexp.json; the fields after Text are absent where Go refuses the pattern.
type patternFact struct {
	Pattern  string     `json:"pattern"`
	Text     string     `json:"text"`
	Valid    bool       `json:"valid"`
	Match    bool       `json:"match"`
	Found    []string   `json:"found,omitempty"`
	Groups   [][]string `json:"groups,omitempty"`
	Pieces   []string   `json:"pieces,omitempty"`
	Replaced string     `json:"replaced,omitempty"`
}

func main() {
	random := rand.New(rand.NewSource(1))
	write("fmt.json", formats(random))
	write("regexp.json", patterns(random))
}

func write[T any](name string, facts []T) {
	file, err := os.Create(name)
	if err != nil {
		panic(err)
	}
	defer file.Close()
	encoder := json.NewEncoder(file)
	encoder.SetEscapeHTML(false)
	fmt.Fprintln(file, "[")
	for at, fact := range facts {
		if at > 0 {
			fmt.Fprint(file, ",")
		}
		if err := encoder.Encode(fact); err != nil {
			panic(err)
		}
	}
	fmt.Fprintln(file, "]")
}

func pick[T any](random *rand.Rand, from []T) T { return from[random.Intn(len(from))] }

func digits(text string) *big.Int {
	number, _ := new(big.Int).SetString(text, 10)
	return number
}

func formats(random *rand.Rand) (facts []formatFact) {
	values := []any{
		int64(0), int64(1), int64(-1), int64(7), int64(42), int64(-42), int64(255), int64(65), int64(128512),
		int64(0x110000), int64(1234567), int64(9223372036854775807), int64(-9223372036854775808),
		0.1, 1.5, -2.25, 1234.5678, 1e-7, 123456789.125, 2.5e-10, 0.000123, 99.995, -0.5, 5e-324, 3.14159265358979,
		"", "a", "hello", "ab\"c", "tab\t", "nl\n", "ä😀", "\u00ad", "x`y", "'", "\\", "\x7f", "[1, 2]", "true",
		digits("12345678901234567890123"), digits("-98765432109876543210"),
	}
	flags := []string{"", "", "", "+", "-", "#", " ", "0", "+#", "-0", "0+", " 0", "#0", "+ ", "# ", "-#"}
	widths := []string{"", "", "", "1", "5", "10", "20"}
	precisions := []string{"", "", "", ".", ".0", ".1", ".3", ".10", ".20"}
	verbs := []string{"v", "d", "s", "q", "x", "X", "o", "O", "b", "c", "e", "E", "f", "F", "g", "G", "t", "T", "U", "u", "%"}
	for len(facts) < formatCount {
		format := "%" + pick(random, flags) + pick(random, widths) + pick(random, precisions) + pick(random, verbs)
		facts = append(facts, formatted(format, pick(random, values)))
	}
	whole := []string{
		"%", "%d", "%d %d", "%[1]d", "%[2]d %[1]d", "%[3]d", "%[x]d", "%[1", "%[]d", "%*d", "%-*d", "%.*f", "%[2]*[1]d",
		"%.[2]*[1]f", "%6.2f|%[1]*d", "%[2]*.[1]*[3]f", "%!", "%é", "%z", "a%%b", "%[1]d%[1]d %d", "%d %s %v", "%5",
		"%5.", "%-", "%[1]5d", "%[1].2d", "%0*d", "%+*d", "%.*d", "%#v %+v %v", "%x %X % x % #x", "%.-1d", "%😀",
		"%12345678d", "%.12345678d",
	}
	one, two := int64(1), int64(2)
	arguments := [][]any{
		{}, {one}, {"a"}, {two, 1.5}, {one, two, int64(3)}, {int64(-3), two}, {"x", one, 2.5}, {two, "y"}, {int64(2000000), one},
	}
	for _, format := range whole {
		for _, list := range arguments {
			facts = append(facts, formatted(format, list...))
		}
	}
	return facts
}

func formatted(format string, arguments ...any) formatFact {
	shown := []any{}
	for _, argument := range arguments {
		switch value := argument.(type) {
		case *big.Int:
			shown = append(shown, map[string]string{"big": value.String()})
		case float64:
			shown = append(shown, map[string]float64{"float": value})
		default:
			shown = append(shown, value)
		}
	}
	return formatFact{format, shown, fmt.Sprintf(format, arguments...)}
}

func patterns(random *rand.Rand) (facts []patternFact) {
	parts := []string{
		"a", "b", "ab", ".", `\d`, `\w`, `\s`, `\b`, `\B`, `\D`, `\W`, `\S`, "[a-c]", "[^a]", `[\w-]`, `[\W\s]`,
		"[[:alpha:]]", "[^[:digit:]x]", "[]a]", "[^]a]", "[a&&b]", "[a--z]", "[+--]", "[a~~b]", "[[]", "[a[b]",
		`\Qa.b\E`, `\Q*\E`, `\Q[`, "(a)", "(?:ab)", "(?i:B)", "(?s)a", "(?P<n>b)", "(?<m>c)", "(?x)", "(?U)a", "(?m)^",
		"$", "^", "{", "}", "{,3}", "a{2}", "b{1,2}", "a{0,}", "{1001}", "a{2,1}", "a*", "b+", "a?", "a*?", "b+?", "a??",
		"**", "|", `\<`, `\>`, `\/`, `\-`, `\.`, `\x41`, `\x{20AC}`, `\pL`, `\p{Greek}`, `\PN`, `\141`, `\0`, `\1`, `\12`,
		`\8`, `\e`, `\h`, `\z`, `\A`, `\Z`, `\a`, `\t`, "ä", "é", "K", "ſ", "_", "-", "1", "[0-9]+", `[^\n]`, `\C`,
		"(?i)k", `[\d]`, `[\D\d]`, "]", ")", "(", `\`, "[z-a]", `[a-\d]`, "(?i)[^x]", `\ `, `\ä`, `\_`, "#", "/",
	}
	texts := []string{
		"", "a", "ab", "abc", "aab b1_", "a.b", "ÄäK kſ", "١٢", "x{2}", "a&&b", "--", "a\nb", "€A", "[a]", `\`, "  ", "a-b",
		"aaaa", "a{,3}", "<a>", "αβ", "Abab", "\u212a",
	}
	for _, pattern := range append(parts, ",", `\s+`, "", "b*", "x*", "(a)(b)?") {
		facts = append(facts, matched(pattern, pick(random, texts)))
	}
	for len(facts) < patternCount {
		pattern := ""
		for count := 1 + random.Intn(4); count > 0; count-- {
			pattern += pick(random, parts)
		}
		facts = append(facts, matched(pattern, pick(random, texts)))
	}
	return facts
}

func matched(pattern, text string) patternFact {
	fact := patternFact{Pattern: pattern, Text: text}
	expression, err := regexp.Compile(pattern)
	if err != nil {
		return fact
	}
	fact.Valid = true
	fact.Match = expression.MatchString(text)
	fact.Found = expression.FindAllString(text, -1)
	fact.Groups = expression.FindAllStringSubmatch(text, -1)
	fact.Pieces = expression.Split(text, -1)
	fact.Replaced = expression.ReplaceAllString(text, "<$0$1${n}$$>")
	return fact
}
