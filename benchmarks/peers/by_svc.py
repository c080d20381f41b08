"""scikit-learn's SVC on the pixels of small gray images (C=10, gamma="scale"). It takes the time it takes."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
from rows import LABEL, Answers, asked, read, show


def pixels(frame: pd.DataFrame) -> np.ndarray:
    from PIL import Image

    return np.stack([np.asarray(Image.open(io.BytesIO(b)).convert("L"), np.float32).ravel() / 255 for b in frame["image"]])


def main() -> None:
    a = asked()
    rows = read(a.data)

    def fit() -> Answers:
        from sklearn.svm import SVC

        model = SVC(C=10, gamma="scale").fit(pixels(rows.train), rows.train[LABEL])
        return lambda test: model.predict(pixels(test)).tolist()

    show(rows, fit, ("scikit-learn",))


if __name__ == "__main__":
    main()
