using TorchSharp.Modules;

namespace PhotoMl.Quality;

/// <summary>A network of one hidden layer that predicts the class of a photo from its outer frame alone.</summary>
internal static class FrameNetwork
{
    private const int Hidden = 32;
    private const int Steps = 150;
    private const double LearningRate = 0.01;
    private const double WeightDecay = 0.05;
    private const long WeightsPurpose = 0x4652414D45; // "FRAME"

    /// <summary>Predicts photos by a network that is trained on others.</summary>
    /// <param name="frames">The frames of all photos, (N, 240), float32.</param>
    /// <param name="labels">Their classes, (N), int64.</param>
    /// <param name="train">Which are trained on.</param>
    /// <param name="heldOut">Which are predicted.</param>
    /// <param name="weights">How much each class counts, (classes), float32.</param>
    /// <param name="seed">The seed of the first weights.</param>
    /// <returns>The class of each photo that is predicted.</returns>
    public static long[] Predict(Tensor frames, Tensor labels, long[] train, long[] heldOut, Tensor weights, long seed)
    {
        using var scope = NewDisposeScope();
        var random = new DeterministicRandom(seed, WeightsPurpose);
        var (inputs, classes) = ((int)frames.shape[1], (int)weights.shape[0]);
        Parameter[] parameters = [Draw(Hidden, inputs), new(zeros(Hidden)), Draw(classes, Hidden), new(zeros(classes))];
        using var optimizer = optim.AdamW(parameters, LearningRate, weight_decay: WeightDecay);
        var (seen, targets) = (frames.index_select(0, tensor(train)), labels.index_select(0, tensor(train)));
        for (var step = 0; step < Steps; step++)
        {
            using var ofStep = NewDisposeScope();
            optimizer.zero_grad();
            nn.functional.cross_entropy(Forward(seen), targets, weights).backward();
            optimizer.step();
        }

        using var withoutGradients = no_grad();
        return Forward(frames.index_select(0, tensor(heldOut))).argmax(1).data<long>().ToArray();

        Tensor Forward(Tensor input) => nn.functional.linear(
            nn.functional.linear(input, parameters[0], parameters[1]).relu(), parameters[2], parameters[3]);

        // Uniform within sqrt(6 / (inputs + outputs)), after X. Glorot, Y. Bengio, 2010.
        Parameter Draw(int outputs, int ofInput)
        {
            var limit = Math.Sqrt(6.0 / (ofInput + outputs));
            float[] values = [.. Enumerable.Range(0, outputs * ofInput).Select(_ => (float)random.NextDouble(-limit, limit))];
            return new Parameter(tensor(values, [outputs, ofInput]));
        }
    }
}
