using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PhotoMl.Benchmarks;

/// <summary>The same network as a TorchSharp user writes it from the examples.</summary>
internal sealed class PlainClassifier : nn.Module<Tensor, Tensor>
{
    private readonly Sequential layers = nn.Sequential(
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

    public PlainClassifier()
        : base(nameof(PlainClassifier)) => RegisterComponents();

    public override Tensor forward(Tensor input) => layers.forward(input);
}
