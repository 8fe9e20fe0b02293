from scanner.sources.rendered.template_lines import Line, chunks, lines_of, mark, search

TEMPLATE = """{{- if .Values.on }}
kind: Pod
metadata:
  name: {{ .Values.name }}
  labels:
    {{- toYaml .Values.labels | nindent 4 }}
spec:
  {{- with .Values.x -}}
  a: b
  {{- end }}
  text: |
    one {{- "two" -}}
    three
{{- end }}
"""


def test_marks_leave_the_control_flow_alone() -> None:
    assert mark(TEMPLATE, 7).splitlines() == [
        "{{- if .Values.on }}",
        "kind: Pod #⟦7:2⟧",
        "metadata: #⟦7:3⟧",
        "  name: {{ .Values.name }} #⟦7:4⟧",
        "  labels: #⟦7:5⟧",
        "    {{- toYaml .Values.labels | nindent 4 }} #⟦7:6⟧",
        "spec: #⟦7:7⟧",
        "  {{- with .Values.x -}}",
        "  a: b #⟦7:9⟧",
        "  {{- end }}",
        "  text: | #⟦7:11⟧",
        '    one {{- "two" -}}',
        "    three #⟦7:13⟧",
        "{{- end }}",
    ]


def test_definitions_are_only_marked_where_they_write_keys() -> None:
    text = '{{- define "name" -}}\n{{ .Chart.Name }}\nplain\nlabel: {{ .x }}\n{{- end }}\n'
    assert mark(text, 0) == '{{- define "name" -}}\n{{ .Chart.Name }}\nplain\nlabel: {{ .x }} #⟦0:4⟧\n{{- end }}\n'


def test_an_action_over_several_lines_and_windows_line_ends() -> None:
    assert mark("a: {{ list\n  1 }}\r\nb: 1\r\n", 0) == "a: {{ list\n  1 }} #⟦0:2⟧\r\nb: 1 #⟦0:3⟧\r\n"


def test_every_line_tells_who_wrote_it() -> None:
    plain = "---\n# Source: c/templates/a.yaml\nkind: Pod\nlabels:\n  x: 1\n  y: 2\nname: c\n"
    marked = (
        "---\n# Source: c/templates/a.yaml\nkind: Pod #⟦0:1⟧\nlabels: #⟦0:2⟧\n"
        "  x: 1 #⟦1:9⟧\n  y: 2 #⟦0:3⟧\nname: c #⟦0:4⟧\n"
    )
    found = lines_of(plain, marked, ["a.yaml", "_helpers.tpl"])
    assert found == {
        3: (Line("a.yaml", 1),),
        4: (Line("a.yaml", 2),),
        5: (Line("_helpers.tpl", 9), Line("a.yaml", 3)),
        6: (Line("a.yaml", 3),),
        7: (Line("a.yaml", 4),),
    }


def test_where_the_second_rendering_is_longer_equal_lines_are_found() -> None:
    plain = "---\n# Source: c/templates/a.yaml\nkind: Pod\nname: c\n"
    marked = "---\n# Source: c/templates/a.yaml\nkind: Pod #⟦0:1⟧\nextra: 1\nname: c #⟦0:2⟧\n"
    found = lines_of(plain, marked, ["a.yaml"])
    assert (found[3], found[4]) == ((Line("a.yaml", 1),), (Line("a.yaml", 2),))


def test_other_templates_tell_nothing() -> None:
    plain, marked = "---\n# Source: c/templates/a.yaml\nx: 1\n", "---\n# Source: c/templates/b.yaml\nx: 1 #⟦0:1⟧\n"
    assert lines_of(plain, marked, ["a.yaml"]) == {}
    assert lines_of("", "", []) == {}


def test_search_finds_only_what_is_unique() -> None:
    (part,) = chunks("---\n# Source: c/templates/a.yaml\nkind: Pod\n  name: web\n")
    assert search(part, 0, ["kind: Pod", "x: 1"]) == 1
    assert search(part, 0, ["kind: Pod", "kind: Pod"]) == 0
    assert search(part, 1, ["x:", "  name: {{ .x }}"]) == 2
    assert search(part, 1, ["x:", "  name: {{ .x }}", "  name: {{ .y }}"]) == 0
