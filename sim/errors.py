"""The one error that users meet: what, which rule, what was received, what to do."""

from __future__ import annotations


class InputError(ValueError):
    """Something a user gave breaks a rule.

    Args:
        name: dotted parameter, or file and line.
        rule: the rule that is broken.
        value: what was received (shown with repr).
        advice: what to do.
    """

    def __init__(self, name: str, rule: str, value: object, advice: str) -> None:
        """Compose the single line that is shown."""
        self.name, self.rule, self.value, self.advice = name, rule, value, advice
        super().__init__(f"{name}: {rule}; got {value!r}; {advice}")

    def __reduce__(self) -> tuple[type[InputError], tuple[str, str, object, str]]:
        """Let the error travel between processes."""
        return type(self), (self.name, self.rule, self.value, self.advice)
