using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>One step of a generative run: moves the discriminator, and in its turn the generator.</summary>
internal sealed class GanStepper(
    DcganGenerator generator, DcganDiscriminator discriminator, GanWeights weights, GanBatches batches, GanTrainingOptions options)
{
    public GanStep Run(GanState state)
    {
        using var scope = NewDisposeScope();
        var batch = batches.Get(state.Epoch, state.Step);
        var stepOfRun = ((state.Epoch - 1L) * batches.PerEpoch) + state.Step + 1; // an epoch may be too short for a turn
        var isGeneratorsTurn = stepOfRun % options.DiscriminatorSteps == 0;
        var generated = Generate(batch, isGeneratorsTurn);
        var (discriminatorLoss, realScore, generatedScore) = MoveDiscriminator(state, batch, generated.detach());
        return new GanStep(
            discriminatorLoss, isGeneratorsTurn ? MoveGenerator(state, batch, generated) : null, realScore, generatedScore, (int)batch.Images.shape[0]);
    }

    private Tensor Generate(GanBatch batch, bool withGradients)
    {
        var labels = generator.Options.Classes > 0 ? batch.GeneratedLabels : null;
        if (withGradients)
        {
            return generator.Generate(batch.Latents, labels);
        }

        using var withoutGradients = no_grad();
        return generator.Generate(batch.Latents, labels);
    }

    private (double Loss, double RealScore, double GeneratedScore) MoveDiscriminator(GanState state, GanBatch batch, Tensor generated)
    {
        using var scope = NewDisposeScope();
        var count = batch.Images.shape[0];
        var labels = batch.Labels is { } ofReal ? cat([ofReal, batch.GeneratedLabels!], 0) : null;
        discriminator.zero_grad();
        var logits = discriminator.Discriminate(cat([batch.Images, generated], 0), labels, DropoutSeed(state, 0)); // (2 N)
        var (real, fake) = (logits.narrow(0, 0, count), logits.narrow(0, count, count));
        var loss = AdversarialLoss.OfDiscriminator(options.Loss, real, fake, options.LabelSmoothing);
        if (options.Loss == GanLossKind.WganGp)
        {
            var random = batches.Random(RandomStream.Penalty, state.Epoch, state.Step);
            var penalty = GradientPenalty.OfBatch(discriminator, batch, generated, DropoutSeed(state, 1), random);
            loss = loss.add(penalty, alpha: GradientPenalty.Weight);
        }

        loss.backward();
        weights.DiscriminatorOptimizer.Step((options.DiscriminatorLearningRate ?? options.LearningRate) * state.RateFactor);
        return (loss.item<float>(), Score(real), Score(fake));
    }

    private double MoveGenerator(GanState state, GanBatch batch, Tensor generated)
    {
        using var scope = NewDisposeScope();
        generator.zero_grad();

        // The discriminator's own gradients would cost a third of this and be thrown away.
        var frozen = discriminator.parameters().Where(parameter => parameter.requires_grad).ToList();
        Tensor loss;
        try
        {
            frozen.ForEach(parameter => parameter.requires_grad_(false));
            loss = AdversarialLoss.OfGenerator(options.Loss, discriminator.Discriminate(generated, batch.GeneratedLabels, DropoutSeed(state, 2)));
            loss.backward();
        }
        finally
        {
            frozen.ForEach(parameter => parameter.requires_grad_(true));
        }

        weights.GeneratorOptimizer.Step(options.LearningRate * state.RateFactor);
        weights.UpdateEma();
        return loss.item<float>();
    }

    // Of a step's uses each has a seed of its own.
    private long DropoutSeed(GanState state, int use)
    {
        var random = batches.Random(RandomStream.Dropout, state.Epoch, state.Step);
        return Enumerable.Range(0, use + 1).Select(_ => random.NextSeed()).Last();
    }

    private double Score(Tensor logits) => (AdversarialLoss.IsOfProbabilities(options.Loss) ? logits.sigmoid() : logits).mean().item<float>();
}

/// <summary>What one step gave.</summary>
internal readonly record struct GanStep(double DiscriminatorLoss, double? GeneratorLoss, double RealScore, double GeneratedScore, int Images)
{
    public bool IsFinite => double.IsFinite(DiscriminatorLoss) && double.IsFinite(GeneratorLoss ?? 0);
}
