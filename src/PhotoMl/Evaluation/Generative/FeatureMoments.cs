using static TorchSharp.torch;

namespace PhotoMl.Evaluation;

/// <summary>Means and covariances of features, of a whole set or of many resamples of it at once.</summary>
internal sealed record FeatureMoments(Tensor Means, Tensor Covariances)
{
    public static FeatureMoments Of(Tensor features)
    {
        using var once = ones(1, features.shape[0], dtype: ScalarType.Float64);
        return Of(features, once, CancellationToken.None);
    }

    public static FeatureMoments Of(Tensor features, Tensor draws, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var count = features.shape[0];
        var x = features.to(ScalarType.Float64);
        var centre = x.mean([0]);
        x = x - centre; // so that the product of the means, taken off below, is small
        var means = draws.matmul(x).div_(count); // (R, D)
        var squares = empty(draws.shape[0], x.shape[1], x.shape[1], dtype: ScalarType.Float64);
        for (var resample = 0L; resample < draws.shape[0]; resample++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var weighted = x * draws[resample].unsqueeze(1);
            squares[resample].copy_(weighted.t().mm(x));
        }

        squares.sub_(means.unsqueeze(2) * means.unsqueeze(1) * count).div_(count - 1);
        var symmetric = (squares + squares.transpose(1, 2)).div_(2);
        return new FeatureMoments((means + centre).MoveToOuterDisposeScope(), symmetric.MoveToOuterDisposeScope());
    }
}
