using PhotoMl.Models;

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
        Tensor activations; // (1, K, rows, columns)
        using (no_grad())
        {
            activations = subject.Network.ForwardTo(subject.Image, layer);
        }

        using var withGradients = enable_grad();
        activations.requires_grad_(true);
        var score = subject.Network.ForwardFrom(activations, layer)[0, subject.Class];
        var gradient = autograd.grad([score], [activations])[0];
        var coarse = Heatmap.Of(gradient.mean([2L, 3L], keepdim: true).mul(activations.detach()).sum(1).relu()); // (1, rows, columns)
        var grid = subject.Network.LayerGrids[layer];
        var pixels = Enumerable.Range(0, subject.Height * subject.Width);
        return new Heatmap(
            subject.Height,
            subject.Width,
            [.. pixels.Select(i => coarse.Sample(grid.ToElement((i % subject.Width) + 0.5), grid.ToElement((i / subject.Width) + 0.5)))]);
    }
}
