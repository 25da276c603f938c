using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PhotoMl.Benchmarks;

/// <summary>The DCGAN as a TorchSharp user writes it from PyTorch's example: default layers in a row, float32.</summary>
internal static class PlainGan
{
    public const int Latent = 100;
    public const int Classes = 10;

    private const double Slope = 0.3;

    public static Sequential Generator(int inputs = Latent) => nn.Sequential(
        nn.Linear(inputs, 7 * 7 * 256, hasBias: false),
        nn.BatchNorm1d(7 * 7 * 256),
        nn.LeakyReLU(Slope),
        nn.Unflatten(1, [256, 7, 7]),
        nn.ConvTranspose2d(256, 128, 5, padding: 2, bias: false),
        nn.BatchNorm2d(128),
        nn.LeakyReLU(Slope),
        nn.ConvTranspose2d(128, 64, 5, stride: 2, padding: 2, output_padding: 1, bias: false),
        nn.BatchNorm2d(64),
        nn.LeakyReLU(Slope),
        nn.ConvTranspose2d(64, 1, 5, stride: 2, padding: 2, output_padding: 1, bias: false),
        nn.Tanh());

    /// <summary>The discriminator, given the class by the projection of Miyato and Koyama (2018), as in a default run.</summary>
    public sealed class Discriminator : nn.Module<Tensor, Tensor, Tensor>
    {
        private const int Features = 7 * 7 * 128;

        private readonly Sequential features = nn.Sequential(
            nn.Conv2d(1, 64, 5, stride: 2, padding: 2),
            nn.LeakyReLU(Slope),
            nn.Dropout(0.3),
            nn.Conv2d(64, 128, 5, stride: 2, padding: 2),
            nn.LeakyReLU(Slope),
            nn.Dropout(0.3),
            nn.Flatten());

        private readonly Linear dense = nn.Linear(Features, 1);
        private readonly Embedding classes = nn.Embedding(Classes, Features);

        public Discriminator()
            : base(nameof(Discriminator)) => RegisterComponents();

        public override Tensor forward(Tensor images, Tensor labels) // (N, 1, 28, 28) and (N)
        {
            var x = features.forward(images); // (N, 6272)
            return dense.forward(x) + (classes.forward(labels) * x).sum(1, keepdim: true); // (N, 1)
        }
    }
}
