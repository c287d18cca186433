class MarkdownList:
    """The refuted claims as a Markdown list, for a comment under a pull request."""

    name = "markdown-list"

    def render(self, report):
        lines = [f"- `{verdict.location}`: {verdict.reason}" for verdict in report.verdicts if verdict.outcome == "refuted"]
        return "\n".join(lines or ["Nothing is refuted."]) + "\n"
