"""The Markdown reports: a comment on a pull request, and the summary of a job."""

from scanner.formats.markdown.comment import GithubSummaryFormat, MarkdownFormat

__all__ = ["GithubSummaryFormat", "MarkdownFormat"]
