"""False cues of known strength, planted in real rows: what can be planted, where, and what came of it.

Each cue is a small frozen class; `tacit.plant` puts it into rows. A cue of your own is anything that does what `Plantable` does.
"""

from tacit.planted.contract import Plantable
from tacit.planted.draws import carriers, wrong, wrong_by_group
from tacit.planted.pictures import Border, Patch, Tint
from tacit.planted.records import GroupNoise, Proxy
from tacit.planted.texts import STYLES, Length, Style, Token
from tacit.planted.twins import Group, Planted, reliance

__all__ = [
    "STYLES",
    "Border",
    "Group",
    "GroupNoise",
    "Length",
    "Patch",
    "Plantable",
    "Planted",
    "Proxy",
    "Style",
    "Tint",
    "Token",
    "carriers",
    "reliance",
    "wrong",
    "wrong_by_group",
]
