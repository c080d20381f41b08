"""A frozen encoder and logistic regression on its normalized vectors (fp32, batches of 32, sorted by length)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from rows import LABEL, Answers, asked, read, show


def main() -> None:
    a = asked(strength=1.0)
    rows = read(a.data)

    def fit() -> Answers:
        import encoder
        import torch
        from sklearn.linear_model import LogisticRegression

        tokenizer, model = encoder.load()
        model.eval()

        def vectors(frame: pd.DataFrame) -> np.ndarray:
            texts = frame["text"].tolist()
            order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
            out = np.empty((len(texts), model.config.hidden_size), np.float32)
            with torch.inference_mode():
                for start in range(0, len(order), 32):
                    some = order[start : start + 32]
                    found = encoder.pooled(model, encoder.words(tokenizer, [texts[i] for i in some]))
                    out[some] = torch.nn.functional.normalize(found).numpy()
            return out

        head = LogisticRegression(C=a.strength, max_iter=1000).fit(vectors(rows.train), rows.train[LABEL])
        return lambda test: head.predict(vectors(test)).tolist()

    show(rows, fit, ("torch", "transformers", "scikit-learn"))


if __name__ == "__main__":
    main()
