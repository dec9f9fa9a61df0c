"""Validates each bundle file against FHIR's models and our own rules: references resolve, ratings are in range, no
person is named. First checks that the models reject invalid resources."""

import json
import sys
from pathlib import Path

from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.observation import Observation
from pydantic import ValidationError


def refuses(resource: dict) -> bool:
    try:
        Observation.model_validate(resource)
    except ValidationError:
        return True
    return False


# The models accept any string as a status; these are the codes of FHIR.
STATUSES = {
    "Observation": {"registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown"},
    "Procedure": {"preparation", "in-progress", "not-done", "on-hold", "stopped", "completed", "entered-in-error", "unknown"},
    "QuestionnaireResponse": {"in-progress", "completed", "amended", "entered-in-error", "stopped"},
}


def check(path: Path) -> dict[str, int]:
    bundle = Bundle.model_validate_json(path.read_text(encoding="utf-8"))
    resources = [entry.resource for entry in bundle.entry]
    names = {f"{one.get_resource_type()}/{one.id}" for one in resources}
    assert len(names) == len(resources), f"{path}: two resources of one name"
    counts: dict[str, int] = {}
    for one in resources:
        kind = one.get_resource_type()
        counts[kind] = counts.get(kind, 0) + 1
        assert kind not in STATUSES or one.status in STATUSES[kind], f"{path}: {one.id} is {one.status}"
        for reference in references(json.loads(one.model_dump_json())):
            assert reference in names, f"{path}: {reference} leads nowhere"
        if kind == "Observation" and one.valueInteger is not None:
            low, high = one.referenceRange[0].low.value, one.referenceRange[0].high.value
            assert (low, high) == (1, 10) and low <= one.valueInteger <= high, f"{path}: {one.id}"
    assert counts["Patient"] == counts["Procedure"] == counts["Device"] == 1, f"{path}: {counts}"
    return counts


def references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["reference"]] if isinstance(value.get("reference"), str) else []
        return own + [found for each in value.values() for found in references(each)]
    if isinstance(value, list):
        return [found for each in value for found in references(each)]
    return []


def main() -> None:
    good = {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}
    assert not refuses(good)
    for bad in ({**good, "effectiveDateTime": "today"}, {**good, "valueInteger": "much"}, {**good, "hold": 1}, {"status": "final"}):
        assert refuses(bad), f"the models take {bad}"
    total: dict[str, int] = {}
    for name in sys.argv[1:]:
        for kind, count in check(Path(name)).items():
            total[kind] = total.get(kind, 0) + count
    assert total["Observation"] > 50 and total["QuestionnaireResponse"] > 3, f"too little was looked at: {total}"
    print(f"fhir: {len(sys.argv) - 1} bundles hold:", ", ".join(f"{count} {kind}" for kind, count in sorted(total.items())))


main()
