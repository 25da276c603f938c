using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PhotoMl.Benchmarks;

/// <summary>The classifiers as a TorchSharp user writes them from the examples and after torchvision.</summary>
internal static class PlainClassifiers
{
    public static Sequential Convnet() => nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(64, 64, 3),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(576, 64),
        nn.ReLU(),
        nn.Linear(64, 10));

    public static Sequential ResNet18(int classes) => nn.Sequential(
        nn.Conv2d(3, 64, 7, stride: 2, padding: 3, bias: false),
        nn.BatchNorm2d(64),
        nn.ReLU(inplace: true),
        nn.MaxPool2d(3, stride: 2, padding: 1),
        new Block(64, 64, 1),
        new Block(64, 64, 1),
        new Block(64, 128, 2),
        new Block(128, 128, 1),
        new Block(128, 256, 2),
        new Block(256, 256, 1),
        new Block(256, 512, 2),
        new Block(512, 512, 1),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(512, classes));

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly Sequential main;
        private readonly Sequential? downsample;

        public Block(int inputs, int outputs, int stride)
            : base(nameof(Block))
        {
            main = nn.Sequential(
                nn.Conv2d(inputs, outputs, 3, stride: stride, padding: 1, bias: false),
                nn.BatchNorm2d(outputs),
                nn.ReLU(inplace: true),
                nn.Conv2d(outputs, outputs, 3, padding: 1, bias: false),
                nn.BatchNorm2d(outputs));
            if (stride != 1)
            {
                downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride: stride, bias: false), nn.BatchNorm2d(outputs));
            }

            RegisterComponents();
        }

        public override Tensor forward(Tensor input) =>
            nn.functional.relu(main.forward(input) + (downsample is null ? input : downsample.forward(input)), inplace: true);
    }
}
