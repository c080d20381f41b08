"""A plain fine-tuning loop of the whole encoder: bf16 autocast, batches of 32 in random order, AdamW, warm-up and decay.

`--epochs` decides how long it takes; `--budget` is only written down.
"""

from __future__ import annotations

import pandas as pd
from rows import LABEL, Answers, asked, read, show


def main() -> None:
    a = asked(epochs=1, rate=1e-4, batch=32)
    rows = read(a.data)

    def fit() -> Answers:
        import encoder
        import torch

        torch.manual_seed(a.seed)
        tokenizer, model = encoder.load()
        names = sorted(set(rows.train[LABEL]))
        head = torch.nn.Linear(model.config.hidden_size, len(names))
        texts, target = rows.train["text"].tolist(), torch.tensor([names.index(v) for v in rows.train[LABEL]])
        parameters = [*model.parameters(), *head.parameters()]
        steps = a.epochs * -(-len(texts) // a.batch)
        optimizer = torch.optim.AdamW(parameters, lr=a.rate, weight_decay=0.01)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda s: min((s + 1) / (0.1 * steps), (steps - s) / (0.9 * steps))
        )
        model.train()
        for _ in range(a.epochs):
            for some in torch.randperm(len(texts)).split(a.batch):
                with torch.autocast("cpu", torch.bfloat16):
                    said = head(encoder.pooled(model, encoder.words(tokenizer, [texts[i] for i in some])))
                loss = torch.nn.functional.cross_entropy(said.float(), target[some])
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(parameters, 1.0)
                optimizer.step()
                schedule.step()
        model.eval()

        def answers(test: pd.DataFrame) -> list[str]:
            said: list[str] = []
            with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
                for start in range(0, len(test), a.batch):
                    batch = encoder.words(tokenizer, test["text"].tolist()[start : start + a.batch])
                    said += [names[int(i)] for i in head(encoder.pooled(model, batch)).argmax(1)]
            return said

        return answers

    show(rows, fit, ("torch", "transformers"), {"epochs": a.epochs, "rate": a.rate})


if __name__ == "__main__":
    main()
