using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PhotoMl.Benchmarks;

/// <summary>The DCGAN as a TorchSharp user writes it from PyTorch's example: default layers in a row, float32.</summary>
internal static class PlainGan
{
    public const int Latent = 100;

    private const double Slope = 0.3;

    public static Sequential Generator() => nn.Sequential(
        nn.Linear(Latent, 7 * 7 * 256, hasBias: false),
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

    public static Sequential Discriminator() => nn.Sequential(
        nn.Conv2d(1, 64, 5, stride: 2, padding: 2),
        nn.LeakyReLU(Slope),
        nn.Dropout(0.3),
        nn.Conv2d(64, 128, 5, stride: 2, padding: 2),
        nn.LeakyReLU(Slope),
        nn.Dropout(0.3),
        nn.Flatten(),
        nn.Linear(7 * 7 * 128, 1));
}
