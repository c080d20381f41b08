"""A plain small residual net, or ResNet-9, trained with one-cycle AdamW until the budget is over.

`--net resnet --side 28|64` is what a tutorial writes; `--net resnet9` is the well-known net of the CIFAR10 speed runs (Page,
2018), 6.6 million weights. Random crops of padded images, mirrored where there is color; batches of 128; bf16 unless `--half 0`;
as many threads as torch takes. The cycle follows the clock, so it is whole however fast the machine is.
"""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np
import pandas as pd
from rows import LABEL, Answers, asked, read, show, since_start


def squares(frame: pd.DataFrame, side: int, gray: bool) -> np.ndarray:
    from PIL import Image

    def one(data: bytes) -> np.ndarray:
        image = Image.open(io.BytesIO(data)).convert("L" if gray else "RGB")
        return np.asarray(image.resize((side, side), Image.Resampling.BILINEAR) if image.size != (side, side) else image)

    stacked = np.stack([one(b) for b in frame["image"]]).astype(np.float32) / 255
    return stacked[:, None] if gray else stacked.transpose(0, 3, 1, 2)


def nets(name: str, channels: int, classes: int) -> Any:
    from torch import nn

    def conv(a: int, b: int, stride: int = 1) -> Any:
        return nn.Sequential(nn.Conv2d(a, b, 3, stride, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU())

    class Residual(nn.Module):
        def __init__(self, width: int) -> None:
            super().__init__()
            self.inner = nn.Sequential(conv(width, width), conv(width, width))

        def forward(self, x: Any) -> Any:
            return x + self.inner(x)

    if name == "resnet9":
        return nn.Sequential(
            conv(channels, 64), conv(64, 128), nn.MaxPool2d(2), Residual(128), conv(128, 256), nn.MaxPool2d(2),
            conv(256, 512), nn.MaxPool2d(2), Residual(512), nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(512, classes),
        )  # fmt: skip
    return nn.Sequential(
        conv(channels, 32), Residual(32), conv(32, 64, 2), Residual(64), conv(64, 128, 2), Residual(128),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, classes),
    )  # fmt: skip


def main() -> None:
    a = asked(net="resnet", side=32, half=1, rate=5e-3)
    rows = read(a.data)
    notes: dict[str, Any] = {}

    def fit() -> Answers:
        import torch
        import torch.nn.functional as F
        from PIL import Image

        torch.manual_seed(a.seed)
        gray = all(Image.open(io.BytesIO(b)).mode == "L" for b in rows.train["image"][:50])
        names, y = np.unique(rows.train[LABEL].astype(str), return_inverse=True)
        x, labels = torch.from_numpy(squares(rows.train, a.side, gray)), torch.from_numpy(y)
        mean, scale = x.mean((0, 2, 3), keepdim=True), x.std((0, 2, 3), keepdim=True)
        x = (x - mean) / scale
        net = nets(a.net, x.shape[1], len(names)).to(memory_format=torch.channels_last)
        opt = torch.optim.AdamW(net.parameters(), lr=a.rate, weight_decay=1e-2)
        pad, batch = max(2, a.side // 8), 128

        def augmented(images: Any) -> Any:
            wide = F.pad(images, [pad] * 4, mode="constant" if gray else "reflect")
            shifts = torch.randint(0, 2 * pad + 1, (len(images), 2))
            cut = torch.stack([w[:, i : i + a.side, j : j + a.side] for w, (i, j) in zip(wide, shifts.tolist(), strict=True)])
            mirrored = (torch.rand(len(images)) < 0.5) & (not gray)
            return torch.where(mirrored[:, None, None, None], cut.flip(3), cut).contiguous(memory_format=torch.channels_last)

        def step(index: Any) -> None:
            with torch.autocast("cpu", torch.bfloat16, enabled=bool(a.half)):
                scores = net(augmented(x[index]))
            F.cross_entropy(scores.float(), labels[index]).backward()
            opt.step()
            opt.zero_grad()

        began, done, order = since_start(), 0, torch.empty(0, dtype=torch.long)
        while (part := (since_start() - began) / (a.budget - began)) < 1:
            # One cycle: up from 1/25 of the peak in the first 30 %, then down to nothing, both along a cosine.
            up, down = min(1.0, part / 0.3), max(0.0, (part - 0.3) / 0.7)
            low = 1 / 25 if part < 0.3 else 0.0
            at = (1 - math.cos(math.pi * up)) / 2 if part < 0.3 else (1 + math.cos(math.pi * down)) / 2
            for group in opt.param_groups:
                group["lr"] = a.rate * (low + (1 - low) * at)
            if len(order) < batch:
                order = torch.cat([order, torch.randperm(len(x))])
            step(order[:batch])
            order, done = order[batch:], done + 1
        net.eval()
        notes.update(steps=done, epochs=round(done * batch / len(x), 1))

        def answers(test: pd.DataFrame) -> list[str]:
            z = (torch.from_numpy(squares(test, a.side, gray)) - mean) / scale
            with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=bool(a.half)):
                best = torch.cat([net(part).float().argmax(1) for part in z.split(256)])
            return names[best.numpy()].tolist()

        return answers

    show(rows, fit, ("torch",), notes)


if __name__ == "__main__":
    main()
