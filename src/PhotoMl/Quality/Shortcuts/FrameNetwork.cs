namespace PhotoMl.Quality;

/// <summary>A small network that predicts the class of a photo from its outer frame alone.</summary>
internal static class FrameNetwork
{
    private const int Hidden = 32;
    private const int Steps = 150;
    private const double LearningRate = 0.01;
    private const double WeightDecay = 0.05;
    private const long WeightsPurpose = 0x4652414D45; // "FRAME"

    /// <summary>Predicts each photo by a network that was trained on the photos of other folds, classes weighted equally.</summary>
    public static int[] Predict(
        IReadOnlyList<PhotoInfo> photos, int[] labels, int[] foldOf, int folds, int classes, long seed, CancellationToken cancellationToken)
    {
        NativeLibraries.EnsureLoaded();
        using var scope = NewDisposeScope();
        var bytes = photos.SelectMany(photo => Convert.FromBase64String(photo.Frame)).ToArray();
        var frames = tensor(bytes, [photos.Count, PictureFrame.Length], ScalarType.Byte).to(ScalarType.Float32).div_(255); // (N, 240)
        frames = (frames - frames.mean([0], keepdim: true)) / (frames.std(0, unbiased: false, keepdim: true) + 1e-3);
        var targets = tensor(Array.ConvertAll(labels, label => (long)label));
        var predicted = new int[photos.Count];
        var random = new DeterministicRandom(seed, WeightsPurpose);
        for (var fold = 0; fold < folds; fold++)
        {
            using var ofFold = NewDisposeScope();
            long[] train = [.. Enumerable.Range(0, labels.Length).Where(i => foldOf[i] != fold)];
            long[] heldOut = [.. Enumerable.Range(0, labels.Length).Where(i => foldOf[i] == fold)];
            var counts = train.CountBy(i => labels[i]).ToDictionary();
            var present = Enumerable.Range(0, classes).Select(label => Math.Max(1, counts.GetValueOrDefault(label)));
            var weights = tensor(present.Select(count => (float)train.Length / classes / count).ToArray());
            var found = Predict(
                frames.index_select(0, tensor(train)), targets.index_select(0, tensor(train)), frames.index_select(0, tensor(heldOut)),
                weights, random, cancellationToken);
            foreach (var (photo, label) in heldOut.Zip(found))
            {
                predicted[photo] = (int)label;
            }
        }

        return predicted;
    }

    private static long[] Predict(
        Tensor frames, Tensor labels, Tensor heldOut, Tensor weights, DeterministicRandom random, CancellationToken cancellationToken)
    {
        var (inputs, classes) = ((int)frames.shape[1], (int)weights.shape[0]);
        using var first = new TorchSharp.Modules.Parameter(Draw(random, Hidden, inputs));
        using var second = new TorchSharp.Modules.Parameter(Draw(random, classes, Hidden));
        using var bias = new TorchSharp.Modules.Parameter(zeros(Hidden));
        using var lastBias = new TorchSharp.Modules.Parameter(zeros(classes));
        TorchSharp.Modules.Parameter[] parameters = [first, bias, second, lastBias];
        using var optimizer = optim.AdamW(parameters, LearningRate, weight_decay: WeightDecay);
        for (var step = 0; step < Steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            nn.functional.cross_entropy(Forward(frames), labels, weights).backward();
            optimizer.step();
        }

        using var withoutGradients = no_grad();
        return Forward(heldOut).argmax(1).data<long>().ToArray();

        Tensor Forward(Tensor input) => nn.functional.linear(nn.functional.linear(input, first, bias).relu(), second, lastBias);
    }

    // Uniform within sqrt(6 / (inputs + outputs)), after X. Glorot, Y. Bengio, 2010.
    private static Tensor Draw(DeterministicRandom random, int outputs, int inputs)
    {
        var limit = Math.Sqrt(6.0 / (inputs + outputs));
        float[] values = [.. Enumerable.Range(0, outputs * inputs).Select(_ => (float)random.NextDouble(-limit, limit))];
        return tensor(values, [outputs, inputs]);
    }
}
