"""Loads a classifier that PhotoMl exported, in plain PyTorch. Usage: run_classifier.py weights.pth images.bin logits.bin"""
import sys

import torch
from torch import nn

STAGES = [(64, 1), (128, 2), (256, 2), (512, 2)]


class Convnet(nn.Module):
    def __init__(self, weights):
        super().__init__()
        self.conv1 = nn.Conv2d(weights["conv1.weight"].shape[1], 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.conv3 = nn.Conv2d(64, 64, 3)
        self.dense1 = nn.Linear(weights["dense1.weight"].shape[1], 64)
        self.dense2 = nn.Linear(64, len(weights["dense2.bias"]))

    def forward(self, x):  # (N, C, H, W), float32 in [0, 1]
        x = nn.functional.max_pool2d(self.conv1(x).relu(), 2)
        x = nn.functional.max_pool2d(self.conv2(x).relu(), 2)
        x = self.conv3(x).relu().flatten(1)
        return self.dense2(self.dense1(x).relu())


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
        return (y + (self.downsample(x) if hasattr(self, "downsample") else x)).relu()


class ResNet18(nn.Module):
    def __init__(self, weights):
        super().__init__()
        self.conv1 = nn.Conv2d(weights["conv1.weight"].shape[1], 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        inputs = 64
        for number, (outputs, stride) in enumerate(STAGES, 1):
            setattr(self, f"layer{number}", nn.Sequential(Block(inputs, outputs, stride), Block(outputs, outputs, 1)))
            inputs = outputs
        self.fc = nn.Linear(512, len(weights["fc.bias"]))

    def forward(self, x):  # (N, C, H, W), float32 in [0, 1]
        mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
        if x.shape[1] == 1:
            mean, std = mean.mean(0, keepdim=True), std.mean(0, keepdim=True)
        x = (x - mean.view(-1, 1, 1)) / std.view(-1, 1, 1)
        x = nn.functional.max_pool2d(self.bn1(self.conv1(x)).relu(), 3, 2, 1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean((2, 3)))


weights = torch.load(sys.argv[1], weights_only=True)
model = ResNet18(weights) if "fc.weight" in weights else Convnet(weights)
model.load_state_dict(weights)
model.eval()
with open(sys.argv[2], "rb") as file:
    size = [int(number) for number in file.readline().split()]  # N C H W, then the pixels
    images = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8).view(size)
with torch.no_grad():
    logits = model(images.float() / 255)
with open(sys.argv[3], "w") as file:
    file.write(" ".join(repr(value) for value in logits.flatten().tolist()))
