using PhotoMl.Imaging;

namespace PhotoMl.Quality;

/// <summary>What a check of photos takes for worth a look.</summary>
public sealed record PhotoCheckOptions
{
    /// <summary>In how many of the 128 bits of their <see cref="PerceptualHash"/> two photos may differ and still count as one; 0 to 32. Default 16.</summary>
    /// <remarks>
    /// Measured on 3,409 photos of clothes and on eight changed copies of 200 of them, by the test <c>PerceptualHashMeasurement</c>. Of the copies, within 12, 16 and 20 bits
    /// lie: JPEG of quality 40 or 80, half the size, and darker by a fifth: all; a quarter of the size: 98.5, 99.5 and 99.5 %; brighter by a fifth: 99.5, 99.5 and
    /// 100 %; 2 % cut off each way: 89, 99 and 100 %; 4 % cut off: 20, 56 and 84 %. Of the 5.8 million pairs of photos 1, 3 and 23 lie as near; of the 3
    /// one is the same photo, filed under two classes, and the others are alike in shape only.
    /// All pairs of 50,000 photos are compared in 2.5 s on two cores.
    /// </remarks>
    public int NearDuplicateBits
    {
        get;
        init => field = Checked.InRange(value, 0, 32, nameof(NearDuplicateBits));
    }
    = 16;

    /// <summary>How many seconds may lie between two photos of a burst; 0 finds none; 0 to 3600. Default 3.</summary>
    public int BurstSeconds
    {
        get;
        init => field = Checked.InRange(value, 0, 3600, nameof(BurstSeconds));
    }
    = 3;

    /// <summary>A photo whose shorter side has fewer pixels is tiny; 1 to 4096. Default 64.</summary>
    public int MinimumSide
    {
        get;
        init => field = Checked.InRange(value, 1, 4096, nameof(MinimumSide));
    }
    = 64;

    /// <summary>From which share of nearly black pixels a photo is nearly black; 0 to 1. Default 0.95.</summary>
    public double BlackShare
    {
        get;
        init => field = Checked.InRange(value, 0, 1, nameof(BlackShare));
    }
    = 0.95;

    /// <summary>From which share of nearly white pixels a photo is nearly white; 0 to 1. Default 0.95.</summary>
    public double WhiteShare
    {
        get;
        init => field = Checked.InRange(value, 0, 1, nameof(WhiteShare));
    }
    = 0.95;

    /// <summary>
    /// How far below the collection's own median sharpness a photo is badly blurred, in robust standard deviations of the logarithm
    /// (1.4826 times the median absolute deviation); 1 to 100. Default 3.5.
    /// </summary>
    public double BlurDeviations
    {
        get;
        init => field = Checked.InRange(value, 1, 100, nameof(BlurDeviations));
    }
    = 3.5;

    /// <summary>How many photos are examined at a time, each of which may take <see cref="ImageFile.MaximumPixels"/>; 1 to 64. Default the number of processors, at most 8.</summary>
    public int Threads
    {
        get;
        init => field = Checked.InRange(value, 1, 64, nameof(Threads));
    }
    = Math.Clamp(Environment.ProcessorCount, 1, 8);
}
