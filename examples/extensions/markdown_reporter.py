class MarkdownList:
    """The refuted claims as a Markdown list, for a comment under a pull request."""

    name = "markdown-list"

    def render(self, report):
        refuted = [each for each in report.verdicts if each.outcome == "refuted"]
        lines = [f"- `{each.location}`: {each.reason}" for each in refuted]
        return "\n".join(lines or ["Nothing is refuted."]) + "\n"
