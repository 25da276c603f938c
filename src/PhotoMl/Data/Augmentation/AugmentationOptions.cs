namespace PhotoMl.Data;

/// <summary>How much training images are shifted, turned and scaled at random, so that a network learns that none of it matters.</summary>
public sealed record AugmentationOptions
{
    /// <summary>No variation at all.</summary>
    public static AugmentationOptions None { get; } = new() { Strength = 0 };

    /// <summary>What the other limits are multiplied by; 0 is off. In [0, 4]. Default 1.</summary>
    public double Strength { get; init => field = Checked.InRange(value, 0, 4, nameof(Strength)); } = 1;

    /// <summary>The largest shift along each axis, as a share of the image's size, in [0, 0.5]. Default 0.07, which is two of 28
    /// pixels.</summary>
    public double Shift { get; init => field = Checked.InRange(value, 0, 0.5, nameof(Shift)); } = 0.07;

    /// <summary>The largest rotation in degrees, in [0, 180]. Default 10.</summary>
    public double Rotation { get; init => field = Checked.InRange(value, 0, 180, nameof(Rotation)); } = 10;

    /// <summary>The largest change of scale, separately along each axis, as a share, in [0, 0.2]. Default 0.1.</summary>
    public double Scale { get; init => field = Checked.InRange(value, 0, 0.2, nameof(Scale)); } = 0.1;

    /// <summary>The largest shear along the rows, as a share of the height, in [0, 1]. Default 0.1.</summary>
    public double Shear { get; init => field = Checked.InRange(value, 0, 1, nameof(Shear)); } = 0.1;
}
