"""Saves tensors of all kinds with torch.save, and what each holds as text. Usage: save_state_dict.py weights.pth values.txt"""
import collections
import sys

import torch

torch.manual_seed(1)
base = torch.randn(4, 6)
model = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4))
tensors = model.state_dict()  # an OrderedDict with _metadata
tensors["half"] = base.half()
tensors["bfloat16"] = base.bfloat16()
tensors["double"] = base.double()
tensors["transposed"] = base.t()
tensors["shared"] = base[1:, ::2]
tensors["parameter"] = torch.nn.Parameter(base)
tensors["bool"] = base > 0
tensors["long"] = torch.tensor(1 << 40)
for dtype in (torch.uint8, torch.int8, torch.int16, torch.int32):
    tensors[str(dtype)] = (base.abs() * 10).to(dtype)
tensors["empty"] = torch.empty(0, 3)
torch.save({"epoch": 3, "lr": 0.1, "state_dict": tensors, "names": ["a", "b"]}, sys.argv[1])
with open(sys.argv[2], "w") as file:
    for name, tensor in tensors.items():
        shape = ",".join(str(size) for size in tensor.shape)
        file.write(f"{name};{shape};{' '.join(repr(float(value)) for value in tensor.detach().flatten().tolist())}\n")
