"""The type table: what a parameter or a return value of a task may be.

`marks` holds the words people write, `reading` turns an annotation into a `Kind`, and each kind knows how its values
are checked and how they travel as JSON and Arrow.
"""

from tacit.types.compounds import Maybe, MultiCategory, Record, VectorKind
from tacit.types.contract import Kind, Unfit, is_missing
from tacit.types.marks import Between, Character, Id, Image, Precision, Span, Text, Vector, Word
from tacit.types.pictures import ImageKind, open_image
from tacit.types.reading import UNDERSTOOD, NotUnderstood, input_kind, output_kind
from tacit.types.scalars import Category, Key, Moment, Number
from tacit.types.texts import SpanList, TextKind, Words

__all__ = [
    "UNDERSTOOD",
    "Between",
    "Category",
    "Character",
    "Id",
    "Image",
    "ImageKind",
    "Key",
    "Kind",
    "Maybe",
    "Moment",
    "MultiCategory",
    "NotUnderstood",
    "Number",
    "Precision",
    "Record",
    "Span",
    "SpanList",
    "Text",
    "TextKind",
    "Unfit",
    "Vector",
    "VectorKind",
    "Word",
    "Words",
    "input_kind",
    "is_missing",
    "open_image",
    "output_kind",
]
