namespace PhotoMl.Runtime;

/// <summary>An operator on the CPU that <see cref="ArithmeticCheck"/> compares with float64. Two that are equal are checked once.</summary>
internal abstract record CheckedOperator
{
    /// <summary>What it computes, such as <c>conv 3x3/2 64->128</c>: kernel, stride and channels.</summary>
    public abstract string Name { get; }

    /// <summary>How it computes that, such as <c>oneDNN</c>.</summary>
    public abstract string Route { get; }

    /// <summary>The dtype of its input and output, float32 or bfloat16; weights are float32.</summary>
    public abstract ScalarType Dtype { get; }

    /// <summary>The shape of the input that it is checked with.</summary>
    public abstract long[] InputShape { get; }

    /// <summary>The shape of its weights.</summary>
    public abstract long[] WeightShape { get; }

    /// <summary>The dimension of the weights that is the output's channels.</summary>
    public virtual int OutputDimension => 0;

    /// <summary>Computes it the way that is checked.</summary>
    /// <param name="input">The input, of <see cref="Dtype"/>.</param>
    /// <param name="weight">The weights, float32.</param>
    public abstract Tensor Compute(Tensor input, Tensor weight);

    /// <summary>Computes it by libtorch's plain operators.</summary>
    /// <param name="input">The input, float64.</param>
    /// <param name="weight">The weights, float64, of some or all of the output's channels.</param>
    public abstract Tensor Reference(Tensor input, Tensor weight);
}
