namespace PhotoMl.Runtime;

/// <summary>How far an operator is from float64 on this processor.</summary>
public sealed record OperatorCheck
{
    /// <summary>What it computes, such as <c>conv 3x3/2 64->128</c>: kernel, stride and channels.</summary>
    public required string Operator { get; init; }

    /// <summary>How it computes that, such as <c>oneDNN</c>.</summary>
    public required string Route { get; init; }

    /// <summary>The dtype of its input and output.</summary>
    public required Precision Precision { get; init; }

    /// <summary>The largest difference of the output from float64, as a share of the largest output; 1 where it is larger than that or not
    /// finite.</summary>
    public required double ForwardError { get; init; }

    /// <summary>The same of the gradient with respect to the input; null where it was not needed.</summary>
    public required double? InputGradientError { get; init; }

    /// <summary>The same of the gradient with respect to the weights; null where it was not needed.</summary>
    public required double? WeightGradientError { get; init; }

    /// <summary>The largest error that counts as rounding: 1e-4 in float32, 0.03 in bfloat16.</summary>
    public double Tolerance => Precision == Precision.BFloat16 ? 0.03 : 1e-4;

    /// <summary>Whether all errors are within <see cref="Tolerance"/>.</summary>
    public bool IsRight => ForwardError <= Tolerance && (InputGradientError ?? 0) <= Tolerance && (WeightGradientError ?? 0) <= Tolerance;
}
