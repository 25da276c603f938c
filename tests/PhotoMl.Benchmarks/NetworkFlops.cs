namespace PhotoMl.Benchmarks;

/// <summary>The multiplications and additions of one image, counted in the convolutions and dense layers alone.</summary>
/// <remarks>Backwards every layer costs twice as much as forwards, but the first, whose input needs no gradient. All results of a layer
/// count, those too that PhotoMl leaves out because pooling drops them.</remarks>
internal static class NetworkFlops
{
    /// <summary>The classifier, forwards: three convolutions and two dense layers.</summary>
    public const double ClassifierForward = 2.0 * ((26 * 26 * 32 * 9) + (11 * 11 * 64 * 288) + (3 * 3 * 64 * 576) + (576 * 64) + (64 * 10));

    public const double ClassifierTraining = (3 * ClassifierForward) - (2.0 * 26 * 26 * 32 * 9);

    /// <summary>The generator, forwards: a dense layer and three transposed convolutions.</summary>
    /// <remarks>
    /// Every pixel of the smaller image meets all 25 weights of each pair of channels, as a direct convolution computes it; at the border
    /// that counts products with the padding too. PhotoMl takes the larger convolutions by their spectra, with fewer products, so its rate
    /// is that of a direct convolution as fast.
    /// </remarks>
    public const double GeneratorForward =
        GeneratorDense + (2.0 * ((7 * 7 * 256 * 128 * 25) + (7 * 7 * 128 * 64 * 25) + (14 * 14 * 64 * 25)));

    /// <summary>A step of the DCGAN, for each real image.</summary>
    /// <remarks>
    /// What the step cannot do without. The generator: one pass and both gradients of every layer, but that of the random numbers. The
    /// discriminator's step: a real and a generated image, each with one pass and both gradients, but those of the images. The generator's
    /// step: one more pass and the gradients of the activations down to the image, none of the weights. A loop that does more does not get
    /// it counted.
    /// </remarks>
    public const double GanTraining =
        (3 * GeneratorForward) - GeneratorDense + (2 * ((3 * DiscriminatorForward) - DiscriminatorFirst)) + (2 * DiscriminatorForward);

    /// <summary>The residual network of 18 layers, forwards, at 3x128x128; PhotoMl takes most of it by minimal filtering.</summary>
    public const double ResNetForward = ResNetStem + (4 * 2.0 * 32 * 32 * 64 * 64 * 9) + (3 * ResNetHalving);

    public const double ResNetTraining = (3 * ResNetForward) - ResNetStem;

    private const double ResNetStem = 2.0 * 64 * 64 * 64 * 3 * 49;

    // Three convolutions of 128 channels, one of half as many inputs, and the 1x1 of the shortcut; the later stages have a quarter of the
    // pixels and twice the channels.
    private const double ResNetHalving = 2.0 * 16 * 16 * 128 * ((3 * 128 * 9) + (64 * 9) + 64);
    private const double GeneratorDense = 2.0 * 100 * 7 * 7 * 256;
    private const double DiscriminatorFirst = 2.0 * 14 * 14 * 64 * 25;

    // With the dense layer and the projection.
    private const double DiscriminatorForward = DiscriminatorFirst + (2.0 * ((7 * 7 * 128 * 64 * 25) + (2 * 7 * 7 * 128)));
}
