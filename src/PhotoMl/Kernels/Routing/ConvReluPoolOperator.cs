using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary><see cref="ConvReluPool"/> in a dtype, to be checked.</summary>
internal sealed record ConvReluPoolOperator(int Inputs, int Outputs, ScalarType OutputDtype) : CheckedOperator
{
    public override string Name => $"conv 3x3 ReLU max-pool {Inputs}->{Outputs}";

    public override string Route => "fused";

    public override ScalarType Dtype => OutputDtype;

    public override long[] InputShape => [2, Inputs, 10, 10];

    public override long[] WeightShape => [Outputs, Inputs, 3, 3];

    public override bool HasInputGradient => false;

    public override Tensor Compute(Tensor input, Tensor weight) => ConvReluPool.Fuse(input.to(ScalarType.Float32), weight, zeros(Outputs), OutputDtype);

    public override Tensor Reference(Tensor input, Tensor weight) => nn.functional.max_pool2d(nn.functional.conv2d(input, weight), 2).relu();
}
