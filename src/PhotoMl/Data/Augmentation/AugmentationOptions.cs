namespace PhotoMl.Data;

/// <summary>How much training images are shifted, turned and scaled at random, so that a network learns that none of it matters.</summary>
public sealed record AugmentationOptions
{
    /// <summary>No variation at all.</summary>
    public static AugmentationOptions None { get; } = new() { Strength = 0 };

    /// <summary>What the other limits are multiplied by; 0 is off. In [0, 4]. Default 1.</summary>
    public double Strength { get; init => field = Checked.InRange(value, 0, 4, nameof(Strength)); } = 1;

    /// <summary>The share of the epochs in which an image is flipped horizontally, in [0, 1]; 0.5 flips it in every other one. Default
    /// 0.</summary>
    /// <remarks>As in <see cref="PhotoAugmentationOptions.Flip"/>; the strength leaves it as it is.</remarks>
    public double Flip { get; init => field = Checked.InRange(value, 0, 1, nameof(Flip)); }

    /// <summary>The largest shift along each axis, as a share of the size, in [0, 0.5]. Default 0.07, two of 28 pixels.</summary>
    public double Shift { get; init => field = Checked.InRange(value, 0, 0.5, nameof(Shift)); } = 0.07;

    /// <summary>The pixels of padding from which crops of the image's size are taken, in [0, 64]; the strength leaves it as it is. Default
    /// 0.</summary>
    /// <remarks>As torchvision's <c>RandomCrop(size, padding)</c>: a shift by whole pixels, which does not blur the image as
    /// <see cref="Shift"/> does.</remarks>
    public int CropPadding { get; init => field = Checked.InRange(value, 0, 64, nameof(CropPadding)); }

    /// <summary>The largest rotation in degrees, in [0, 180]. Default 10.</summary>
    public double Rotation { get; init => field = Checked.InRange(value, 0, 180, nameof(Rotation)); } = 10;

    /// <summary>The largest change of scale, separately along each axis, as a share, in [0, 0.2]. Default 0.1.</summary>
    public double Scale { get; init => field = Checked.InRange(value, 0, 0.2, nameof(Scale)); } = 0.1;

    /// <summary>The largest shear along the rows, as a share of the height, in [0, 1]. Default 0.1.</summary>
    public double Shear { get; init => field = Checked.InRange(value, 0, 1, nameof(Shear)); } = 0.1;
}

/// <summary>How much training photos are varied at random, so that a network learns that none of it matters.</summary>
public sealed record PhotoAugmentationOptions
{
    /// <summary>No variation at all.</summary>
    public static PhotoAugmentationOptions None { get; } = new()
    {
        CropArea = 1, Flip = 0, Rotation = 0, Brightness = 0, Contrast = 0, Saturation = 0, Hue = 0, Erasing = 0,
    };

    /// <summary>The smallest share of the picture that a random crop shows, in [0.01, 1]; 1 never crops. Default 0.35.</summary>
    /// <remarks>The share is drawn evenly up to the whole picture. C. Szegedy et al., "Going Deeper with Convolutions", CVPR 2015, section
    /// 6, from 0.08 on; a small collection gains more from crops that still show what matters.</remarks>
    public double CropArea { get; init => field = Checked.InRange(value, 0.01, 1, nameof(CropArea)); } = 0.35;

    /// <summary>How much wider or narrower than the picture a crop can be, in [1, 4]. Default 4/3, after Szegedy et al.</summary>
    public double Aspect { get; init => field = Checked.InRange(value, 1, 4, nameof(Aspect)); } = 4.0 / 3;

    /// <summary>The share of the epochs in which a picture is flipped horizontally, in [0, 1]; 0.5 flips it in every other one, whichever
    /// comes first. Default 0.5.</summary>
    /// <remarks>K. Jordan, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU", 2024, section 3.6: "alternating flip" shows a network more
    /// different pictures in two epochs than random flips do.</remarks>
    public double Flip { get; init => field = Checked.InRange(value, 0, 1, nameof(Flip)); } = 0.5;

    /// <summary>The largest rotation in degrees, in [0, 180]; what comes from outside the picture is its edge. Default 5.</summary>
    public double Rotation { get; init => field = Checked.InRange(value, 0, 180, nameof(Rotation)); } = 5;

    /// <summary>The largest change of brightness, as a share, in [0, 1]. Default 0.2.</summary>
    public double Brightness { get; init => field = Checked.InRange(value, 0, 1, nameof(Brightness)); } = 0.2;

    /// <summary>The largest change of contrast, as a share, in [0, 1]. Default 0.2.</summary>
    public double Contrast { get; init => field = Checked.InRange(value, 0, 1, nameof(Contrast)); } = 0.2;

    /// <summary>The largest change of saturation, as a share, in [0, 1]; gray pictures have none. Default 0.2.</summary>
    public double Saturation { get; init => field = Checked.InRange(value, 0, 1, nameof(Saturation)); } = 0.2;

    /// <summary>The largest turn of the hue, as a share of the whole circle, in [0, 0.5]; gray pictures have none. Default 0.02.</summary>
    public double Hue { get; init => field = Checked.InRange(value, 0, 0.5, nameof(Hue)); } = 0.02;

    /// <summary>How probable it is that a rectangle of the picture is replaced by noise, in [0, 1]. Default 0.25.</summary>
    /// <remarks>Z. Zhong et al., "Random Erasing Data Augmentation", AAAI 2020, there 0.5; the noise is that of its RE-R.</remarks>
    public double Erasing { get; init => field = Checked.InRange(value, 0, 1, nameof(Erasing)); } = 0.25;

    /// <summary>The largest share of the picture that is erased, in [0.02, 0.9]; the smallest is 0.02. Default 0.33.</summary>
    public double ErasedArea { get; init => field = Checked.InRange(value, 0.02, 0.9, nameof(ErasedArea)); } = 0.33;

    /// <summary>The longer side of the pictures that are trained on, in pixels, in [8, 4096]; null (default) is that of the data.</summary>
    /// <remarks>H. Touvron et al., "Fixing the train-test resolution discrepancy", NeurIPS 2019: a random crop shows things larger than the
    /// whole picture does, so training at a lower resolution shows them as large as they are evaluated, and is faster. It takes a network
    /// that accepts other sizes than its own.</remarks>
    public int? TrainImageSize { get; init => field = Checked.InRange(value, 8, 4096, nameof(TrainImageSize)); }

    /// <summary>The longer side in the first half of the epochs, in [8, 4096]; null (default) is <see cref="TrainImageSize"/>.</summary>
    /// <remarks>What small pictures show is learned from them in less time ("progressive resizing": J. Howard and others, fast.ai,
    /// DAWNBench 2018).</remarks>
    public int? FirstImageSize { get; init => field = Checked.InRange(value, 8, 4096, nameof(FirstImageSize)); }

    /// <summary>What holds in the first half of the epochs.</summary>
    internal PhotoAugmentationOptions FirstHalf => this with { TrainImageSize = FirstImageSize ?? TrainImageSize };

    /// <summary>Computes the size of the varied pictures.</summary>
    /// <param name="height">The height of the pictures in pixels.</param>
    /// <param name="width">Their width in pixels.</param>
    /// <returns>The same, or of <see cref="TrainImageSize"/> with the same proportions.</returns>
    public (int Height, int Width) OutputSize(int height, int width)
    {
        if (TrainImageSize is not { } size)
        {
            return (height, width);
        }

        var scale = (double)size / Math.Max(height, width);
        return (Math.Max(1, (int)Math.Round(height * scale)), Math.Max(1, (int)Math.Round(width * scale)));
    }
}
