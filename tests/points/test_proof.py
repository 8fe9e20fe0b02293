from scanner.points.proof import Stated, stated

CASE = """kind: Pod
spec:
  containers:
    # fail 0123456789ab: container 'a' is privileged
    # an ordinary comment
    # unknown: its value is not known

    - name: a
      # fail: something else
      privileged: true
"""


def test_expectations_stand_above_the_line_they_are_about() -> None:
    assert stated(CASE) == (
        Stated(8, "fail", "container 'a' is privileged", "0123456789ab"),
        Stated(8, "unknown", "its value is not known", ""),
        Stated(10, "fail", "something else", ""),
    )


def test_other_comments_state_nothing() -> None:
    assert stated("# failing: no\na: 1\n# fail\nb: 2\n") == ()
