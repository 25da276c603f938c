using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Explanation;

/// <summary>Gradient-weighted class activation mapping.</summary>
/// <remarks>ReLU(sum over k of a_k A_k), where A_k is channel k of a layer and a_k the mean over the map of the gradient of the class's
/// logit by A_k: R. Selvaraju et al., "Grad-CAM", ICCV 2017, equations 1 and 2. Each element of the map is put where it looks
/// (<see cref="LayerGrid"/>), with bilinear interpolation between.</remarks>
internal static class GradCam
{
    public static Heatmap Compute(ExplanationSubject subject, string layer)
    {
        using var scope = NewDisposeScope();
        var activations = RunTo(subject, layer); // (1, K, rows, columns)
        using var withGradients = enable_grad();
        activations.requires_grad_(true);
        var score = subject.Network.ForwardFrom(activations, layer)[0, subject.Class];
        var gradient = autograd.grad([score], [activations])[0];
        var map = gradient.mean([2L, 3L], keepdim: true).mul(activations.detach()).sum(1).relu(); // (1, rows, columns)
        var coarse = new Heatmap((int)map.shape[1], (int)map.shape[2], map.contiguous().data<float>().ToArray());
        return Expand(coarse, subject.Network.LayerGrids[layer], subject.Height, subject.Width);
    }

    private static Tensor RunTo(ExplanationSubject subject, string layer)
    {
        using var withoutGradients = no_grad();
        return subject.Network.ForwardTo(subject.Image, layer);
    }

    private static Heatmap Expand(Heatmap coarse, LayerGrid grid, int height, int width)
    {
        var values = new float[height * width];
        for (var i = 0; i < values.Length; i++)
        {
            var (x, y) = ((i % width) + 0.5, (i / width) + 0.5);
            values[i] = coarse.Sample(grid.ToElement(x), grid.ToElement(y));
        }

        return new Heatmap(height, width, values);
    }
}
