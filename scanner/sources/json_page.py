"""A JSON file as a page. Manifests, plans, templates and exports of Azure share the extension: the content tells.

A state is read as a plan is.
"""

from typing import TYPE_CHECKING, NamedTuple

from scanner.model.ledger import LedgerEntry
from scanner.sources.files import Unreadable
from scanner.sources.interface import Locator, Page, PageContent
from scanner.sources.manifests import ManifestPage

if TYPE_CHECKING:
    from scanner.sources.arm.targets import Target
    from scanner.sources.terraform.roots import RootSettings

_PLAN_MARKS = (b'"terraform_version"', b'"format_version"', b"tfplan", b'"@level"', b'"encrypted_data"')
"""Words of which every plan and state has one, near its beginning (:mod:`scanner.sources.terraform.plan.recognise`)."""
_TEMPLATE_MARKS = (b"eploymentTemplate.json", b"eploymentParameters.json", b"CreateUIDefinition", b'"contentVersion"')
"""Words of which every template and every parameters file has one (:mod:`scanner.sources.arm.file`)."""
_AZURE_MARKS = (b"/subscriptions/", b"/providers/", b"otalRecords", b"total_records", b"nextLink")
"""Words of which every answer of Azure has one (:mod:`scanner.sources.azure.answers`)."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_HEAD_BYTES = 64 << 10


class TemplateSettings(NamedTuple):
    """Where templates are deployed to; a text is empty where it is not known beforehand."""

    subscription: str = ""
    resource_group: str = ""
    location: str = ""
    tenant: str = ""
    management_group: str = ""
    modules: str = ""
    """Folder of restored registry modules."""


class JsonSettings(NamedTuple):
    """What reading JSON needs; picklable."""

    base: str
    """Folder that names of files are relative to."""
    top: str
    """Folder that nothing outside of is opened."""
    roots: "RootSettings | None"
    """How the configuration beside a plan is evaluated; None where there is none."""
    templates: TemplateSettings
    inline_exemptions: bool


class JsonPage(Page):
    """A file that may hold anything that is written as JSON."""

    def __init__(self, page: ManifestPage, settings: JsonSettings) -> None:
        self._page = page
        self._settings = settings
        self._locator: Locator | None = None

    def __getstate__(self) -> tuple[ManifestPage, JsonSettings]:
        return self._page, self._settings

    def __setstate__(self, state: tuple[ManifestPage, JsonSettings]) -> None:
        self._page, self._settings = state
        self._locator = None

    @property
    def name(self) -> str:
        """The file as reports print it."""
        return self._page.name

    @property
    def size_bytes(self) -> int:
        """Size of the file when the Source looked at it."""
        return self._page.size_bytes

    def read(self) -> PageContent:
        """Read the file as what it is."""
        self._locator = None
        data = self._data()
        if isinstance(data, Unreadable):
            return PageContent(entries=(LedgerEntry(self.name, data.state, data.reason, incomplete=True),))
        if _is_plan(data):
            return self._read_plan(data)
        if _is_template(data):
            return self._read_template(data)
        return self._read_azure(data) or self._page.read_as_manifest(data)

    def locator(self) -> Locator:
        """Hand over what finds the places of the last read; the page keeps nothing."""
        locator, self._locator = self._locator, None
        return self._page.locator() if locator is None else locator

    def _data(self) -> bytes | Unreadable:
        """Return the content; a plan and an export may be larger than a manifest."""
        data = self._page.data()
        if not isinstance(data, Unreadable) or self._page.size_bytes < _HEAD_BYTES:
            return data
        head = _head(self._page.found.path)
        if _holds(head, _PLAN_MARKS):
            from scanner.sources.terraform.plan_page import MAX_BYTES

            return self._page.data(MAX_BYTES)
        if _holds(head, _AZURE_MARKS):
            from scanner.sources.azure.file import MAX_BYTES as MAX_EXPORT_BYTES

            return self._page.data(MAX_EXPORT_BYTES)
        return data

    def _read_plan(self, data: bytes) -> PageContent:
        from scanner.sources.terraform.plan_page import PlanSettings, read_plan_page

        settings = PlanSettings(self._settings.base, self._settings.roots, self._settings.inline_exemptions)
        content, self._locator = read_plan_page(data, self._page.found, settings)
        return content

    def _read_template(self, data: bytes) -> PageContent:
        from scanner.sources.arm.page import ArmContext, read_arm

        context = ArmContext(
            self.name,
            self._page.found.path,
            self._settings.base,
            self._settings.top,
            target=target_of(self._settings.templates),
        )
        content, self._locator = read_arm(data, context)
        return content

    def _read_azure(self, data: bytes) -> PageContent | None:
        """Return what an export of Azure holds; None for what is none, and nothing is imported for what cannot be."""
        if not _holds(data, _AZURE_MARKS):
            return None
        from scanner.sources.azure.file import read_export

        found = read_export(data, self.name)
        if found is None:
            return None
        content, self._locator = found
        return content


def target_of(settings: TemplateSettings) -> "Target":
    """Return where templates are deployed to, as their evaluator wants it."""
    from scanner.sources.arm.targets import Target

    *known, _ = zip(settings._fields, settings, strict=True)
    return Target(**{field: value for field, value in known if value})


def _is_plan(data: bytes) -> bool:
    """Whether it is a plan or state of Terraform; nothing is imported for what cannot be one."""
    if not _holds(data, _PLAN_MARKS):
        return False
    from scanner.sources.terraform.plan import is_terraform_json

    return bool(is_terraform_json(data))


def _is_template(data: bytes) -> bool:
    """Whether it is a template or its parameters; nothing is imported for what cannot be one."""
    if not _holds(data, _TEMPLATE_MARKS):
        return False
    from scanner.sources.arm.file import is_arm_json

    return is_arm_json(data)


def _holds(data: bytes, marks: tuple[bytes, ...]) -> bool:
    return data.startswith(_UTF16) or any(mark in data for mark in marks)


def _head(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read(_HEAD_BYTES)
    except OSError:
        return b""
