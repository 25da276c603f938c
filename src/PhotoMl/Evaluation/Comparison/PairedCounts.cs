namespace PhotoMl.Evaluation;

/// <summary>How often two classifiers are right about the same images.</summary>
/// <param name="BothRight">The images both are right about.</param>
/// <param name="OnlyFirst">The images only the first is right about.</param>
/// <param name="OnlySecond">The images only the second is right about.</param>
/// <param name="BothWrong">The images neither is right about.</param>
public sealed record PairedCounts(long BothRight, long OnlyFirst, long OnlySecond, long BothWrong)
{
    /// <summary>The number of images.</summary>
    public long Total => BothRight + OnlyFirst + OnlySecond + BothWrong;

    /// <summary>The accuracy of the second less that of the first, in [-1, 1].</summary>
    public double Difference => (double)(OnlySecond - OnlyFirst) / Total;

    /// <summary>The range in which the difference on any such images lies with 95 % confidence.</summary>
    public TangoInterval DifferenceInterval => TangoInterval.Of(OnlySecond, OnlyFirst, Total);

    /// <summary>How often luck alone would set two equally good classifiers at least as far apart, by McNemar's mid-p test, in [0, 1].</summary>
    public double P => McNemarTest.MidP(OnlyFirst, OnlySecond);
}
