"""The readers of the fact generator, on packages made up for the test: no network, no real package."""

import json
from pathlib import Path

import pytest

from tests.tools.facts import arm_models, declarations, defaults

FACTS = Path(__file__).parents[1] / "canonical" / "facts"
BINDINGS = """
export interface PondConfig extends cdktf.TerraformMetaArguments {
    /**
    * Docs at: {@link https://example.test/r/pond#depth_enabled Pond#depth_enabled}
    */
    readonly depthEnabled?: boolean | cdktf.IResolvable;
    /**
    * Docs at: {@link https://example.test/r/pond#labels Pond#labels}
    */
    readonly labels?: {
        [key: string]: string;
    };
    /**
    * fish block
    *
    * Docs at: {@link https://example.test/r/pond#fish Pond#fish}
    */
    readonly fish?: PondFish[] | cdktf.IResolvable;
    /**
    * Docs at: {@link https://example.test/r/pond#zones Pond#zones}
    */
    readonly zones?: string[];
}
export interface PondFish {
    /**
    * Docs at: {@link https://example.test/r/pond#max_count Pond#max_count}
    */
    readonly maxCount: number;
}
export declare class Pond extends cdktf.TerraformResource {
    get hostName(): string;
    get depthEnabled(): boolean;
    get depthEnabledInput(): boolean | undefined;
}
"""
BRIDGE = '''
@pulumi.input_type
class PondArgs:
    @property
    @pulumi.getter(name="depthEnabled")
    def depth_enabled(self) -> Optional[pulumi.Input[bool]]:
        """
        Is it deep? Defaults to `true`.
        """
        ...

    @property
    @pulumi.getter
    def labels(self) -> Optional[pulumi.Input[str]]:
        """
        Defaults to `x` when the sun shines.
        """
        ...

    @property
    @pulumi.getter
    def zones(self) -> Optional[pulumi.Input[str]]:
        ...

    @property
    @pulumi.getter
    def fishes(self) -> Optional[pulumi.Input[Sequence[pulumi.Input['PondFishArgs']]]]:
        ...
'''
BRIDGE_INPUTS = '''
@pulumi.input_type
class PondFishArgs:
    @property
    @pulumi.getter(name="maxCount")
    def max_count(self) -> Optional[pulumi.Input[int]]:
        """
        How many. Defaults to `-1`.
        """
        ...
'''
NEW_MODELS = """
class Pond(Resource):
    properties: Optional["_models.PondProperties"] = rest_field(visibility=["read", "create"])
    tags: Optional[dict[str, str]] = rest_field(visibility=["read", "create"])

class PondProperties(_Model):
    is_deep: Optional[bool] = rest_field(name="isDeep", visibility=["read", "create"])
    state: Optional[Union[str, "_models.State"]] = rest_field(visibility=["read"])
    fish: Optional[list["_models.Animal"]] = rest_field(visibility=["read", "create"])

class Animal(_Model):
    __mapping__: dict[str, _Model] = {}
    kind: str = rest_discriminator(name="kind", visibility=["read", "create"])

class Carp(Animal):
    weight: Optional[float] = rest_field(visibility=["read", "create"])
"""
OLD_MODELS = """
class Pond(Resource):
    _validation = {"state": {"readonly": True}}
    _attribute_map = {
        "is_deep": {"key": "properties.isDeep", "type": "bool"},
        "state": {"key": "properties.state", "type": "str"},
        "fish": {"key": "properties.fish", "type": "[Fish]"},
        "extra": {"key": "", "type": "{object}"},
    }

class Fish(Model):
    _attribute_map = {"kind": {"key": "kind", "type": "str"}}
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    (tmp_path / "pond").mkdir()
    (tmp_path / "pond" / "index.d.ts").write_text(BINDINGS)
    return tmp_path


def test_attributes_are_read_from_the_bindings(library: Path) -> None:
    assert declarations.read(library, "azurerm_pond") == {
        "depth_enabled": {"type": "bool"},
        "fish": {"type": "block"},
        "fish.max_count": {"type": "number"},
        "host_name": {"type": "any", "computed": True},
        "labels": {"type": "map(string)"},
        "zones": {"type": "list(string)"},
    }
    assert declarations.read(library, "azurerm_lake") == {}


def test_defaults_are_sentences_without_condition(library: Path, tmp_path: Path) -> None:
    package = tmp_path / "bridge"
    (package / "water").mkdir(parents=True)
    (package / "water" / "pond.py").write_text(BRIDGE)
    (package / "water" / "_inputs.py").write_text(BRIDGE_INPUTS)
    facts = declarations.read(library, "azurerm_pond")
    assert defaults.add(package, "azurerm_pond", facts)
    assert {path: fact["default"] for path, fact in facts.items() if "default" in fact} == {"depth_enabled": True}
    assert not defaults.add(package, "azurerm_lake", {"a": {"type": "bool"}})


@pytest.mark.parametrize(("models", "variants"), [(NEW_MODELS, {"properties.fish.weight": "number"}), (OLD_MODELS, {})])
def test_paths_are_read_from_both_generations_of_models(tmp_path: Path, models: str, variants: dict[str, str]) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "_models.py").write_text(models)
    found = arm_models.read(tmp_path, ["Pond"])
    found.pop("tags", None)
    assert found == {
        "properties": "object",
        "properties.isDeep": "boolean",
        "properties.state": "string readonly",
        "properties.fish": "array",
        "properties.fish.kind": "string",
        **variants,
    }


def test_the_api_version_is_the_folders_or_that_of_the_types_url(tmp_path: Path) -> None:
    assert arm_models.api_version(tmp_path / "v2022_04_01_preview", "A.B/c") == "2022-04-01-preview"
    (tmp_path / "operations").mkdir()
    (tmp_path / "operations" / "_operations.py").write_text(
        'def build_list(x):\n    v("api-version", "2020-01-01")\n    _url = "/subscriptions/{s}/providers/A.B/cs"\n'
        'def build_get(x):\n    v("api-version", "2024-01-01")\n    _url = "/r/{r}/providers/A.B/cs/{c}/ds/default"\n'
    )
    assert arm_models.api_version(tmp_path, "A.B/cs/ds") == "2024-01-01"
    with pytest.raises(LookupError, match=r"cannot find the API version of A\.B/other"):
        arm_models.api_version(tmp_path, "A.B/other")


def test_the_fact_files_have_one_line_per_type() -> None:
    for file in sorted(FACTS.glob("*.json")):
        facts = json.loads(file.read_text("utf-8"))
        assert len(file.read_text("utf-8").splitlines()) == len(facts) + 2
    assert sum(file.stat().st_size for file in FACTS.iterdir()) < 1_500_000
